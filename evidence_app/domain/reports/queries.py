"""Asking for snapshots, editions and what was compiled: of the actor's school and programmes only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.evidence import Flag, Item, Version, visible_to
from evidence_app.domain.extraction import files_given
from evidence_app.domain.reports.models import Compilation, CompiledFile, Edition, Signature, Snapshot, SnapshotBlob
from evidence_app.domain.reports.problems import REASONS, LeftOut, LeftOutLine
from evidence_app.domain.scanning import infected_bytes
from evidence_app.domain.selfstudy import Evaluation, Exhibit, evaluation, evaluations_of
from evidence_app.errors import NotFound
from evidence_app.i18n import Message, msg

NOT_THERE = msg("There is no such report, or it is not open to you.")


def snapshot(session: Session, actor: Actor, snapshot_id: str, *, lock: bool = False) -> Snapshot:
    """One snapshot of an evaluation the actor may read; NotFound otherwise."""
    chosen = select(Snapshot).where(Snapshot.school_id == actor.school_id, Snapshot.id == snapshot_id)
    found = session.scalar(chosen.with_for_update() if lock else chosen)
    if found is None:
        raise NotFound(NOT_THERE)
    evaluation(session, actor, found.evaluation_id)
    return found


def held_back_in(session: Session, found: Snapshot) -> list[str]:
    """Numbers of exhibits a snapshot holds that a question about pupils' data has come to hold back since."""
    chosen = (
        select(Exhibit.number, Version)
        .join(Version, and_(Version.school_id == Exhibit.school_id, Version.id == Exhibit.version_id))
        .join(Flag, and_(Flag.school_id == Exhibit.school_id, Flag.version_id == Exhibit.version_id))
        .where(
            Exhibit.school_id == found.school_id,
            Exhibit.evaluation_id == found.evaluation_id,
            Flag.holding(),
        )
        .order_by(Exhibit.home, Exhibit.running)
    )
    rows = session.execute(chosen).all()
    files = files_given(session, [row.Version for row in rows])
    named = select(SnapshotBlob.sha256).where(
        SnapshotBlob.school_id == found.school_id, SnapshotBlob.snapshot_id == found.id
    )
    held = set(session.scalars(named.where(SnapshotBlob.sha256.in_({one for own in files.values() for one in own}))))
    return list(dict.fromkeys(number for number, version in rows if files[version.id] & held))


def infected_in(session: Session, found: Snapshot) -> list[str]:
    """Numbers of exhibits a snapshot holds in whose files, or parts, a scanner has found malware since."""
    chosen = (
        select(Exhibit.number, Version)
        .join(Version, and_(Version.school_id == Exhibit.school_id, Version.id == Exhibit.version_id))
        .where(Exhibit.school_id == found.school_id, Exhibit.evaluation_id == found.evaluation_id)
        .order_by(Exhibit.home, Exhibit.running)
    )
    rows = session.execute(chosen).all()
    files = files_given(session, [row.Version for row in rows])
    every = {sha256 for own in files.values() for sha256 in own}
    bad = infected_bytes(session, found.school_id, every)
    mine = (SnapshotBlob.school_id == found.school_id, SnapshotBlob.snapshot_id == found.id)
    held = set(session.scalars(select(SnapshotBlob.sha256).where(*mine, SnapshotBlob.sha256.in_(every))))
    return list(
        dict.fromkeys(row.number for row in rows if files[row.Version.id] & bad and files[row.Version.id] & held)
    )


def edition(session: Session, actor: Actor, edition_id: str, *, lock: bool = False) -> Edition:
    """One edition of an evaluation the actor may read; NotFound otherwise."""
    chosen = select(Edition).where(Edition.school_id == actor.school_id, Edition.id == edition_id)
    found = session.scalar(chosen.with_for_update(of=Edition) if lock else chosen)
    if found is None:
        raise NotFound(NOT_THERE)
    evaluation(session, actor, found.evaluation_id)
    return found


def edition_of_snapshot(session: Session, found: Snapshot) -> Edition | None:
    """The edition a snapshot was published as, if it was."""
    return session.scalar(select(Edition).where(Edition.school_id == found.school_id, Edition.snapshot_id == found.id))


def editions_of(session: Session, actor: Actor, evaluation_id: str) -> list[Edition]:
    """The editions of an evaluation, newest first."""
    found = evaluation(session, actor, evaluation_id)
    chosen = select(Edition).where(Edition.school_id == actor.school_id, Edition.evaluation_id == found.id)
    return list(session.scalars(chosen.order_by(Edition.number.desc())))


def signatures_of(session: Session, found: Edition) -> list[Signature]:
    """Who signed an edition, first come first."""
    chosen = select(Signature).where(Signature.school_id == found.school_id, Signature.edition_id == found.id)
    return list(session.scalars(chosen.order_by(Signature.signed_at)))


def compilations_of(session: Session, actor: Actor, evaluation_id: str, *, limit: int = 20) -> list[Compilation]:
    """What was compiled of an evaluation, newest first."""
    require(actor, Action.COMPILE_REPORT)
    found = evaluation(session, actor, evaluation_id)
    chosen = select(Compilation).where(Compilation.school_id == actor.school_id, Compilation.evaluation_id == found.id)
    return list(session.scalars(chosen.order_by(Compilation.requested_at.desc(), Compilation.id.desc()).limit(limit)))


def compilation(session: Session, actor: Actor, compilation_id: str) -> Compilation:
    """One compilation; NotFound when it is not the actor's to read."""
    require(actor, Action.COMPILE_REPORT)
    chosen = select(Compilation).where(Compilation.school_id == actor.school_id, Compilation.id == compilation_id)
    found = session.scalar(chosen)
    if found is None:
        raise NotFound(NOT_THERE)
    evaluation(session, actor, found.evaluation_id)
    return found


def compiled_file(session: Session, actor: Actor, compilation_id: str, kind: str) -> CompiledFile:
    """One document of a compilation; NotFound when it is not there."""
    found = compilation(session, actor, compilation_id)
    for file in found.files:
        if file.kind == kind:
            return file
    raise NotFound(NOT_THERE)


def evaluations_behind(
    session: Session, actor: Actor, made: type[Snapshot | Edition | Compilation], ids: Collection[str]
) -> dict[str, Evaluation]:
    """Id of a snapshot, edition or compilation -> the evaluation it is of, for those of these the actor may read."""
    if not can(actor, Action.COMPILE_REPORT):
        return {}
    chosen = select(made.id, made.evaluation_id).where(made.school_id == actor.school_id, made.id.in_(ids))
    readable = {frame.id: frame for frame in evaluations_of(session, actor)}
    return {row.id: readable[row.evaluation_id] for row in session.execute(chosen) if row.evaluation_id in readable}


def told_to(session: Session, actor: Actor, left_out: Iterable[LeftOut]) -> list[LeftOutLine]:
    """What was left out, as this actor may know it: titles and reasons only of items they may see."""
    found = list(left_out)
    ids = {one.item_id for one in found}
    chosen = select(Item.id, Item.title).where(visible_to(actor), Item.id.in_(ids))
    titles: Mapping[str, str] = {row.id: row.title for row in session.execute(chosen)}
    return [
        LeftOutLine(
            one.number,
            titles.get(one.item_id, ""),
            _reason(one, is_visible=one.item_id in titles),
            one.item_id if one.item_id in titles else "",
        )
        for one in found
    ]


def left_out_of(found: Compilation) -> list[LeftOut]:
    """What a compilation left out."""
    kept: list[dict[str, Any]] = found.left_out
    return [LeftOut(one["number"], one["item"], one["because"]) for one in kept]


def _reason(one: LeftOut, *, is_visible: bool) -> Message:
    return REASONS[one.because if is_visible else "hidden"]
