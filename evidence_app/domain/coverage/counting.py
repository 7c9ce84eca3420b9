"""Counting evidence: one aggregate over the tags the actor may see, whatever the size of the school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, SQLColumnExpression, and_, case, func, select
from sqlalchemy.orm import Session, aliased

import standards
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemProgramme, visible_to
from evidence_app.domain.tagging import Tag, TagState


@dataclass(slots=True)
class Evidence:
    """What there is for one practice in one programme. `strength` is the best of accepted tags, None without any;
    `newest` is the latest day an accepted item shows, or was received where it shows none."""

    accepted: int = 0
    proposed: int = 0
    strength: int | None = None
    newest: date | None = None

    def add(self, state: TagState, count: int, strength: int, newest: date) -> None:
        """Count some more items."""
        if state == TagState.PROPOSED:
            self.proposed += count
            return
        self.accepted += count
        self.strength = max(strength, self.strength or 0)
        self.newest = max(newest, self.newest or newest)


def count_evidence(
    session: Session, actor: Actor, catalogue: standards.Catalogue, programmes: Iterable[str]
) -> dict[tuple[str, str], Evidence]:
    """(key of a practice, programme) -> what there is for it; only pairs that have something.

    A tag on a requirement counts for its practice, an item for a practice once. An item without programmes counts for
    every programme.
    """
    found: dict[tuple[str, str], Evidence] = {}
    every = tuple(programmes)
    for practice, programme, state, count, strength, newest in session.execute(_counted(actor, catalogue)):
        for each in every if programme is None else (programme,):
            found.setdefault((practice, each), Evidence()).add(TagState(state), count, strength, newest)
    return found


def first_accepted(
    session: Session, actor: Actor, catalogue: standards.Catalogue, programmes: Iterable[str]
) -> dict[tuple[str, str], date]:
    """(key of a practice, programme) -> the day its first evidence was accepted; only those that have any."""
    found: dict[tuple[str, str], date] = {}
    every = tuple(programmes)
    practice, about, tags = _tags_seen(actor, catalogue)
    accepted_on = func.date(func.min(func.coalesce(Tag.decided_at, Tag.tagged_at)))
    rows = session.execute(
        tags.with_only_columns(practice, about.programme, accepted_on)
        .where(Tag.state == TagState.ACCEPTED)
        .group_by(practice, about.programme)
    )
    for key, programme, first in rows:
        # SQLite has no type for days and answers with their text.
        day = date.fromisoformat(str(first))
        for each in every if programme is None else (programme,):
            found[key, each] = min(day, found.get((key, each), day))
    return found


def _counted(actor: Actor, catalogue: standards.Catalogue) -> Select[str, str | None, str, int, int, date]:
    """Rows of practice, programme (None: the whole school), state of the tag, items, best strength, newest day."""
    practice, about, tags = _tags_seen(actor, catalogue)
    shown = func.coalesce(Item.shown_to, Item.shown_from, func.date(Item.received_at))
    return (
        tags.with_only_columns(
            practice,
            about.programme,
            Tag.state,
            func.count(Tag.item_id.distinct()),
            func.max(Tag.strength),
            func.max(shown),
        )
        .where(Tag.state != TagState.RETURNED)
        .group_by(practice, about.programme, Tag.state)
    )


def _tags_seen(
    actor: Actor, catalogue: standards.Catalogue
) -> tuple[SQLColumnExpression[str], type[ItemProgramme], Select[str]]:
    """The practice a tag counts for, the programmes of its item, and the tags on items in use the actor may see."""
    practice = _practice(catalogue)
    # An alias, because what the actor may see asks for the item's programmes too and must not mean these.
    about = aliased(ItemProgramme)
    of_item = and_(about.school_id == Item.school_id, about.item_id == Item.id)
    tags = (
        select(practice)
        .select_from(Tag)
        .join(Item, and_(Item.school_id == Tag.school_id, Item.id == Tag.item_id))
        .outerjoin(about, of_item)
        .where(
            Tag.school_id == actor.school_id,
            func.substr(Tag.node_key, 1, len(catalogue.key) + 1) == f"{catalogue.key}/",
            visible_to(actor),
            Item.withdrawn_at.is_(None),
        )
    )
    return practice, about, tags


def _practice(catalogue: standards.Catalogue) -> SQLColumnExpression[str]:
    """The practice a tag counts for. A list of cases is six times faster here than a join with a table of pairs."""
    practices = {node.key: above.key for above in catalogue.practices() for node in catalogue.descendants(above.key)}
    return case(practices, value=Tag.node_key, else_=Tag.node_key).label("practice") if practices else Tag.node_key
