"""Asking for a search index to be made anew, whoever finds that there is none or that it cannot be used."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.jobs import Job, JobKind, enqueue

SUBJECT = "index"


def ask_for_rebuild(session: Session, school_id: str) -> bool:
    """Whether it was asked for now; it was not if somebody asked before and it is not done, or failed too often."""
    asked = select(Job.id).where(Job.school_id == school_id, Job.kind == JobKind.REBUILD_INDEX)
    if session.scalar(asked.limit(1)) is not None:
        return False
    enqueue(session, JobKind.REBUILD_INDEX, school_id, SUBJECT)
    return True
