"""Keeping the search index in step with the database; rebuilding it where it is lost, damaged or of another make."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain import selfstudy
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import Job, JobKind, Urgency, enqueue_all
from evidence_app.domain.search import IndexDocument, IndexUnusable, all_documents, documents_for
from evidence_app.worker.tools import Tools

log = logging.getLogger(__name__)


def index_items(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Brings the index up to date for the items these jobs name, in one commit of the engine."""
    school_id, ids = jobs[0].school_id, [job.subject for job in jobs]
    index = tools.backends.index(school_id)
    with tools.database.reading() as session:
        documents = _with_citations(session, school_id, documents_for(session, school_id, ids))
    try:
        with index.writing():
            index.remove(set(ids) - {document.item_id for document in documents})
            index.add(documents)
    except IndexUnusable:
        log.info("school %s: there is no usable index; building one", school_id)
        make_index_anew(tools, school_id)
    return _nothing


def index_people(_tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Has everything indexed anew that the people filed whom these jobs name: they are called otherwise now."""
    school_id, people = jobs[0].school_id, [job.subject for job in jobs]

    def ask(session: Session) -> None:
        ids = list(session.scalars(select(Item.id).where(Item.school_id == school_id, Item.owner_id.in_(people))))
        enqueue_all(session, JobKind.INDEX_ITEM, school_id, ids, urgency=Urgency.BULK)

    return ask


def rebuild_index(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Builds the index of a school anew beside the old one, which is never opened."""
    make_index_anew(tools, jobs[0].school_id)
    return _nothing


def make_index_anew(tools: Tools, school_id: str) -> None:
    """Builds the index of a school as it is at one moment beside the old one, and lets go of that.

    What is filed meanwhile is not run after, which could take for ever: the work of indexing it waits for the lock.
    """
    with tools.backends.index(school_id).rebuilding() as fresh, tools.database.reading_snapshot() as session:
        for documents in all_documents(session, school_id):
            fresh.add(_with_citations(session, school_id, documents))


def _with_citations(session: Session, school_id: str, documents: list[IndexDocument]) -> list[IndexDocument]:
    """The documents, each saying whether its item is cited: search lies upstream of the self-study, and cannot ask."""
    cited = selfstudy.items_cited(session, school_id, [document.item_id for document in documents])
    return [replace(one, flags=one.flags | {"citations"}) if one.item_id in cited else one for one in documents]


def _nothing(_session: Session) -> None:
    """The index is outside the database: there is nothing to write with the jobs' end."""
