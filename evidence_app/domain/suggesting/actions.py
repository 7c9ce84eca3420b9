"""Keeping what was suggested, and taking a no for an answer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import Item, item
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.suggesting.models import DeclinedSuggestion, ItemDigest, ItemSuggestion
from evidence_app.domain.suggesting.queries import Suggested


def keep_suggestions(session: Session, *, school_id: str, found: Sequence[Suggested]) -> None:
    """These are now the suggestions of their items; an item erased meanwhile gets none.

    A reason that names another item keeps its id alone: its title is looked up for whoever reads the reason.
    """
    ids = [one.item_id for one in found]
    named = select(Item).where(Item.school_id == school_id, Item.id.in_(ids)).order_by(Item.id)
    items = {item.id: item for item in session.scalars(named.with_for_update())}
    for table in (ItemSuggestion, ItemDigest):
        session.execute(delete(table).where(table.school_id == school_id, table.item_id.in_(ids)))
    for one in found:
        if item := items.get(one.item_id):
            item.document_kind = item.document_kind or one.document_kind or ""
    rows = [
        {
            "school_id": school_id,
            "item_id": one.item_id,
            "node_key": s.node_key,
            "position": position,
            "score": s.score,
            "is_sure": s.sure,
            "because": [{"code": b.code, "params": {k: v for k, v in b.params if k != "title"}} for b in s.because],
        }
        for one in found
        if one.item_id in items
        for position, s in enumerate(one.suggestions)
    ]
    if rows:
        session.execute(insert(ItemSuggestion), rows)
    session.add_all(
        ItemDigest(school_id=school_id, item_id=one.item_id, digest=one.digest) for one in found if one.item_id in items
    )


def decline(session: Session, *, actor: Actor, item_id: str, node_key: str) -> None:
    """The suggestion is gone for this item and does not come back."""
    require(actor, Action.TAG_EVIDENCE)
    found = item(session, actor, item_id)
    node = require_node(session, actor.school_id, node_key)
    session.execute(
        delete(ItemSuggestion).where(
            ItemSuggestion.school_id == actor.school_id,
            ItemSuggestion.item_id == found.id,
            ItemSuggestion.node_key == node.key,
        )
    )
    session.merge(
        DeclinedSuggestion(
            school_id=actor.school_id,
            item_id=found.id,
            node_key=node.key,
            declined_by=actor.person_id,
            declined_at=now(),
        )
    )
