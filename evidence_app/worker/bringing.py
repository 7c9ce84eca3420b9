"""Bringing in drives: a ZIP file is looked into, and its files come in some at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain import accounts, intake, upkeep
from evidence_app.domain.access import Actor
from evidence_app.domain.intake import Drive, DriveFile, DriveState, Found, Outcome
from evidence_app.domain.jobs import Job, JobKind, Urgency, enqueue
from evidence_app.errors import AppError, Invalid
from evidence_app.i18n import Message, msg
from evidence_app.worker.tools import Tools
from storage_adapters import BlobDamaged, BlobNotFound

Results = Callable[[Session], None]


def look_into_drive(tools: Tools, jobs: Sequence[Job]) -> Results:
    """The plan of a drive; or, where it cannot be opened or its bringer is gone, why not."""
    drive = _drive(tools, jobs[0])
    if drive is None or drive.state_now is not DriveState.LOOKING:
        return _nothing
    try:
        actor = _actor(tools, drive)
        most = tools.backends.settings.max_upload_bytes
        found = _opened(tools, drive)
        looks = intake.look_at(tools.database, actor, found, most)
    except AppError as error:
        return _failed(drive, error.message)
    return lambda session: intake.keep_plan(session, actor=actor, drive_id=drive.id, found=found, looks=looks)


def bring_in_drive(tools: Tools, jobs: Sequence[Job]) -> Results:
    """The next files of a drive that is running. What people have to put right first pauses it."""
    drive = _drive(tools, jobs[0])
    if drive is None or drive.state_now is not DriveState.RUNNING:
        return _nothing
    try:
        actor = _actor(tools, drive)
        intake.check_rights(actor, drive)
        with tools.database.reading() as session:
            rows = intake.next_files(session, drive)
            allowance = intake.allowance_of(session, actor)
        found = _opened(tools, drive)
        outcomes, taken = list[Outcome](), 0
        for row in rows:
            stored = _store(tools, actor, found, row, allowance, taken)
            taken += stored.blob.size_bytes if isinstance(stored, intake.Stored) else 0
            outcomes.append(Outcome(row.number, stored))
    except AppError as error:
        why = error.message
        return lambda session: intake.halt_drive(session, school_id=drive.school_id, drive_id=drive.id, why=why)
    return lambda session: intake.keep_files(session, actor=actor, drive_id=drive.id, outcomes=outcomes)


def let_go_of_drive(tools: Tools, jobs: Sequence[Job]) -> Results:
    """The ZIP file of a drive that is over leaves the store, unless its bytes are something else's too.

    Bytes that were put lately may be about to be named: they are looked at again later.
    """
    drive = _drive(tools, jobs[0])
    if drive is None or not drive.state_now.is_over:
        return _nothing
    with tools.database.unit_of_work() as session:
        leaving = intake.begin_to_let_go(session, drive)
    with tools.database.reading() as session:
        own = [sha256 for sha256 in leaving if not upkeep.is_named(session, drive.school_id, sha256)]
    if own:
        tools.put_away()
        put_before = now() - timedelta(seconds=intake.LET_GO_AFTER_SECONDS)
        if not all(tools.blobs.erase(drive.school_id, sha256, put_before=put_before) for sha256 in own):
            return lambda session: _again(session, jobs[0])
    return lambda session: intake.have_let_go(session, drive)


def _again(session: Session, job: Job) -> None:
    enqueue(
        session,
        JobKind.LET_GO_OF_DRIVE,
        job.school_id,
        job.subject,
        urgency=Urgency.LATER,
        delay_seconds=intake.LET_GO_AFTER_SECONDS,
    )


def _drive(tools: Tools, job: Job) -> Drive | None:
    with tools.database.reading() as session:
        return session.get(Drive, (job.school_id, job.subject))


def _actor(tools: Tools, drive: Drive) -> Actor:
    """Whoever brings the drive in, as they are now: their rights may have changed since."""
    with tools.database.reading() as session:
        return accounts.actor_in(session, drive.person_id, drive.school_id)


def _opened(tools: Tools, drive: Drive) -> tuple[Found, ...]:
    with tools.database.reading() as session:
        zips = intake.zips_of(session, drive)
    try:
        return tools.drive_at_hand(drive.school_id, zips)
    except (BlobNotFound, BlobDamaged) as error:
        words = msg("The ZIP file is not in the store as it came. What is in stays; hand it in once more.")
        raise Invalid(words) from error


def _store(
    tools: Tools, actor: Actor, found: Sequence[Found], row: DriveFile, allowance: intake.Allowance, taken: int
) -> intake.Stored | intake.Entry:
    if row.number >= len(found) or found[row.number].path != row.path:
        raise Invalid(msg("The ZIP file reads otherwise than when it was planned. Leave it out and hand it in anew."))
    most = tools.backends.settings.max_upload_bytes
    return intake.store(tools.blobs, actor, found[row.number], most, partial(allowance.after, taken))


def _failed(drive: Drive, why: Message) -> Results:
    return lambda session: intake.fail_drive(session, school_id=drive.school_id, drive_id=drive.id, why=why)


def _nothing(_session: Session) -> None:
    """There is nothing to keep."""
