"""Letting go of the ZIP files of a drive that is over."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.intake.models import Drive, DrivePart


def begin_to_let_go(session: Session, drive: Drive) -> list[str]:
    """The names of the bytes of the ZIP files, which the drive names no more; none once they are gone."""
    rows = _rows(session, drive)
    for row in rows:
        row.leaving_sha256, row.source_sha256 = row.source_sha256 or row.leaving_sha256, ""
    return list(dict.fromkeys(row.leaving_sha256 for row in rows if row.leaving_sha256))


def have_let_go(session: Session, drive: Drive) -> None:
    """The bytes of the ZIP files are gone, or belong to others."""
    for row in _rows(session, drive):
        row.leaving_sha256 = ""


def _rows(session: Session, drive: Drive) -> list[Drive | DrivePart]:
    mine = select(DrivePart).where(DrivePart.school_id == drive.school_id, DrivePart.drive_id == drive.id)
    first = session.get_one(Drive, (drive.school_id, drive.id), with_for_update=True)
    return [first, *session.scalars(mine.with_for_update())]
