"""What a handover would move, how many private items wait for whom, and the handovers there were.

Private items are counted, never named, for those who do not open them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.accounts import GroupMember, Membership, Person, actor_in, managed_member
from evidence_app.domain.evidence import Item, ItemAccess, Visibility, visible_to
from evidence_app.domain.handover.models import Handover, Kind
from evidence_app.domain.intake import BatchEntry
from evidence_app.domain.planning import ActionState, PlanAction
from evidence_app.domain.requests import EvidenceRequest, RequestState
from evidence_app.domain.search import SavedSearch
from evidence_app.domain.selfstudy import Evaluation, EvaluationState, Response, ResponseDraft, TeamMember
from evidence_app.errors import Invalid
from evidence_app.i18n import msg


@dataclass(frozen=True, slots=True)
class Preview:
    """How many of each kind would move, and what stays with the one who leaves.

    `private` are private items that wait for another custodian; of those nobody but the leaver opens `only_theirs`.
    `drafts` are texts in the self-study they began and did not save.
    """

    counts: Mapping[Kind, int]
    private: int
    only_theirs: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A private item that a custodian may give to whom its owner handed over to."""

    handover: Handover
    item: Item


def preview(session: Session, actor: Actor, from_id: str, to_id: str) -> Preview:
    """What handing over from one member to another would do. Invalid where the other cannot take it."""
    successor = successor_of(session, actor, from_id, to_id)
    moving = {kind: movable(session, actor.school_id, from_id, successor, kind) for kind in Kind}
    private = select(Item.id).where(*_private_of(actor.school_id, from_id), Item.id.not_in(moving[Kind.PRIVATE]))
    drafts = select(ResponseDraft.response_id).where(
        ResponseDraft.school_id == actor.school_id, ResponseDraft.person_id == from_id
    )
    return Preview(
        {kind: len(ids) for kind, ids in moving.items()},
        private=_count(session, private),
        only_theirs=count_only_theirs(session, actor.school_id, from_id),
        drafts=_count(session, drafts),
    )


def successor_of(session: Session, actor: Actor, from_id: str, to_id: str) -> Actor:
    """Whoever takes over, as they are now: another member who may file evidence. Invalid otherwise."""
    require(actor, Action.MANAGE_PEOPLE)
    managed_member(session, actor, from_id)
    if from_id == to_id:
        raise Invalid(msg("Choose somebody else: this is the person who leaves."), field="to")
    managed_member(session, actor, to_id)
    successor = actor_in(session, to_id, actor.school_id)
    if not can(successor, Action.FILE_EVIDENCE):
        raise Invalid(msg("%(name)s may only read here. Choose somebody else.", name=successor.name), field="to")
    return successor


def movable(session: Session, school_id: str, from_id: str, successor: Actor, kind: Kind) -> list[str]:
    """The ids of what of this kind moves; of groups, teams and filings, the ids of the group, evaluation or item."""
    own = Item.school_id == school_id, Item.owner_id == from_id, Item.leaving_at.is_(None)
    chosen: dict[Kind, Select[Any]] = {
        Kind.ITEMS: select(Item.id).where(*own, Item.visibility != Visibility.PRIVATE),
        Kind.PRIVATE: select(Item.id).where(*_private_of(school_id, from_id), visible_to(successor)),
        Kind.FILING: _not_theirs(BatchEntry, BatchEntry.item_id, school_id, from_id, successor.person_id)
        .join(Item, and_(Item.school_id == BatchEntry.school_id, Item.id == BatchEntry.item_id))
        .where(or_(Item.visibility != Visibility.PRIVATE, visible_to(successor))),
        Kind.ASKED: select(EvidenceRequest.id).where(*_open_requests(school_id), EvidenceRequest.person_id == from_id),
        Kind.ASKING: select(EvidenceRequest.id).where(*_open_requests(school_id), EvidenceRequest.asked_by == from_id),
        Kind.ACTIONS: select(PlanAction.id).where(
            PlanAction.school_id == school_id,
            PlanAction.owner_id == from_id,
            PlanAction.state.in_([ActionState.PLANNED, ActionState.UNDER_WAY]),
        ),
        Kind.LEADS: select(Response.id).where(
            Response.school_id == school_id,
            Response.lead_id == from_id,
            Response.evaluation_id.in_(_open_evaluations(school_id)),
        ),
        Kind.TEAMS: _not_theirs(TeamMember, TeamMember.evaluation_id, school_id, from_id, successor.person_id).where(
            TeamMember.evaluation_id.in_(_open_evaluations(school_id))
        ),
        Kind.GROUPS: _not_theirs(GroupMember, GroupMember.group_id, school_id, from_id, successor.person_id),
        Kind.SEARCHES: _not_theirs(SavedSearch, SavedSearch.name, school_id, from_id, successor.person_id)
        .where(SavedSearch.is_shared.is_(True))
        .with_only_columns(SavedSearch.id),
    }
    return list(session.scalars(chosen[kind]))


def count_only_theirs(session: Session, school_id: str, person_id: str) -> int:
    """How many private items this person opens and no other member does: they would be lost to everybody.

    Whoever is named is asked for by `visible_to`, as when they open an item: a name alone does not count for whoever
    is limited to other programmes or campuses, or has not come in with it yet.
    """
    theirs = and_(visible_to(actor_in(session, person_id, school_id)), Item.visibility == Visibility.PRIVATE)
    alone = set(session.scalars(select(Item.id).where(theirs)))
    for other_id in session.scalars(_others_named(theirs, school_id, person_id)):
        if not alone:
            break
        alone -= set(session.scalars(select(Item.id).where(theirs, visible_to(actor_in(session, other_id, school_id)))))
    return len(alone)


def _others_named(among: ColumnElement[bool], school_id: str, person_id: str) -> Select[str]:
    """The ids of the other members who are named on such items, themselves or by a group."""
    rows = select(ItemAccess).join(Item, and_(Item.school_id == ItemAccess.school_id, Item.id == ItemAccess.item_id))
    named = rows.where(among)
    in_groups = select(GroupMember.person_id).where(
        GroupMember.school_id == school_id,
        GroupMember.group_id.in_(named.with_only_columns(ItemAccess.group_id)),
    )
    return (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.school_id == school_id,
            Membership.person_id != person_id,
            Person.deactivated_at.is_(None),
            or_(
                Membership.person_id.in_(named.with_only_columns(ItemAccess.person_id)),
                Membership.person_id.in_(in_groups),
            ),
        )
    )


def waiting_for(session: Session, actor: Actor) -> list[Waiting]:
    """The private items whose owner handed over, and which the actor, a custodian of theirs, may give on."""
    newest: dict[str, Waiting] = {}
    for handover, found in session.execute(waiting_of(actor).order_by(Handover.asked_at)):
        newest[found.id] = Waiting(handover, found)
    return sorted(newest.values(), key=lambda one: one.item.title)


def count_waiting(session: Session, actor: Actor) -> int:
    """How many private items wait for the actor's word."""
    waiting = waiting_of(actor).with_only_columns(Item.id).distinct()
    return _count(session, waiting)


def handovers_of(session: Session, actor: Actor, person_id: str) -> list[Handover]:
    """The handovers of one person, the newest first."""
    require(actor, Action.MANAGE_PEOPLE)
    chosen = select(Handover).where(Handover.school_id == actor.school_id, Handover.from_id == person_id)
    return list(session.scalars(chosen.order_by(Handover.asked_at.desc())))


def waiting_of(actor: Actor) -> Select[Handover, Item]:
    """The private items that wait for the actor's word, each with the handovers of its owner that count."""
    kept = select(ItemAccess.item_id).where(
        ItemAccess.school_id == actor.school_id,
        ItemAccess.person_id == actor.person_id,
        ItemAccess.is_custodian,
        ItemAccess.standing == actor.standing,
    )
    of_owner = and_(Handover.school_id == Item.school_id, Handover.from_id == Item.owner_id)
    return (
        select(Handover, Item)
        .join(Item, of_owner)
        .where(
            visible_to(actor),
            Item.visibility == Visibility.PRIVATE,
            Item.id.in_(kept),
            Handover.undone_at.is_(None),
            Handover.from_id != actor.person_id,
            Handover.to_id != actor.person_id,
        )
    )


def _private_of(school_id: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Item.school_id == school_id,
        Item.owner_id == person_id,
        Item.visibility == Visibility.PRIVATE,
        Item.leaving_at.is_(None),
    )


def _not_theirs(table: Any, key: Any, school_id: str, from_id: str, to_id: str) -> Select[Any]:
    """The keys of rows of one person where the other has no row with the same key."""
    other = aliased(table)
    has_it = exists().where(other.school_id == school_id, other.person_id == to_id, getattr(other, key.key) == key)
    return select(key).where(table.school_id == school_id, table.person_id == from_id, ~has_it)


def _open_requests(school_id: str) -> tuple[ColumnElement[bool], ...]:
    is_open = EvidenceRequest.state.in_([RequestState.OPEN, RequestState.ANSWERED])
    return (EvidenceRequest.school_id == school_id, is_open)


def _open_evaluations(school_id: str) -> Select[str]:
    return select(Evaluation.id).where(Evaluation.school_id == school_id, Evaluation.state == EvaluationState.OPEN)


def _count(session: Session, chosen: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
