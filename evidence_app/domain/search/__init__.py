"""The search room's door: what an index is given and asked, the grammar of queries, the engine of an installation."""

from evidence_app.domain.search.analysis import stem, words
from evidence_app.domain.search.completing import Completion, CompletionKind, complete
from evidence_app.domain.search.elsewhere import Elsewhere
from evidence_app.domain.search.engines import engine_name, open_index
from evidence_app.domain.search.entries import FACETS
from evidence_app.domain.search.find import Found, FoundPage, find
from evidence_app.domain.search.grammar import FIELDS, FLAGS, Problem, SearchQuery
from evidence_app.domain.search.likeness import fitting, more_like
from evidence_app.domain.search.models import SavedSearch
from evidence_app.domain.search.parsing import parse
from evidence_app.domain.search.protocol import (
    Hit,
    IndexDocument,
    IndexLocked,
    IndexUnusable,
    IndexWriting,
    SearchIndex,
    SearchRequest,
    SearchResult,
    Sort,
    Stamp,
)
from evidence_app.domain.search.rebuilding import ask_for_rebuild, rebuilt_percent
from evidence_app.domain.search.recent import forget_recent, recent_searches, remember_search
from evidence_app.domain.search.rows import ITEMS_AT_ONCE, all_documents, all_ids, documents_for, indexed_ids
from evidence_app.domain.search.saved import SearchOffered, forget_search, save_search, searches_for
from evidence_app.domain.search.snippets import Marker, Piece, Snippet

__all__ = [
    "FACETS",
    "FIELDS",
    "FLAGS",
    "ITEMS_AT_ONCE",
    "Completion",
    "CompletionKind",
    "Elsewhere",
    "Found",
    "FoundPage",
    "Hit",
    "IndexDocument",
    "IndexLocked",
    "IndexUnusable",
    "IndexWriting",
    "Marker",
    "Piece",
    "Problem",
    "SavedSearch",
    "SearchIndex",
    "SearchOffered",
    "SearchQuery",
    "SearchRequest",
    "SearchResult",
    "Snippet",
    "Sort",
    "Stamp",
    "all_documents",
    "all_ids",
    "ask_for_rebuild",
    "complete",
    "documents_for",
    "engine_name",
    "find",
    "fitting",
    "forget_recent",
    "forget_search",
    "indexed_ids",
    "more_like",
    "open_index",
    "parse",
    "rebuilt_percent",
    "recent_searches",
    "remember_search",
    "save_search",
    "searches_for",
    "stem",
    "words",
]
