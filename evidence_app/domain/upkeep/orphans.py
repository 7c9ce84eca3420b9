"""Bytes that no row names: an upload that was cut off, a drive that was left out. They are collected late.

They wait a day, since somebody may be about to name them, and 30 more in which a backup of the database may still come
back that names them; `verify` lists them meanwhile as worth knowing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from evidence_app.database import Database
from evidence_app.domain.schools import all_schools
from evidence_app.domain.upkeep.references import references
from evidence_app.domain.upkeep.removing import let_leave, remove_bytes
from storage_adapters import BlobStore

UNNAMED_AFTER = timedelta(hours=24)
QUARANTINE = timedelta(days=30)


def collect_orphans(database: Database, blobs: BlobStore, moment: datetime) -> int:
    """How many blobs no row names, of all schools. Those that were so for 31 days are gone; the others wait."""
    with database.reading() as session:
        named = {(one.school_id, one.sha256) for one in references(session)}
        schools = {school.id for school in all_schools(session)}
    unnamed: dict[str, set[str]] = {school_id: set() for school_id in schools}
    for school_id, blob, put_at in blobs.iter_blobs():
        if school_id in schools and (school_id, blob.sha256) not in named and put_at < moment - UNNAMED_AFTER:
            unnamed[school_id].add(blob.sha256)
    with database.unit_of_work() as session:
        for school_id, names in unnamed.items():
            let_leave(session, school_id, names, moment + QUARANTINE)
    for school_id in schools:
        remove_bytes(database, blobs, school_id)
    return sum(len(names) for names in unnamed.values())
