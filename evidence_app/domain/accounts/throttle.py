"""Slowing down those who guess. Counters are rows, so that every process of the installation sees them.

One place that fails too often against one secret waits for a quarter of an hour. Where many places fail against one
account, or one place against many accounts, nothing is locked: there is one try every half minute. A browser
that has signed in to the account before has a count of its own and does not queue behind strangers.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.accounts.models import Attempt

WINDOW = timedelta(minutes=15)
MOST_PER_SOURCE = 10
MOST_IN_ALL = 100
PAUSE = timedelta(seconds=30)
"""What lies between two tries once there were `MOST_IN_ALL` failures against a subject, or from a place."""


def is_throttled(session: Session, subject: str, source: str, *, is_known: bool = False) -> bool:
    """Whether this place has failed too often against this subject, or has to wait because everybody together has.

    What a known browser sends waits for nobody else.
    """
    here = (Attempt.subject == _short(subject), Attempt.source == _short(source))
    if _failures(session, *here) >= MOST_PER_SOURCE:
        return True
    return not is_known and _has_to_pause(session, Attempt.subject == _short(subject))


def is_slowed(session: Session, subject: str, source: str) -> bool:
    """Whether this place has failed so often against a subject that stands for many that it has to pause."""
    return _has_to_pause(session, Attempt.subject == _short(subject), Attempt.source == _short(source))


def count_failure(session: Session, subject: str, source: str) -> None:
    """One more failure of this place against this subject; a window that has passed begins anew."""
    wait_for_turn(session, subject, source)
    moment = now()
    session.execute(delete(Attempt).where(Attempt.window_started_at <= moment - WINDOW))
    row = session.get(Attempt, (_short(subject), _short(source)), with_for_update=True)
    if row is None:
        row = Attempt(subject=_short(subject), source=_short(source), failures=0, window_started_at=moment)
        session.add(row)
    row.failures += 1
    row.failed_at = moment


def forget_failures(session: Session, subject: str, source: str) -> None:
    """A clean slate for this place, after the right secret was given."""
    session.execute(delete(Attempt).where(Attempt.subject == _short(subject), Attempt.source == _short(source)))


def _failures(session: Session, *which: ColumnElement[bool]) -> int:
    counted = select(func.coalesce(func.sum(Attempt.failures), 0)).where(
        *which, Attempt.window_started_at > now() - WINDOW
    )
    return session.scalar(counted) or 0


def _has_to_pause(session: Session, *which: ColumnElement[bool]) -> bool:
    just_now = select(Attempt.failures).where(*which, Attempt.failed_at > now() - PAUSE).limit(1)
    return session.scalar(just_now) is not None and _failures(session, *which) >= MOST_IN_ALL


def _short(text: str) -> str:
    """A fixed-length stand-in, so that neither an address nor a name is kept in the counters."""
    return hashlib.sha256(text.encode()).hexdigest()
