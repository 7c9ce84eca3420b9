"""Exhibit numbers: E-<home>-<running>. A number once given always means the same exhibit and is never given again."""

from __future__ import annotations

import re

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from evidence_app.database import new_id
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import version
from evidence_app.domain.extraction import hurry
from evidence_app.domain.selfstudy.models import Exhibit, ExhibitNumber
from evidence_app.domain.selfstudy.queries.finding import evaluation_to_change

PLAN_HOME = "P"
_MILESTONE_HOME = re.compile(r"M\d")


def number_exhibit(session: Session, *, actor: Actor, evaluation_id: str, version_id: str, home: str) -> Exhibit:
    """The exhibit this version is in an evaluation, numbered at first sight. Whoever calls has asked for permission.

    `home` is the code of the practice that cites it, a milestone ("M3"), or "P" for a plan. A smaller home (practices
    before milestones before the plan) gives a provisional exhibit a new number; the old one goes on to find it. A fixed
    exhibit keeps its number. NotFound when the version is not the actor's to see.
    """
    frame = evaluation_to_change(session, actor, evaluation_id, lock=True)
    pinned = version(session, actor, version_id)
    found = session.scalar(
        select(Exhibit).where(
            Exhibit.school_id == actor.school_id, Exhibit.evaluation_id == frame.id, Exhibit.version_id == pinned.id
        )
    )
    if found is not None and (found.is_fixed or _rank(home) >= _rank(found.home)):
        return found
    running = 1 + (_last_running(session, actor.school_id, frame.id, home) or 0)
    number = f"E-{home}-{running:02d}"
    if found is None:
        found = Exhibit(
            id=new_id(),
            school_id=actor.school_id,
            evaluation_id=frame.id,
            item_id=pinned.item_id,
            version_id=pinned.id,
        )
        session.add(found)
    found.home, found.running, found.number = home, running, number
    session.flush()
    hurry(session, pinned)
    session.add(
        ExhibitNumber(
            school_id=actor.school_id,
            evaluation_id=frame.id,
            number=number,
            home=home,
            running=running,
            exhibit_id=found.id,
        )
    )
    return found


def fix_numbers(session: Session, school_id: str, evaluation_id: str) -> int:
    """How many exhibits of an evaluation have a fixed number now. For the room that publishes an edition."""
    mine = (Exhibit.school_id == school_id, Exhibit.evaluation_id == evaluation_id)
    session.execute(update(Exhibit).where(*mine).values(is_fixed=True))
    return session.scalar(select(func.count()).select_from(Exhibit).where(*mine)) or 0


def _last_running(session: Session, school_id: str, evaluation_id: str, home: str) -> int | None:
    return session.scalar(
        select(func.max(ExhibitNumber.running)).where(
            ExhibitNumber.school_id == school_id,
            ExhibitNumber.evaluation_id == evaluation_id,
            ExhibitNumber.home == home,
        )
    )


def _rank(home: str) -> tuple[int, str]:
    """How homes are compared: practices by code, then milestones, then the plan."""
    if home == PLAN_HOME:
        return (2, "")
    return (1 if _MILESTONE_HOME.fullmatch(home) else 0, home)
