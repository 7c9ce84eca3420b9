"""Of what kind plans and findings are, and how actions, findings and steps stand."""

from __future__ import annotations

from enum import StrEnum

from evidence_app.i18n import Message, msg


class PlanKind(StrEnum):
    """What a plan is for: requirements that are not in place, or the development between two evaluations."""

    ACTION_PLAN = "action_plan"
    PROGRAMME_DEVELOPMENT = "programme_development"

    @property
    def label(self) -> Message:
        """The kind in plain words."""
        return KIND_LABELS[self]


KIND_LABELS = {
    PlanKind.ACTION_PLAN: msg("Action plan"),
    PlanKind.PROGRAMME_DEVELOPMENT: msg("Programme development plan"),
}


class ActionState(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> Message:
        """The state in plain words."""
        return ACTION_LABELS[self]


ACTION_LABELS = {
    ActionState.PLANNED: msg("Planned"),
    ActionState.UNDER_WAY: msg("Under way"),
    ActionState.DONE: msg("Done"),
    ActionState.DROPPED: msg("Dropped"),
}
UNFINISHED = (ActionState.PLANNED, ActionState.UNDER_WAY)


class FindingKind(StrEnum):
    """What an evaluation report says about the school."""

    COMMENDATION = "commendation"
    RECOMMENDATION = "recommendation"
    MATTER = "matter_to_be_addressed"
    REQUIREMENT = "requirement_not_in_place"

    @property
    def label(self) -> Message:
        """The kind in plain words."""
        return FINDING_LABELS[self]


FINDING_LABELS = {
    FindingKind.COMMENDATION: msg("Commendation"),
    FindingKind.RECOMMENDATION: msg("Recommendation"),
    FindingKind.MATTER: msg("Matter to be addressed"),
    FindingKind.REQUIREMENT: msg("Requirement not in place"),
}


class FindingState(StrEnum):
    """What became of a finding; a commendation is kept alive rather than closed."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    CLOSED = "closed"
    KEPT = "kept"

    @property
    def label(self) -> Message:
        """The state in plain words."""
        return FINDING_STATE_LABELS[self]


FINDING_STATE_LABELS = {
    FindingState.OPEN: msg("Open"),
    FindingState.UNDER_WAY: msg("Under way"),
    FindingState.CLOSED: msg("Closed"),
    FindingState.KEPT: msg("Kept up"),
}


class StepState(StrEnum):
    """Where the school is on one step of a path. There is no share of a step, and nothing is missing."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    REACHED = "reached"

    @property
    def label(self) -> Message:
        """The state in plain words."""
        return STEP_LABELS[self]


STEP_LABELS = {
    StepState.NOT_BEGUN: msg("Ahead"),
    StepState.UNDER_WAY: msg("On the way"),
    StepState.REACHED: msg("Reached"),
}
