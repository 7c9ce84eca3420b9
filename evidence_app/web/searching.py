"""Searching for a page: what the asker may see, and no index that stays broken because nobody said so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from evidence_app.database import DatabaseBusy
from evidence_app.domain import search
from evidence_app.domain.search import Completion, FoundPage, SearchIndex
from evidence_app.extensions import actor, backends, reading


def find(text: str, **asked: Any) -> FoundPage:
    """A page of results in the school of the address; `asked` is what `search.find` takes beside the words.

    An index that cannot be used is asked to be made anew; the worker sees most damage by itself, but not all.
    """
    return _told(search.find(reading(), _index(), actor(), text, **asked))


def more_like(item_id: str, *, limit: int) -> FoundPage:
    """The items most like one the asker may open."""
    return _told(search.more_like(reading(), _index(), actor(), item_id, limit=limit))


def fitting(sentence: str, *, limit: int) -> FoundPage:
    """The items that speak of what a sentence says."""
    return _told(search.fitting(reading(), _index(), actor(), sentence, limit=limit))


def complete(text: str, caret: int) -> list[Completion]:
    """What the asker may want to type next."""
    return search.complete(reading(), _index(), actor(), text, caret)


def _index() -> SearchIndex:
    return backends().index(actor().school_id)


def _told(found: FoundPage) -> FoundPage:
    """The same, once the worker was told where the index has to be made anew."""
    if found.is_rebuilding:
        # Whoever only reads waits for no writer; the next search asks again.
        with suppress(DatabaseBusy), backends().database.unit_of_work(patience_seconds=0.2) as work:
            search.ask_for_rebuild(work, actor().school_id)
    return found
