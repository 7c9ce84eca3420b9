"""Opening an evaluation, changing its frame, closing it and opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

import standards
from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.schools import PROGRAMMES, school_of
from evidence_app.domain.selfstudy.actions.scheduling import derive_deadlines
from evidence_app.domain.selfstudy.models import (
    Evaluation,
    EvaluationProgramme,
    EvaluationState,
    Response,
    StandardLevel,
)
from evidence_app.domain.selfstudy.queries.finding import evaluation_to_change, may_reach
from evidence_app.errors import Conflict, Invalid
from evidence_app.i18n import msg
from evidence_app.typed import LONGEST_NAME, typed_line


def open_evaluation(
    session: Session,
    *,
    actor: Actor,
    framework_key: str,
    programmes: Sequence[str],
    visit_on: date | None,
    visit_until: date | None = None,
    name: str = "",
    period_from: date | None = None,
    period_to: date | None = None,
    scale_key: str | None = None,
) -> Evaluation:
    """The new evaluation with a response waiting for each practice and programme, and its deadlines.

    Without a name it is called by its programmes and the year of the visit; without a scale it takes the framework's
    first. Raises Invalid for programmes the school does not offer, a framework nobody answers, or dates that cross.
    """
    require(actor, Action.MANAGE_STUDY)
    catalogue = catalogue_for(session, actor.school_id, framework_key)
    if catalogue.answered_level is None:
        raise Invalid(
            msg("'%(name)s' is for tagging only: a self-study cannot answer it.", name=catalogue.short_name),
            field="framework",
        )
    chosen = _programmes(session, actor, programmes)
    _check_dates(period_from, period_to, visit_on, visit_until)
    opened = Evaluation(
        id=new_id(),
        school_id=actor.school_id,
        name=typed_line(name, "name", LONGEST_NAME) or _usual_name(chosen, visit_on),
        framework_key=catalogue.key,
        scale_key=_scale_key(catalogue, scale_key),
        period_from=period_from,
        period_to=period_to,
        visit_on=visit_on,
        visit_until=visit_until,
        created_by=actor.person_id,
        created_at=now(),
    )
    _set_programmes(opened, chosen)
    session.add(opened)
    session.flush()
    _complete_responses(session, opened, catalogue)
    derive_deadlines(session, opened)
    record(session, actor, "selfstudy.open", "evaluation", opened.id, framework=catalogue.key, programmes=chosen)
    return opened


def update_evaluation(
    session: Session,
    *,
    actor: Actor,
    evaluation_id: str,
    name: str,
    programmes: Sequence[str],
    visit_on: date | None,
    visit_until: date | None = None,
    period_from: date | None = None,
    period_to: date | None = None,
    scale_key: str | None = None,
) -> Evaluation:
    """The evaluation with its new frame; deadlines nobody set by hand move with the visit.

    A programme taken out keeps its responses, unseen, until it is put back. Raises Conflict when the scale should
    change after something was rated, since the same number would then mean another thing.
    """
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    catalogue = catalogue_for(session, actor.school_id, found.framework_key)
    _check_dates(period_from, period_to, visit_on, visit_until)
    chosen = _programmes(session, actor, programmes)
    wanted = found.scale_key if scale_key is None else _scale_key(catalogue, scale_key)
    if wanted != found.scale_key and _is_rated(session, found):
        raise Conflict(
            msg("Something was rated on the present scale already. Take those ratings away before you change it."),
            field="scale",
        )
    found.name = typed_line(name, "name", LONGEST_NAME) or _usual_name(chosen, visit_on)
    found.scale_key, found.period_from, found.period_to = wanted, period_from, period_to
    found.visit_on, found.visit_until = visit_on, visit_until
    _set_programmes(found, chosen)
    session.flush()
    _complete_responses(session, found, catalogue)
    derive_deadlines(session, found)
    record(session, actor, "selfstudy.update", "evaluation", found.id, programmes=chosen)
    return found


def close_evaluation(session: Session, *, actor: Actor, evaluation_id: str) -> Evaluation:
    """The evaluation, read only from now on."""
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    found.state = EvaluationState.CLOSED
    record(session, actor, "selfstudy.close", "evaluation", found.id)
    return found


def reopen_evaluation(session: Session, *, actor: Actor, evaluation_id: str) -> Evaluation:
    """The evaluation, open to writing again."""
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True, even_closed=True)
    found.state = EvaluationState.OPEN
    record(session, actor, "selfstudy.reopen", "evaluation", found.id)
    return found


def _usual_name(programmes: Sequence[str], visit_on: date | None) -> str:
    return ", ".join(programmes) + (f" {visit_on.year}" if visit_on else "")


def _programmes(session: Session, actor: Actor, programmes: Sequence[str]) -> list[str]:
    offered = school_of(session, actor).programmes
    wrong = [p for p in programmes if p not in offered or not may_reach(actor, p)]
    if wrong or not programmes:
        open_to_actor = ", ".join(p for p in offered if may_reach(actor, p))
        raise Invalid(
            msg(
                "Choose one or more of %(offered)s. Not among them: '%(wrong)s'.",
                offered=open_to_actor,
                wrong=", ".join(wrong),
            ),
            field="programmes",
        )
    return [p for p in PROGRAMMES if p in programmes]


def _check_dates(
    period_from: date | None, period_to: date | None, visit_on: date | None, visit_until: date | None
) -> None:
    if period_from and period_to and period_to < period_from:
        raise Invalid(msg("The period ends before it begins. Change one of the two dates."), field="period_to")
    if visit_until and (visit_on is None or visit_until < visit_on):
        raise Invalid(
            msg("The visit ends before it begins, or its first day is missing. Change one of the two dates."),
            field="visit_until",
        )


def _scale_key(catalogue: standards.Catalogue, scale_key: str | None) -> str:
    known = [scale.key for scale in catalogue.scales_for(catalogue.answered_level or "")]
    if scale_key is None:
        return known[0] if known else ""
    if scale_key not in known:
        raise Invalid(
            msg(
                "'%(key)s' is not a scale of this framework. It has: %(known)s.", key=scale_key, known=", ".join(known)
            ),
            field="scale",
        )
    return scale_key


def _is_rated(session: Session, found: Evaluation) -> bool:
    rated = select(Response.id).where(
        Response.school_id == found.school_id, Response.evaluation_id == found.id, Response.rating.is_not(None)
    )
    levelled = select(StandardLevel.id).where(
        StandardLevel.school_id == found.school_id,
        StandardLevel.evaluation_id == found.id,
        StandardLevel.level.is_not(None),
    )
    return session.scalar(rated.limit(1)) is not None or session.scalar(levelled.limit(1)) is not None


def _set_programmes(found: Evaluation, programmes: Sequence[str]) -> None:
    kept = [row for row in found.offered if row.programme in programmes]
    there = {row.programme for row in kept}
    found.offered = kept + [
        EvaluationProgramme(school_id=found.school_id, programme=p, position=position)
        for position, p in enumerate(PROGRAMMES)
        if p in programmes and p not in there
    ]


def _complete_responses(session: Session, found: Evaluation, catalogue: standards.Catalogue) -> None:
    """A response waits for every practice and programme of the evaluation, also for those the catalogue gained."""
    mine = select(Response.node_key, Response.programme).where(
        Response.school_id == found.school_id, Response.evaluation_id == found.id
    )
    there = {(node_key, programme) for node_key, programme in session.execute(mine)}
    session.add_all(
        Response(school_id=found.school_id, evaluation_id=found.id, node_key=node.key, programme=programme)
        for programme in found.programmes
        for node in catalogue.practices(programme)
        if (node.key, programme) not in there
    )
