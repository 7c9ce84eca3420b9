"""One response with everything around it, its history, and the texts, dates and people of an evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import names_of
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.selfstudy.models import (
    Evaluation,
    EvaluationDeadline,
    EvaluationState,
    Introduction,
    Participants,
    RequirementAnswer,
    Response,
    ResponseDraft,
    ResponseRevision,
    ResponseStatus,
    StandardLevel,
    TeamMember,
)
from evidence_app.domain.selfstudy.queries.exhibits import Exhibits, citations_of
from evidence_app.domain.selfstudy.queries.finding import evaluation, may_reach, response


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """A requirement or specification below a practice, with what was answered (None: nothing yet)."""

    node: standards.Node
    answer: RequirementAnswer | None


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision of a response and the name of its writer."""

    revision: ResponseRevision
    by_name: str


@dataclass(frozen=True, slots=True)
class ResponsePage:
    """Everything a page on one response shows. `draft` is the actor's own unsaved work, nobody else's."""

    evaluation: Evaluation
    response: Response
    node: standards.Node
    scale: standards.Scale | None
    lead_name: str
    changed_by_name: str
    requirements: tuple[RequirementLine, ...]
    citations: Exhibits
    draft: ResponseDraft | None


def response_page(session: Session, actor: Actor, response_id: str) -> ResponsePage:
    """One response with its requirements, citations and the actor's own draft; NotFound when not theirs to read."""
    found = response(session, actor, response_id)
    frame = evaluation(session, actor, found.evaluation_id)
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    answers = select(RequirementAnswer).where(
        RequirementAnswer.school_id == actor.school_id, RequirementAnswer.response_id == found.id
    )
    answered = {row.node_key: row for row in session.scalars(answers)}
    names = names_of(session, actor.school_id, [p for p in (found.lead_id, found.changed_by) if p])
    return ResponsePage(
        evaluation=frame,
        response=found,
        node=catalogue.node(found.node_key),
        scale=scale_of(catalogue, frame),
        lead_name=names.get(found.lead_id or "", ""),
        changed_by_name=names.get(found.changed_by or "", ""),
        requirements=tuple(
            RequirementLine(node, answered.get(node.key))
            for node in catalogue.descendants(found.node_key)
            if node.applies_to(found.programme)
        ),
        citations=citations_of(session, actor, found.id),
        draft=session.get(ResponseDraft, (actor.school_id, found.id, actor.person_id)),
    )


def answers_of(session: Session, actor: Actor, evaluation_id: str, programme: str) -> dict[str, Response]:
    """Key of a practice -> what is said about it for one programme; nothing for one that is not the actor's."""
    found = evaluation(session, actor, evaluation_id)
    chosen = select(Response).where(
        Response.school_id == actor.school_id, Response.evaluation_id == found.id, Response.programme == programme
    )
    return {row.node_key: row for row in session.scalars(chosen) if may_reach(actor, row.programme)}


def scale_of(catalogue: standards.Catalogue, frame: Evaluation) -> standards.Scale | None:
    """The scale an evaluation rates on, or None when its framework has none."""
    return catalogue.scale(frame.scale_key) if frame.scale_key else None


def history(session: Session, actor: Actor, response_id: str) -> list[RevisionLine]:
    """Every revision of a response, those kept aside too, newest first."""
    found = response(session, actor, response_id)
    chosen = select(ResponseRevision).where(
        ResponseRevision.school_id == actor.school_id, ResponseRevision.response_id == found.id
    )
    rows = list(session.scalars(chosen.order_by(ResponseRevision.number.desc())))
    names = names_of(session, actor.school_id, {row.written_by for row in rows})
    return [RevisionLine(row, names.get(row.written_by, "")) for row in rows]


def introductions(session: Session, actor: Actor, evaluation_id: str) -> dict[str, Introduction]:
    """Part (an IntroductionPart, or the key of a category or standard) -> its text as it stands now."""
    found = evaluation(session, actor, evaluation_id)
    chosen = select(Introduction).where(
        Introduction.school_id == actor.school_id,
        Introduction.evaluation_id == found.id,
        Introduction.is_aside.is_(False),
    )
    return {row.part: row for row in session.scalars(chosen.order_by(Introduction.revision))}


def standard_levels(session: Session, actor: Actor, evaluation_id: str) -> dict[tuple[str, str], StandardLevel]:
    """(key of the standard, programme) -> its level and reason as they stand now, for the actor's programmes."""
    return levels_in(session, actor, evaluation(session, actor, evaluation_id))


def levels_in(session: Session, actor: Actor, found: Evaluation) -> dict[tuple[str, str], StandardLevel]:
    """The same for an evaluation that was found already."""
    chosen = select(StandardLevel).where(
        StandardLevel.school_id == actor.school_id,
        StandardLevel.evaluation_id == found.id,
        StandardLevel.is_aside.is_(False),
    )
    rows = session.scalars(chosen.order_by(StandardLevel.revision))
    return {(row.node_key, row.programme): row for row in rows if may_reach(actor, row.programme)}


def deadlines_of(session: Session, actor: Actor, evaluation_id: str) -> list[EvaluationDeadline]:
    """The dates on the way to the visit, soonest first."""
    found = evaluation(session, actor, evaluation_id)
    chosen = select(EvaluationDeadline).where(
        EvaluationDeadline.school_id == actor.school_id, EvaluationDeadline.evaluation_id == found.id
    )
    return list(session.scalars(chosen.order_by(EvaluationDeadline.due_on, EvaluationDeadline.id)))


def team_of(session: Session, actor: Actor, evaluation_id: str) -> list[tuple[TeamMember, str]]:
    """Who works on the self-study, each with their name, in the order they were put in."""
    found = evaluation(session, actor, evaluation_id)
    chosen = select(TeamMember).where(TeamMember.school_id == actor.school_id, TeamMember.evaluation_id == found.id)
    rows = list(session.scalars(chosen.order_by(TeamMember.position)))
    names = names_of(session, actor.school_id, {row.person_id for row in rows})
    return [(row, names.get(row.person_id, "")) for row in rows]


def participants_of(session: Session, actor: Actor, evaluation_id: str) -> list[Participants]:
    """The parts of the community that were heard, in the order they were put in."""
    found = evaluation(session, actor, evaluation_id)
    chosen = select(Participants).where(
        Participants.school_id == actor.school_id, Participants.evaluation_id == found.id
    )
    return list(session.scalars(chosen.order_by(Participants.position)))


def asked_to_lead(session: Session, actor: Actor, *, limit: int = 50) -> Sequence[Response]:
    """What the actor leads in open evaluations and is not approved yet, in the order of the practices."""
    require(actor, Action.READ_STUDY)
    chosen = (
        select(Response)
        .join(Evaluation, (Evaluation.school_id == Response.school_id) & (Evaluation.id == Response.evaluation_id))
        .where(
            Response.school_id == actor.school_id,
            Response.lead_id == actor.person_id,
            Response.status != ResponseStatus.APPROVED,
            Evaluation.state == EvaluationState.OPEN,
        )
        .order_by(Response.node_key, Response.programme)
        .limit(limit)
    )
    return [row for row in session.scalars(chosen) if may_reach(actor, row.programme)]
