"""A leaver's handover: what one person owns or is asked for, moved to another; private items each by a custodian."""

from evidence_app.domain.handover.actions import confirm_item, hand_over, undo
from evidence_app.domain.handover.models import Handover, Kind
from evidence_app.domain.handover.queries import (
    Preview,
    Waiting,
    count_only_theirs,
    count_waiting,
    handovers_of,
    preview,
    waiting_for,
)

__all__ = [
    "Handover",
    "Kind",
    "Preview",
    "Waiting",
    "confirm_item",
    "count_only_theirs",
    "count_waiting",
    "hand_over",
    "handovers_of",
    "preview",
    "undo",
    "waiting_for",
]
