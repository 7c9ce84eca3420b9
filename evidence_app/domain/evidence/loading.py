"""Items as actions load them: allowed first, then locked until the unit of work ends."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence.models import Item
from evidence_app.domain.evidence.queries import may_change, visible_to
from evidence_app.errors import NotAllowed, NotFound
from evidence_app.i18n import msg


def lock_visible(session: Session, actor: Actor, item_id: str, *, withdrawn: bool = False) -> Item:
    """The item, locked, when the actor may see it; with `withdrawn`, one that may also be in the bin."""
    chosen = select(Item).where(visible_to(actor), Item.id == item_id).with_for_update()
    found = session.scalar(chosen if withdrawn else chosen.where(Item.withdrawn_at.is_(None)))
    if found is None:
        raise NotFound(msg("There is no such item, or it is not open to you."))
    return found


def lock_own(session: Session, actor: Actor, item_id: str, *, withdrawn: bool = False) -> Item:
    """The item, locked, when the actor may change it."""
    found = lock_visible(session, actor, item_id, withdrawn=withdrawn)
    if not may_change(actor, found):
        raise NotAllowed(msg("Only the owner of this item or a coordinator may change it."))
    return found


def lock_own_all(session: Session, actor: Actor, item_ids: Collection[str]) -> list[Item]:
    """The items, all locked before the first is changed; always in one order, so that no two wait for each other."""
    return [lock_own(session, actor, item_id) for item_id in sorted(item_ids)]
