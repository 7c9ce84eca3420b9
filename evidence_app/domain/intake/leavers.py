"""Drives of people who left the school: nobody can go on with them, so that their ZIP files go after a while."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import worker_for
from evidence_app.domain.accounts import Membership, Person
from evidence_app.domain.audit import AuditEntry, record
from evidence_app.domain.intake.drives import end
from evidence_app.domain.intake.models import Drive, DriveState
from evidence_app.i18n import as_kept, msg


def leave_out_drives_of_leavers(session: Session, *, older_than_seconds: float) -> int:
    """How many drives were left out: nothing has happened to them for so long, and who began them left as long ago.

    What is in already stays. The drive says why, to the one who comes back; the school's journal says it to all others.
    """
    oldest_kept = now() - timedelta(seconds=older_than_seconds)
    is_member = exists().where(
        Membership.school_id == Drive.school_id,
        Membership.person_id == Drive.person_id,
        Person.id == Membership.person_id,
        Person.deactivated_at.is_(None),
    )
    left_lately = exists().where(
        AuditEntry.school_id == Drive.school_id,
        AuditEntry.subject_id == Drive.person_id,
        AuditEntry.action == "accounts.remove_member",
        AuditEntry.at > oldest_kept,
    )
    is_open = Drive.state.not_in([state for state in DriveState if state.is_over])
    is_old = func.coalesce(Drive.stepped_at, Drive.created_at) < oldest_kept
    chosen = select(Drive).where(and_(is_open, is_old, ~is_member, ~left_lately)).order_by(Drive.id)
    drives = list(session.scalars(chosen.with_for_update()))
    for drive in drives:
        words = msg("It was left out because its bringer had left the school. What is in stays; hand it in once more.")
        drive.trouble = as_kept(words)
        end(session, drive, DriveState.DROPPED)
        record(session, worker_for(drive.school_id), "intake.leave_out_of_leaver", "drive", drive.id)
    return len(drives)
