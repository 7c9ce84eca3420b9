"""What is waiting, and what has failed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from evidence_app.domain.jobs.models import Job, JobKind, JobState


def unfinished_count(session: Session, school_id: str, kinds: Collection[JobKind]) -> int:
    """How many jobs of these kinds are still waiting or running for a school."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Job)
            .where(Job.school_id == school_id, Job.kind.in_(kinds), Job.state.in_([JobState.WAITING, JobState.RUNNING]))
        )
        or 0
    )


def is_work_left(session: Session, school_id: str, kinds: Collection[JobKind]) -> bool:
    """Whether a job of these kinds is still waiting or running for a school."""
    left = select(Job.id).where(
        Job.school_id == school_id, Job.kind.in_(kinds), Job.state.in_([JobState.WAITING, JobState.RUNNING])
    )
    return session.scalar(left.limit(1)) is not None


def unfinished_subjects(session: Session, school_id: str, kind: JobKind) -> set[str]:
    """The subjects a school still has work of this kind for."""
    return set(
        session.scalars(
            select(Job.subject).where(
                Job.school_id == school_id, Job.kind == kind, Job.state.in_([JobState.WAITING, JobState.RUNNING])
            )
        )
    )


def unfinished_among(
    session: Session, school_id: str, kinds: Collection[JobKind], subjects: Collection[str]
) -> set[str]:
    """Those of these subjects that work of these kinds is still waiting or running for."""
    return set(
        session.scalars(
            select(Job.subject).where(
                Job.school_id == school_id,
                Job.subject.in_(subjects),
                Job.kind.in_(kinds),
                Job.state.in_([JobState.WAITING, JobState.RUNNING]),
            )
        )
    )


def parked_jobs(session: Session, school_id: str, *, limit: int = 100) -> list[Job]:
    """The jobs of a school that failed too often, newest first."""
    chosen = select(Job).where(Job.school_id == school_id, Job.state == JobState.PARKED)
    return list(session.scalars(chosen.order_by(Job.created_at.desc()).limit(limit)))


def is_asked_for(
    kinds: Collection[JobKind], school_id: InstrumentedAttribute[str], subject: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """Whether there is a job of one of these kinds about a subject, waiting, in hand or put aside, as a condition."""
    return exists().where(Job.kind.in_(kinds), Job.school_id == school_id, Job.subject == subject)
