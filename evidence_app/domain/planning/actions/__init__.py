"""Changing plans: objectives and actions, their evidence, findings, and walks along the milestones."""

from evidence_app.domain.planning.actions.acting import (
    ActionFacts,
    add_action,
    move_action,
    note_progress,
    set_action_state,
    update_action,
)
from evidence_app.domain.planning.actions.findings import FindingFacts, act_on_finding, add_finding, update_finding
from evidence_app.domain.planning.actions.planning import (
    add_objective,
    add_plan,
    move_objective,
    remove_objective,
    update_objective,
    update_plan,
)
from evidence_app.domain.planning.actions.proving import attach_evidence, detach_evidence
from evidence_app.domain.planning.actions.walking import walk, write_step

__all__ = [
    "ActionFacts",
    "FindingFacts",
    "act_on_finding",
    "add_action",
    "add_finding",
    "add_objective",
    "add_plan",
    "attach_evidence",
    "detach_evidence",
    "move_action",
    "move_objective",
    "note_progress",
    "remove_objective",
    "set_action_state",
    "update_action",
    "update_finding",
    "update_objective",
    "update_plan",
    "walk",
    "write_step",
]
