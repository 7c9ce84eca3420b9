"""Tagging: what an item shows, who said so, how strong it is, and whether a reviewer agreed."""

from evidence_app.domain.tagging.actions import (
    DECIDED_ALREADY,
    attach,
    carry_over,
    detach,
    propose_all,
    retag,
    review,
)
from evidence_app.domain.tagging.models import STRENGTHS, Tag, TagState
from evidence_app.domain.tagging.queries import (
    TaggedItem,
    closed_entries,
    count_waiting,
    evidence_for,
    items_told_of,
    queue_groups,
    returned_to,
    review_queue,
    tags_of,
    tags_of_items,
)

__all__ = [
    "DECIDED_ALREADY",
    "STRENGTHS",
    "Tag",
    "TagState",
    "TaggedItem",
    "attach",
    "carry_over",
    "closed_entries",
    "count_waiting",
    "detach",
    "evidence_for",
    "items_told_of",
    "propose_all",
    "queue_groups",
    "retag",
    "returned_to",
    "review",
    "review_queue",
    "tags_of",
    "tags_of_items",
]
