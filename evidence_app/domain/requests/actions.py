"""Asking for evidence, answering, and closing."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.accounts import GroupMember
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, item
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.jobs import JobKind, Urgency, enqueue_all
from evidence_app.domain.requests.models import EvidenceRequest, RequestAnswer, RequestState
from evidence_app.domain.requests.queries import able_to_answer, concerning, of_programmes
from evidence_app.domain.schools import school_of
from evidence_app.domain.tagging import attach
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from evidence_app.i18n import msg
from evidence_app.typed import typed_line, typed_text

LOOKED_AT_AGAIN = 50
"""So many of the items of those who are asked are looked at again for what a new request asks for, the newest."""


def ask(
    session: Session,
    *,
    actor: Actor,
    node_key: str,
    due_on: date,
    person_id: str | None = None,
    group_id: str | None = None,
    programme: str = "",
    title: str = "",
    message: str = "",
) -> EvidenceRequest:
    """The request, open, to one person or one group. Without a title it is called by what the node asks for.

    Raises Invalid for an unknown node, a programme the school does not offer, or whom `able_to_answer` does not name.
    """
    require(actor, Action.ASK_FOR_EVIDENCE)
    node = require_node(session, actor.school_id, node_key)
    school = school_of(session, actor)
    if programme and (programme not in school.programmes or (actor.programmes and programme not in actor.programmes)):
        raise Invalid(
            msg("'%(programme)s' is not a programme you can choose here.", programme=programme), field="programme"
        )
    _check_asked(session, actor, person_id, group_id)
    asked = EvidenceRequest(
        id=new_id(),
        school_id=actor.school_id,
        node_key=node.key,
        programme=programme,
        title=typed_line(title, "title") or node.label(school.language),
        message=typed_text(message, "message"),
        due_on=due_on,
        asked_by=actor.person_id,
        asked_at=now(),
        person_id=person_id or None,
        group_id=group_id or None,
        state=RequestState.OPEN,
    )
    session.add(asked)
    record(session, actor, "requests.ask", "request", asked.id, node=node.key, person=person_id, group=group_id)
    _look_again(session, asked)
    return asked


def _look_again(session: Session, asked: EvidenceRequest) -> None:
    """What those who are asked filed last is looked at again: it may show what they are asked for."""
    in_group = select(GroupMember.person_id).where(
        GroupMember.school_id == asked.school_id, GroupMember.group_id == asked.group_id
    )
    mine = Item.owner_id == asked.person_id if asked.person_id else Item.owner_id.in_(in_group)
    newest = select(Item.id).where(Item.school_id == asked.school_id, Item.withdrawn_at.is_(None), mine)
    ids = list(session.scalars(newest.order_by(Item.received_at.desc(), Item.id).limit(LOOKED_AT_AGAIN)))
    enqueue_all(session, JobKind.SUGGEST_ITEM, asked.school_id, ids, urgency=Urgency.LATER)


def change(
    session: Session, *, actor: Actor, request_id: str, title: str, message: str, due_on: date
) -> EvidenceRequest:
    """The request with its new words and day; whom and for what it asks stay, for answers may be under way."""
    require(actor, Action.ASK_FOR_EVIDENCE)
    found = _request(session, actor, request_id)
    found.title = typed_line(title, "title") or found.title
    found.message, found.due_on = typed_text(message, "message"), due_on
    record(session, actor, "requests.update", "request", found.id)
    return found


def answer(session: Session, *, actor: Actor, request_id: str, item_id: str, note: str = "") -> RequestAnswer:
    """The item, given in answer and proposed for what was asked; `note` says in one line how it shows it.

    Whoever is asked may answer, and whoever may ask. Raises Conflict when the request is closed, NotFound when the
    item is not the actor's to see. The same item again is the same answer.
    """
    require(actor, Action.TAG_EVIDENCE)
    found = _request(session, actor, request_id)
    if found.state == RequestState.CLOSED:
        raise Conflict(msg("This request is closed. Your file is kept; tag it to the practice instead."))
    given = item(session, actor, item_id)
    attach(session, actor=actor, item_id=given.id, node_key=found.node_key, note=note)
    row = session.scalar(
        select(RequestAnswer).where(
            RequestAnswer.school_id == actor.school_id,
            RequestAnswer.request_id == found.id,
            RequestAnswer.item_id == given.id,
        )
    )
    if row is None:
        row = RequestAnswer(
            id=new_id(),
            school_id=actor.school_id,
            request_id=found.id,
            item_id=given.id,
            answered_by=actor.person_id,
            answered_at=now(),
        )
        session.add(row)
    found.state, found.answered_at = RequestState.ANSWERED, found.answered_at or row.answered_at
    record(session, actor, "requests.answer", "request", found.id, item=given.id)
    return row


def take_answer_back(session: Session, *, actor: Actor, answer_id: str) -> None:
    """The item answers the request no more, and stays filed; a request without answers is open again."""
    require(actor, Action.TAG_EVIDENCE)
    row = session.get(RequestAnswer, (actor.school_id, answer_id))
    if row is None:
        raise NotFound(msg("There is no such answer, or it is not open to you."))
    found = _request(session, actor, row.request_id)
    item(session, actor, row.item_id, withdrawn=True)
    if row.answered_by != actor.person_id and not can(actor, Action.ASK_FOR_EVIDENCE):
        raise NotAllowed(msg("Only who gave this answer or who may ask for evidence may take it back."))
    session.delete(row)
    session.flush()
    rest = select(RequestAnswer.id).where(
        RequestAnswer.school_id == actor.school_id, RequestAnswer.request_id == found.id
    )
    if session.scalar(rest.limit(1)) is None and found.state == RequestState.ANSWERED:
        found.state, found.answered_at = RequestState.OPEN, None
    record(session, actor, "requests.take_back", "request", found.id, item=row.item_id)


def close(session: Session, *, actor: Actor, request_id: str) -> EvidenceRequest:
    """The request, closed: answered to the asker's content, or not needed any more."""
    require(actor, Action.ASK_FOR_EVIDENCE)
    found = _request(session, actor, request_id)
    found.state, found.closed_at = RequestState.CLOSED, now()
    record(session, actor, "requests.close", "request", found.id)
    return found


def reopen(session: Session, *, actor: Actor, request_id: str, due_on: date | None = None) -> EvidenceRequest:
    """The request, asked again, by a new day if one is named."""
    require(actor, Action.ASK_FOR_EVIDENCE)
    found = _request(session, actor, request_id)
    found.state, found.closed_at, found.answered_at = RequestState.OPEN, None, None
    found.due_on = due_on or found.due_on
    record(session, actor, "requests.reopen", "request", found.id)
    return found


def _request(session: Session, actor: Actor, request_id: str) -> EvidenceRequest:
    """The request, locked, when the actor may know it."""
    found = session.scalar(
        select(EvidenceRequest)
        .where(EvidenceRequest.id == request_id, of_programmes(actor), concerning(actor))
        .with_for_update()
    )
    if found is None:
        raise NotFound(msg("There is no such request, or it is not open to you."))
    return found


def _check_asked(session: Session, actor: Actor, person_id: str | None, group_id: str | None) -> None:
    if bool(person_id) == bool(group_id):
        raise Invalid(msg("Ask one person or one group."), field="asked")
    people, groups = able_to_answer(session, actor)
    if not (person_id in {m.person_id for m in people} or group_id in {g.id for g in groups}):
        raise Invalid(
            msg("Nobody who is named here may file evidence in this school now. Choose again."), field="asked"
        )
