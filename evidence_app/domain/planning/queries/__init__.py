"""Asking for plans, actions, findings and paths."""

from evidence_app.domain.planning.queries.paths import MILESTONES, Path, PathMilestone, PathStep, path_of
from evidence_app.domain.planning.queries.proofs import Proof, Proofs, Use, uses_of
from evidence_app.domain.planning.queries.tables import (
    ActionRow,
    ObjectiveRow,
    PlacedAction,
    PlanTable,
    actions_due,
    actions_for,
    actions_of,
    findings_for,
    findings_of,
    overdue_actions,
    plan_table,
    plans_of,
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
    "Use",
    "actions_due",
    "actions_for",
    "actions_of",
    "findings_for",
    "findings_of",
    "overdue_actions",
    "path_of",
    "plan_table",
    "plans_of",
    "uses_of",
]
