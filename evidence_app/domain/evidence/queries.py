"""Asking for evidence. Everything starts from `visible_to`: what the actor may see, by the rows as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, can
from evidence_app.domain.evidence.models import (
    HELD_BACK,
    Item,
    ItemAccess,
    ItemProgramme,
    SeriesPart,
    Version,
    Visibility,
)
from evidence_app.errors import NotFound
from evidence_app.i18n import msg

MOST_ALIKE = 30
"""Items of nearly one name that are compared with another; a name that more have says little."""


@lru_cache(maxsize=512)
def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Item` under which this actor may know that it exists.

    A private item is open to the people and groups it names and to nobody else, whatever their role, as long as the
    name counts (see `ItemAccess`). A role limited to programmes or campuses sees what is about them or about the whole
    school, of private items too.
    """
    if not can(actor, Action.READ_EVIDENCE):
        return false()
    named = (
        exists()
        .where(
            ItemAccess.school_id == Item.school_id,
            ItemAccess.item_id == Item.id,
            or_(
                and_(ItemAccess.person_id == actor.person_id, ItemAccess.standing == actor.standing),
                ItemAccess.group_id.in_(actor.confirmed_group_ids),
            ),
        )
        .correlate(Item)
        if actor.standing
        else false()
    )
    is_open = or_(Item.visibility != Visibility.PRIVATE, named)
    within = [is_open]
    if actor.programmes:
        of_item = and_(ItemProgramme.school_id == Item.school_id, ItemProgramme.item_id == Item.id)
        about_any = exists().where(of_item).correlate(Item)
        about_mine = exists().where(of_item, ItemProgramme.programme.in_(actor.programmes)).correlate(Item)
        within.append(or_(not_(about_any), about_mine))
    if actor.campus_ids:
        within.append(or_(Item.campus_id.is_(None), Item.campus_id.in_(actor.campus_ids)))
    mine = and_(Item.owner_id == actor.person_id, Item.visibility != Visibility.PRIVATE)
    return and_(Item.school_id == actor.school_id, Item.leaving_at.is_(None), or_(and_(*within), mine))


def visible_items(actor: Actor, *, withdrawn: bool = False) -> Select[Item]:
    """A select of the items the actor may see: those in use, or those in the bin."""
    in_bin = Item.withdrawn_at.is_not(None) if withdrawn else Item.withdrawn_at.is_(None)
    return select(Item).where(visible_to(actor), in_bin)


def hidden_from(session: Session, actor: Actor) -> frozenset[str]:
    """The ids of the school's items the actor may not see or that are in the bin: the engines' MUST_NOT filter."""
    # Of the connection: there may be thousands, and as ids alone they need nothing of what the session does for rows.
    return frozenset(session.connection().scalars(_hidden_items(actor).with_only_columns(Item.id)).all())


def _hidden_items(actor: Actor) -> Select[Item]:
    hidden = select(Item).where(
        Item.school_id == actor.school_id, or_(not_(visible_to(actor)), Item.withdrawn_at.is_not(None))
    )
    return hidden.where(HELD_BACK) if _is_unlimited(actor) else hidden


def _is_unlimited(actor: Actor) -> bool:
    """Whether only what is held back can be hidden from the actor."""
    return can(actor, Action.READ_EVIDENCE) and not actor.programmes and not actor.campus_ids


def item(session: Session, actor: Actor, item_id: str, *, withdrawn: bool = False) -> Item:
    """One item the actor may see; NotFound otherwise. With `withdrawn`, one that may also be in the bin."""
    chosen = select(Item).where(visible_to(actor), Item.id == item_id)
    found = session.scalar(chosen if withdrawn else chosen.where(Item.withdrawn_at.is_(None)))
    if found is None:
        raise NotFound(msg("There is no such item, or it is not open to you."))
    return found


def version(session: Session, actor: Actor, version_id: str) -> Version:
    """One version of an item the actor may see, in use or in the bin; NotFound otherwise."""
    chosen = select(Version).join(Item, and_(Item.school_id == Version.school_id, Item.id == Version.item_id))
    found = session.scalar(chosen.where(visible_to(actor), Version.id == version_id))
    if found is None:
        raise NotFound(msg("There is no such version, or it is not open to you."))
    return found


def current_version(session: Session, found: Item) -> Version:
    """The newest version of an item."""
    return session.get_one(Version, (found.school_id, found.current_version_id))


def version_to_cite(session: Session, actor: Actor, item_id: str, version_id: str) -> Version:
    """The version named, else the newest of the item; NotFound where the actor may not see it, or it is in the bin."""
    if not version_id:
        return current_version(session, item(session, actor, item_id))
    named = version(session, actor, version_id)
    item(session, actor, named.item_id)
    return named


def current_versions(session: Session, school_id: str, items: Collection[Item]) -> dict[str, Version]:
    """Item id -> its newest version."""
    ids = [i.current_version_id for i in items]
    found = session.scalars(select(Version).where(Version.school_id == school_id, Version.id.in_(ids)))
    return {v.item_id: v for v in found}


def versions_of(session: Session, actor: Actor, item_id: str) -> list[Version]:
    """All versions of an item the actor may see, newest first."""
    found = item(session, actor, item_id, withdrawn=True)
    whole = (Version.item_id == found.id) & (Version.part == 0)
    chosen = select(Version).where(Version.school_id == actor.school_id, whole)
    return list(session.scalars(chosen.order_by(Version.number.desc())))


def items_by_bytes(session: Session, actor: Actor, sha256s: Collection[str]) -> dict[str, list[Item]]:
    """SHA-256 -> the items in use with exactly these bytes in their newest version, or a part of it, oldest first.

    Only among those the actor may see: what others filed privately does not count, so that asking tells nothing.
    """
    among = visible_items(actor).join(Version, _newest()).where(Version.sha256.in_(sha256s))
    chosen = among.distinct().add_columns(Version.sha256)
    found: dict[str, list[Item]] = {}
    for one, sha256 in session.execute(chosen.order_by(Item.received_at, Item.id)):
        found.setdefault(sha256, []).append(one)
    return found


def named_alike(session: Session, actor: Actor, items: Collection[Item]) -> dict[str, list[Item]]:
    """Item id -> other files in use whose names differ from its own as versions do, newest first.

    Only items the actor may see; at most MOST_ALIKE of them for each name.
    """
    stems = {id: one.name_stem for id, one in current_versions(session, actor.school_id, items).items()}
    newest = and_(Version.school_id == Item.school_id, Version.id == Item.current_version_id)
    chosen = visible_items(actor).join(Version, newest).where(Version.name_stem.in_(set(stems.values()) - {""}))
    order = (Item.received_at.desc(), Item.id.desc())
    place = func.row_number().over(partition_by=Version.name_stem, order_by=order).label("place")
    ranked = chosen.with_only_columns(Item.id, Version.name_stem, place).subquery()
    rows = session.execute(
        select(Item, ranked.c.name_stem)
        .join(ranked, and_(ranked.c.id == Item.id, ranked.c.place <= MOST_ALIKE))
        .where(Item.school_id == actor.school_id)
        .order_by(*order)
    )
    alike: dict[str, list[Item]] = {}
    for one, stem in rows:
        alike.setdefault(stem, []).append(one)
    found = {one.id: [other for other in alike.get(stems.get(one.id, ""), ()) if other.id != one.id] for one in items}
    return {item_id: others for item_id, others in found.items() if others}


def sizes_held(session: Session, actor: Actor) -> set[int]:
    """The sizes, in bytes, of the newest versions of all items in use that the actor may see."""
    chosen = visible_items(actor).join(Version, _newest()).with_only_columns(Version.size_bytes).distinct()
    return set(session.scalars(chosen))


def _newest() -> ColumnElement[bool]:
    """The condition that joins an item with its newest version and, where that is a series, with each of its parts."""
    held = exists().where(
        SeriesPart.school_id == Item.school_id,
        SeriesPart.version_id == Item.current_version_id,
        SeriesPart.part_id == Version.id,
    )
    of_item = and_(Version.school_id == Item.school_id, Version.item_id == Item.id)
    return and_(of_item, or_(Version.id == Item.current_version_id, held.correlate(Item, Version)))


def may_change(actor: Actor, found: Item) -> bool:
    """Whether the actor may change this item, which they can see: its owner, or a role that edits others' evidence."""
    if can(actor, Action.FILE_EVIDENCE) and found.owner_id == actor.person_id:
        return True
    return can(actor, Action.EDIT_ANY_EVIDENCE)


@dataclass(frozen=True, slots=True)
class AccessNames:
    """Who may open a private item: ids of people and groups, and which people are custodians."""

    person_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    custodian_ids: tuple[str, ...]


def access_names(session: Session, actor: Actor, item_id: str) -> AccessNames:
    """Who is named on an item the actor may see."""
    found = item(session, actor, item_id, withdrawn=True)
    rows = list(
        session.scalars(
            select(ItemAccess).where(ItemAccess.school_id == actor.school_id, ItemAccess.item_id == found.id)
        )
    )
    return AccessNames(
        person_ids=tuple(r.person_id for r in rows if r.person_id),
        group_ids=tuple(r.group_id for r in rows if r.group_id),
        custodian_ids=tuple(r.person_id for r in rows if r.person_id and r.is_custodian),
    )


def recent_items(session: Session, actor: Actor, *, owner_id: str | None = None, limit: int = 20) -> list[Item]:
    """The newest items the actor may see, newest first; those of one owner if named."""
    chosen = visible_items(actor)
    if owner_id is not None:
        chosen = chosen.where(Item.owner_id == owner_id)
    return list(session.scalars(chosen.order_by(Item.received_at.desc(), Item.id.desc()).limit(limit)))


def items_in_bin(session: Session, actor: Actor, *, limit: int = 200) -> list[Item]:
    """What the actor could take out of the bin, last withdrawn first."""
    chosen = visible_items(actor, withdrawn=True)
    if not can(actor, Action.EDIT_ANY_EVIDENCE):
        chosen = chosen.where(Item.owner_id == actor.person_id)
    return list(session.scalars(chosen.order_by(Item.withdrawn_at.desc()).limit(limit)))


def has_items(session: Session, actor: Actor) -> bool:
    """Whether there is an item in use that the actor may see."""
    return session.scalar(visible_items(actor).with_only_columns(Item.id).limit(1)) is not None


def count_items(session: Session, actor: Actor, *, owner_id: str | None = None, since: date | None = None) -> int:
    """How many items in use the actor may see; of one owner, received since a day, if named."""
    if owner_id is None and since is None and _is_unlimited(actor):
        # Looking at all there is and at the few that are hidden is faster than asking of each who sees it.
        everything = select(func.count()).where(Item.school_id == actor.school_id).scalar_subquery()
        hidden = _hidden_items(actor).with_only_columns(func.count()).scalar_subquery()
        return session.scalar(select(everything - hidden)) or 0
    chosen = visible_items(actor)
    if owner_id is not None:
        chosen = chosen.where(Item.owner_id == owner_id)
    if since is not None:
        chosen = chosen.where(Item.received_at >= datetime.combine(since, time.min, UTC))
    return _counted(session, chosen)


def _counted(session: Session, chosen: Select[Item]) -> int:
    return session.scalar(chosen.with_only_columns(func.count())) or 0


def items_by_id(session: Session, actor: Actor, ids: Collection[str]) -> dict[str, Item]:
    """Id -> item, for those of these ids that the actor may see and that are in use."""
    found = session.scalars(visible_items(actor).where(Item.id.in_(ids)))
    return {i.id: i for i in found}


def bytes_stored(session: Session, school_id: str) -> int:
    """How many bytes a school's versions take, the same bytes counted once."""
    distinct = select(Version.sha256, Version.size_bytes).where(Version.school_id == school_id).distinct().subquery()
    return session.scalar(select(func.coalesce(func.sum(distinct.c.size_bytes), 0))) or 0
