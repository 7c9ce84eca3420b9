"""The dates of an evaluation and the people in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import members_of
from evidence_app.domain.audit import record
from evidence_app.domain.selfstudy.deadlines import DeadlineKind, deadlines_for
from evidence_app.domain.selfstudy.models import Evaluation, EvaluationDeadline, Participants, TeamMember
from evidence_app.domain.selfstudy.queries.finding import evaluation_to_change
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line


def set_deadline(
    session: Session,
    *,
    actor: Actor,
    evaluation_id: str,
    key: str,
    due_on: date | None,
    done_on: date | None = None,
) -> EvaluationDeadline:
    """The deadline on its new day, no longer moved by the visit; `due_on` None reckons it from the visit again."""
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    row = _deadline(session, found, key)
    if due_on is None and (key not in set(DeadlineKind) or found.visit_on is None):
        raise Invalid(msg("A day is needed: this date cannot be reckoned from the visit."), field="due_on")
    usual = (
        deadlines_for(found.visit_on).get(DeadlineKind(key)) if found.visit_on and key in set(DeadlineKind) else None
    )
    row.due_on = due_on or usual or row.due_on
    row.is_own, row.done_on = row.due_on != usual, done_on
    record(session, actor, "selfstudy.set_deadline", "evaluation", found.id, key=key, due=row.due_on.isoformat())
    return row


def add_deadline(session: Session, *, actor: Actor, evaluation_id: str, title: str, due_on: date) -> EvaluationDeadline:
    """A date of the school's own on the way to the visit."""
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    title = clean_line(title, 200)
    if not title:
        raise Invalid(msg("Say what is due on that day."), field="title")
    key = new_id()
    row = EvaluationDeadline(
        id=key, school_id=actor.school_id, evaluation_id=found.id, key=key, title=title, due_on=due_on, is_own=True
    )
    session.add(row)
    record(session, actor, "selfstudy.add_deadline", "evaluation", found.id, key=key, due=due_on.isoformat())
    return row


def remove_deadline(session: Session, *, actor: Actor, evaluation_id: str, key: str) -> None:
    """The date is gone. One that is reckoned from the visit comes back when the evaluation is next changed."""
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    session.delete(_deadline(session, found, key))
    record(session, actor, "selfstudy.remove_deadline", "evaluation", found.id, key=key)


def set_team(
    session: Session, *, actor: Actor, evaluation_id: str, members: Sequence[tuple[str, str]]
) -> list[TeamMember]:
    """The team, in this order: each a person's id and the part they play. Invalid when somebody is no member."""
    require(actor, Action.MANAGE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    here = {m.person_id for m in members_of(session, actor)}
    parts = dict(members)
    if set(parts) - here:
        raise Invalid(msg("Somebody named here is no member of this school any more. Choose again."), field="team")
    mine = (TeamMember.school_id == actor.school_id, TeamMember.evaluation_id == found.id)
    session.execute(delete(TeamMember).where(*mine))
    team = [
        TeamMember(
            school_id=actor.school_id,
            evaluation_id=found.id,
            person_id=person_id,
            part=clean_line(part, 120),
            position=position,
        )
        for position, (person_id, part) in enumerate(parts.items())
    ]
    session.add_all(team)
    record(session, actor, "selfstudy.set_team", "evaluation", found.id, people=len(team))
    return team


def set_participants(
    session: Session, *, actor: Actor, evaluation_id: str, rows: Sequence[tuple[str, str, str]]
) -> list[Participants]:
    """Who was heard, in this order: each who, how many, and what they did. Rows without a who are left out."""
    require(actor, Action.WRITE_STUDY)
    found = evaluation_to_change(session, actor, evaluation_id, lock=True)
    mine = (Participants.school_id == actor.school_id, Participants.evaluation_id == found.id)
    session.execute(delete(Participants).where(*mine))
    heard = [
        Participants(
            school_id=actor.school_id,
            evaluation_id=found.id,
            position=position,
            who=clean_line(who, 120),
            people=clean_line(people, 120),
            did=clean_line(did, 500),
        )
        for position, (who, people, did) in enumerate(rows)
        if clean_line(who)
    ]
    session.add_all(heard)
    record(session, actor, "selfstudy.set_participants", "evaluation", found.id, rows=len(heard))
    return heard


def derive_deadlines(session: Session, found: Evaluation) -> None:
    """Every date that nobody set by hand is reckoned from the visit; without a visit those dates go away."""
    chosen = select(EvaluationDeadline).where(
        EvaluationDeadline.school_id == found.school_id, EvaluationDeadline.evaluation_id == found.id
    )
    there = {row.key: row for row in session.scalars(chosen)}
    usual = deadlines_for(found.visit_on) if found.visit_on else {}
    for key, row in there.items():
        if key not in usual and not row.is_own and row.done_on is None:
            session.delete(row)
    for kind, due_on in usual.items():
        if kind not in there:
            session.add(EvaluationDeadline(school_id=found.school_id, evaluation_id=found.id, key=kind, due_on=due_on))
        elif not there[kind].is_own:
            there[kind].due_on = due_on


def _deadline(session: Session, found: Evaluation, key: str) -> EvaluationDeadline:
    row = session.scalar(
        select(EvaluationDeadline).where(
            EvaluationDeadline.school_id == found.school_id,
            EvaluationDeadline.evaluation_id == found.id,
            EvaluationDeadline.key == key,
        )
    )
    if row is None:
        raise NotFound(msg("There is no such date in this evaluation."))
    return row
