"""Letting go of the ZIP file of a drive that is over."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evidence_app.domain.intake.models import Drive


def begin_to_let_go(session: Session, drive: Drive) -> str:
    """The name of the bytes of the ZIP file, which the drive names no more; "" once they are gone."""
    row = session.get_one(Drive, (drive.school_id, drive.id), with_for_update=True)
    row.leaving_sha256, row.source_sha256 = row.source_sha256 or row.leaving_sha256, ""
    return row.leaving_sha256


def have_let_go(session: Session, drive: Drive) -> None:
    """The bytes of the ZIP file are gone, or belong to others."""
    session.get_one(Drive, (drive.school_id, drive.id), with_for_update=True).leaving_sha256 = ""
