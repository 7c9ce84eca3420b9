"""All suggestions that wait for a yes or a no in a school, by practice or by folder, for whoever works through them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import CTE, ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import Item, items_by_id, visible_items
from evidence_app.domain.suggesting.engine import Suggestion
from evidence_app.domain.suggesting.models import ItemSuggestion
from evidence_app.domain.suggesting.queries import is_offered, suggestions_for, undecided

Columns = TypeVarTuple("Columns")

BEST_OF_AN_ITEM = 3
"""Where what is not sure is looked through as well, so many of each item, the likeliest."""


class GroupedBy(StrEnum):
    """By what suggestions are put together."""

    PRACTICE = "practice"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one practice (its node key) or one folder: how many wait, and how many of them are sure."""

    key: str
    waiting: int
    sure: int


@dataclass(frozen=True, slots=True)
class SuggestedItem:
    """One suggestion beside its item."""

    item: Item
    suggestion: Suggestion


def suggestion_groups(session: Session, actor: Actor, by: GroupedBy, *, only_sure: bool) -> list[Group]:
    """Every group in which something waits for the actor, practices in their order, folders by name."""
    require(actor, Action.REVIEW_TAGS)
    shown = _shown(actor)
    key = _key(by, shown)
    sure = func.sum(case((ItemSuggestion.is_sure, 1), else_=0))
    counted = _waiting(actor, shown, select(key, func.count(), sure), only_sure=only_sure)
    found = session.execute(counted.group_by(key).order_by(key))
    return [Group(name, number, int(surely)) for name, number, surely in found]


def suggestions_in(
    session: Session, actor: Actor, by: GroupedBy, key: str, *, only_sure: bool, limit: int, offset: int = 0
) -> list[SuggestedItem]:
    """The suggestions of one group that wait for the actor, the surest first, with their reasons."""
    rows = suggestion_keys(session, actor, by, key, only_sure=only_sure, limit=limit, offset=offset)
    items = items_by_id(session, actor, {item_id for item_id, _node in rows})
    told = suggestions_for(session, actor, items)
    said = {(id, one.node_key): one for id, found in told.items() for one in found}
    return [SuggestedItem(items[item_id], said[item_id, node]) for item_id, node in rows if (item_id, node) in said]


def suggestion_keys(
    session: Session, actor: Actor, by: GroupedBy, key: str, *, only_sure: bool, limit: int, offset: int = 0
) -> list[tuple[str, str]]:
    """Item id and node key of the suggestions of one group that wait for the actor, the surest first."""
    require(actor, Action.REVIEW_TAGS)
    shown = _shown(actor)
    chosen = _waiting(actor, shown, select(ItemSuggestion.item_id, ItemSuggestion.node_key), only_sure=only_sure)
    order = (ItemSuggestion.is_sure.desc(), ItemSuggestion.score.desc(), ItemSuggestion.item_id)
    found = session.execute(chosen.where(_key(by, shown) == key).order_by(*order).limit(limit).offset(offset))
    return [(item_id, node_key) for item_id, node_key in found]


def _shown(actor: Actor) -> CTE:
    """The items the actor sees that something may be suggested for, looked up once for all suggestions."""
    return visible_items(actor).where(is_offered()).with_only_columns(Item.id, Item.folder).cte("shown")


def _key(by: GroupedBy, shown: CTE) -> ColumnElement[str]:
    return shown.c.folder if by is GroupedBy.FOLDER else ItemSuggestion.node_key.expression


def _waiting(actor: Actor, shown: CTE, chosen: Select[*Columns], *, only_sure: bool) -> Select[*Columns]:
    joined = chosen.select_from(ItemSuggestion).join(shown, shown.c.id == ItemSuggestion.item_id)
    leans_on_open = ItemSuggestion.leans_on.in_(select(shown.c.id))
    asked = joined.where(ItemSuggestion.school_id == actor.school_id, undecided(actor, leans_on_open))
    return asked.where(ItemSuggestion.is_sure.is_(True) if only_sure else ItemSuggestion.position < BEST_OF_AN_ITEM)
