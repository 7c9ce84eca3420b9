"""Asking how links stand: of these items, or all that somebody should look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, can
from evidence_app.domain.evidence import ADDRESS_ONLY, Item, ItemKind, Version, Visibility, visible_items
from evidence_app.domain.links.models import CLOSED, LinkCheck

FOR_VISITORS = (Visibility.SHAREABLE, Visibility.PUBLIC)


@dataclass(frozen=True, slots=True)
class LinkToLookAt:
    """A link that visitors cannot open and that has no copy, with its newest version and the last look at it."""

    item: Item
    version: Version
    check: LinkCheck


def checks_of(session: Session, school_id: str, versions: Collection[Version]) -> dict[str, LinkCheck]:
    """Item id -> the last look at the address these versions have; none where another address was looked at."""
    urls = {version.item_id: version.url for version in versions if version.url}
    if not urls:
        return {}
    chosen = select(LinkCheck).where(LinkCheck.school_id == school_id, LinkCheck.item_id.in_(urls))
    return {row.item_id: row for row in session.scalars(chosen) if row.url == urls[row.item_id]}


def check_of(session: Session, version: Version) -> LinkCheck | None:
    """The last look at the address of a version; None where there was none."""
    return checks_of(session, version.school_id, [version]).get(version.item_id)


def needs_copy(version: Version, check: LinkCheck | None) -> bool:
    """Whether visitors find nothing at the address of this version, and get no copy instead."""
    return version.is_address_only and check is not None and check.url == version.url and check.state_now.is_closed


def closed() -> ColumnElement[bool]:
    """`needs_copy` as a condition on `Version` and `LinkCheck`."""
    return and_(Version.media_type == ADDRESS_ONLY, LinkCheck.url == Version.url, LinkCheck.state.in_(CLOSED))


def closed_among(session: Session, school_id: str, item_ids: Collection[str]) -> frozenset[str]:
    """Which of these items are links that visitors cannot open and that have no copy, whoever may see them."""
    newest = and_(Version.school_id == Item.school_id, Version.id == Item.current_version_id)
    chosen = (
        select(Item.id)
        .join(Version, newest)
        .join(LinkCheck, and_(LinkCheck.school_id == Item.school_id, LinkCheck.item_id == Item.id))
        .where(Item.school_id == school_id, Item.id.in_(item_ids), closed())
    )
    return frozenset(session.scalars(chosen))


def links_to_look_at(session: Session, actor: Actor, *, limit: int = 200) -> list[LinkToLookAt]:
    """Links the actor could mend, those to be shown to visitors first, then the ones found closed longest ago."""
    released = case((Item.visibility.in_(FOR_VISITORS), 0), else_=1)
    chosen = _to_look_at(actor).add_columns(Version, LinkCheck).order_by(released, LinkCheck.checked_at, Item.id)
    return [LinkToLookAt(*row) for row in session.execute(chosen.limit(limit))]


def count_links_to_look_at(session: Session, actor: Actor, *, for_visitors: bool = False) -> int:
    """How many links the actor could mend; of those that visitors may see, if asked."""
    chosen = _to_look_at(actor)
    if for_visitors:
        chosen = chosen.where(Item.visibility.in_(FOR_VISITORS))
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _to_look_at(actor: Actor) -> Select[Item]:
    newest = and_(Version.school_id == Item.school_id, Version.id == Item.current_version_id)
    of_item = and_(LinkCheck.school_id == Item.school_id, LinkCheck.item_id == Item.id)
    chosen = visible_items(actor).join(Version, newest).join(LinkCheck, of_item)
    chosen = chosen.where(Item.kind == ItemKind.LINK, closed())
    if not can(actor, Action.EDIT_ANY_EVIDENCE):
        chosen = chosen.where(Item.owner_id == actor.person_id)
    return chosen
