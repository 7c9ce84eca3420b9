"""Handing in a drive: one ZIP file, or several that are the parts of one export."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.intake.models import Drive, DrivePart, DriveState
from evidence_app.domain.intake.storing import StoredFile
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.errors import Conflict, Invalid
from evidence_app.i18n import msg

MOST_PARTS = 200


def begin_drive(
    session: Session,
    *,
    actor: Actor,
    file: StoredFile,
    visibility: Visibility = Visibility.STAFF,
    together: str = "",
    parts: int = 1,
) -> Drive:
    """The drive, waiting to be looked into; its ZIP file is in the store. Nothing is filed before it is started.

    ZIP files with the same mark `together` are the `parts` parts of one drive, which is looked into once all are here.
    The same ZIP handed in twice, as by a browser that got no answer, is one drive as long as it is not over.
    """
    require(actor, Action.FILE_EVIDENCE)
    if file.media_type != "application/zip":
        raise Invalid(
            msg(
                "“%(name)s” is no ZIP file. Pack the folder as a ZIP, or file single documents on the page before.",
                name=file.name,
            ),
            field="files",
        )
    wait_for_turn(session, "drive", actor.school_id, actor.person_id)
    mine = select(Drive).where(Drive.school_id == actor.school_id, Drive.person_id == actor.person_id)
    together = together[:40] if 1 < parts <= MOST_PARTS else ""
    if together:
        begun = session.scalar(mine.where(Drive.together == together).with_for_update())
        if begun is not None:
            return _add_part(session, begun, file)
    else:
        same = session.scalars(mine.where(Drive.name == file.name, Drive.source_sha256 == file.blob.sha256))
        if (known := next((one for one in same if not one.state_now.is_over), None)) is not None:
            return known
    drive = Drive(
        school_id=actor.school_id,
        person_id=actor.person_id,
        name=file.name,
        source_sha256=file.blob.sha256,
        source_bytes=file.blob.size_bytes,
        together=together,
        parts=parts if together else 1,
        state=DriveState.LOOKING,
        visibility=visibility,
        folders={},
        created_at=now(),
    )
    session.add(drive)
    session.flush()
    record(session, actor, "intake.begin_drive", "drive", drive.id, sha256=file.blob.sha256)
    if drive.parts == 1:
        enqueue(session, JobKind.LOOK_INTO_DRIVE, actor.school_id, drive.id)
    return drive


def zips_of(session: Session, drive: Drive) -> dict[str, str]:
    """The ZIP files of a drive that is not over, in the order in which they were handed in: SHA-256 -> its name."""
    others = {part.source_sha256: part.name for part in _others(session, drive)}
    return {drive.source_sha256: drive.name} | others


def is_gathering(session: Session, drive: Drive) -> bool:
    """Whether not all parts of the drive are here yet."""
    return drive.state_now is DriveState.LOOKING and len(zips_of(session, drive)) < drive.parts


def _add_part(session: Session, drive: Drive, file: StoredFile) -> Drive:
    """The drive with one more part; one that is here already changes nothing. Conflict for one that comes too late."""
    zips = zips_of(session, drive)
    if file.blob.sha256 in zips:
        return drive
    if not is_gathering(session, drive):
        raise Conflict(
            msg(
                "“%(name)s” is not in: the other parts were gone on with before it came. Hand it in by itself, as a "
                "drive of its own.",
                name=file.name,
            )
        )
    session.add(
        DrivePart(
            school_id=drive.school_id,
            drive_id=drive.id,
            number=len(zips) + 1,
            name=file.name,
            source_sha256=file.blob.sha256,
            source_bytes=file.blob.size_bytes,
        )
    )
    session.flush()
    if len(zips) + 1 == drive.parts:
        enqueue(session, JobKind.LOOK_INTO_DRIVE, drive.school_id, drive.id)
    return drive


def _others(session: Session, drive: Drive) -> Sequence[DrivePart]:
    mine = select(DrivePart).where(DrivePart.school_id == drive.school_id, DrivePart.drive_id == drive.id)
    return list(session.scalars(mine.order_by(DrivePart.number)))
