"""Bringing in a drive: it is looked into, somebody sees the plan and starts it, and file after file comes in.

Every file of it is a row, and each step of the work commits what became of some of them together with their items, so
that it can be left, paused and killed at any moment and goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import ItemFacts, Visibility
from evidence_app.domain.intake.bringing import Described, Entry, Stored, keep_all
from evidence_app.domain.intake.folders import PathReader
from evidence_app.domain.intake.handing_in import is_gathering, zips_of
from evidence_app.domain.intake.looking import Look
from evidence_app.domain.intake.models import Drive, DriveFile, DriveState, FileState
from evidence_app.domain.intake.naming import NameReader
from evidence_app.domain.intake.sources import Found
from evidence_app.domain.jobs import JobKind, Urgency, enqueue, unfinished_among
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import Message, as_kept, msg

FILES_A_STEP = 40
BYTES_A_STEP = 256 * 1024 * 1024
LET_GO_AFTER_SECONDS = 3600
"""How long the ZIP of a drive that is over stays: by then whoever hands in the same bytes has a row that names them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file of a drive: its bytes are in the store, or it says why they are not."""

    number: int
    result: Stored | Entry


def start_drive(session: Session, *, actor: Actor, drive_id: str, visibility: str) -> Drive:
    """The drive, now coming in.

    Conflict when it was started already; Invalid for an unknown visibility; NotAllowed for one who makes public what
    they may not.
    """
    drive = locked(session, actor, drive_id)
    if drive.state_now is not DriveState.PLANNED:
        raise Conflict(msg("This was started already. Load the page again."))
    if visibility not in set(Visibility):
        raise Invalid(msg("Choose who can see what comes in."), field="visibility")
    drive.visibility = Visibility(visibility)
    check_rights(actor, drive)
    record(session, actor, "intake.start_drive", "drive", drive.id, visibility=visibility)
    return _go_on(session, drive)


def pause_drive(session: Session, *, actor: Actor, drive_id: str) -> Drive:
    """The drive, at rest after the files in hand; one that is over stays as it is."""
    drive = locked(session, actor, drive_id)
    if drive.state_now is DriveState.RUNNING:
        _count_time(drive)
        drive.state = DriveState.PAUSED
    return drive


def resume_drive(session: Session, *, actor: Actor, drive_id: str) -> Drive:
    """The drive, coming in again where it stood: one that was paused, or whose work was given up after many tries. One
    that waits for more parts goes on with those that are here.
    """
    drive = locked(session, actor, drive_id)
    if drive.state_now is DriveState.PAUSED:
        return _go_on(session, drive)
    if is_gathering(session, drive):
        drive.parts = len(zips_of(session, drive))
        enqueue(session, JobKind.LOOK_INTO_DRIVE, drive.school_id, drive.id)
    elif is_stuck(session, drive):
        if drive.state_now is DriveState.RUNNING:
            return _go_on(session, drive)
        enqueue(session, JobKind.LOOK_INTO_DRIVE, drive.school_id, drive.id)
    return drive


def is_stuck(session: Session, drive: Drive) -> bool:
    """Whether nobody works on the drive although somebody should: its work failed too often and was put aside."""
    if drive.state_now not in (DriveState.LOOKING, DriveState.RUNNING) or is_gathering(session, drive):
        return False
    kinds = (JobKind.LOOK_INTO_DRIVE, JobKind.BRING_IN_DRIVE)
    return not unfinished_among(session, drive.school_id, kinds, [drive.id])


def drop_drive(session: Session, *, actor: Actor, drive_id: str) -> Drive:
    """The drive, of which nothing more comes in; what is in already stays. Its ZIP file is removed from the store."""
    drive = locked(session, actor, drive_id)
    if not drive.state_now.is_over:
        end(session, drive, DriveState.DROPPED)
        record(session, actor, "intake.drop_drive", "drive", drive.id)
    return drive


def keep_plan(
    session: Session,
    *,
    actor: Actor,
    drive_id: str,
    found: Sequence[Found],
    looks: Sequence[Look],
) -> None:
    """Every file of the drive as a row, as it was looked at.

    A drive that was left out meanwhile stays so.
    """
    drive = locked(session, actor, drive_id)
    if drive.state_now is not DriveState.LOOKING:
        return
    rows = [
        {
            "school_id": drive.school_id,
            "drive_id": drive.id,
            "number": number,
            "path": one.path,
            "size_bytes": one.size_bytes,
            "state": FileState.REFUSED if look.refused else FileState.WAITING,
            "reason": as_kept(look.refused or one.notice),
            "copy_of": look.copy_of,
            "item_id": look.known_id,
        }
        for number, (one, look) in enumerate(zip(found, looks, strict=True))
    ]
    if rows:
        session.execute(insert(DriveFile), rows)
    drive.state = DriveState.PLANNED


def fail_drive(session: Session, *, drive_id: str, school_id: str, why: Message) -> None:
    """The drive could not be opened; why stands on its page."""
    drive = session.get_one(Drive, (school_id, drive_id), with_for_update=True)
    if not drive.state_now.is_over:
        drive.trouble = as_kept(why)
        end(session, drive, DriveState.FAILED)


def halt_drive(session: Session, *, drive_id: str, school_id: str, why: Message) -> None:
    """The drive, paused by what only people can put right; why stands on its page."""
    drive = session.get_one(Drive, (school_id, drive_id), with_for_update=True)
    if drive.state_now is DriveState.RUNNING:
        _count_time(drive)
        drive.state, drive.trouble = DriveState.PAUSED, as_kept(why)


def check_rights(actor: Actor, drive: Drive) -> None:
    """Nothing, while the actor may file, and make public what is to be; NotAllowed otherwise."""
    require(actor, Action.FILE_EVIDENCE)
    if drive.visibility == Visibility.PUBLIC:
        require(actor, Action.RELEASE_EVIDENCE)


def next_files(session: Session, drive: Drive) -> list[DriveFile]:
    """The next files that are not in yet, in the order of their paths: some at a time, fewer where they are large."""
    waiting = (DriveFile.drive_id == drive.id) & (DriveFile.state == FileState.WAITING)
    chosen = select(DriveFile).where(DriveFile.school_id == drive.school_id, waiting)
    rows = list(session.scalars(chosen.order_by(DriveFile.number).limit(FILES_A_STEP)))
    sizes = accumulate(row.size_bytes for row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if row is rows[0] or size <= BYTES_A_STEP]


def keep_files(session: Session, *, actor: Actor, drive_id: str, outcomes: Collection[Outcome]) -> None:
    """What became of some files, with their items, and the next step of the work where more wait.

    A full disk pauses the drive: the files it had no room for go on waiting. Bytes for a drive that was left out
    meanwhile are not filed.
    """
    drive = locked(session, actor, drive_id)
    if drive.state_now not in (DriveState.RUNNING, DriveState.PAUSED):
        return
    paths = PathReader(NameReader(session, actor), drive.folders)

    def describe(path: str) -> Described:
        named = paths.read(path)
        return Described(named.on(ItemFacts(visibility=drive.visibility)), node_keys=named.node_keys)

    waiting = _waiting_rows(session, drive, {outcome.number for outcome in outcomes})
    wanted = [outcome for outcome in outcomes if outcome.number in waiting]
    stored = [outcome.result for outcome in wanted if isinstance(outcome.result, Stored)]
    kept = iter(keep_all(session, actor, stored, describe))
    for outcome in wanted:
        row = waiting[outcome.number]
        entry = next(kept) if isinstance(outcome.result, Stored) else outcome.result
        if entry.waits_for_room:
            drive.state, drive.trouble = DriveState.PAUSED, as_kept(entry.reason)
            continue
        row.state = (
            FileState.REFUSED if not entry.item_id else FileState.KNOWN if entry.duplicate_of else FileState.KEPT
        )
        row.item_id, row.reason = entry.item_id, as_kept(entry.reason)
    _count_time(drive)
    session.flush()
    if not next_files(session, drive):
        end(session, drive, DriveState.DONE)
        record(session, actor, "intake.finish_drive", "drive", drive.id)
    elif drive.state_now is DriveState.RUNNING:
        enqueue(session, JobKind.BRING_IN_DRIVE, drive.school_id, drive.id, urgency=Urgency.BULK)


def _waiting_rows(session: Session, drive: Drive, numbers: Collection[int]) -> dict[int, DriveFile]:
    """Those of these files of the drive that still wait, by their number."""
    chosen = select(DriveFile).where(
        DriveFile.school_id == drive.school_id,
        DriveFile.drive_id == drive.id,
        DriveFile.number.in_(numbers),
        DriveFile.state == FileState.WAITING,
    )
    return {row.number: row for row in session.scalars(chosen)}


def _go_on(session: Session, drive: Drive) -> Drive:
    drive.state, drive.trouble, drive.stepped_at = DriveState.RUNNING, None, now()
    enqueue(session, JobKind.BRING_IN_DRIVE, drive.school_id, drive.id, urgency=Urgency.BULK)
    return drive


def _count_time(drive: Drive) -> None:
    """The time since the last step is time it was running."""
    moment = now()
    drive.worked_seconds += (moment - drive.stepped_at).total_seconds() if drive.stepped_at else 0.0
    drive.stepped_at = moment


def end(session: Session, drive: Drive, state: DriveState) -> None:
    """The drive is over; the worker is asked to let go of its ZIP file."""
    drive.state, drive.finished_at = state, now()
    enqueue(
        session,
        JobKind.LET_GO_OF_DRIVE,
        drive.school_id,
        drive.id,
        urgency=Urgency.LATER,
        delay_seconds=LET_GO_AFTER_SECONDS,
    )


def locked(session: Session, actor: Actor, drive_id: str) -> Drive:
    """A drive of the actor's own, to be changed; NotFound otherwise."""
    found = session.get(Drive, (actor.school_id, drive_id), with_for_update=True)
    if found is None or found.person_id != actor.person_id:
        raise NotFound(msg("There is nothing of yours coming in here. Load the page again."))
    return found
