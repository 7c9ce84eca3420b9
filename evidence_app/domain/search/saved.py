"""Keeping a search under a name, for oneself or for the school, and forgetting it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import Membership
from evidence_app.domain.audit import record
from evidence_app.domain.search.models import SavedSearch
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line

MOST_SEARCHES = 50
MOST_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class SearchOffered:
    """A search one may run: one's own, or `by` a colleague who shares it."""

    id: str
    name: str
    asked: str
    is_shared: bool
    by: str = ""


def save_search(session: Session, *, actor: Actor, name: str, asked: str, is_shared: bool) -> SavedSearch:
    """The search now kept under this name; one of the actor's that had it is replaced."""
    require(actor, Action.READ_EVIDENCE)
    name = clean_line(name, 100)
    if not name:
        raise Invalid(msg("Give the search a name, so that you know it again."), field="name")
    if not asked or len(asked) > MOST_CHARS:
        raise Invalid(msg("Search for something first, then save it."), field="name")
    wait_for_turn(session, "saved search", actor.school_id, actor.person_id)
    mine = select(SavedSearch).where(SavedSearch.school_id == actor.school_id, SavedSearch.person_id == actor.person_id)
    kept = session.scalar(mine.where(SavedSearch.name == name).with_for_update())
    if kept is None:
        if (session.scalar(mine.with_only_columns(func.count())) or 0) >= MOST_SEARCHES:
            raise Invalid(
                msg("You keep %(most)d searches, which is all there is room for. Remove one.", most=MOST_SEARCHES)
            )
        kept = SavedSearch(school_id=actor.school_id, person_id=actor.person_id, name=name, created_at=now())
        session.add(kept)
    kept.asked, kept.is_shared = asked, is_shared
    session.flush()
    record(session, actor, "search.save", "saved search", kept.id, is_shared=is_shared)
    return kept


def forget_search(session: Session, *, actor: Actor, search_id: str) -> None:
    """The actor's search is kept no longer. NotFound for one that is another's."""
    kept = session.get(SavedSearch, (actor.school_id, search_id))
    if kept is None or kept.person_id != actor.person_id:
        raise NotFound(msg("This search is not kept any more."))
    session.delete(kept)
    record(session, actor, "search.forget", "saved search", search_id)


def searches_for(session: Session, actor: Actor) -> list[SearchOffered]:
    """The actor's searches by name, then those that colleagues share; what somebody shared goes when they leave."""
    is_colleague = and_(Membership.school_id == SavedSearch.school_id, Membership.person_id == SavedSearch.person_id)
    is_mine = SavedSearch.person_id == actor.person_id
    chosen = (
        select(SavedSearch, Membership)
        .join(Membership, is_colleague)
        .where(SavedSearch.school_id == actor.school_id, or_(is_mine, SavedSearch.is_shared))
        .order_by(is_mine.desc(), func.lower(SavedSearch.name), SavedSearch.id)
    )
    return [
        SearchOffered(
            kept.id,
            kept.name,
            kept.asked,
            kept.is_shared,
            by="" if kept.person_id == actor.person_id else member.person.display_name,
        )
        for kept, member in session.execute(chosen)
        if member.person.deactivated_at is None
    ]
