"""Adding to the audit log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Actor
from evidence_app.domain.audit.models import AuditEntry, AuditHead

FIRST_HASH = "0" * 64


def record(session: Session, actor: Actor, action: str, subject_kind: str, subject_id: str, **facts: Any) -> AuditEntry:
    """The entry just added to the chain of the actor's school, in the same transaction as the act itself.

    `action` is "room.verb", e.g. "evidence.add"; `facts` are ids, codes and counts, never names or texts of people.
    """
    (entry,) = record_all(session, actor, action, subject_kind, [(subject_id, facts)])
    return entry


def record_all(
    session: Session, actor: Actor, action: str, subject_kind: str, subjects: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[AuditEntry]:
    """The entries of one act done to many things at once, in order; each subject with its facts."""
    head = session.scalar(select(AuditHead).where(AuditHead.school_id == actor.school_id).with_for_update())
    if head is None:
        head = AuditHead(school_id=actor.school_id, sequence=0, hash=FIRST_HASH)
        session.add(head)
    entries = []
    for subject_id, facts in subjects:
        entry = AuditEntry(
            school_id=actor.school_id,
            sequence=head.sequence + 1,
            at=now(),
            actor_id=actor.person_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            facts=dict(facts),
        )
        entry.hash = entry_hash(entry, head.hash)
        head.sequence, head.hash = entry.sequence, entry.hash
        entries.append(entry)
    session.add_all(entries)
    return entries


def entry_hash(entry: AuditEntry, previous: str) -> str:
    """The SHA-256 over everything an entry says and the hash before it."""
    moment: datetime = entry.at
    said = [
        previous,
        entry.school_id,
        entry.sequence,
        moment.isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.facts,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
