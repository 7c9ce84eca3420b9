"""What somebody looked for last: kept for them alone, asked again with a key, and cleared when they say so."""

from __future__ import annotations

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.search.models import RecentSearch
from evidence_app.domain.search.saved import MOST_CHARS

MOST_RECENT = 12


def remember_search(session: Session, *, actor: Actor, asked: str) -> None:
    """The search is the actor's latest; the oldest goes where there are more than are kept. Nobody else is told."""
    require(actor, Action.READ_EVIDENCE)
    if not asked or len(asked) > MOST_CHARS:
        return
    wait_for_turn(session, "recent search", actor.school_id, actor.person_id)
    kept = list(session.scalars(_newest_first(actor)))
    same = next((one for one in kept if one.asked == asked), None)
    if same is not None:
        same.asked_at = now()
        return
    for old in kept[MOST_RECENT - 1 :]:
        session.delete(old)
    session.add(RecentSearch(school_id=actor.school_id, person_id=actor.person_id, asked=asked, asked_at=now()))


def forget_recent(session: Session, *, actor: Actor) -> None:
    """Nothing the actor looked for is remembered any more."""
    mine = (RecentSearch.school_id == actor.school_id, RecentSearch.person_id == actor.person_id)
    session.execute(delete(RecentSearch).where(*mine))


def recent_searches(session: Session, actor: Actor) -> list[str]:
    """What the actor asked last, as query strings, the latest first."""
    return list(session.scalars(_newest_first(actor).with_only_columns(RecentSearch.asked)))


def _newest_first(actor: Actor) -> Select[RecentSearch]:
    mine = (RecentSearch.school_id == actor.school_id, RecentSearch.person_id == actor.person_id)
    order = (RecentSearch.asked_at.desc(), RecentSearch.id.desc())
    return select(RecentSearch).where(*mine).order_by(*order)
