"""What plans keep: objectives and actions, findings, walks along the milestones, and the evidence for each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.i18n import Labelled, msg


class PlanKind(Labelled):
    """What a plan is for: requirements that are not in place, or the development between two evaluations."""

    ACTION_PLAN = "action_plan", msg("Action plan")
    PROGRAMME_DEVELOPMENT = "programme_development", msg("Programme development plan")


class ActionState(Labelled):
    """Where an action stands."""

    PLANNED = "planned", msg("Planned")
    UNDER_WAY = "under_way", msg("Under way")
    DONE = "done", msg("Done")
    DROPPED = "dropped", msg("Dropped")


UNFINISHED = (ActionState.PLANNED, ActionState.UNDER_WAY)


class FindingKind(Labelled):
    """What an evaluation report says about the school."""

    COMMENDATION = "commendation", msg("Commendation")
    RECOMMENDATION = "recommendation", msg("Recommendation")
    MATTER = "matter_to_be_addressed", msg("Matter to be addressed")
    REQUIREMENT = "requirement_not_in_place", msg("Requirement not in place")


class FindingState(Labelled):
    """What became of a finding; a commendation is kept alive rather than closed."""

    OPEN = "open", msg("Open")
    UNDER_WAY = "under_way", msg("Under way")
    CLOSED = "closed", msg("Closed")
    KEPT = "kept", msg("Kept up")


class StepState(Labelled):
    """Where the school is on one step of a path. There is no share of a step, and nothing is missing."""

    NOT_BEGUN = "not_begun", msg("Ahead")
    UNDER_WAY = "under_way", msg("On the way")
    REACHED = "reached", msg("Reached")


class Plan(SchoolOwned, Base):
    """An action plan or a programme development plan: its focus and why, and at the end what came of it (Markdown)."""

    __tablename__ = "plans"
    __table_args__ = (
        school_key("evaluation_id", "evaluations"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_plans_evaluation", "school_id", "evaluation_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PlanKind] = mapped_column(String(22))
    evaluation_id: Mapped[str | None] = mapped_column(String(26))
    focus: Mapped[str] = mapped_column(Text, default="")
    rationale: Mapped[str] = mapped_column(Text, default="")
    impact: Mapped[str] = mapped_column(Text, default="")
    reflection: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    created_at: Mapped[datetime]


class Objective(SchoolOwned, Base):
    """One objective of a plan."""

    __tablename__ = "objectives"
    __table_args__ = (
        school_key("plan_id", "plans", ondelete="CASCADE"),
        Index("ix_objectives_plan", "school_id", "plan_id"),
    )

    plan_id: Mapped[str] = mapped_column(String(26))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]


class PlanAction(SchoolOwned, Base):
    """One action: who does what by when, at what cost, and how one will see that it worked."""

    __tablename__ = "plan_actions"
    __table_args__ = (
        school_key("objective_id", "objectives", ondelete="CASCADE"),
        CheckConstraint("due_on is null or start_on is null or start_on <= due_on", name="dates"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_plan_actions_objective", "school_id", "objective_id"),
        Index("ix_plan_actions_due", "school_id", "state", "due_on"),
        Index("ix_plan_actions_owner", "school_id", "owner_id"),
    )

    objective_id: Mapped[str] = mapped_column(String(26))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    start_on: Mapped[date | None]
    due_on: Mapped[date | None]
    budget: Mapped[str] = mapped_column(String(200), default="")
    success_indicator: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ActionState] = mapped_column(String(9), default=ActionState.PLANNED)
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    changed_at: Mapped[datetime]
    nodes: Mapped[list[ActionNode]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ActionNode.node_key"
    )

    @property
    def node_keys(self) -> tuple[str, ...]:
        """The practices, requirements and milestone steps the action is for, by key."""
        return tuple(row.node_key for row in self.nodes)

    def is_overdue(self, today: date) -> bool:
        """Whether the action should be done by now and is neither done nor dropped."""
        return self.state in UNFINISHED and self.due_on is not None and self.due_on < today


class ActionNode(Base):
    """A practice, requirement or milestone step an action is for."""

    __tablename__ = "plan_action_nodes"
    __table_args__ = (
        school_key("action_id", "plan_actions", ondelete="CASCADE"),
        Index("ix_plan_action_nodes_node", "school_id", "node_key"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    action_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    node_key: Mapped[str] = mapped_column(String(100), primary_key=True)


class ProgressNote(SchoolOwned, Base):
    """What somebody saw of an action on a day; never changed."""

    __tablename__ = "progress_notes"
    __table_args__ = (
        school_key("action_id", "plan_actions", ondelete="CASCADE"),
        Index("ix_progress_notes_action", "school_id", "action_id"),
    )

    action_id: Mapped[str] = mapped_column(String(26))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    written_at: Mapped[datetime]


class Finding(SchoolOwned, Base):
    """What an evaluation report says, and what was done about it.

    `evaluation_id` is empty for a report older than this record; `year` is the report's year. `node_key` and
    `programme` are empty where the finding is about everything.
    """

    __tablename__ = "findings"
    __table_args__ = (
        school_key("evaluation_id", "evaluations"),
        school_key("action_id", "plan_actions"),
        Index("ix_findings_evaluation", "school_id", "evaluation_id"),
        Index("ix_findings_node", "school_id", "node_key"),
    )

    evaluation_id: Mapped[str | None] = mapped_column(String(26))
    year: Mapped[int | None]
    kind: Mapped[FindingKind] = mapped_column(String(25))
    text: Mapped[str] = mapped_column(Text)
    node_key: Mapped[str] = mapped_column(String(100), default="")
    programme: Mapped[str] = mapped_column(String(3), default="")
    due_on: Mapped[date | None]
    done: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[FindingState] = mapped_column(String(9), default=FindingState.OPEN)
    action_id: Mapped[str | None] = mapped_column(String(26))
    created_at: Mapped[datetime]


class MilestoneStep(SchoolOwned, Base):
    """One step on a plan's path in one round. A path may be walked again: earlier rounds stay as they were."""

    __tablename__ = "milestone_steps"
    __table_args__ = (
        school_key("plan_id", "plans", ondelete="CASCADE"),
        UniqueConstraint("school_id", "plan_id", "round", "node_key"),
        CheckConstraint("round >= 1", name="round"),
    )

    plan_id: Mapped[str] = mapped_column(String(26))
    round: Mapped[int]
    node_key: Mapped[str] = mapped_column(String(100))
    state: Mapped[StepState] = mapped_column(String(9), default=StepState.NOT_BEGUN)
    reflection: Mapped[str] = mapped_column(Text, default="")
    begun_on: Mapped[date | None]
    reached_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=0)
    changed_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    changed_at: Mapped[datetime | None]


class PlanEvidence(SchoolOwned, Base):
    """A version that shows what was achieved by an action, or reached on a step of the path."""

    __tablename__ = "plan_evidence"
    __table_args__ = (
        school_key("action_id", "plan_actions", ondelete="CASCADE"),
        school_key("step_id", "milestone_steps", ondelete="CASCADE"),
        school_key("item_id", "items"),
        school_key("version_id", "versions"),
        CheckConstraint("(action_id is null) <> (step_id is null)", name="one_subject"),
        UniqueConstraint("school_id", "action_id", "version_id"),
        UniqueConstraint("school_id", "step_id", "version_id"),
        Index("ix_plan_evidence_item", "school_id", "item_id"),
    )

    action_id: Mapped[str | None] = mapped_column(String(26))
    step_id: Mapped[str | None] = mapped_column(String(26))
    item_id: Mapped[str] = mapped_column(String(26))
    version_id: Mapped[str] = mapped_column(String(26))
    how: Mapped[str] = mapped_column(String(500), default="")
    added_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    added_at: Mapped[datetime]

    @property
    def subject_id(self) -> str:
        """The id of the action or the step this is evidence for."""
        return self.action_id or self.step_id or ""
