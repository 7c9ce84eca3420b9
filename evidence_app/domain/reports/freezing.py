"""Taking a snapshot: read in one moment, bytes into the store, then the rows that protect them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import exports
from evidence_app.database import Database, new_id, now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.reports.gathering import Gathered, TextPacker, gather
from evidence_app.domain.reports.models import Snapshot, SnapshotBlob
from evidence_app.domain.reports.problems import LeftOut, Problem
from evidence_app.domain.reports.stores import ReadableStore, WritableStore
from evidence_app.errors import NotFound
from evidence_app.i18n import msg

LARGEST_REPORT_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot as its maker gets it: its row, its report, and what the maker is told about it."""

    snapshot: Snapshot
    report: exports.Report
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def freeze(
    database: Database, blobs: WritableStore, *, actor: Actor, evaluation_id: str, keep_texts: bool = False
) -> Frozen:
    """The snapshot of an evaluation as it stands now; unchanged work gives the same one again, with its first date.

    `keep_texts` packs the texts of its exhibits too, which a reading room needs. What is erased meanwhile is not in it:
    then it is gathered once more. Raises NotFound for an evaluation that is not the actor's, NotAllowed without the
    right to compile.
    """
    require(actor, Action.COMPILE_REPORT)
    while True:
        gathered, report_sha256, texts_sha256 = _put(database, blobs, actor, evaluation_id, keep_texts)
        with database.unit_of_work() as session:
            if _are_all_there(session, actor.school_id, gathered.item_ids):
                snapshot = _keep(session, actor, evaluation_id, gathered, report_sha256, texts_sha256)
                return Frozen(snapshot, gathered.report, gathered.left_out, gathered.problems)
            # What was put says what is being erased, and no row will ever name it.
            for sha256 in {report_sha256, texts_sha256} - {""}:
                enqueue(session, JobKind.ERASE, actor.school_id, sha256, sha256=sha256)


def report_of(blobs: ReadableStore, snapshot: Snapshot) -> exports.Report:
    """The report a snapshot holds, read from the store and checked against its hash; NotFound for an emptied one."""
    if snapshot.emptied_at is not None:
        raise NotFound(
            msg("This snapshot holds nothing any more: something in it had to be erased. Freeze the self-study again.")
        )
    content = blobs.read_verified(snapshot.school_id, snapshot.sha256, max_bytes=LARGEST_REPORT_BYTES)
    return exports.report_from_json(content.decode())


def named_blobs(report: exports.Report) -> set[str]:
    """The hashes of everything a report names: files, page pictures, thumbnails, its logo. Texts are in the pack."""
    named = {hash for e in report.exhibits for hash in (e.thumbnail_sha256, *e.page_sha256) if hash}
    named |= {file.sha256 for e in report.exhibits for file in e.files}
    return named | ({report.cover.logo.sha256} if report.cover.logo else set())


def protect(session: Session, snapshot: Snapshot, hashes: Collection[str]) -> None:
    """These bytes, in the store already, now stay as long as the snapshot; those it protects already are no error."""
    mine = (SnapshotBlob.school_id == snapshot.school_id, SnapshotBlob.snapshot_id == snapshot.id)
    there = set(session.scalars(select(SnapshotBlob.sha256).where(*mine)))
    rows = [
        {"school_id": snapshot.school_id, "snapshot_id": snapshot.id, "sha256": sha256}
        for sha256 in sorted(set(hashes) - there)
    ]
    if rows:
        session.execute(insert(SnapshotBlob), rows)


def _put(
    database: Database, blobs: WritableStore, actor: Actor, evaluation_id: str, keep_texts: bool
) -> tuple[Gathered, str, str]:
    """What was gathered in one moment, and the names of report and texts in the store; "" without texts."""
    packer = TextPacker(is_kept=keep_texts)
    try:
        with database.reading_snapshot() as session:
            gathered = gather(session, actor, evaluation_id, packer)
        content = exports.report_to_json(gathered.report).encode()
        report_sha256 = blobs.put(actor.school_id, [content]).sha256
        return gathered, report_sha256, blobs.put(actor.school_id, packer.finished()).sha256 if keep_texts else ""
    finally:
        packer.close()


def _are_all_there(session: Session, school_id: str, item_ids: Collection[str]) -> bool:
    """Whether none of these items was erased or is to be, nor will be before the end of the unit of work."""
    staying = (Item.school_id == school_id, Item.leaving_at.is_(None))
    chosen = select(Item.id).where(*staying, Item.id.in_(item_ids)).order_by(Item.id)
    return set(session.scalars(chosen.with_for_update(read=True))) == set(item_ids)


def _keep(
    session: Session, actor: Actor, evaluation_id: str, gathered: Gathered, report_sha256: str, texts_sha256: str
) -> Snapshot:
    wait_for_turn(session, "snapshot", actor.school_id, evaluation_id, report_sha256)
    found = session.scalar(
        select(Snapshot)
        .where(
            Snapshot.school_id == actor.school_id,
            Snapshot.evaluation_id == evaluation_id,
            Snapshot.sha256 == report_sha256,
        )
        .with_for_update()
    )
    named = {texts_sha256} - {""}
    if found is None:
        found = Snapshot(
            id=new_id(),
            school_id=actor.school_id,
            evaluation_id=evaluation_id,
            sha256=report_sha256,
            exhibits=len(gathered.report.exhibits),
            frozen_by=actor.person_id,
            frozen_at=now(),
            texts_sha256="",
        )
        session.add(found)
        session.flush()
        named |= {report_sha256, *named_blobs(gathered.report)}
        record(session, actor, "reports.freeze", "snapshot", found.id, sha256=report_sha256, evaluation=evaluation_id)
    elif found.emptied_at is not None:
        found.emptied_at = None
        named |= {report_sha256, *named_blobs(gathered.report)}
    found.texts_sha256 = texts_sha256 or found.texts_sha256
    protect(session, found, named)
    return found
