"""Keeping what was suggested, taking a yes and a no for an answer, and not suggesting at all."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, item
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.jobs import JobKind, Urgency, enqueue, enqueue_all
from evidence_app.domain.schools import School
from evidence_app.domain.suggesting.engine import Suggestion
from evidence_app.domain.suggesting.models import DeclinedSuggestion, ItemDigest, ItemSuggestion
from evidence_app.domain.suggesting.queries import Suggested
from evidence_app.domain.tagging import Tag, TagState, propose_all, review


def keep_suggestions(session: Session, *, school_id: str, found: Sequence[Suggested]) -> None:
    """These are now the suggestions of their items; an item erased meanwhile gets none.

    A reason that names another item keeps its id alone: its title is looked up for whoever reads the reason. An item
    whose kind of document nobody had said is of the kind that was found, and is indexed as such.
    """
    ids = [one.item_id for one in found]
    named = select(Item).where(Item.school_id == school_id, Item.id.in_(ids)).order_by(Item.id)
    items = {item.id: item for item in session.scalars(named.with_for_update())}
    for table in (ItemSuggestion, ItemDigest):
        session.execute(delete(table).where(table.school_id == school_id, table.item_id.in_(ids)))
    now_of_a_kind = []
    for one in found:
        if one.document_kind and (item := items.get(one.item_id)) and not item.document_kind:
            item.document_kind = one.document_kind
            now_of_a_kind.append(item.id)
    rows = [
        {
            "school_id": school_id,
            "item_id": one.item_id,
            "node_key": s.node_key,
            "position": position,
            "score": s.score,
            "is_sure": s.sure,
            "because": [{"code": b.code, "params": {k: v for k, v in b.params if k != "title"}} for b in s.because],
            "leans_on": _leans_on(s),
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
    enqueue_all(session, JobKind.INDEX_ITEM, school_id, now_of_a_kind, urgency=Urgency.BULK)


def _leans_on(suggestion: Suggestion) -> str:
    """The item without which nothing would speak for it; empty where something else does."""
    items = {dict(because.params).get("item", "") for because in suggestion.because}
    return items.pop() if len(items) == 1 else ""


def decline(session: Session, *, actor: Actor, item_id: str, node_key: str) -> None:
    """The suggestion is not shown any more for this item, and does not come back unless this is taken back."""
    require(actor, Action.TAG_EVIDENCE)
    found = item(session, actor, item_id)
    node = require_node(session, actor.school_id, node_key)
    wait_for_turn(session, "declined", actor.school_id, found.id, node.key)
    session.merge(
        DeclinedSuggestion(
            school_id=actor.school_id,
            item_id=found.id,
            node_key=node.key,
            declined_by=actor.person_id,
            declined_at=now(),
        )
    )
    record(session, actor, "suggesting.decline", "item", found.id, node=node.key)
    enqueue(session, JobKind.LEARN_FROM_ITEM, actor.school_id, found.id, urgency=Urgency.LATER)


def take_back_decline(session: Session, *, actor: Actor, item_id: str, node_key: str) -> None:
    """The suggestion is there again; it is worked out anew in case it went meanwhile."""
    require(actor, Action.TAG_EVIDENCE)
    found = item(session, actor, item_id)
    gone = session.get(DeclinedSuggestion, (actor.school_id, found.id, node_key))
    if gone is None:
        return
    session.delete(gone)
    record(session, actor, "suggesting.take_back", "item", found.id, node=node_key)
    enqueue(session, JobKind.SUGGEST_ITEM, actor.school_id, found.id)
    enqueue(session, JobKind.LEARN_FROM_ITEM, actor.school_id, found.id, urgency=Urgency.LATER)


def accept(session: Session, *, actor: Actor, chosen: Sequence[tuple[str, str]]) -> list[Tag]:
    """The accepted tags of these items (by id) with these nodes; one that somebody tagged meanwhile stays as it is.

    Only who reviews may say yes without anybody having proposed it. NotFound, and none accepted, for an item that is
    not the actor's to see.
    """
    require(actor, Action.REVIEW_TAGS)
    made = propose_all(session, actor=actor, pairs=chosen)
    session.flush()
    return review(session, actor=actor, tag_ids=[tag.id for tag in made], state=TagState.ACCEPTED)


def switch_suggestions(session: Session, *, actor: Actor, on: bool) -> None:
    """Whether practices are suggested in the actor's school. Turned on again, everything in use is looked at."""
    require(actor, Action.MANAGE_SCHOOL)
    school = session.get_one(School, actor.school_id)
    if school.suggests == on:
        return
    school.suggests = on
    record(session, actor, "suggesting.switch", "school", school.id, on=on)
    if on:
        in_use = select(Item.id).where(Item.school_id == school.id, Item.withdrawn_at.is_(None))
        ids = list(session.scalars(in_use))
        enqueue_all(session, JobKind.SUGGEST_ITEM, school.id, ids, urgency=Urgency.LATER)
