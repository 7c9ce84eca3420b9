"""Which practices a document seems to show, and why: pure functions over names, text and the school's tagged items."""

from evidence_app.domain.suggesting.actions import (
    accept,
    decline,
    keep_suggestions,
    switch_suggestions,
    take_back_decline,
)
from evidence_app.domain.suggesting.beside import suggest_beside
from evidence_app.domain.suggesting.engine import SOURCES, Suggestion, suggest
from evidence_app.domain.suggesting.fitting import FittingItem, items_fitting
from evidence_app.domain.suggesting.grouping import (
    Group,
    GroupedBy,
    SuggestedItem,
    suggestion_groups,
    suggestion_keys,
    suggestions_in,
)
from evidence_app.domain.suggesting.kinds import Kind, KindBook, KindMatch, kind_of, load_kinds, read_kinds
from evidence_app.domain.suggesting.learning import ask_again, items_to_ask_again
from evidence_app.domain.suggesting.model import SuggestionModel, model_for, model_of
from evidence_app.domain.suggesting.neighbours import Neighbours, TaggedItem, TaggedNeighbour, likeness, text_digest
from evidence_app.domain.suggesting.passages import (
    LONGEST_PASSAGE,
    may_choose_passages,
    suggest_for_passage,
    suggest_passage,
)
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.queries import (
    FRAMEWORK,
    Suggested,
    digests_of,
    named_nodes,
    neighbours_of,
    suggest_for_items,
    suggestions_for,
)
from evidence_app.domain.suggesting.reasons import Because
from evidence_app.domain.suggesting.said import SaidAt, where_said

__all__ = [
    "FRAMEWORK",
    "LONGEST_PASSAGE",
    "SOURCES",
    "Because",
    "DocumentProfile",
    "FittingItem",
    "Group",
    "GroupedBy",
    "Kind",
    "KindBook",
    "KindMatch",
    "Neighbours",
    "SaidAt",
    "Suggested",
    "SuggestedItem",
    "Suggestion",
    "SuggestionModel",
    "TaggedItem",
    "TaggedNeighbour",
    "accept",
    "ask_again",
    "decline",
    "digests_of",
    "items_fitting",
    "items_to_ask_again",
    "keep_suggestions",
    "kind_of",
    "likeness",
    "load_kinds",
    "may_choose_passages",
    "model_for",
    "model_of",
    "named_nodes",
    "neighbours_of",
    "read_kinds",
    "suggest",
    "suggest_beside",
    "suggest_for_items",
    "suggest_for_passage",
    "suggest_passage",
    "suggestion_groups",
    "suggestion_keys",
    "suggestions_for",
    "suggestions_in",
    "switch_suggestions",
    "take_back_decline",
    "text_digest",
    "where_said",
]
