"""What the next filing most likely is: whose programme, which year, who may see it, and what it is for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, Item, ItemFacts, Visibility, school_year_of
from evidence_app.domain.intake.models import BatchEntry, EntryState
from evidence_app.domain.requests import request_line


def next_facts(session: Session, actor: Actor, request_id: str = "") -> ItemFacts:
    """The facts the next filing most likely has: those of the person's last one, without what belongs to it alone.

    What answers a request is of its programme, and for what it asks. NotFound when it does not concern the actor.
    One that is held back says nothing of the next: nobody chose how private it is. Nor does one that came with a drive
    or an import, whose facts were meant for all of it, or one that is not saved yet, or that is in the bin.
    """
    facts = _facts_of_the_last(session, actor)
    if not request_id:
        return facts
    asked = request_line(session, actor, request_id).request
    programmes = _only_allowed(actor, [asked.programme] if asked.programme else [])
    return replace(facts, programmes=programmes or facts.programmes, purpose=asked.title)


def begun_facts(session: Session, actor: Actor, request_id: str = "") -> ItemFacts:
    """The facts of what the actor begins to file: those it most likely has, seen by nobody else before it is saved."""
    return replace(next_facts(session, actor, request_id), visibility=Visibility.PRIVATE)


def _facts_of_the_last(session: Session, actor: Actor) -> ItemFacts:
    last = session.scalar(
        select(Item)
        .where(
            Item.school_id == actor.school_id,
            Item.owner_id == actor.person_id,
            Item.held == Hold.NONE,
            Item.came_in_bulk.is_(False),
            Item.withdrawn_at.is_(None),
            not_(_is_begun()),
        )
        .order_by(Item.received_at.desc(), Item.id.desc())
        .limit(1)
    )
    this_year = school_year_of(now().date())
    if last is None:
        return ItemFacts(programmes=_only_allowed(actor, actor.programmes), school_year=this_year)
    # The widest is chosen each time anew: one notice for everybody says nothing of the next photograph.
    visibility = Visibility.SHAREABLE if last.visibility == Visibility.PUBLIC else last.visibility
    was_current = last.school_year == school_year_of(last.received_at.date())
    return ItemFacts(
        programmes=_only_allowed(actor, last.programmes),
        campus_id=last.campus_id,
        subject_id=last.subject_id,
        year_group_id=last.year_group_id,
        school_year=this_year if was_current else last.school_year,
        visibility=visibility,
    )


def _is_begun() -> ColumnElement[bool]:
    begun = exists().where(
        BatchEntry.school_id == Item.school_id, BatchEntry.item_id == Item.id, BatchEntry.state != EntryState.KNOWN
    )
    return begun.correlate(Item)


def _only_allowed(actor: Actor, programmes: Collection[str]) -> tuple[str, ...]:
    allowed = [p for p in programmes if not actor.programmes or p in actor.programmes]
    return tuple(sorted(allowed))
