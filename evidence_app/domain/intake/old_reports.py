"""What the reports of drives forget in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.intake.models import Drive, DriveFile, FileState
from evidence_app.domain.intake.sidecars import is_about

REPORTS_LAST = timedelta(days=90)
"""How long the report of a drive names its folders and files after it was over."""


def forget_name_of_item(session: Session, school_id: str, item_id: str) -> None:
    """No report names the files any more that became this item, nor what the export of a drive wrote about them."""
    over = (DriveFile.school_id == school_id, DriveFile.item_id == item_id, DriveFile.state != FileState.WAITING)
    for named in session.scalars(select(DriveFile).where(*over)).all():
        beside = (DriveFile.school_id == school_id, DriveFile.drive_id == named.drive_id)
        is_json = DriveFile.path.endswith(".json") & (DriveFile.state == FileState.REFUSED)
        for one in session.scalars(select(DriveFile).where(*beside, is_json)).all():
            one.path = "" if is_about(one.path, named.path) else one.path
        named.path, named.reason = "", None
    session.flush()


def forget_old_reports(session: Session) -> int:
    """How many drives that were over long ago lost the names of their folders and files; what became of each stays.

    Such names may be pupils'; after REPORTS_LAST everybody has read the report.
    """
    over = select(Drive).where(Drive.finished_at < now() - REPORTS_LAST, Drive.names_forgotten.is_(False))
    drives = list(session.scalars(over.with_for_update()))
    for drive in drives:
        mine = (DriveFile.school_id == drive.school_id, DriveFile.drive_id == drive.id)
        session.execute(update(DriveFile).where(*mine).values(path=""))
        # What is worth knowing of a file that was kept may say how another one is called.
        session.execute(update(DriveFile).where(*mine, DriveFile.state != FileState.REFUSED).values(reason=None))
        drive.folders, drive.names_forgotten = {}, True
    return len(drives)
