"""Slowing down those who guess. Counters are rows, so that every process of the installation sees them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.accounts.models import Attempt

WINDOW = timedelta(minutes=15)
MOST_PER_SOURCE = 10
MOST_PER_SUBJECT = 100


def is_throttled(session: Session, subject: str, source: str) -> bool:
    """Whether this place has failed too often against this subject, or the subject was tried too often by anyone."""
    since = now() - WINDOW
    recent = select(func.coalesce(func.sum(Attempt.failures), 0)).where(
        Attempt.subject == _short(subject), Attempt.window_started_at > since
    )
    from_here = session.scalar(recent.where(Attempt.source == _short(source))) or 0
    from_all = session.scalar(recent) or 0
    return from_here >= MOST_PER_SOURCE or from_all >= MOST_PER_SUBJECT


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


def forget_failures(session: Session, subject: str, source: str) -> None:
    """A clean slate for this place, after the right secret was given."""
    session.execute(delete(Attempt).where(Attempt.subject == _short(subject), Attempt.source == _short(source)))


def _short(text: str) -> str:
    """A fixed-length stand-in, so that neither an address nor a name is kept in the counters."""
    return hashlib.sha256(text.encode()).hexdigest()
