"""Handing over, taking that back, and a custodian's word for a private item."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import GroupMember, Membership, remove_member
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, ItemAccess
from evidence_app.domain.handover.models import Handover, Kind
from evidence_app.domain.handover.queries import count_only_theirs, movable, successor_of, waiting_of
from evidence_app.domain.intake import BatchEntry
from evidence_app.domain.jobs import JobKind, enqueue_all
from evidence_app.domain.planning import PlanAction
from evidence_app.domain.requests import EvidenceRequest
from evidence_app.domain.search import SavedSearch
from evidence_app.domain.selfstudy import Response, TeamMember
from evidence_app.errors import Conflict, NotFound
from evidence_app.i18n import msg

MOVED_BY: Mapping[Kind, tuple[Any, Any, Any]] = MappingProxyType(
    {
        Kind.ITEMS: (Item, Item.id, Item.owner_id),
        Kind.PRIVATE: (Item, Item.id, Item.owner_id),
        Kind.FILING: (BatchEntry, BatchEntry.item_id, BatchEntry.person_id),
        Kind.ASKED: (EvidenceRequest, EvidenceRequest.id, EvidenceRequest.person_id),
        Kind.ASKING: (EvidenceRequest, EvidenceRequest.id, EvidenceRequest.asked_by),
        Kind.ACTIONS: (PlanAction, PlanAction.id, PlanAction.owner_id),
        Kind.LEADS: (Response, Response.id, Response.lead_id),
        Kind.TEAMS: (TeamMember, TeamMember.evaluation_id, TeamMember.person_id),
        Kind.SEARCHES: (SavedSearch, SavedSearch.id, SavedSearch.person_id),
    }
)
"""Kind -> table, the column its ids are of, the column that names the person. Groups gain a member instead."""


def hand_over(session: Session, *, actor: Actor, from_id: str, to_id: str, end_access: bool = False) -> Handover:
    """The handover: everything of one member is the other's now, but private items the other does not open.

    Those stay with the one who leaves until another custodian confirms each. In a group the other waits for the word of
    a colleague in it, as everybody does. With `end_access` the leaver is no member any more: Conflict while a private
    item would be lost to everybody, or for the only administrator; then nothing has moved.
    """
    successor = successor_of(session, actor, from_id, to_id)
    moved = {kind: movable(session, actor.school_id, from_id, successor, kind) for kind in Kind}
    for kind, ids in moved.items():
        _move(session, actor.school_id, kind, ids, from_id, to_id)
    done = Handover(
        id=new_id(),
        school_id=actor.school_id,
        from_id=from_id,
        to_id=to_id,
        asked_by=actor.person_id,
        asked_at=now(),
        moved={kind.value: ids for kind, ids in moved.items()},
        ended_access=end_access,
    )
    session.add(done)
    counts = {kind.value: len(ids) for kind, ids in moved.items()}
    record(session, actor, "handover.hand_over", "person", from_id, to=to_id, **counts)
    if end_access:
        _require_others(session, actor.school_id, from_id)
        remove_member(session, actor=actor, person_id=from_id)
    _index(session, actor.school_id, moved)
    return done


def undo(session: Session, *, actor: Actor, handover_id: str) -> Handover:
    """The handover, taken back: what the other still has of it is the first one's again.

    What was given on since stays where it is, and so does what a custodian confirmed. Conflict when the first one is no
    member any more.
    """
    require(actor, Action.MANAGE_PEOPLE)
    done = session.get(Handover, (actor.school_id, handover_id), with_for_update=True)
    if done is None or done.undone_at is not None:
        raise NotFound(msg("There is no such handover, or it was taken back already."))
    member = select(Membership.id).where(Membership.school_id == actor.school_id, Membership.person_id == done.from_id)
    if session.scalar(member) is None:
        raise Conflict(msg("The person has no access any more. Add them again first; then take this back."))
    moved = {Kind(kind): ids for kind, ids in done.moved.items()}
    for kind, ids in moved.items():
        _move(session, actor.school_id, kind, ids, done.to_id, done.from_id, back=True)
    done.undone_at = now()
    record(session, actor, "handover.undo", "person", done.from_id, to=done.to_id)
    _index(session, actor.school_id, moved)
    return done


def confirm_item(session: Session, *, actor: Actor, item_id: str) -> Item:
    """A private item whose owner handed over, now the other's: they own it and look after it with its custodians.

    For a custodian of the item who is neither of the two. NotFound where it does not wait for the actor.
    """
    require(actor, Action.FILE_EVIDENCE)
    chosen = waiting_of(actor).where(Item.id == item_id).order_by(Handover.asked_at.desc()).limit(1)
    waiting = session.execute(chosen.with_for_update(of=Item)).first()
    if waiting is None:
        raise NotFound(msg("This does not wait for your word any more."))
    done, found = waiting
    to_id = done.to_id
    standing = session.scalar(
        select(Membership.standing).where(Membership.school_id == actor.school_id, Membership.person_id == to_id)
    )
    if not standing:
        raise Conflict(msg("The person it would go to has not come in yet. Ask them to sign in first."))
    mine = (ItemAccess.school_id == actor.school_id, ItemAccess.item_id == found.id, ItemAccess.person_id == to_id)
    session.execute(delete(ItemAccess).where(*mine))
    session.add(
        ItemAccess(school_id=actor.school_id, item_id=found.id, person_id=to_id, is_custodian=True, standing=standing)
    )
    found.owner_id, found.changed_at = to_id, now()
    record(session, actor, "handover.confirm_item", "item", found.id, to=to_id, handover=done.id)
    enqueue_all(session, JobKind.INDEX_ITEM, actor.school_id, [found.id])
    return found


def _move(
    session: Session, school_id: str, kind: Kind, ids: list[str], from_id: str, to_id: str, *, back: bool = False
) -> None:
    if kind is Kind.GROUPS:
        _join(session, school_id, ids, from_id if back else to_id, leave=back)
        return
    table, key, person = MOVED_BY[kind]
    own = aliased(table)
    # What the one who gets it has as well, by now, stays where it is: it cannot be theirs twice.
    unique = {Kind.TEAMS: "evaluation_id", Kind.FILING: "item_id", Kind.SEARCHES: "name"}.get(kind)
    theirs = select(getattr(own, unique)).where(own.school_id == school_id, own.person_id == to_id) if unique else None
    for start in range(0, len(ids), 500):
        mine = (table.school_id == school_id, person == from_id, key.in_(ids[start : start + 500]))
        chosen = update(table).where(*mine)
        if unique and theirs is not None:
            chosen = chosen.where(getattr(table, unique).not_in(theirs))
        session.execute(chosen.values({person: to_id}).execution_options(synchronize_session=False))


def _join(session: Session, school_id: str, group_ids: list[str], person_id: str, *, leave: bool) -> None:
    """Into these groups, without a standing that counts; or out of them again."""
    mine = (GroupMember.school_id == school_id, GroupMember.person_id == person_id)
    if leave:
        # Where a colleague has confirmed them since, they stay.
        unconfirmed = (GroupMember.group_id.in_(group_ids), GroupMember.standing == "")
        session.execute(delete(GroupMember).where(*mine, *unconfirmed))
    elif group_ids:
        rows = [{"school_id": school_id, "group_id": id, "person_id": person_id, "standing": ""} for id in group_ids]
        session.execute(insert(GroupMember), rows)


def _require_others(session: Session, school_id: str, person_id: str) -> None:
    alone = count_only_theirs(session, school_id, person_id)
    if alone:
        raise Conflict(
            msg(
                "%(num)d private items are open to this person alone, and would be lost to everybody. They have to "
                "name a second custodian on each first. Nothing was changed.",
                num=alone,
            )
        )


def _index(session: Session, school_id: str, moved: Mapping[Kind, list[str]]) -> None:
    ids = [*moved[Kind.ITEMS], *moved[Kind.PRIVATE]]
    for start in range(0, len(ids), 500):
        enqueue_all(session, JobKind.INDEX_ITEM, school_id, ids[start : start + 500])
