"""The register: policies, and whatever else is to be looked at again by some day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.loading import lock_own_all
from evidence_app.domain.evidence.models import Item
from evidence_app.domain.evidence.queries import visible_items


class Listed(StrEnum):
    """Which part of the register is asked for."""

    ALL = ""
    LATE = "late"
    UNDATED = "none"


class ReviewDay(NamedTuple):
    """A day on which an item is looked at again, None for no day: as somebody saw it, and as they want it."""

    was: date | None
    becomes: date | None


def register_of(
    session: Session, actor: Actor, kinds: Collection[str], *, listed: Listed, today: date, most: int
) -> list[Item]:
    """Items in use that the actor may see and that are of one of these kinds of document, or have a day to be looked at
    again: the longest overdue first, those without a day last.
    """
    order = (Item.review_by.is_(None), Item.review_by, Item.title, Item.id)
    chosen = visible_items(actor).where(_parts(kinds, today)[listed])
    return list(session.scalars(chosen.order_by(*order).limit(most)))


def count_register(session: Session, actor: Actor, kinds: Collection[str], *, today: date) -> dict[Listed, int]:
    """How many `register_of` would list of each part, were there no limit."""
    counts = [func.count().filter(condition) for condition in _parts(kinds, today).values()]
    found = session.execute(visible_items(actor).with_only_columns(*counts)).one()
    return dict(zip(Listed, found, strict=True))


def _parts(kinds: Collection[str], today: date) -> dict[Listed, ColumnElement[bool]]:
    is_policy = Item.document_kind.in_(kinds)
    return {
        Listed.ALL: or_(is_policy, Item.review_by.is_not(None)),
        Listed.LATE: Item.review_by < today,
        Listed.UNDATED: and_(is_policy, Item.review_by.is_(None)),
    }


def count_late_reviews(session: Session, actor: Actor, today: date) -> int:
    """How many items that the actor may change should have been looked at again before today."""
    if not can(actor, Action.FILE_EVIDENCE):
        return 0
    late = visible_items(actor).where(Item.review_by < today)
    if not can(actor, Action.EDIT_ANY_EVIDENCE):
        late = late.where(Item.owner_id == actor.person_id)
    return session.scalar(late.with_only_columns(func.count())) or 0


def set_review_days(session: Session, *, actor: Actor, days: Mapping[str, ReviewDay]) -> tuple[list[Item], list[Item]]:
    """Sets these days (by id of the item). What was changed, and what was left as it is because somebody else set yet
    another day meanwhile.

    NotFound or NotAllowed, and nothing is set, where one of the items is not the actor's to change.
    """
    require(actor, Action.FILE_EVIDENCE)
    changed, left = [], []
    for found in lock_own_all(session, actor, days):
        day = days[found.id]
        if found.review_by == day.becomes:
            continue
        if found.review_by != day.was:
            left.append(found)
            continue
        found.review_by, found.changed_at = day.becomes, now()
        record(session, actor, "evidence.update", "item", found.id, visibility=found.visibility)
        changed.append(found)
    return changed, left
