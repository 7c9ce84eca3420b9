"""Asking for plans, actions, findings and paths."""

from evidence_app.domain.planning.queries.paths import MILESTONES, Path, PathMilestone, PathStep, path_of
from evidence_app.domain.planning.queries.proofs import Proof, Proofs
from evidence_app.domain.planning.queries.tables import (
    ActionRow,
    ObjectiveRow,
    PlacedAction,
    PlanTable,
    actions_among,
    actions_for,
    findings_of,
    plan_table,
    plans_of,
    unfinished_actions,
)

__all__ = [
    "MILESTONES",
    "ActionRow",
    "ObjectiveRow",
    "Path",
    "PathMilestone",
    "PathStep",
    "PlacedAction",
    "PlanTable",
    "Proof",
    "Proofs",
    "actions_among",
    "actions_for",
    "findings_of",
    "path_of",
    "plan_table",
    "plans_of",
    "unfinished_actions",
]
