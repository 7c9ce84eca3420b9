"""Erasing an item for good: who may, what goes with it, and asking for it. The worker does it; `removing` says how.

A share that is still open refuses the erasure, with the list of what to revoke: somebody outside is reading it. Any
other snapshot that carries the item is emptied with it, and the confirmation says which: an edition keeps its number,
date, signatures and hash, and can be opened no more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, can, worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, ItemKind, Version, Visibility, is_custodian, item
from evidence_app.domain.extraction import PlainCopy
from evidence_app.domain.jobs import Job, JobKind, JobState, enqueue
from evidence_app.domain.planning import PlanEvidence
from evidence_app.domain.reports import Edition, Snapshot, SnapshotBlob
from evidence_app.domain.selfstudy import Citation, Exhibit
from evidence_app.domain.sharing import Share
from evidence_app.domain.upkeep.models import Erasure, ErasureState
from evidence_app.errors import Conflict, NotAllowed
from evidence_app.i18n import msg

KEPT_IN_BIN = timedelta(days=30)
SUBJECT = "erasing"
"""What the work of erasing is about: all that leaves a school at once is done at once."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What goes with an item: its versions, places where it is named, snapshots that are emptied.

    `open_shares` stand in the way: they have to be revoked first.
    """

    item: Item
    versions: int
    size_bytes: int
    citations: int
    in_plans: int
    drafts: int
    editions: tuple[int, ...]
    open_shares: tuple[Share, ...]


def may_erase(session: Session, actor: Actor, found: Item) -> bool:
    """Whether the actor may erase this item, which they can see: an administrator; of a private one, a custodian."""
    if found.visibility == Visibility.PRIVATE:
        return can(actor, Action.FILE_EVIDENCE) and is_custodian(session, actor, found)
    return can(actor, Action.ERASE_EVIDENCE)


def consequences(session: Session, actor: Actor, item_id: str) -> Consequences:
    """What erasing an item would take with it. NotFound for an item that is not the actor's to see, in use or in the
    bin; NotAllowed for one who may not erase it.
    """
    found = item(session, actor, item_id, withdrawn=True)
    if not may_erase(session, actor, found):
        raise NotAllowed(
            msg("Only an administrator may erase this for good; what is private, only who looks after it.")
        )
    versions = select(func.count(), func.coalesce(func.sum(Version.size_bytes), 0)).where(*_of(Version, found))
    number, size_bytes = session.execute(versions).one()
    carrying = carriers(session, found)
    numbers = select(Edition.number).where(
        Edition.school_id == found.school_id, Edition.snapshot_id.in_([one.id for one in carrying])
    )
    editions = tuple(session.scalars(numbers.order_by(Edition.number)))
    return Consequences(
        item=found,
        versions=number,
        size_bytes=size_bytes,
        citations=_count(session, select(Citation.id).where(*_of(Citation, found))),
        in_plans=_count(session, select(PlanEvidence.id).where(*_of(PlanEvidence, found))),
        drafts=len(carrying) - len(editions),
        editions=editions,
        open_shares=open_shares(session, found.school_id, [one.id for one in carrying]),
    )


def erase(session: Session, *, actor: Actor, item_id: str) -> Erasure:
    """The erasure, asked for: nobody sees the item from now on, and the worker takes it apart. It cannot be undone.

    Asking again gives the same one. Conflict while a share that is open carries the item, and where frozen reports
    would be emptied for somebody who may erase their own private items alone.
    """
    found = consequences(session, actor, item_id)
    if found.open_shares:
        raise Conflict(
            msg(
                "Visitors can read this now. Revoke these shares first, then erase it: %(shares)s.",
                shares=", ".join(share.note or str(share.last_day) for share in found.open_shares),
            )
        )
    if (found.drafts or found.editions) and not can(actor, Action.ERASE_EVIDENCE):
        raise Conflict(
            msg(
                "It stands in reports that were frozen, and they would be emptied with it. Open it to staff, and ask "
                "an administrator to erase it. Nothing was changed."
            )
        )
    return _begin(session, actor, found.item, asked_by=actor.person_id)


def erase_what_is_due(session: Session, school_id: str, moment: datetime) -> int:
    """How many items were 30 days in the bin, and leave now. One that an edition or an open share carries stays there.

    For the product itself, which has nobody to ask whether an edition may be emptied.
    """
    old = (Item.school_id == school_id, Item.withdrawn_at <= moment - KEPT_IN_BIN, Item.leaving_at.is_(None))
    due = 0
    for found in session.scalars(select(Item).where(*old).with_for_update()):
        if not stays_in_bin(session, found):
            _begin(session, worker_for(school_id), found)
            due += 1
    return due


def stays_in_bin(session: Session, found: Item) -> bool:
    """Whether an edition or an open share carries the item, so that its time in the bin does not end by itself."""
    ids = [one.id for one in carriers(session, found)]
    published = select(Edition.id).where(Edition.school_id == found.school_id, Edition.snapshot_id.in_(ids))
    return session.scalar(published.limit(1)) is not None or bool(open_shares(session, found.school_id, ids))


def carriers(session: Session, found: Item) -> list[Snapshot]:
    """The snapshots that hold bytes of an item, or name it as a link, and were not emptied yet.

    Bytes that another item in use has too count only in a study whose exhibit is this one: there its name stands.
    """
    other, its_item = aliased(Version), aliased(Item)
    is_elsewhere = exists().where(
        other.school_id == Version.school_id,
        other.sha256 == Version.sha256,
        its_item.school_id == other.school_id,
        its_item.id == other.item_id,
        its_item.id != found.id,
        its_item.withdrawn_at.is_(None),
        its_item.leaving_at.is_(None),
    )
    mine = and_(*_of(Version, found))
    # A link has no bytes in a report: it may stand in any of an evaluation it is an exhibit of.
    studies = select(Exhibit.evaluation_id).where(*_of(Exhibit, found))
    in_studies = Snapshot.evaluation_id.in_(studies)
    named = in_studies if found.kind == ItemKind.LINK else and_(_holds(mine), in_studies)
    chosen = select(Snapshot).where(
        Snapshot.school_id == found.school_id,
        Snapshot.emptied_at.is_(None),
        or_(_holds(and_(mine, ~is_elsewhere)), named),
    )
    return list(session.scalars(chosen.order_by(Snapshot.frozen_at)))


def _holds(versions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition under which a snapshot holds bytes of these versions, or copies made of them."""
    copies = select(PlainCopy.sha256).where(
        PlainCopy.school_id == Snapshot.school_id, PlainCopy.version_id.in_(select(Version.id).where(versions))
    )
    return exists().where(
        SnapshotBlob.school_id == Snapshot.school_id,
        SnapshotBlob.snapshot_id == Snapshot.id,
        or_(SnapshotBlob.sha256.in_(select(Version.sha256).where(versions)), SnapshotBlob.sha256.in_(copies)),
    )


def open_shares(session: Session, school_id: str, snapshot_ids: Collection[str]) -> tuple[Share, ...]:
    """The shares of these snapshots by which somebody may go on reading."""
    chosen = select(Share).where(Share.school_id == school_id, Share.snapshot_id.in_(snapshot_ids))
    moment = now()
    return tuple(share for share in session.scalars(chosen.order_by(Share.created_at)) if share.is_live(moment))


def ask_again(session: Session) -> int:
    """How many schools have an erasure that is not over; the worker is asked to go on with each, however it stopped."""
    chosen = select(Erasure.school_id).where(Erasure.state != ErasureState.DONE).distinct()
    schools = list(session.scalars(chosen))
    for school_id in schools:
        enqueue(session, JobKind.ERASE, school_id, SUBJECT)
    return len(schools)


def is_being_erased(session: Session) -> bool:
    """Whether the worker has something to do for an erasure now; what waits for its hour does not count."""
    ready = (Job.kind.in_((JobKind.ERASE, JobKind.CLEAR_TRACES)), Job.run_at <= now(), Job.state != JobState.PARKED)
    return session.scalar(select(Job.id).where(*ready).limit(1)) is not None


def _begin(session: Session, actor: Actor, found: Item, asked_by: str = "") -> Erasure:
    moment = now()
    found.leaving_at, found.withdrawn_at = moment, found.withdrawn_at or moment
    erasure = Erasure(school_id=found.school_id, item_id=found.id, asked_by=asked_by, asked_at=moment)
    erasure.state = ErasureState.ASKED
    session.add(erasure)
    record(session, actor, "evidence.erase", "item", found.id)
    enqueue(session, JobKind.ERASE, found.school_id, SUBJECT)
    return erasure


def _of(table: type[Version | Citation | PlanEvidence | Exhibit], found: Item) -> tuple[ColumnElement[bool], ...]:
    return (table.school_id == found.school_id, table.item_id == found.id)


def _count(session: Session, chosen: Select[str]) -> int:
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
