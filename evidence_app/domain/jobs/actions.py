"""Asking for work, claiming it under a lease, finishing it, and giving up on it after too many tries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.jobs.models import Job, JobKind, JobState, Urgency
from evidence_app.errors import Conflict
from evidence_app.i18n import msg

LEASE_SECONDS = 120
MOST_ATTEMPTS = 4
SUSPECT_ATTEMPTS = 2
MOST_DEATHS = 12
WAITED_FOR = tuple(kind for kind in JobKind if kind != JobKind.READ_MAILBOX)
"""Work that holds back what nobody waits for. Each minute all mailboxes are to be read, one after another, which waits
for their servers and not for this machine: with many schools one is always ready, and would hold back for ever.
"""


def enqueue(
    session: Session,
    kind: JobKind,
    school_id: str,
    subject: str,
    *,
    urgency: Urgency = Urgency.NOW,
    delay_seconds: float = 0,
    **payload: Any,
) -> Job:
    """The job that will do this, in the transaction of its cause; a waiting one for the same subject is given back.

    The waiting one is locked: a worker that took it now would do it with the rows as they were before the cause. Ask
    for work last in an action, so that nobody who waits for this lock holds one that is still needed.
    """
    same = select(Job).where(
        Job.school_id == school_id, Job.subject == subject, Job.kind == kind, Job.state == JobState.WAITING
    )
    waiting = session.scalar(same.limit(1).with_for_update())
    if waiting is not None:
        waiting.payload = {**waiting.payload, **payload}
        waiting.urgency = min(waiting.urgency, urgency)
        return waiting
    moment = now()
    job = Job(
        kind=kind,
        school_id=school_id,
        subject=subject,
        urgency=urgency,
        payload=payload,
        run_at=moment + timedelta(seconds=delay_seconds),
        created_at=moment,
    )
    session.add(job)
    return job


def enqueue_all(
    session: Session,
    kind: JobKind,
    school_id: str,
    subjects: Collection[str],
    *,
    urgency: Urgency = Urgency.NOW,
) -> None:
    """As `enqueue` for each of these subjects, in as many statements as for one."""
    same = select(Job).where(
        Job.school_id == school_id, Job.subject.in_(subjects), Job.kind == kind, Job.state == JobState.WAITING
    )
    # In one order, so that no two who ask for the same work wait for each other.
    waiting = list(session.scalars(same.order_by(Job.id).with_for_update()))
    for job in waiting:
        job.urgency = min(job.urgency, urgency)
    moment = now()
    rows = [
        {"kind": kind, "school_id": school_id, "subject": subject, "urgency": urgency, "run_at": moment}
        | {"created_at": moment}
        for subject in dict.fromkeys(subjects)
        if subject not in {job.subject for job in waiting}
    ]
    if rows:
        session.execute(insert(Job), rows)


class LeaseLost(Conflict):
    """Another worker has taken over the work: its results count, these do not."""


def claim(session: Session, most: Mapping[JobKind, int], beside: Collection[JobKind] = tuple(JobKind)) -> list[Job]:
    """Jobs of one kind, school and urgency, now leased to the caller, oldest first and at most `most[kind]` of them.

    The more urgent come first, and among them the kinds in the order of `most`; what nobody waits for is begun only
    when nothing is ready that somebody waits for, of any of the kinds that are done `beside` it. Jobs whose lease ran
    out (their worker died) are claimed again: after those that were tried less often, from the second death on each
    alone, and after too many deaths not at all, because they may be the cause. On PostgreSQL rows locked by another
    worker are skipped; on SQLite the unit of work holds the one write lock.
    """
    moment = now()
    _take_back(session, most, moment)
    for urgency, kind in _kinds_with_work(session, most, moment):
        if urgency == Urgency.LATER and _is_somebody_waiting(session, moment, beside):
            break
        ready = select(Job).where(
            Job.state == JobState.WAITING, Job.kind == kind, Job.urgency == urgency, Job.run_at <= moment
        )
        first = session.scalar(
            ready.order_by(Job.attempts, Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
        )
        if first is None:
            continue
        if first.attempts >= MOST_DEATHS:
            _park(session, ready.where(Job.attempts >= MOST_DEATHS))
            return claim(session, most, beside)
        same = ready.where(Job.school_id == first.school_id, Job.attempts == first.attempts)
        at_once = 1 if first.attempts >= SUSPECT_ATTEMPTS else most[kind]
        jobs = session.scalars(same.order_by(Job.run_at, Job.id).limit(at_once).with_for_update(skip_locked=True)).all()
        lease = new_id()
        for job in jobs:
            job.state, job.lease, job.leased_until = JobState.RUNNING, lease, moment + timedelta(seconds=LEASE_SECONDS)
            job.attempts += 1
        return list(jobs)
    return []


def ready_kinds(session: Session, kinds: Collection[JobKind]) -> set[JobKind]:
    """Those of these kinds of which there is work to be begun now: a look, without anything being claimed."""
    return {kind for _urgency, kind in _kinds_with_work(session, kinds, now())}


def _take_back(session: Session, kinds: Collection[JobKind], moment: datetime) -> None:
    """Have the jobs of these kinds wait again whose lease ran out, but for those that somebody writes to just now."""
    lost = select(Job).where(Job.state == JobState.RUNNING, Job.kind.in_(kinds), Job.leased_until < moment)
    for job in session.scalars(lost.order_by(Job.id).with_for_update(skip_locked=True)):
        job.state, job.lease, job.leased_until = JobState.WAITING, None, None


def _kinds_with_work(session: Session, kinds: Collection[JobKind], moment: datetime) -> list[tuple[int, JobKind]]:
    """The urgency of the most urgent job that is ready of each kind, and the kind: in the order they are done in."""
    found = session.execute(_most_urgent(tuple(kinds)), {"moment": moment}).one()
    ready = [
        (urgency, n, kind) for n, (urgency, kind) in enumerate(zip(found, kinds, strict=True)) if urgency is not None
    ]
    return [(urgency, kind) for urgency, _n, kind in sorted(ready)]


@cache
def _most_urgent(kinds: tuple[JobKind, ...]) -> Select[Any]:
    """One look into the index for each kind, however long the queue is. Kept, as it is asked several times a second."""
    moment = bindparam("moment", type_=Job.run_at.type)
    return select(
        *(
            select(Job.urgency)
            .where(Job.state == JobState.WAITING, Job.kind == kind, Job.run_at <= moment)
            .order_by(Job.urgency)
            .limit(1)
            .scalar_subquery()
            for kind in kinds
        )
    )


def _park(session: Session, deadly: Select[Job]) -> None:
    """Put aside jobs that were claimed again and again and never came back, neither done nor failed."""
    for job in session.scalars(deadly.with_for_update(skip_locked=True)):
        job.state, job.error = JobState.PARKED, f"its worker ended {MOST_DEATHS} times"


def _is_somebody_waiting(session: Session, moment: datetime, kinds: Collection[JobKind]) -> bool:
    held_back_for = [kind for kind in WAITED_FOR if kind in kinds]
    waited_for = select(Job.id).where(
        Job.state == JobState.WAITING, Job.kind.in_(held_back_for), Job.urgency < Urgency.LATER, Job.run_at <= moment
    )
    return session.scalar(waited_for.limit(1)) is not None


def extend_lease(session: Session, jobs: Sequence[Job]) -> None:
    """Another full lease for work that is still going on."""
    until = now() + timedelta(seconds=LEASE_SECONDS)
    session.execute(
        update(Job).where(Job.id.in_([j.id for j in jobs]), Job.lease == jobs[0].lease).values(leased_until=until)
    )


def finish(session: Session, jobs: Sequence[Job]) -> None:
    """Nothing; the jobs are gone. Raises LeaseLost when a lease was lost, so that the results go with it."""
    if not jobs:
        return
    gone = session.execute(delete(Job).where(Job.id.in_([j.id for j in jobs]), Job.lease == jobs[0].lease))
    if gone.rowcount != len(jobs):  # type: ignore[attr-defined]
        raise LeaseLost(msg("Another worker has taken over this work. Its results count, these do not."))


def fail(session: Session, job: Job, error: str) -> JobState:
    """Where the job stands after a failure: waiting again, later and later, or parked for a person to look at."""
    row = session.scalar(select(Job).where(Job.id == job.id, Job.lease == job.lease).with_for_update())
    if row is None:
        return JobState.RUNNING
    row.error, row.lease, row.leased_until = error[:4000], None, None
    if row.attempts >= MOST_ATTEMPTS:
        row.state = JobState.PARKED
    else:
        row.state, row.run_at = JobState.WAITING, now() + timedelta(seconds=5 * 4**row.attempts)
    return row.state


def put_off(session: Session, jobs: Sequence[Job], seconds: float) -> None:
    """The jobs wait for so long; that they could not be done now is held against none of them."""
    mine = Job.id.in_([j.id for j in jobs]), Job.lease == jobs[0].lease
    waits = {"state": JobState.WAITING, "lease": None, "leased_until": None, "attempts": Job.attempts - 1}
    session.execute(update(Job).where(*mine).values(**waits, run_at=now() + timedelta(seconds=seconds)))


def release_all(session: Session) -> int:
    """How many leased jobs were given back: for a worker that starts alone on one machine."""
    freed = session.execute(
        update(Job).where(Job.state == JobState.RUNNING).values(state=JobState.WAITING, lease=None, leased_until=None)
    )
    return int(freed.rowcount)  # type: ignore[attr-defined]


def retry_parked(session: Session, school_id: str) -> int:
    """How many parked jobs of a school were put back into the queue."""
    again = session.execute(
        update(Job)
        .where(Job.school_id == school_id, Job.state == JobState.PARKED)
        .values(state=JobState.WAITING, attempts=0, run_at=now())
    )
    return int(again.rowcount)  # type: ignore[attr-defined]
