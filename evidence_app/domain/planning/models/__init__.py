"""What the room keeps."""

from evidence_app.domain.planning.models.plans import (
    ActionNode,
    Finding,
    MilestoneStep,
    Objective,
    Plan,
    PlanAction,
    PlanEvidence,
    ProgressNote,
)
from evidence_app.domain.planning.models.states import (
    ACTION_LABELS,
    FINDING_LABELS,
    FINDING_STATE_LABELS,
    KIND_LABELS,
    STEP_LABELS,
    UNFINISHED,
    ActionState,
    FindingKind,
    FindingState,
    PlanKind,
    StepState,
)

__all__ = [
    "ACTION_LABELS",
    "FINDING_LABELS",
    "FINDING_STATE_LABELS",
    "KIND_LABELS",
    "STEP_LABELS",
    "UNFINISHED",
    "ActionNode",
    "ActionState",
    "Finding",
    "FindingKind",
    "FindingState",
    "MilestoneStep",
    "Objective",
    "Plan",
    "PlanAction",
    "PlanEvidence",
    "PlanKind",
    "ProgressNote",
    "StepState",
]
