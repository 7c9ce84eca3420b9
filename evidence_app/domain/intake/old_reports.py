"""What the reports of drives forget in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.intake.models import Drive, DriveFile, FileState

REPORTS_LAST = timedelta(days=90)
"""How long the report of a drive names its folders and files after it was over."""


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
