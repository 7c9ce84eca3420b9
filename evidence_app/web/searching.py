"""Searching for a page: what the asker may see, and no index that stays broken because nobody said so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from evidence_app.database import DatabaseBusy
from evidence_app.domain import search
from evidence_app.domain.search import FoundPage
from evidence_app.extensions import actor, backends, reading


def find(text: str, **asked: Any) -> FoundPage:
    """A page of results in the school of the address; `asked` is what `search.find` takes beside the words.

    An index that cannot be used is asked to be made anew; the worker sees most damage by itself, but not all.
    """
    found = search.find(reading(), backends().index(actor().school_id), actor(), text, **asked)
    if found.is_rebuilding:
        # Whoever only reads waits for no writer; the next search asks again.
        with suppress(DatabaseBusy), backends().database.unit_of_work(patience_seconds=0.2) as work:
            search.ask_for_rebuild(work, actor().school_id)
    return found
