"""Who did what: one hash chain for each school, so that no entry can be changed, removed or moved unnoticed."""

from evidence_app.domain.audit.actions import record, record_all
from evidence_app.domain.audit.models import AuditEntry
from evidence_app.domain.audit.queries import (
    end_of_log,
    first_broken_entry,
    own_acts,
    recent_entries,
    schools_with_entries,
)
from evidence_app.domain.audit.words import act_words, subject_words

__all__ = [
    "AuditEntry",
    "act_words",
    "end_of_log",
    "first_broken_entry",
    "own_acts",
    "recent_entries",
    "record",
    "record_all",
    "schools_with_entries",
    "subject_words",
]
