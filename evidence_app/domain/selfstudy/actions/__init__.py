"""Changing the self-study: opening an evaluation, writing, deciding, citing and numbering."""

from evidence_app.domain.selfstudy.actions.citing import cite, still_named, uncite
from evidence_app.domain.selfstudy.actions.deciding import answer_requirement, assign_lead, mark_entered, set_status
from evidence_app.domain.selfstudy.actions.introducing import WrittenText, set_standard_level, write_introduction
from evidence_app.domain.selfstudy.actions.numbering import PLAN_HOME, fix_numbers, number_exhibit
from evidence_app.domain.selfstudy.actions.opening import (
    close_evaluation,
    open_evaluation,
    reopen_evaluation,
    update_evaluation,
)
from evidence_app.domain.selfstudy.actions.scheduling import (
    add_deadline,
    remove_deadline,
    set_deadline,
    set_participants,
    set_team,
)
from evidence_app.domain.selfstudy.actions.writing import (
    Written,
    discard_draft,
    keep_draft,
    restore_revision,
    write_response,
)

__all__ = [
    "PLAN_HOME",
    "Written",
    "WrittenText",
    "add_deadline",
    "answer_requirement",
    "assign_lead",
    "cite",
    "close_evaluation",
    "discard_draft",
    "fix_numbers",
    "keep_draft",
    "mark_entered",
    "number_exhibit",
    "open_evaluation",
    "remove_deadline",
    "reopen_evaluation",
    "restore_revision",
    "set_deadline",
    "set_participants",
    "set_standard_level",
    "set_status",
    "set_team",
    "still_named",
    "uncite",
    "update_evaluation",
    "write_introduction",
    "write_response",
]
