"""Asking what is due: one list out of all rooms, each asked by its own rules of who may know what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.accounts import actor_in, names_of, token_hash
from evidence_app.domain.calendar.models import CalendarFeed
from evidence_app.domain.evidence import Listed, Visibility, register_of
from evidence_app.domain.planning import FindingState, findings_of, unfinished_actions
from evidence_app.domain.requests import asked_names, asked_of, is_asked, open_requests
from evidence_app.domain.selfstudy import DeadlineKind, EvaluationState, deadlines_of, evaluations_of
from evidence_app.domain.sharing import shares_of
from evidence_app.errors import NotFound
from evidence_app.i18n import Labelled, Message, msg

TITLE_CHARS = 140
MOST_REVIEWS = 300
"""Documents to be looked at again that are listed, the longest overdue first; the register has them all."""

NO_FEED = msg("There is no such calendar. Its address may have been taken away; make a new one on the calendar page.")


class DueKind(Labelled):
    """What kind of thing is due, in the order in which they stand on one day."""

    DEADLINE = "deadline", msg("On the way to the visit")
    REQUEST = "request", msg("Request")
    ACTION = "action", msg("Action")
    FINDING = "finding", msg("Finding")
    REVIEW = "review", msg("Look at it again")
    SHARE = "share", msg("A link ends")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due on a day.

    `subject_id` names it, `within_id` the evaluation or plan it belongs to ("" for none) and `within` that one's name.
    `who` is to do it, "" for nobody by name. `is_mine`: it waits for the actor, or for everybody.
    """

    kind: DueKind
    due_on: date
    title: str | Message
    subject_id: str
    within_id: str = ""
    within: str = ""
    who: str = ""
    is_mine: bool = False


def everything_due(session: Session, actor: Actor, *, today: date, with_private: bool = True) -> list[Due]:
    """What is due and not done, of all that the actor may know, the longest overdue first.

    Stops on the way to a visit count as done once their day is over. Without `with_private` no private document is
    named: for a list that leaves the school.
    """
    require(actor, Action.READ_EVIDENCE)
    found = [
        *_requests(session, actor),
        *_reviews(session, actor, today, with_private=with_private),
    ]
    if can(actor, Action.READ_STUDY):
        found += _deadlines(session, actor, today)
    if can(actor, Action.READ_PLAN):
        found += [*_actions(session, actor), *_findings(session, actor)]
    if can(actor, Action.SHARE_REPORT):
        found += _shares(session, actor)
    order = {kind: number for number, kind in enumerate(DueKind)}
    return sorted(found, key=lambda due: (due.due_on, order[due.kind], str(due.title), due.subject_id))


def feed_of(session: Session, actor: Actor) -> CalendarFeed | None:
    """The address of the actor's own calendar, as far as one is open."""
    feed = session.scalar(
        select(CalendarFeed).where(CalendarFeed.school_id == actor.school_id, CalendarFeed.person_id == actor.person_id)
    )
    return feed if feed is not None and feed.standing == actor.standing else None


def actor_of_feed(session: Session, token: str) -> tuple[Actor, CalendarFeed]:
    """Whose calendar has this address, as they may act in its school now; NotFound for one that opens nothing."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == token_hash(token)))
    if feed is None:
        raise NotFound(NO_FEED)
    try:
        actor = actor_in(session, feed.person_id, feed.school_id)
    except NotFound as error:
        raise NotFound(NO_FEED) from error
    if feed.standing != actor.standing or not can(actor, Action.READ_EVIDENCE):
        raise NotFound(NO_FEED)
    return actor, feed


def _deadlines(session: Session, actor: Actor, today: date) -> Iterator[Due]:
    for frame in evaluations_of(session, actor):
        if frame.state == EvaluationState.OPEN:
            for row in deadlines_of(session, actor, frame.id):
                if row.done_on is None and row.due_on >= today:
                    title = row.title or DeadlineKind(row.key).label
                    yield Due(DueKind.DEADLINE, row.due_on, title, row.id, frame.id, frame.name, is_mine=True)


def _requests(session: Session, actor: Actor) -> Iterator[Due]:
    everybodys = can(actor, Action.ASK_FOR_EVIDENCE)
    rows = open_requests(session, actor) if everybodys else [line.request for line in asked_of(session, actor)]
    names = asked_names(session, actor, rows)
    for row in rows:
        mine = is_asked(actor, row)
        yield Due(DueKind.REQUEST, row.due_on, row.title, row.id, who=names[row.id], is_mine=mine)


def _actions(session: Session, actor: Actor) -> Iterator[Due]:
    for placed in unfinished_actions(session, actor):
        action, plan = placed.action, placed.plan
        if action.due_on is not None:
            mine = action.owner_id == actor.person_id
            yield Due(
                DueKind.ACTION, action.due_on, action.title, action.id, plan.id, plan.name, placed.owner_name, mine
            )


def _findings(session: Session, actor: Actor) -> Iterator[Due]:
    mine = can(actor, Action.WRITE_PLAN)
    for row in findings_of(session, actor):
        if row.due_on is not None and row.state in (FindingState.OPEN, FindingState.UNDER_WAY):
            title = shorten(row.text, TITLE_CHARS, placeholder="…")
            yield Due(DueKind.FINDING, row.due_on, title, row.id, is_mine=mine)


def _reviews(session: Session, actor: Actor, today: date, *, with_private: bool) -> Iterator[Due]:
    items = register_of(session, actor, (), listed=Listed.ALL, today=today, most=MOST_REVIEWS)
    names = names_of(session, actor.school_id, {item.owner_id for item in items})
    for item in items:
        if item.review_by is not None and (with_private or item.visibility != Visibility.PRIVATE):
            mine = item.owner_id == actor.person_id
            who = names.get(item.owner_id, "")
            yield Due(DueKind.REVIEW, item.review_by, item.title, item.id, who=who, is_mine=mine)


def _shares(session: Session, actor: Actor) -> Iterator[Due]:
    for line in shares_of(session, actor):
        if line.state in ("open", "locked"):
            share, mine = line.share, line.share.created_by == actor.person_id
            title = msg("The link to %(name)s ends", name=line.evaluation.name)
            yield Due(DueKind.SHARE, share.last_day, title, share.id, who=line.made_by, is_mine=mine)
