"""All suggestions that wait for a yes or a no in a school, by practice or by folder, for whoever works through them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import Item
from evidence_app.domain.suggesting.engine import Suggestion
from evidence_app.domain.suggesting.models import ItemSuggestion
from evidence_app.domain.suggesting.queries import of_item, suggestions_for, waiting

Columns = TypeVarTuple("Columns")


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


def suggestion_groups(session: Session, actor: Actor, by: GroupedBy) -> list[Group]:
    """Every group in which something waits for the actor, practices in their order, folders by name."""
    require(actor, Action.REVIEW_TAGS)
    key = _key(by)
    sure = func.sum(case((ItemSuggestion.is_sure, 1), else_=0))
    counted = _waiting(actor, select(key, func.count(), sure)).group_by(key).order_by(key)
    return [Group(key, number, int(surely)) for key, number, surely in session.execute(counted)]


def suggestions_in(
    session: Session, actor: Actor, by: GroupedBy, key: str, *, only_sure: bool, limit: int, offset: int = 0
) -> list[SuggestedItem]:
    """The suggestions of one group that wait for the actor, the surest first, with their reasons."""
    require(actor, Action.REVIEW_TAGS)
    order = (ItemSuggestion.is_sure.desc(), ItemSuggestion.score.desc(), Item.id, ItemSuggestion.node_key)
    chosen = _waiting(actor, select(Item, ItemSuggestion.node_key)).where(_key(by) == key)
    chosen = chosen.where(ItemSuggestion.is_sure) if only_sure else chosen
    rows = session.execute(chosen.order_by(*order).limit(limit).offset(offset)).all()
    told = suggestions_for(session, actor, {item.id for item, _node in rows})
    said = {(id, one.node_key): one for id, found in told.items() for one in found}
    return [SuggestedItem(item, said[item.id, node]) for item, node in rows if (item.id, node) in said]


def suggestion_keys(session: Session, actor: Actor, by: GroupedBy, key: str, *, limit: int) -> list[tuple[str, str]]:
    """Item id and node key of the sure suggestions of one group that wait for the actor, the surest first."""
    require(actor, Action.REVIEW_TAGS)
    chosen = _waiting(actor, select(ItemSuggestion.item_id, ItemSuggestion.node_key))
    chosen = chosen.where(_key(by) == key, ItemSuggestion.is_sure)
    found = session.execute(chosen.order_by(ItemSuggestion.score.desc(), ItemSuggestion.item_id).limit(limit))
    return [(item_id, node_key) for item_id, node_key in found]


def _key(by: GroupedBy) -> ColumnElement[str]:
    return Item.folder.expression if by is GroupedBy.FOLDER else ItemSuggestion.node_key.expression


def _waiting(actor: Actor, chosen: Select[*Columns]) -> Select[*Columns]:
    joined = chosen.select_from(ItemSuggestion).join(Item, of_item())
    return joined.where(ItemSuggestion.school_id == actor.school_id, waiting(actor))
