"""Taking erased items apart: first their rows, then the bytes that nothing else names. Each step may be done again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from evidence_app.database import Database, now
from evidence_app.domain.access import worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.intake import Drive, DriveFile, FileState, forget_name_of_item
from evidence_app.domain.jobs import Job, JobKind, JobState
from evidence_app.domain.reports import Compilation, CompiledFile, Snapshot, SnapshotBlob
from evidence_app.domain.selfstudy import Exhibit, ExhibitNumber
from evidence_app.domain.sharing import ExhibitPage, Preparation
from evidence_app.domain.upkeep.erasing import carriers
from evidence_app.domain.upkeep.models import Erasure, ErasureState, LeavingBlob
from evidence_app.domain.upkeep.references import BLOB_COLUMNS, TABLES, is_named
from storage_adapters import BlobStore

PUT_LATELY = timedelta(hours=1)
"""Bytes put within this time may be about to be named by a row: no erasure takes them yet."""

NOT_CASCADED = ("citations", "plan_evidence", "exhibits")
"""Tables whose rows keep an item from being deleted; every other one that names an item or a version goes with it."""


@dataclass(slots=True)
class Removed:
    """What lost its rows, and whether something has to be looked at again, because work on it was under way."""

    item_ids: list[str] = field(default_factory=list)
    waits: bool = False


def remove_rows(session: Session, school_id: str) -> Removed:
    """The items of a school whose erasure was asked for lose every row, and their bytes are on their way out.

    One that is being read, drawn or indexed just now waits until that is over, so that it leaves nothing behind.
    """
    removed = Removed()
    asked = select(Erasure).where(Erasure.school_id == school_id, Erasure.state == ErasureState.ASKED)
    for erasure in session.scalars(asked.order_by(Erasure.asked_at).with_for_update()):
        found = session.get(Item, (school_id, erasure.item_id), with_for_update=True)
        names = _take_apart(session, found) if found else set()
        if names is None:
            removed.waits = True
            continue
        erasure.sha256s, erasure.state = sorted({*erasure.sha256s, *names}), ErasureState.UNDER_WAY
        removed.item_ids.append(erasure.item_id)
    return removed


def remove_bytes(database: Database, blobs: BlobStore, school_id: str) -> int:
    """How many blobs of a school still have to go: all that are due and nothing names went, except those put lately.

    No unit of work is open while names are looked for and the store is asked: that may take minutes. Bytes that are
    put meanwhile are too young to go.
    """
    moment = now()
    with database.reading() as session:
        due = select(LeavingBlob.sha256).where(LeavingBlob.school_id == school_id, LeavingBlob.goes_at <= moment)
        names = list(session.scalars(due))
        named = {sha256 for sha256 in names if is_named(session, school_id, sha256)}
    gone = {sha256 for sha256 in set(names) - named if blobs.erase(school_id, sha256, put_before=moment - PUT_LATELY)}
    with database.unit_of_work() as session:
        # In pieces, since a database takes only so many values at once.
        for chosen in _in_pieces(sorted(named | gone)):
            over = (LeavingBlob.school_id == school_id, LeavingBlob.sha256.in_(chosen))
            session.execute(delete(LeavingBlob).where(*over))
    return len(names) - len(named | gone)


def under_way(session: Session, school_id: str) -> list[Erasure]:
    """The erasures of a school whose rows are gone and that are not over, in the order they were asked for."""
    chosen = (Erasure.school_id == school_id, Erasure.state == ErasureState.UNDER_WAY)
    return list(session.scalars(select(Erasure).where(*chosen).order_by(Erasure.asked_at)))


def items_leaving(session: Session, school_id: str) -> set[str]:
    """The ids of the items of a school whose erasure was asked for and is not over."""
    chosen = (Erasure.school_id == school_id, Erasure.state != ErasureState.DONE)
    return set(session.scalars(select(Erasure.item_id).where(*chosen)))


def may_be_over(session: Session, school_id: str) -> bool:
    """Whether some erasure under way could be over once its traces are cleared: no drive's ZIP still has the item."""
    return any(not _is_in_a_zip(session, erasure) for erasure in under_way(session, school_id))


def finish_erasures(session: Session, school_id: str) -> int:
    """How many erasures of a school are still not over: their bytes are being used, or a drive's ZIP still has them."""
    open_ones = select(Erasure).where(Erasure.school_id == school_id, Erasure.state != ErasureState.DONE)
    leaving = set(session.scalars(select(LeavingBlob.sha256).where(LeavingBlob.school_id == school_id)))
    left = 0
    for erasure in session.scalars(open_ones.with_for_update()):
        is_over = erasure.state == ErasureState.UNDER_WAY and not leaving & set(erasure.sha256s)
        if not is_over or _is_in_a_zip(session, erasure):
            left += 1
            continue
        erasure.state, erasure.done_at = ErasureState.DONE, now()
        record(session, worker_for(school_id), "evidence.erased", "item", erasure.item_id, blobs=len(erasure.sha256s))
    return left


def let_leave(session: Session, school_id: str, names: Collection[str], goes_at: datetime) -> None:
    """These bytes are on their way out; those that are already leave when they would have."""
    known = set(session.scalars(select(LeavingBlob.sha256).where(LeavingBlob.school_id == school_id)))
    moment = now()
    session.add_all(
        LeavingBlob(school_id=school_id, sha256=sha256, since=moment, goes_at=goes_at)
        for sha256 in sorted(set(names) - known)
    )
    sooner = (LeavingBlob.school_id == school_id, LeavingBlob.goes_at > goes_at)
    for chosen in _in_pieces(sorted(set(names) & known)):
        session.execute(update(LeavingBlob).where(*sooner, LeavingBlob.sha256.in_(chosen)).values(goes_at=goes_at))


def emptied_snapshots(session: Session, school_id: str) -> list[str]:
    """The ids of the school's snapshots that hold nothing any more."""
    chosen = select(Snapshot.id).where(Snapshot.school_id == school_id, Snapshot.emptied_at.is_not(None))
    return list(session.scalars(chosen))


def _take_apart(session: Session, found: Item) -> set[str] | None:
    """The names of what goes, its rows gone; None while somebody is at work on it."""
    versions = list(
        session.scalars(select(Version.id).where(Version.school_id == found.school_id, Version.item_id == found.id))
    )
    snapshots = carriers(session, found)
    subjects = {found.id, *versions, *(one.id for one in snapshots)}
    mine = (Job.school_id == found.school_id, Job.subject.in_(subjects))
    running = select(Job.id).where(Job.school_id == found.school_id, Job.state == JobState.RUNNING)
    if session.scalar(running.where(Job.subject.in_(subjects) | (Job.kind == JobKind.COMPILE_EDITION)).limit(1)):
        return None
    session.execute(delete(Job).where(*mine))
    names = _names(session, found.school_id, "version", versions)
    exhibits: set[str] = set()
    for snapshot in snapshots:
        own, protected = _empty(session, snapshot)
        names |= own
        exhibits |= protected
    let_leave(session, found.school_id, names | exhibits, now())
    _delete_rows(session, found)
    return names


def _delete_rows(session: Session, found: Item) -> None:
    """The item with everything that hangs on it. Its exhibit numbers stay given; its places in drives, their names."""
    school_id = found.school_id
    exhibits = select(Exhibit.id).where(Exhibit.school_id == school_id, Exhibit.item_id == found.id)
    given = (ExhibitNumber.school_id == school_id, ExhibitNumber.exhibit_id.in_(exhibits))
    session.execute(update(ExhibitNumber).where(*given).values(exhibit_id=None))
    for name in NOT_CASCADED:
        session.execute(_where(TABLES[name], school_id, item_id=found.id))
    suggestions = TABLES["item_suggestions"]
    session.execute(_where(suggestions, school_id, leans_on=found.id))
    forget_name_of_item(session, school_id, found.id)
    session.expunge(found)
    session.execute(_where(TABLES["items"], school_id, id=found.id))


def _empty(session: Session, snapshot: Snapshot) -> tuple[set[str], set[str]]:
    """The names of what was made for a snapshot, and of the exhibits it protects; its rows keep what it was called."""
    school_id, snapshot_id = snapshot.school_id, snapshot.id
    compilations = select(Compilation.id).where(
        Compilation.school_id == school_id, Compilation.snapshot_id == snapshot_id
    )
    compiled = (CompiledFile.school_id == school_id, CompiledFile.compilation_id.in_(compilations))
    own = {snapshot.sha256, snapshot.texts_sha256, *session.scalars(select(CompiledFile.sha256).where(*compiled))}
    for table, column in ((ExhibitPage, ExhibitPage.sha256), (Preparation, Preparation.bundle_sha256)):
        mine = (table.school_id == school_id, table.snapshot_id == snapshot_id)
        own |= set(session.scalars(select(column).where(*mine)))
        session.execute(delete(table).where(*mine))
    protecting = (SnapshotBlob.school_id == school_id, SnapshotBlob.snapshot_id == snapshot_id)
    protected = set(session.scalars(select(SnapshotBlob.sha256).where(*protecting)))
    session.execute(delete(SnapshotBlob).where(*protecting))
    session.execute(delete(CompiledFile).where(*compiled))
    snapshot.emptied_at, snapshot.texts_sha256 = now(), ""
    session.flush()
    return own - {""}, protected


def _names(session: Session, school_id: str, what: str, ids: Collection[str]) -> set[str]:
    """Everything that rows about these versions name: the bytes themselves and what was made of them."""
    found: set[str] = set()
    for place in BLOB_COLUMNS:
        columns = TABLES[place.table].columns
        if place.subject == what or place.subject.endswith(f" of {what}"):
            mine = (columns["school_id"] == school_id, columns[place.subject_id].in_(ids), place.names_bytes())
            found |= set(session.scalars(select(columns[place.column]).where(*mine)))
    return found


def _is_in_a_zip(session: Session, erasure: Erasure) -> bool:
    """Whether a drive that brought the item in still has its ZIP file in the store."""
    chosen = (
        select(Drive.id)
        .join(DriveFile, (DriveFile.school_id == Drive.school_id) & (DriveFile.drive_id == Drive.id))
        .where(
            Drive.school_id == erasure.school_id,
            DriveFile.item_id == erasure.item_id,
            DriveFile.state != FileState.WAITING,
            (Drive.source_sha256 != "") | (Drive.leaving_sha256 != ""),
        )
    )
    return session.scalar(chosen.limit(1)) is not None


def _where(table: Table, school_id: str, **values: str) -> Any:
    columns = table.columns
    return delete(table).where(columns["school_id"] == school_id, *(columns[k] == v for k, v in values.items()))


def _in_pieces(names: list[str], size: int = 500) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]
