"""Signing in and out: server-side sessions that end on sign-out, password change, role change and removal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.accounts.models import Person, SignInSession
from evidence_app.domain.accounts.passwords import is_password
from evidence_app.domain.accounts.throttle import count_failure, forget_failures, is_slowed, is_throttled
from evidence_app.domain.accounts.tokens import new_token, token_hash
from evidence_app.texts import clean_line

SEEN_EVERY = timedelta(minutes=1)
ANY_ACCOUNT = "sign-in of anybody"
SETTINGS_PAGE = "change of one's own"
"""What failures are counted against: all sign-ins of one place, and one's own password."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A try to sign in, its password compared: `matched` is the hash it fits, empty when it fits none.

    `browser` is what a browser is counted as that has signed in to this address before, empty for any other.
    """

    email: str
    source: str
    browser: str = ""
    matched: str = field(default="", repr=False)

    @property
    def subject(self) -> str:
        """What failures are counted against."""
        return f"sign-in {self.email}"

    @property
    def counted_as(self) -> str:
        """Whom failures are counted of: the browser known here, or else the place."""
        return self.browser or self.source


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a try to sign in ended: a token for the cookie, or why not ("wrong" or "throttled")."""

    token: str = ""
    person_id: str = ""
    refused: str = ""


def compare_password(session: Session, *, email: str, password: str, source: str, browser: str = "") -> Compared:
    """What comparing gave, for `sign_in`. Unknown addresses and wrong passwords look and take the same.

    Comparing takes long on purpose, so it is done on a reading session and holds up no writer; whoever has failed too
    often is not compared at all.
    """
    email = clean_line(email).lower()
    tried = Compared(email, source, browser)
    if _is_braked(session, tried):
        return tried
    person = session.scalar(select(Person).where(Person.email == email))
    known = person.password_hash if person is not None else ""
    return replace(tried, matched=known if is_password(password, known) else "")


def sign_in(session: Session, compared: Compared, *, browser: str = "") -> SignIn:
    """A session for the right password; every wrong try is counted against the account and the place it came from.

    A refusal is an answer, not an error, so that the count is kept. Tries made at the same moment count one by one.
    """
    wait_for_turn(session, compared.subject, compared.counted_as)
    if _is_braked(session, compared):
        return SignIn(refused="throttled")
    person = session.scalar(select(Person).where(Person.email == compared.email))
    is_right = person is not None and compared.matched != "" and person.password_hash == compared.matched
    if person is None or not is_right or person.deactivated_at is not None:
        count_failure(session, compared.subject, compared.counted_as)
        if not compared.browser:
            count_failure(session, ANY_ACCOUNT, compared.source)
        return SignIn(refused="wrong")
    forget_failures(session, compared.subject, compared.counted_as)
    return SignIn(token=open_session(session, person_id=person.id, browser=browser), person_id=person.id)


def _is_braked(session: Session, tried: Compared) -> bool:
    is_known = tried.browser != ""
    if is_throttled(session, tried.subject, tried.counted_as, is_known=is_known):
        return True
    return not is_known and is_slowed(session, ANY_ACCOUNT, tried.source)


def is_own_password(session: Session, *, person_id: str, password: str) -> bool | None:
    """Whether this is the password of somebody who is signed in; None, uncompared, after too many wrong ones."""
    if is_throttled(session, SETTINGS_PAGE, person_id, is_known=True):
        return None
    return is_password(password, session.get_one(Person, person_id).password_hash)


def count_own_password(session: Session, *, person_id: str, is_right: bool) -> bool:
    """Whether a compared password may be acted on; wrong ones are counted, those made at the same moment one by one."""
    wait_for_turn(session, SETTINGS_PAGE, person_id)
    if is_throttled(session, SETTINGS_PAGE, person_id, is_known=True):
        return False
    if is_right:
        forget_failures(session, SETTINGS_PAGE, person_id)
    else:
        count_failure(session, SETTINGS_PAGE, person_id)
    return is_right


def open_session(session: Session, *, person_id: str, browser: str = "") -> str:
    """The token of a new signed-in session, for the cookie."""
    token, moment = new_token(), now()
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=moment,
            seen_at=moment,
            browser=clean_line(browser, 200),
        )
    )
    return token


def sign_out(session: Session, token: str) -> None:
    """The session is gone; its cookie opens nothing any more."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash == token_hash(token)))


def find_session(session: Session, token: str, *, idle_seconds: int, longest_seconds: int) -> SignInSession | None:
    """The live session of this token, or None when it ended, idled too long or grew too old."""
    row = session.get(SignInSession, token_hash(token))
    moment = now()
    if row is None or moment - row.seen_at > timedelta(seconds=idle_seconds):
        return None
    return row if moment - row.created_at <= timedelta(seconds=longest_seconds) else None


def is_due_to_be_seen(row: SignInSession) -> bool:
    """Whether the session's last sight is old enough to be written again (once a minute at most)."""
    return now() - row.seen_at >= SEEN_EVERY


def mark_seen(session: Session, token: str) -> None:
    """The session was used just now; times never go backwards when a clock does."""
    row = session.get(SignInSession, token_hash(token))
    if row is not None:
        row.seen_at = max(row.seen_at, now())


def sessions_of(session: Session, person_id: str) -> list[SignInSession]:
    """The browsers a person is signed in with, last used first."""
    chosen = select(SignInSession).where(SignInSession.person_id == person_id)
    return list(session.scalars(chosen.order_by(SignInSession.seen_at.desc())))


def end_session(session: Session, *, person_id: str, hash_of_token: str) -> None:
    """One of the person's own sessions is ended."""
    session.execute(
        delete(SignInSession).where(SignInSession.person_id == person_id, SignInSession.token_hash == hash_of_token)
    )


def forget_ended(session: Session, *, idle_seconds: int, longest_seconds: int) -> int:
    """How many sessions that idled too long or grew too old were forgotten: they open nothing any more."""
    moment = now()
    ended = or_(
        SignInSession.seen_at < moment - timedelta(seconds=idle_seconds),
        SignInSession.created_at < moment - timedelta(seconds=longest_seconds),
    )
    return int(session.execute(delete(SignInSession).where(ended)).rowcount)  # type: ignore[attr-defined]
