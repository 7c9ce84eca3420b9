"""The reverse of suggesting: for a practice, what the school may have already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, copies_key, current_versions, visible_items
from evidence_app.domain.suggesting.engine import Suggestion
from evidence_app.domain.suggesting.models import ItemSuggestion
from evidence_app.domain.suggesting.queries import of_item, suggestions_for, waiting
from evidence_app.domain.tagging import Tag

LOOKED_AT_FOR_ONE: Final = 4
"""So many items are looked at for each that is offered: some are copies, and some have no reason for this reader."""


@dataclass(frozen=True, slots=True)
class FittingItem:
    """An item that seems to show a node, why, and how many likely versions or copies of it do so too."""

    item: Item
    suggestion: Suggestion
    more_like_it: int


def items_fitting(session: Session, actor: Actor, node_keys: Collection[str], *, most: int) -> list[FittingItem]:
    """Items that seem to show one of these nodes and that nobody tagged or declined for any, the surest first.

    At most `most`, each once, with its best suggestion; only items the actor sees, for reasons the actor may read.
    Likely versions and copies of one document are one, the newest of them.
    """
    best = (
        select(
            ItemSuggestion.item_id,
            func.max(case((ItemSuggestion.is_sure, 1), else_=0)).label("sure"),
            func.max(ItemSuggestion.score).label("score"),
        )
        .join(Item, of_item())
        .where(waiting(actor), ItemSuggestion.node_key.in_(node_keys))
        .group_by(ItemSuggestion.item_id)
        .subquery()
    )
    is_tagged = exists().where(Tag.school_id == Item.school_id, Tag.item_id == Item.id, Tag.node_key.in_(node_keys))
    chosen = (
        visible_items(actor)
        .join(best, best.c.item_id == Item.id)
        .where(~is_tagged)
        .order_by(best.c.sure.desc(), best.c.score.desc(), Item.id)
    )
    # Some fall out below, because all their reasons name what this actor may not open.
    items = list(session.scalars(chosen.limit(LOOKED_AT_FOR_ONE * most)))
    kept = suggestions_for(session, actor, [item.id for item in items])
    versions = current_versions(session, actor.school_id, items)
    together: dict[str, list[tuple[Item, Suggestion]]] = {}
    for item in items:
        first = next((one for one in kept.get(item.id, ()) if one.node_key in node_keys), None)
        if first is not None:
            key = copies_key(item.title, versions[item.id].file_name)
            together.setdefault(key, []).append((item, first))
    newest = (max(found, key=lambda one: (one[0].received_at, one[0].id)) for found in together.values())
    folded = zip(newest, together.values(), strict=True)
    return [FittingItem(item, first, len(found) - 1) for (item, first), found in folded][:most]
