"""Keeping the search index in step with the database; rebuilding it where it is lost, damaged or of another make."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain import selfstudy
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import Job, JobKind, Urgency, enqueue_all
from evidence_app.domain.search import (
    ITEMS_AT_ONCE,
    IndexDocument,
    IndexUnusable,
    all_documents,
    all_ids,
    documents_for,
    indexed_ids,
)
from evidence_app.worker.tools import Tools

log = logging.getLogger(__name__)


def index_items(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Brings the index up to date for the items these jobs name, in one commit of the engine."""
    school_id, ids = jobs[0].school_id, [job.subject for job in jobs]
    index = tools.backends.index(school_id)
    try:
        with index.writing():
            # Read while nobody else writes, so that what another worker read later is not written over.
            with tools.database.reading() as session:
                documents = _with_citations(session, school_id, documents_for(session, school_id, ids))
            if gone := set(ids) - {document.item_id for document in documents}:
                index.remove(gone)
            if documents:
                index.add(documents)
    except IndexUnusable:
        log.info("school %s: there is no usable index; building one", school_id)
        make_index_anew(tools, school_id, resume=True, without=ids)
    return _nothing


def index_people(_tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Has everything indexed anew that the people filed whom these jobs name: they are called otherwise now."""
    school_id, people = jobs[0].school_id, [job.subject for job in jobs]

    def ask(session: Session) -> None:
        ids = list(session.scalars(select(Item.id).where(Item.school_id == school_id, Item.owner_id.in_(people))))
        enqueue_all(session, JobKind.INDEX_ITEM, school_id, ids, urgency=Urgency.BULK)

    return ask


def rebuild_index(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Builds the index of a school anew beside the old one, which is never opened; goes on where one was killed."""
    make_index_anew(tools, jobs[0].school_id, resume=True)
    return _nothing


def make_index_anew(
    tools: Tools, school_id: str, *, resume: bool = False, without: Collection[str] = frozenset()
) -> None:
    """Builds the index of a school as it is at one moment beside the old one, and lets go of that.

    What is filed meanwhile is not run after, which could take for ever: the work of indexing it waits for the lock.
    With `resume`, what a builder that died had put in stays, but for the items `without`, whose change is to be
    indexed now; what changed otherwise since then waits to be indexed, or was taken out when it was.
    """
    index = tools.backends.index(school_id)
    with index.rebuilding(resume=resume) as fresh, tools.database.reading_snapshot() as session:
        held = set(fresh.ids()) if resume else set()
        if gone := held - indexed_ids(session, school_id) | held & set(without):
            fresh.remove(gone)
        log.log(
            logging.INFO if held else logging.DEBUG, "school %s: %d items were indexed before", school_id, len(held)
        )
        for documents in all_documents(session, school_id, held - gone):
            fresh.add(_with_citations(session, school_id, documents))


def compare_index(tools: Tools, school_id: str) -> int:
    """How many items differ between the index of a school and its rows; they are indexed again, or taken out of it.

    Takes the room of one set of ids. Raises IndexUnusable where there is nothing to compare.
    """
    unknown = set(tools.backends.index(school_id).ids())
    differing = 0
    with tools.database.reading() as session:
        for ids in all_ids(session, school_id):
            differing += _index_again(tools, school_id, [id for id in ids if id not in unknown])
            unknown.difference_update(ids)
    return differing + _index_again(tools, school_id, sorted(unknown))


def _index_again(tools: Tools, school_id: str, ids: Sequence[str]) -> int:
    for start in range(0, len(ids), ITEMS_AT_ONCE):
        with tools.database.unit_of_work() as session:
            some = ids[start : start + ITEMS_AT_ONCE]
            enqueue_all(session, JobKind.INDEX_ITEM, school_id, some, urgency=Urgency.LATER)
    return len(ids)


def _with_citations(session: Session, school_id: str, documents: list[IndexDocument]) -> list[IndexDocument]:
    """The documents, each saying whether its item is cited: search lies upstream of the self-study, and cannot ask."""
    cited = selfstudy.items_cited(session, school_id, [document.item_id for document in documents])
    return [replace(one, flags=one.flags | {"citations"}) if one.item_id in cited else one for one in documents]


def _nothing(_session: Session) -> None:
    """The index is outside the database: there is nothing to write with the jobs' end."""
