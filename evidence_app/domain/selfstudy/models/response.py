"""Responses, every revision of them, unsaved words, requirements, and the levels of standards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.i18n import Labelled, msg


class ResponseStatus(Labelled):
    """How far a response is."""

    NOT_BEGUN = "not_begun", msg("Not begun")
    DRAFT = "draft", msg("Draft")
    IN_REVIEW = "in_review", msg("In review")
    APPROVED = "approved", msg("Approved")


class RequirementState(Labelled):
    """Whether a requirement is in place. One that nobody answered has no row."""

    MET = "met", msg("Met")
    PARTLY = "partly", msg("Partly")
    NOT_YET = "not_yet", msg("Not yet")


@dataclass(frozen=True, slots=True)
class Words:
    """What a response says: a rating on the evaluation's scale (None: not rated) and three Markdown texts."""

    rating: int | None = None
    narrative: str = ""
    strengths: str = ""
    next_steps: str = ""


class HasWords:
    """The columns in which a response, a revision of it and an unsaved draft keep their words."""

    rating: Mapped[int | None]
    narrative: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")

    @property
    def words(self) -> Words:
        """What this row says."""
        return Words(self.rating, self.narrative, self.strengths, self.next_steps)

    @words.setter
    def words(self, said: Words) -> None:
        self.rating, self.narrative = said.rating, said.narrative
        self.strengths, self.next_steps = said.strengths, said.next_steps


class Response(HasWords, SchoolOwned, Base):
    """The answer to one practice for one programme in one evaluation, as it stands; `revision` 0 is not written yet."""

    __tablename__ = "responses"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        UniqueConstraint("school_id", "evaluation_id", "node_key", "programme"),
        CheckConstraint("rating >= 1", name="rating"),
        CheckConstraint("revision >= 0", name="revision"),
        Index("ix_responses_status", "school_id", "evaluation_id", "programme", "status"),
        Index("ix_responses_lead", "school_id", "lead_id"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    node_key: Mapped[str] = mapped_column(String(100))
    programme: Mapped[str] = mapped_column(String(3))
    status: Mapped[ResponseStatus] = mapped_column(String(10), default=ResponseStatus.NOT_BEGUN)
    lead_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    revision: Mapped[int] = mapped_column(default=0)
    changed_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    changed_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    entered_revision: Mapped[int | None]
    """The revision that was last copied into the recipient's form; None while nothing was."""
    entered_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    entered_at: Mapped[datetime | None]


class ResponseRevision(HasWords, SchoolOwned, Base):
    """The words of a response as somebody once saved them; never changed.

    `is_aside` words clashed with somebody else's: they are kept here and were not put into the response.
    """

    __tablename__ = "response_revisions"
    __table_args__ = (
        school_key("response_id", "responses", ondelete="CASCADE"),
        UniqueConstraint("school_id", "response_id", "number"),
    )

    response_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int]
    is_aside: Mapped[bool] = mapped_column(default=False)
    restored_from: Mapped[int | None]
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    written_at: Mapped[datetime]


class ResponseDraft(HasWords, Base):
    """One person's unsaved words on one response, and the revision they began from. Nobody else sees them."""

    __tablename__ = "response_drafts"
    __table_args__ = (school_key("response_id", "responses", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    response_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    base_revision: Mapped[int]
    kept_at: Mapped[datetime]


class RequirementAnswer(SchoolOwned, Base):
    """Whether one requirement or specification below a response's practice is in place."""

    __tablename__ = "requirement_answers"
    __table_args__ = (
        school_key("response_id", "responses", ondelete="CASCADE"),
        UniqueConstraint("school_id", "response_id", "node_key"),
    )

    response_id: Mapped[str] = mapped_column(String(26))
    node_key: Mapped[str] = mapped_column(String(100))
    state: Mapped[RequirementState] = mapped_column(String(7))
    note: Mapped[str] = mapped_column(String(1000), default="")
    changed_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    changed_at: Mapped[datetime]


class StandardLevel(SchoolOwned, Base):
    """One revision of the level of a standard in a programme and its reason; the newest that is not aside counts.

    It is entered, never averaged from the practices. `level` None says: not decided.
    """

    __tablename__ = "standard_levels"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        UniqueConstraint("school_id", "evaluation_id", "node_key", "programme", "revision"),
        CheckConstraint("level >= 1", name="level"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    node_key: Mapped[str] = mapped_column(String(100))
    programme: Mapped[str] = mapped_column(String(3))
    revision: Mapped[int]
    level: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    is_aside: Mapped[bool] = mapped_column(default=False)
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    written_at: Mapped[datetime]
