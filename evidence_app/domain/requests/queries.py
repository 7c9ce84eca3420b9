"""Asking what was asked: of me, of everybody, for a practice, and how soon answers come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session

from evidence_app.domain.access import ALLOWED, Action, Actor, Role, can, require
from evidence_app.domain.accounts import (
    Group,
    GroupMember,
    Membership,
    groups_of_school,
    members_by_group,
    members_of,
    names_of,
)
from evidence_app.domain.evidence import Item, visible_to
from evidence_app.domain.requests.models import EvidenceRequest, RequestAnswer, RequestState
from evidence_app.errors import NotFound
from evidence_app.i18n import msg


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with its item, which the actor may open."""

    answer: RequestAnswer
    item: Item


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with the names of who asked and who is asked. `has_hidden` says that there are answers the actor may
    not open, never how many."""

    request: EvidenceRequest
    asked_by_name: str
    asked_name: str
    answers: tuple[GivenAnswer, ...]
    has_hidden: bool


def able_to_answer(session: Session, actor: Actor) -> tuple[list[Membership], list[Group]]:
    """The members who may file evidence, and the groups that one of them is in, both by name.

    Whoever only reads would see a question and could not answer it.
    """
    people = [m for m in members_of(session, actor) if Action.FILE_EVIDENCE in ALLOWED[Role(m.role)]]
    able = {m.person_id for m in people}
    inside = members_by_group(session, actor)
    return people, [g for g in groups_of_school(session, actor) if able & inside.get(g.id, set())]


def asked_of(session: Session, actor: Actor) -> list[RequestLine]:
    """What is asked of the actor or of a group they are in and still open, soonest due first."""
    require(actor, Action.READ_EVIDENCE)
    return _lines(session, actor, _asked(actor), EvidenceRequest.state == RequestState.OPEN)


def requests_board(session: Session, actor: Actor) -> dict[RequestState, list[RequestLine]]:
    """State -> its requests, soonest due first; every state is there."""
    require(actor, Action.ASK_FOR_EVIDENCE)
    lines = _lines(session, actor)
    return {state: [line for line in lines if line.request.state == state] for state in RequestState}


def requests_for(session: Session, actor: Actor, node_keys: Collection[str]) -> list[RequestLine]:
    """The requests for any of these nodes that concern the actor, or all of them for those who ask."""
    require(actor, Action.READ_EVIDENCE)
    return _lines(session, actor, EvidenceRequest.node_key.in_(node_keys))


def request_line(session: Session, actor: Actor, request_id: str) -> RequestLine:
    """One request that concerns the actor; NotFound otherwise."""
    require(actor, Action.READ_EVIDENCE)
    found = _lines(session, actor, EvidenceRequest.id == request_id)
    if not found:
        raise NotFound(msg("There is no such request, or it is not open to you."))
    return found[0]


def open_requests(session: Session, actor: Actor) -> list[EvidenceRequest]:
    """Every request that waits for an answer, within the actor's programmes, soonest due first."""
    require(actor, Action.READ_COVERAGE)
    chosen = select(EvidenceRequest).where(of_programmes(actor), EvidenceRequest.state == RequestState.OPEN)
    return list(session.scalars(chosen.order_by(EvidenceRequest.due_on, EvidenceRequest.id)))


def asked_of_people(session: Session, school_id: str, person_ids: Collection[str]) -> dict[str, list[EvidenceRequest]]:
    """Person id -> what is asked of them, or of a group they are in, and still open. For the school's own work."""
    is_open = (EvidenceRequest.school_id == school_id, EvidenceRequest.state == RequestState.OPEN)
    found: dict[str, list[EvidenceRequest]] = {}
    for one in session.scalars(select(EvidenceRequest).where(*is_open, EvidenceRequest.person_id.in_(person_ids))):
        found.setdefault(one.person_id or "", []).append(one)
    same = (GroupMember.school_id == EvidenceRequest.school_id) & (GroupMember.group_id == EvidenceRequest.group_id)
    of_groups = select(GroupMember.person_id, EvidenceRequest).join(EvidenceRequest, same)
    for person_id, one in session.execute(of_groups.where(*is_open, GroupMember.person_id.in_(person_ids))):
        found.setdefault(person_id, []).append(one)
    return found


def request_titles(session: Session, actor: Actor, request_ids: Collection[str]) -> dict[str, str]:
    """Request id -> its title, for those of these requests that concern the actor."""
    wanted = select(EvidenceRequest.id, EvidenceRequest.title).where(EvidenceRequest.id.in_(request_ids))
    return dict(session.execute(wanted.where(of_programmes(actor), concerning(actor))).all())


def asked_for(session: Session, actor: Actor, request_ids: Collection[str]) -> dict[str, EvidenceRequest]:
    """Request id -> the request, for those of these the actor may give something in answer to."""
    chosen = select(EvidenceRequest).where(
        EvidenceRequest.id.in_(request_ids), EvidenceRequest.id.in_(answerable(actor))
    )
    return {asked.id: asked for asked in session.scalars(chosen)}


def asked_names(session: Session, actor: Actor, asked: Collection[EvidenceRequest]) -> dict[str, str]:
    """Id of a request -> the name of the person or group it was asked of."""
    people = names_of(session, actor.school_id, {r.person_id for r in asked if r.person_id})
    groups = {g.id: g.name for g in groups_of_school(session, actor)} if any(r.group_id for r in asked) else {}
    return {r.id: people.get(r.person_id or "") or groups.get(r.group_id or "", "") for r in asked}


def of_programmes(actor: Actor) -> ColumnElement[bool]:
    """The condition on `EvidenceRequest`: of this school, and about the actor's programmes, or asked of the actor."""
    mine = EvidenceRequest.school_id == actor.school_id
    if not actor.programmes:
        return mine
    return mine & or_(EvidenceRequest.programme == "", EvidenceRequest.programme.in_(actor.programmes), _asked(actor))


def concerning(actor: Actor) -> ColumnElement[bool]:
    """The condition on `EvidenceRequest` under which the actor may read it: who asks reads all, others their own."""
    return true() if can(actor, Action.ASK_FOR_EVIDENCE) else _asked(actor)


def answerable(actor: Actor) -> Select[str]:
    """A select of the ids of the requests the actor may give something in answer to."""
    is_open = EvidenceRequest.state != RequestState.CLOSED
    return select(EvidenceRequest.id).where(of_programmes(actor), concerning(actor), is_open)


def is_asked(actor: Actor, asked: EvidenceRequest) -> bool:
    """Whether the request is one to the actor, or to a group they are in."""
    return asked.person_id == actor.person_id or asked.group_id in actor.group_ids


def _asked(actor: Actor) -> ColumnElement[bool]:
    return or_(EvidenceRequest.person_id == actor.person_id, EvidenceRequest.group_id.in_(actor.group_ids))


def _lines(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> list[RequestLine]:
    chosen = select(EvidenceRequest).where(of_programmes(actor), concerning(actor), *conditions)
    rows = list(session.scalars(chosen.order_by(EvidenceRequest.due_on, EvidenceRequest.id)))
    names = names_of(session, actor.school_id, {r.asked_by for r in rows})
    asked = asked_names(session, actor, rows)
    given, hidden = _answers(session, actor, rows)
    return [
        RequestLine(r, names.get(r.asked_by, ""), asked[r.id], tuple(given.get(r.id, ())), r.id in hidden) for r in rows
    ]


def _answers(
    session: Session, actor: Actor, rows: Sequence[EvidenceRequest]
) -> tuple[dict[str, list[GivenAnswer]], set[str]]:
    """Request id -> the answers the actor may open, and the ids of requests with answers they may not."""
    same = (Item.school_id == RequestAnswer.school_id) & (Item.id == RequestAnswer.item_id)
    of_rows = (RequestAnswer.school_id == actor.school_id, RequestAnswer.request_id.in_([r.id for r in rows]))
    chosen = select(RequestAnswer, Item).join(Item, same).where(*of_rows, visible_to(actor))
    given: dict[str, list[GivenAnswer]] = {}
    for row, item in session.execute(chosen.order_by(RequestAnswer.answered_at, RequestAnswer.id)):
        given.setdefault(row.request_id, []).append(GivenAnswer(row, item))
    hidden = select(RequestAnswer.request_id).join(Item, same).where(*of_rows, ~visible_to(actor))
    return given, set(session.scalars(hidden))
