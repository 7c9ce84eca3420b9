"""Bringing in drives: a ZIP file is looked into, and its files come in some at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from evidence_app.domain import accounts, intake
from evidence_app.domain.access import Actor
from evidence_app.domain.intake import Drive, DriveState, Found, Outcome, ZipSource
from evidence_app.domain.jobs import Job
from evidence_app.errors import AppError
from evidence_app.worker.tools import Tools

Results = Callable[[Session], None]


def look_into_drive(tools: Tools, jobs: Sequence[Job]) -> Results:
    """The plan of a drive; or, where it cannot be opened or its bringer is gone, why not."""
    drive = _drive(tools, jobs[0])
    if drive is None or drive.state_now is not DriveState.LOOKING:
        return _nothing
    try:
        actor = _actor(tools, drive)
        most = tools.backends.settings.max_upload_bytes
        with _opened(tools, drive) as source, tools.database.reading() as session:
            looks = intake.look_at(session, actor, source.files, most)
    except AppError as error:
        why = error.message
        return lambda session: intake.fail_drive(session, school_id=drive.school_id, drive_id=drive.id, why=why)
    return lambda session: intake.keep_plan(session, actor=actor, drive_id=drive.id, found=source.files, looks=looks)


def bring_in_drive(tools: Tools, jobs: Sequence[Job]) -> Results:
    """The next files of a drive that is running; of one that is over, its ZIP file is let go of."""
    drive = _drive(tools, jobs[0])
    if drive is None:
        return _nothing
    if drive.state_now.is_over:
        _let_go(tools, drive)
        return _nothing
    if drive.state_now is not DriveState.RUNNING:
        return _nothing
    started = time.monotonic()
    try:
        actor = _actor(tools, drive)
        with tools.database.reading() as session:
            rows = intake.next_files(session, drive)
        with _opened(tools, drive) as source:
            outcomes = [Outcome(row.number, _store(tools, actor, source.files[row.number])) for row in rows]
    except AppError as error:
        why = error.message
        return lambda session: intake.fail_drive(session, school_id=drive.school_id, drive_id=drive.id, why=why)
    seconds = time.monotonic() - started
    return lambda session: intake.keep_files(
        session, actor=actor, drive_id=drive.id, outcomes=outcomes, seconds=seconds
    )


def _drive(tools: Tools, job: Job) -> Drive | None:
    with tools.database.reading() as session:
        return session.get(Drive, (job.school_id, job.subject))


def _actor(tools: Tools, drive: Drive) -> Actor:
    """Whoever brings the drive in, as they are now: their rights may have changed since."""
    with tools.database.reading() as session:
        return accounts.actor_in(session, drive.person_id, drive.school_id)


@contextmanager
def _opened(tools: Tools, drive: Drive) -> Iterator[ZipSource]:
    with intake.zip_of(tools.at_hand(drive.school_id, drive.source_sha256)) as source:
        yield source


def _store(tools: Tools, actor: Actor, found: Found) -> intake.Stored | intake.Entry:
    return intake.store(tools.blobs, actor, found, tools.backends.settings.max_upload_bytes)


def _let_go(tools: Tools, drive: Drive) -> None:
    """The ZIP file leaves the store, unless its bytes are evidence too. A kill in between leaves it there, unnamed."""
    with tools.database.unit_of_work() as session:
        is_nobodys = intake.forget_source(session, drive)
    tools.put_away()
    if is_nobodys:
        tools.blobs.delete(drive.school_id, drive.source_sha256)


def _nothing(_session: Session) -> None:
    """There is nothing to keep."""
