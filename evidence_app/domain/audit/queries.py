"""Reading and checking the audit log."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit.actions import FIRST_HASH, entry_hash
from evidence_app.domain.audit.models import AuditEntry, AuditHead


def recent_entries(session: Session, actor: Actor, *, limit: int = 100) -> list[AuditEntry]:
    """The newest entries of the actor's school, newest first."""
    require(actor, Action.READ_AUDIT)
    chosen = select(AuditEntry).where(AuditEntry.school_id == actor.school_id)
    return list(session.scalars(chosen.order_by(AuditEntry.sequence.desc()).limit(limit)))


def end_of_log(session: Session, actor: Actor) -> int:
    """The sequence of the newest entry of the actor's school. Nothing is held: `record` locks it, after all else."""
    return session.scalar(select(AuditHead.sequence).where(AuditHead.school_id == actor.school_id)) or 0


def own_acts(session: Session, actor: Actor, *, action: str, after: int, until: int) -> list[AuditEntry]:
    """The actor's own acts of one kind, by their place in the log: `after` < sequence <= `until`."""
    chosen = select(AuditEntry).where(
        AuditEntry.school_id == actor.school_id,
        AuditEntry.sequence > after,
        AuditEntry.sequence <= until,
        AuditEntry.actor_id == actor.person_id,
        AuditEntry.action == action,
    )
    return list(session.scalars(chosen.order_by(AuditEntry.sequence)))


def first_broken_entry(session: Session, school_id: str) -> int | None:
    """The sequence of the first entry that was changed, removed or moved; None when the whole chain holds."""
    previous, expected = FIRST_HASH, 1
    entries = select(AuditEntry).where(AuditEntry.school_id == school_id).order_by(AuditEntry.sequence)
    with closing(session.scalars(entries.execution_options(yield_per=1000))) as chain:
        for entry in chain:
            if entry.sequence != expected or entry.hash != entry_hash(entry, previous):
                return expected
            previous, expected = entry.hash, expected + 1
    head = session.get(AuditHead, school_id)
    if (head.sequence, head.hash) != (expected - 1, previous) if head else expected != 1:
        return expected
    return None


def schools_with_entries(session: Session) -> list[str]:
    """The ids of all schools that have an audit chain."""
    return list(session.scalars(select(AuditHead.school_id).order_by(AuditHead.school_id)))
