"""One evaluation: its frame, its dates, its people, and the texts that introduce the report."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.i18n import Labelled, msg


class EvaluationState(Labelled):
    """Whether an evaluation is being worked on. A closed one is read only until it is opened again."""

    OPEN = "open", msg("Open")
    CLOSED = "closed", msg("Closed")


class IntroductionPart(Labelled):
    """The texts of a report that belong to no practice. A category or standard has one too, under its node key."""

    SCHOOL = "school", msg("The school and its programmes")
    PROCESS = "process", msg("How this self-study was made")
    STRENGTHS = "strengths", msg("Strengths")
    PRIORITIES = "priorities", msg("Priorities")
    MISSING = "missing", msg("What has no evidence yet")


class Evaluation(SchoolOwned, Base):
    """One cycle of one or more programmes against one framework, rated on one of its scales ("" where it has none)."""

    __tablename__ = "evaluations"
    __table_args__ = (
        CheckConstraint("period_to is null or period_from is null or period_from <= period_to", name="period"),
        CheckConstraint("visit_until is null or visit_on <= visit_until", name="visit"),
        Index("ix_evaluations_state", "school_id", "state"),
    )

    name: Mapped[str] = mapped_column(String(200))
    framework_key: Mapped[str] = mapped_column(String(60))
    scale_key: Mapped[str] = mapped_column(String(60))
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    visit_on: Mapped[date | None]
    visit_until: Mapped[date | None]
    state: Mapped[EvaluationState] = mapped_column(String(6), default=EvaluationState.OPEN)
    created_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    created_at: Mapped[datetime]
    offered: Mapped[list[EvaluationProgramme]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="EvaluationProgramme.position"
    )

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes that are evaluated, in the IB's order."""
        return tuple(row.programme for row in self.offered)


class EvaluationProgramme(Base):
    """A programme that is evaluated."""

    __tablename__ = "evaluation_programmes"
    __table_args__ = (school_key("evaluation_id", "evaluations", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    evaluation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    programme: Mapped[str] = mapped_column(String(3), primary_key=True)
    position: Mapped[int]


class EvaluationDeadline(SchoolOwned, Base):
    """A date on the way to the visit. `key` is a DeadlineKind, or the row's own id for one the school added.

    `is_own` dates were set by hand and do not move with the visit.
    """

    __tablename__ = "evaluation_deadlines"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        UniqueConstraint("school_id", "evaluation_id", "key"),
        Index("ix_evaluation_deadlines_due", "school_id", "due_on"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    key: Mapped[str] = mapped_column(String(26))
    title: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date]
    is_own: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[date | None]


class TeamMember(Base):
    """Somebody who works on the self-study, and the part they play in it."""

    __tablename__ = "team_members"
    __table_args__ = (school_key("evaluation_id", "evaluations", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    evaluation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int]


class Participants(SchoolOwned, Base):
    """A part of the community that was heard: who ("Families"), how many ("74 of 79") and what they did."""

    __tablename__ = "participants"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        Index("ix_participants_evaluation", "school_id", "evaluation_id"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    position: Mapped[int]
    who: Mapped[str] = mapped_column(String(120))
    people: Mapped[str] = mapped_column(String(120), default="")
    did: Mapped[str] = mapped_column(String(500), default="")


class Introduction(SchoolOwned, Base):
    """One revision of a text that introduces the report or a part of it; the newest that is not aside counts.

    `part` is an IntroductionPart or the key of a category or standard. `is_aside` words were written at the same time
    as somebody else's: they are kept for their writer and count for nothing.
    """

    __tablename__ = "introductions"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        UniqueConstraint("school_id", "evaluation_id", "part", "revision"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    part: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    is_aside: Mapped[bool] = mapped_column(default=False)
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    written_at: Mapped[datetime]
