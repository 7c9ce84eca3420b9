"""Asking for tags, always through items the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Item, Visibility, visible_to
from evidence_app.domain.tagging.models import Tag, TagState


@dataclass(frozen=True, slots=True)
class TaggedItem:
    """A tag beside its item."""

    tag: Tag
    item: Item


def _visible_tags(actor: Actor) -> Select[Tag, Item]:
    """Tags on items in use that the actor may see, each with its item."""
    same = (Item.school_id == Tag.school_id) & (Item.id == Tag.item_id)
    return select(Tag, Item).join(Item, same).where(visible_to(actor), Item.withdrawn_at.is_(None))


def tags_of(session: Session, actor: Actor, item_id: str) -> list[Tag]:
    """The tags of one item, by node; empty when the item is not the actor's to see."""
    chosen = _visible_tags(actor).with_only_columns(Tag).where(Tag.item_id == item_id).order_by(Tag.node_key)
    return list(session.scalars(chosen))


def tags_of_items(session: Session, actor: Actor, item_ids: Collection[str]) -> dict[str, list[Tag]]:
    """Item id -> its tags by node, for those of these items that the actor may see."""
    found: dict[str, list[Tag]] = {}
    chosen = _visible_tags(actor).with_only_columns(Tag).where(Tag.item_id.in_(item_ids)).order_by(Tag.node_key)
    for tag in session.scalars(chosen):
        found.setdefault(tag.item_id, []).append(tag)
    return found


def evidence_for(session: Session, actor: Actor, node_keys: Collection[str], *, limit: int = 500) -> list[TaggedItem]:
    """What is tagged to any of these nodes, accepted and strongest first, then the newest."""
    order = (Tag.state != TagState.ACCEPTED, Tag.strength.desc(), Item.received_at.desc(), Tag.id)
    chosen = _visible_tags(actor).where(Tag.node_key.in_(node_keys)).order_by(*order).limit(limit)
    return [TaggedItem(tag, item) for tag, item in session.execute(chosen)]


def review_queue(
    session: Session, actor: Actor, *, node_key: str = "", folder: str | None = None, limit: int = 50
) -> list[TaggedItem]:
    """Proposed tags the actor may decide, those waiting longest first; of one node, or of items of one folder."""
    require(actor, Action.REVIEW_TAGS)
    chosen = _proposed(actor, node_key, folder).order_by(Tag.tagged_at, Tag.id).limit(limit)
    return [TaggedItem(tag, item) for tag, item in session.execute(chosen)]


def queue_groups(session: Session, actor: Actor) -> tuple[dict[str, int], dict[str, int]]:
    """How many proposed tags the actor may decide, by node key, and by folder; each in its order."""
    require(actor, Action.REVIEW_TAGS)
    by_node, by_folder = (
        select(column, func.count())
        .select_from(_proposed(actor).with_only_columns(Tag.node_key, Item.folder).subquery())
        .group_by(column)
        .order_by(column)
        for column in _GROUPED_BY
    )
    return dict(session.execute(by_node).all()), dict(session.execute(by_folder).all())


_GROUPED_BY: tuple[ColumnElement[str], ...] = (literal_column("node_key"), literal_column("folder"))


def _proposed(actor: Actor, node_key: str = "", folder: str | None = None) -> Select[Tag, Item]:
    chosen = _visible_tags(actor).where(Tag.state == TagState.PROPOSED)
    chosen = chosen.where(Tag.node_key == node_key) if node_key else chosen
    return chosen.where(Item.folder == folder) if folder is not None else chosen


def count_waiting(
    session: Session, actor: Actor, *, node_key: str = "", folder: str | None = None, most: int | None = None
) -> int:
    """How many proposed tags wait for a decision, among items the actor may see; of one node or folder, or all.

    Counting ends at `most`, for pages that ask each time.
    """
    waiting = _proposed(actor, node_key, folder).with_only_columns(Tag.id).limit(most)
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def returned_to(session: Session, actor: Actor, *, limit: int = 20) -> list[TaggedItem]:
    """What came back to the actor with a question, newest first."""
    chosen = _visible_tags(actor).where(Tag.state == TagState.RETURNED, Tag.tagged_by == actor.person_id)
    return [TaggedItem(tag, item) for tag, item in session.execute(chosen.order_by(Tag.decided_at.desc()).limit(limit))]


def closed_entries(session: Session, actor: Actor, entries: Collection[AuditEntry]) -> frozenset[int]:
    """The sequences of those audit entries that are about a private item, or a tag of one, that the actor may not open.

    What is not there any more counts as closed, since nothing tells what it was.
    """
    about = _items_in(session, actor, entries)
    may_know = select(Item.id).where(
        Item.school_id == actor.school_id,
        Item.id.in_(set(about.values())),
        or_(Item.visibility != Visibility.PRIVATE, visible_to(actor)),
    )
    known = set(session.scalars(may_know))
    return frozenset(sequence for sequence, item_id in about.items() if item_id not in known)


def items_told_of(session: Session, actor: Actor, entries: Collection[AuditEntry]) -> dict[int, Item]:
    """Sequence of an audit entry -> the item it is about, or a tag of which, where the actor may see it now."""
    about = _items_in(session, actor, entries)
    found = session.scalars(select(Item).where(visible_to(actor), Item.id.in_(set(about.values()))))
    items = {item.id: item for item in found}
    return {sequence: items[item_id] for sequence, item_id in about.items() if item_id in items}


def _items_in(session: Session, actor: Actor, entries: Collection[AuditEntry]) -> dict[int, str]:
    """Sequence of an entry -> the id of the item it is about, or a tag of which; "" where nothing tells that."""
    tags = {entry.subject_id for entry in entries if entry.subject_kind == "tag"}
    of_tag = dict(
        session.execute(select(Tag.id, Tag.item_id).where(Tag.school_id == actor.school_id, Tag.id.in_(tags))).all()
    )
    about: dict[int, str] = {}
    for entry in entries:
        if entry.subject_kind == "item":
            about[entry.sequence] = entry.subject_id
        elif entry.subject_kind == "tag":
            about[entry.sequence] = of_tag.get(entry.subject_id) or str(entry.facts.get("item", ""))
    return about
