"""Asking for a search index to be made anew, whoever finds that there is none or that it cannot be used."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import Job, JobKind, enqueue
from evidence_app.domain.search.protocol import SearchIndex

SUBJECT = "index"


def rebuilt_percent(session: Session, index: SearchIndex, school_id: str) -> int | None:
    """How much of the index that is being built is there, 0 to 99; None while none is being built."""
    built = index.count_in_building()
    if built is None:
        return None
    in_use = select(func.count()).select_from(Item).where(Item.school_id == school_id, Item.withdrawn_at.is_(None))
    return min(99, 100 * built // max(session.scalar(in_use) or 0, 1))


def ask_for_rebuild(session: Session, school_id: str) -> bool:
    """Whether it was asked for now; it was not if somebody asked before and it is not done, or failed too often."""
    asked = select(Job.id).where(Job.school_id == school_id, Job.kind == JobKind.REBUILD_INDEX)
    if session.scalar(asked.limit(1)) is not None:
        return False
    enqueue(session, JobKind.REBUILD_INDEX, school_id, SUBJECT)
    return True
