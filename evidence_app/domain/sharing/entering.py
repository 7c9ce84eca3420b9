"""Letting visitors in, and asking at every step whether they may stay. Knows the share and nothing of the school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.accounts import count_failure, is_throttled, new_token, token_hash
from evidence_app.domain.reports import Snapshot
from evidence_app.domain.sharing.models import Share, SharePasscode, Visit, VisitKind, VisitorSession
from evidence_app.domain.sharing.passcodes import digest, is_same

STAYS_IN = timedelta(hours=12)
"""How long a browser stays let in before it is asked for the passcode again."""

MOST_GUESSES = 100
"""Wrong guesses in the life of a link after which it is locked for good."""

ANYWHERE = "anywhere"
"""The one source that guesses are counted against. A link is known to a few people: ten wrong guesses in a quarter of
an hour are too many for it, from however many places they come, and other links are not touched by them."""

LOGGED_ONCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was let in: all that the reading room knows about them and about what they may read."""

    school_id: str
    share_id: str
    passcode_id: str
    name: str
    room: str
    edition: int
    may_download: bool
    expires_at: datetime
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Entry:
    """How a try to come in ended: a token for the cookie, or why not ("wrong", "throttled" or "gone")."""

    token: str = ""
    refused: str = ""


def room_of(session: Session, token: str) -> str | None:
    """The room a link leads to; None for an unknown, expired, revoked or locked one alike."""
    found = session.scalar(select(Share).where(Share.token_hash == token_hash(token)))
    return found.room if found is not None and _takes_guests(found) else None


def knows_link(session: Session, room: str, token: str) -> bool:
    """Whether this is the live link of this room, so that its door may be shown."""
    return room_of(session, token) == room


def enter(session: Session, *, room: str, link_token: str, passcode: str) -> Entry:
    """The way in for the right link and passcode; the count of wrong ones is kept in the caller's unit of work.

    A refusal is an answer, not an error, so that the count is not rolled back.
    """
    found = session.scalar(
        select(Share).where(Share.token_hash == token_hash(link_token), Share.room == room).with_for_update(of=Share)
    )
    if found is None or not _takes_guests(found):
        if found is not None:
            _latch(found)
        return Entry(refused="gone")
    if is_throttled(session, _subject(found), ANYWHERE):
        return Entry(refused="throttled")
    typed = digest(passcode, found.salt)
    fitting = [row for row in found.passcodes if is_same(row.digest, typed)]
    if not fitting:
        count_failure(session, _subject(found), ANYWHERE)
        found.wrong_guesses += 1
        if found.wrong_guesses >= MOST_GUESSES:
            found.locked_at = now()
        return Entry(refused="wrong")
    token = new_token()
    session.add(
        VisitorSession(
            token_hash=token_hash(token),
            school_id=found.school_id,
            share_id=found.id,
            passcode_id=fitting[0].id,
            created_at=now(),
        )
    )
    session.add(_visit(found.school_id, found.id, fitting[0].id, VisitKind.ENTERED, ""))
    return Entry(token=token)


def visitor_in(session: Session, room: str, token: str) -> Visitor | None:
    """Who reads in this room with this cookie; None when the share ended, was revoked, or is another one.

    Asked anew for every request, so that a revoked share is dead at once.
    """
    chosen = (
        select(Share, SharePasscode.id, SharePasscode.name, VisitorSession.created_at)
        .join(VisitorSession, (VisitorSession.school_id == Share.school_id) & (VisitorSession.share_id == Share.id))
        .join(
            SharePasscode,
            (SharePasscode.school_id == Share.school_id) & (SharePasscode.id == VisitorSession.passcode_id),
        )
        .where(VisitorSession.token_hash == token_hash(token), Share.room == room)
    )
    row = session.execute(chosen).unique().one_or_none()
    if row is None:
        return None
    found, passcode_id, name, since = row
    moment = now()
    if not found.is_live(moment) or moment - since > STAYS_IN:
        return None
    return Visitor(
        school_id=found.school_id,
        share_id=found.id,
        passcode_id=passcode_id,
        name=name,
        room=found.room,
        edition=found.edition,
        may_download=found.may_download,
        expires_at=found.expires_at,
        snapshot=found.snapshot,
    )


def leave(session: Session, *, token: str) -> None:
    """The browser is let out; its cookie opens nothing any more."""
    row = session.get(VisitorSession, token_hash(token))
    if row is not None:
        session.delete(row)


def log_visit(session: Session, visitor: Visitor, kind: VisitKind, what: str = "") -> None:
    """What a visitor did is written down; the same thing again within ten minutes is one visit."""
    if not is_logged(session, visitor, kind, what):
        session.add(_visit(visitor.school_id, visitor.share_id, visitor.passcode_id, kind, what))


def is_logged(session: Session, visitor: Visitor, kind: VisitKind, what: str = "") -> bool:
    """Whether this was written down within the last ten minutes, so that reading on needs no writing."""
    chosen = select(Visit.id).where(
        Visit.school_id == visitor.school_id,
        Visit.share_id == visitor.share_id,
        Visit.passcode_id == visitor.passcode_id,
        Visit.kind == kind,
        Visit.what == what[:60],
        Visit.at > now() - LOGGED_ONCE,
    )
    return session.scalar(chosen.limit(1)) is not None


def latch_expired(session: Session) -> int:
    """How many shares whose time has passed are marked so: from now on no clock that goes back brings them alive."""
    moment = now()
    done = session.execute(
        update(Share).where(Share.expired_at.is_(None), Share.expires_at <= moment).values(expired_at=moment)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def has_unlatched(session: Session, room: str) -> bool:
    """Whether the share of a room has just passed its time and is not marked yet."""
    chosen = select(Share.id).where(Share.room == room, Share.expired_at.is_(None), Share.expires_at <= now())
    return session.scalar(chosen) is not None


def _takes_guests(found: Share) -> bool:
    return found.locked_at is None and found.is_live(now())


def _latch(found: Share) -> None:
    moment = now()
    if found.expired_at is None and found.expires_at <= moment:
        found.expired_at = moment


def _subject(found: Share) -> str:
    return f"share {found.id}"


def _visit(school_id: str, share_id: str, passcode_id: str, kind: VisitKind, what: str) -> Visit:
    return Visit(
        id=new_id(),
        school_id=school_id,
        share_id=share_id,
        passcode_id=passcode_id,
        kind=kind,
        what=what[:60],
        at=now(),
    )
