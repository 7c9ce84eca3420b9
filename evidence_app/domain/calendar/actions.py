"""Making and ending the address of a calendar."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import new_token, token_hash
from evidence_app.domain.audit import record
from evidence_app.domain.calendar.models import CalendarFeed

NOTED_EVERY = timedelta(hours=1)


def make_feed(session: Session, *, actor: Actor) -> str:
    """The token of a new address for the actor's own calendar; the one they had ends."""
    require(actor, Action.READ_EVIDENCE)
    _end(session, CalendarFeed.school_id == actor.school_id, CalendarFeed.person_id == actor.person_id)
    token = new_token()
    session.add(
        CalendarFeed(
            school_id=actor.school_id,
            person_id=actor.person_id,
            token_hash=token_hash(token),
            standing=actor.standing,
            made_at=now(),
        )
    )
    record(session, actor, "calendar.make_feed", "person", actor.person_id)
    return token


def end_feed(session: Session, *, actor: Actor) -> None:
    """The address of the actor's calendar opens nothing any more."""
    require(actor, Action.READ_EVIDENCE)
    if _end(session, CalendarFeed.school_id == actor.school_id, CalendarFeed.person_id == actor.person_id):
        record(session, actor, "calendar.end_feed", "person", actor.person_id)


def end_feeds_of(session: Session, person_id: str) -> int:
    """How many addresses of this person ended, in all their schools: with the password, whatever it opened is shut."""
    return _end(session, CalendarFeed.person_id == person_id)


def end_all_feeds(session: Session) -> int:
    """How many addresses there were: none of any school opens anything any more."""
    return _end(session)


def note_read(session: Session, token: str) -> None:
    """A calendar has just read what is due; kept once an hour."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == token_hash(token)))
    if feed is not None and is_due_to_be_noted(feed):
        feed.read_at = now()


def is_due_to_be_noted(feed: CalendarFeed) -> bool:
    """Whether it is long enough ago that a reading was noted."""
    return feed.read_at is None or now() - feed.read_at >= NOTED_EVERY


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    return int(session.execute(delete(CalendarFeed).where(*which)).rowcount)  # type: ignore[attr-defined]
