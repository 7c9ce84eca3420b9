"""Finding an evaluation or a response, for those who may know that it exists."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.selfstudy.models import Evaluation, EvaluationProgramme, EvaluationState, Response
from evidence_app.errors import Conflict, NotFound
from evidence_app.i18n import msg


def may_reach(actor: Actor, programme: str) -> bool:
    """Whether the actor's place in the school includes this programme."""
    return not actor.programmes or programme in actor.programmes


def programmes_for(actor: Actor, found: Evaluation) -> tuple[str, ...]:
    """The programmes of an evaluation that the actor's place in the school includes, in the IB's order."""
    return tuple(p for p in found.programmes if may_reach(actor, p))


def evaluations_of(session: Session, actor: Actor) -> list[Evaluation]:
    """The evaluations the actor may read: open ones first, the newest first among them."""
    require(actor, Action.READ_STUDY)
    order = (Evaluation.state != EvaluationState.OPEN, Evaluation.created_at.desc(), Evaluation.id.desc())
    return list(session.scalars(select(Evaluation).where(*_readable(actor)).order_by(*order)))


def evaluation(session: Session, actor: Actor, evaluation_id: str) -> Evaluation:
    """One evaluation the actor may read; NotFound otherwise."""
    require(actor, Action.READ_STUDY)
    return _one_evaluation(session, actor, evaluation_id)


def response(session: Session, actor: Actor, response_id: str) -> Response:
    """One response the actor may read; NotFound otherwise."""
    require(actor, Action.READ_STUDY)
    found = session.scalar(select(Response).where(Response.school_id == actor.school_id, Response.id == response_id))
    if found is None or not may_reach(actor, found.programme):
        raise NotFound(msg("There is no such part of a self-study, or it is not open to you."))
    return found


def responses_among(session: Session, actor: Actor, response_ids: Collection[str]) -> list[Response]:
    """Those of these responses that the actor may read; nothing for who reads no self-study."""
    if not can(actor, Action.READ_STUDY):
        return []
    chosen = select(Response).where(Response.school_id == actor.school_id, Response.id.in_(response_ids))
    return [found for found in session.scalars(chosen) if may_reach(actor, found.programme)]


def response_at(session: Session, actor: Actor, evaluation_id: str, node_key: str, programme: str) -> Response | None:
    """The response to one practice for one programme; None when there is none that the actor may read."""
    require(actor, Action.READ_STUDY)
    if not may_reach(actor, programme):
        return None
    return session.scalar(
        select(Response).where(
            Response.school_id == actor.school_id,
            Response.evaluation_id == evaluation_id,
            Response.node_key == node_key,
            Response.programme == programme,
        )
    )


def evaluation_to_change(
    session: Session, actor: Actor, evaluation_id: str, *, lock: bool = False, even_closed: bool = False
) -> Evaluation:
    """One evaluation that is open; NotFound when the actor may not know it, Conflict when it is closed."""
    found = _one_evaluation(session, actor, evaluation_id, lock=lock)
    if found.state == EvaluationState.CLOSED and not even_closed:
        raise Conflict(
            msg("'%(name)s' is closed. Nothing was changed. Open it again to go on working.", name=found.name)
        )
    return found


def response_to_change(session: Session, actor: Actor, response_id: str) -> Response:
    """One response of an open evaluation, locked; NotFound when it is outside the actor's programmes."""
    found = session.scalar(
        select(Response).where(Response.school_id == actor.school_id, Response.id == response_id).with_for_update()
    )
    if found is None or not may_reach(actor, found.programme):
        raise NotFound(msg("There is no such part of a self-study, or it is not open to you."))
    evaluation_to_change(session, actor, found.evaluation_id)
    return found


def _one_evaluation(session: Session, actor: Actor, evaluation_id: str, *, lock: bool = False) -> Evaluation:
    chosen = select(Evaluation).where(*_readable(actor), Evaluation.id == evaluation_id)
    found = session.scalar(chosen.with_for_update() if lock else chosen)
    if found is None:
        raise NotFound(msg("There is no such evaluation, or it is not open to you."))
    return found


def _readable(actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions on `Evaluation`: of this school, and about a programme the actor's place includes."""
    mine = Evaluation.school_id == actor.school_id
    if not actor.programmes:
        return [mine]
    shared = exists().where(
        EvaluationProgramme.school_id == Evaluation.school_id,
        EvaluationProgramme.evaluation_id == Evaluation.id,
        EvaluationProgramme.programme.in_(actor.programmes),
    )
    return [mine, shared]
