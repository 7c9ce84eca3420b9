"""Keeping what was suggested, and taking a no for an answer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import Item, item
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.suggesting.engine import Suggestion
from evidence_app.domain.suggesting.models import DeclinedSuggestion, ItemDigest, ItemSuggestion


def keep_suggestions(
    session: Session,
    *,
    school_id: str,
    item_id: str,
    suggestions: Sequence[Suggestion],
    digest: str,
    document_kind: str | None,
) -> None:
    """These are now the item's suggestions; an item erased meanwhile gets none.

    A reason that names another item keeps its id alone: its title is looked up for whoever reads the reason.
    """
    found = session.get(Item, (school_id, item_id), with_for_update=True)
    if found is None:
        return
    found.document_kind = found.document_kind or document_kind or ""
    session.execute(
        delete(ItemSuggestion).where(ItemSuggestion.school_id == school_id, ItemSuggestion.item_id == item_id)
    )
    session.add_all(
        ItemSuggestion(
            school_id=school_id,
            item_id=item_id,
            node_key=s.node_key,
            position=position,
            score=s.score,
            is_sure=s.sure,
            because=[{"code": b.code, "params": {k: v for k, v in b.params if k != "title"}} for b in s.because],
        )
        for position, s in enumerate(suggestions)
    )
    session.merge(ItemDigest(school_id=school_id, item_id=item_id, digest=digest))


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
