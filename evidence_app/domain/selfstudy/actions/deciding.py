"""Who leads a response, how far it is, and which requirements are in place."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import members_of
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.selfstudy.models import (
    Evaluation,
    RequirementAnswer,
    RequirementState,
    Response,
    ResponseStatus,
)
from evidence_app.domain.selfstudy.queries.exhibits import citations_of
from evidence_app.domain.selfstudy.queries.finding import response_to_change
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line


def assign_lead(session: Session, *, actor: Actor, response_id: str, person_id: str | None) -> Response:
    """The response with its new lead, or with none. Invalid when the person is no member of the school."""
    require(actor, Action.MANAGE_STUDY)
    found = response_to_change(session, actor, response_id)
    if person_id is not None and person_id not in {m.person_id for m in members_of(session, actor)}:
        raise Invalid(msg("This person is no member of this school any more. Choose again."), field="lead")
    found.lead_id = person_id
    record(session, actor, "selfstudy.assign_lead", "response", found.id, lead=person_id)
    return found


def set_status(
    session: Session,
    *,
    actor: Actor,
    response_id: str,
    status: ResponseStatus,
    without_evidence: bool = False,
) -> Response:
    """The response with its new status. Approving, and taking an approval back, needs the right to approve.

    Who approves an answer that cites no evidence says that they know it, by `without_evidence`.
    Raises Invalid for a response without words that should be reviewed, or with words that should be "not begun", and
    for an approval of no evidence by who was not told.
    """
    approves = status == ResponseStatus.APPROVED
    require(actor, Action.APPROVE_STUDY if approves else Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    if found.status == ResponseStatus.APPROVED:
        require(actor, Action.APPROVE_STUDY)
    if status not in set(ResponseStatus):
        raise Invalid(
            msg("'%(status)s' is not a status. Choose draft, in_review or approved.", status=status), field="status"
        )
    if found.revision == 0 and status in (ResponseStatus.IN_REVIEW, ResponseStatus.APPROVED):
        raise Invalid(msg("Nothing is written here yet. Write first, then send it to review."), field="status")
    if found.revision > 0 and status == ResponseStatus.NOT_BEGUN:
        raise Invalid(msg("Something is written here already, so it is a draft at least."), field="status")
    if approves and not without_evidence and not citations_of(session, actor, found.id).hold_evidence:
        raise Invalid(
            msg("This answer cites no evidence, so it is not approved yet. It can be approved all the same."),
            field="without_evidence",
        )
    found.status = ResponseStatus(status)
    found.approved_by, found.approved_at = (actor.person_id, now()) if approves else (None, None)
    record(session, actor, "selfstudy.set_status", "response", found.id, status=status, revision=found.revision)
    return found


def mark_entered(session: Session, *, actor: Actor, response_id: str, revision: int | None) -> Response:
    """The response, with the revision of it that stands in the recipient's form now; None takes the mark away.

    Raises Invalid for a revision that does not exist.
    """
    require(actor, Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    if revision is not None and not 1 <= revision <= found.revision:
        raise Invalid(msg("There is no version %(number)s of this answer to enter.", number=revision))
    found.entered_revision = revision
    found.entered_by, found.entered_at = (None, None) if revision is None else (actor.person_id, now())
    record(session, actor, "selfstudy.mark_entered", "response", found.id, revision=revision)
    return found


def answer_requirement(
    session: Session, *, actor: Actor, response_id: str, node_key: str, state: RequirementState | None, note: str = ""
) -> RequirementAnswer | None:
    """The answer to one requirement below the response's practice; a state of None takes the answer away."""
    require(actor, Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    frame = session.get_one(Evaluation, (actor.school_id, found.evaluation_id))
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    below = {n.key for n in catalogue.descendants(found.node_key) if n.applies_to(found.programme)}
    node = catalogue.node(node_key) if node_key in catalogue else None
    if node is None or node.key not in below:
        raise Invalid(
            msg(
                "'%(key)s' is not a requirement of %(code)s for %(programme)s.",
                key=node_key,
                code=catalogue.node(found.node_key).code,
                programme=found.programme,
            ),
            field="node_key",
        )
    if state is not None and state not in set(RequirementState):
        raise Invalid(msg("'%(state)s' is not an answer. Choose met, partly or not_yet.", state=state), field="state")
    answer = session.scalar(
        select(RequirementAnswer).where(
            RequirementAnswer.school_id == actor.school_id,
            RequirementAnswer.response_id == found.id,
            RequirementAnswer.node_key == node.key,
        )
    )
    record(session, actor, "selfstudy.answer", "response", found.id, node=node.key, state=state)
    if state is None:
        if answer is not None:
            session.delete(answer)
        return None
    if answer is None:
        answer = RequirementAnswer(school_id=actor.school_id, response_id=found.id, node_key=node.key)
        session.add(answer)
    answer.state, answer.note = RequirementState(state), clean_line(note, 1000)
    answer.changed_by, answer.changed_at = actor.person_id, now()
    return answer
