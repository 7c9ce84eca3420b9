"""Tagging an item to a node, and reviewing what was proposed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now, wait_for_turn
from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.audit import record, record_all
from evidence_app.domain.evidence import Item, item, items_by_id, visible_to
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.jobs import JobKind, Urgency, enqueue, enqueue_all
from evidence_app.domain.tagging.models import Tag, TagState
from evidence_app.domain.tagging.queries import tags_of_items
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line, clean_text

DECIDED_ALREADY = msg("This was decided already, in another window or by somebody else. It stays as it is.")


def attach(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    node_key: str,
    note: str = "",
    strength: int = 0,
) -> Tag:
    """The tag, proposed. Tagging the same node again changes the note; a returned tag is proposed anew, and so is an
    accepted one whose note anybody but a reviewer changes: what was accepted are the words that were read.

    Only a reviewer sets a strength, or changes what somebody else wrote: anybody else gets Conflict. NotFound when the
    item is not the actor's to see, Invalid for an unknown node.
    """
    require(actor, Action.TAG_EVIDENCE)
    found = item(session, actor, item_id)
    node = require_node(session, actor.school_id, node_key)
    wait_for_turn(session, "tag", actor.school_id, found.id, node.key)
    tag = session.scalar(
        select(Tag)
        .where(Tag.school_id == actor.school_id, Tag.item_id == found.id, Tag.node_key == node.key)
        .with_for_update()
    )
    note = clean_line(note, 500)
    strength = _strength(strength) if can(actor, Action.REVIEW_TAGS) else 0
    taught: list[str] = []
    if tag is None:
        tag = Tag(
            id=new_id(),
            school_id=actor.school_id,
            item_id=found.id,
            node_key=node.key,
            note=note,
            strength=strength,
            state=TagState.PROPOSED,
            tagged_by=actor.person_id,
            tagged_at=now(),
        )
        session.add(tag)
    else:
        _check_words(actor, tag, note)
        says_more = note not in ("", tag.note) and not can(actor, Action.REVIEW_TAGS)
        tag.note = note or tag.note
        tag.strength = strength or tag.strength
        if tag.state == TagState.ACCEPTED and says_more:
            tag.state, tag.decided_by, tag.decided_at = TagState.PROPOSED, None, None
            taught = [found.id]
        elif tag.state == TagState.RETURNED:
            tag.state, tag.tagged_by, tag.tagged_at = TagState.PROPOSED, actor.person_id, now()
    record(session, actor, "tagging.attach", "tag", tag.id, item=found.id, node=node.key)
    enqueue(session, JobKind.INDEX_ITEM, actor.school_id, found.id)
    _teach(session, actor, taught)
    return tag


def propose_all(session: Session, *, actor: Actor, pairs: Collection[tuple[str, str]]) -> list[Tag]:
    """The new tags for these pairs of item id and node key, for things that come in together.

    What was said of a pair before stays as it is, whatever became of it in review. All are proposed, or none: NotFound
    when an item is not the actor's to see, Invalid for an unknown node.
    """
    require(actor, Action.TAG_EVIDENCE)
    asked = {node_key for _, node_key in pairs}
    nodes = {node_key: require_node(session, actor.school_id, node_key).key for node_key in asked}
    wanted = {(item_id, nodes[node_key]) for item_id, node_key in pairs}
    ids = {item_id for item_id, _ in pairs}
    if len(items_by_id(session, actor, ids)) < len(ids):
        raise NotFound(msg("There is no such item, or it is not open to you."))
    for pair in sorted(wanted):
        wait_for_turn(session, "tag", actor.school_id, *pair)
    known = select(Tag.item_id, Tag.node_key).where(Tag.school_id == actor.school_id, Tag.item_id.in_(ids))
    there = {(item_id, node_key) for item_id, node_key in session.execute(known)}
    moment = now()
    tags = [
        Tag(
            id=new_id(),
            school_id=actor.school_id,
            item_id=item_id,
            node_key=node_key,
            note="",
            strength=0,
            state=TagState.PROPOSED,
            tagged_by=actor.person_id,
            tagged_at=moment,
        )
        for item_id, node_key in sorted(wanted - there)
    ]
    session.add_all(tags)
    said = [(tag.id, {"item": tag.item_id, "node": tag.node_key}) for tag in tags]
    record_all(session, actor, "tagging.attach", "tag", said)
    enqueue_all(session, JobKind.INDEX_ITEM, actor.school_id, [tag.item_id for tag in tags], urgency=Urgency.BULK)
    return tags


def carry_over(session: Session, *, actor: Actor, item_ids: Sequence[str], to_id: str) -> list[Tag]:
    """The tags of items in whose place another stands: theirs together, as they stand, with who gave and decided them.

    Where several have one node, that counts which went furthest in review; what others said who went as far is said
    with it. The items keep their own, so that whoever takes them back has them again. NotFound when an item is not the
    actor's to see.
    """
    require(actor, Action.TAG_EVIDENCE)
    found = item(session, actor, to_id)
    tags = tags_of_items(session, actor, item_ids)
    by_node: dict[str, list[Tag]] = {}
    for tag in (tag for item_id in dict.fromkeys(item_ids) for tag in tags.get(item_id, ())):
        by_node.setdefault(tag.node_key, []).append(tag)
    carried = {node_key: _together(found, same) for node_key, same in by_node.items()}
    session.add_all(carried.values())
    said = [
        (
            tag.id,
            {
                "item": found.id,
                "node": node_key,
                "of": [one.id for one in by_node[node_key]],
                "by": sorted({one.tagged_by for one in by_node[node_key]}),
            },
        )
        for node_key, tag in carried.items()
    ]
    record_all(session, actor, "tagging.carry_over", "tag", said)
    enqueue(session, JobKind.INDEX_ITEM, actor.school_id, found.id)
    return list(carried.values())


def detach(session: Session, *, actor: Actor, tag_id: str) -> None:
    """The tag is gone. A teacher takes away their own proposals; what was accepted only a reviewer takes away."""
    require(actor, Action.TAG_EVIDENCE)
    tag = _tag(session, actor, tag_id)
    own_proposal = tag.tagged_by == actor.person_id and tag.state != TagState.ACCEPTED
    if not own_proposal and not can(actor, Action.REVIEW_TAGS):
        raise NotAllowed(
            msg("Only a coordinator may take away a tag that was accepted or that somebody else proposed.")
        )
    session.delete(tag)
    record(session, actor, "tagging.detach", "tag", tag.id, item=tag.item_id, node=tag.node_key)
    enqueue(session, JobKind.INDEX_ITEM, actor.school_id, tag.item_id)
    if tag.state == TagState.ACCEPTED:
        _teach(session, actor, [tag.item_id])


def review(
    session: Session,
    *,
    actor: Actor,
    tag_ids: Collection[str],
    state: TagState,
    strength: int | None = None,
    reply: str = "",
    only_waiting: bool = False,
) -> list[Tag]:
    """The reviewed tags. All of them are decided, or none: one that is not the actor's to see raises NotFound.

    `state` PROPOSED takes a decision back. Returning needs a `reply` that says what is missing. With `only_waiting`
    what was decided meanwhile stays as it is, and is left out.
    """
    require(actor, Action.REVIEW_TAGS)
    reply = clean_text(reply).strip()[:2000]
    if state == TagState.RETURNED and not reply:
        raise Invalid(msg("Say in a line what is missing, so that the sender knows what to do."), field="reply")
    # All are locked before the first is changed, and in one order, so that no two reviewers wait for each other.
    tags = [_tag(session, actor, tag_id) for tag_id in sorted(tag_ids)]
    tags = [tag for tag in tags if not only_waiting or tag.state == TagState.PROPOSED]
    taught = [tag.item_id for tag in tags if TagState.ACCEPTED in (tag.state, state)]
    for tag in tags:
        tag.state, tag.reply = state, reply
        tag.strength = tag.strength if strength is None else _strength(strength)
        undecided = state == TagState.PROPOSED
        tag.decided_by, tag.decided_at = (None, None) if undecided else (actor.person_id, now())
        record(session, actor, "tagging.review", "tag", tag.id, state=state, strength=tag.strength)
        enqueue(session, JobKind.INDEX_ITEM, actor.school_id, tag.item_id)
    _teach(session, actor, taught)
    return tags


def retag(session: Session, *, actor: Actor, tag_id: str, node_key: str) -> Tag:
    """The tag that waits for a decision, moved to a better node with everything said about it.

    Conflict when it is decided by now, or when the item has that node already.
    """
    require(actor, Action.REVIEW_TAGS)
    tag = _tag(session, actor, tag_id)
    if tag.state != TagState.PROPOSED:
        raise Conflict(DECIDED_ALREADY)
    node = require_node(session, actor.school_id, node_key)
    wait_for_turn(session, "tag", actor.school_id, tag.item_id, node.key)
    taken = select(Tag.id).where(
        Tag.school_id == actor.school_id, Tag.item_id == tag.item_id, Tag.node_key == node.key, Tag.id != tag.id
    )
    if session.scalar(taken) is not None:
        raise Conflict(
            msg("The item is tagged to %(code)s already. Return or remove this one instead.", code=node.code),
            field="node_key",
        )
    before, tag.node_key = tag.node_key, node.key
    record(session, actor, "tagging.retag", "tag", tag.id, before=before, after=node.key)
    enqueue(session, JobKind.INDEX_ITEM, actor.school_id, tag.item_id)
    return tag


def _teach(session: Session, actor: Actor, item_ids: Collection[str]) -> None:
    """What was decided about these items teaches what is like them, when nobody waits for anything else."""
    enqueue_all(session, JobKind.LEARN_FROM_ITEM, actor.school_id, item_ids, urgency=Urgency.LATER)


def _together(found: Item, tags: Sequence[Tag]) -> Tag:
    """One tag of `found` that says what these say, which are of one node."""
    order = (TagState.ACCEPTED, TagState.PROPOSED, TagState.RETURNED)
    first = min(tags, key=lambda tag: (order.index(TagState(tag.state)), -tag.strength, tag.tagged_at))
    # What was accepted are the words that were read: those still waiting are not put beside them.
    notes = dict.fromkeys(tag.note for tag in [first, *tags] if tag.note and tag.state == first.state)
    return Tag(
        id=new_id(),
        school_id=found.school_id,
        item_id=found.id,
        node_key=first.node_key,
        note=clean_line("; ".join(notes), 500),
        strength=first.strength,
        state=first.state,
        tagged_by=first.tagged_by,
        tagged_at=first.tagged_at,
        decided_by=first.decided_by,
        decided_at=first.decided_at,
        reply=first.reply,
    )


def _check_words(actor: Actor, tag: Tag, note: str) -> None:
    """Nothing, unless the note would replace words of somebody else that nobody has given back."""
    is_theirs = tag.tagged_by != actor.person_id and tag.state != TagState.RETURNED
    if note and tag.note and note != tag.note and is_theirs and not can(actor, Action.REVIEW_TAGS):
        raise Conflict(
            msg(
                "Somebody tagged this so already and said: «%(note)s». Their words stay. Ask them or a coordinator to "
                "change them.",
                note=tag.note,
            ),
            field="note",
        )


def _tag(session: Session, actor: Actor, tag_id: str) -> Tag:
    """The tag, locked, when its item is the actor's to see and in use."""
    tag = session.scalar(
        select(Tag)
        .join(Item, (Item.school_id == Tag.school_id) & (Item.id == Tag.item_id))
        .where(visible_to(actor), Item.withdrawn_at.is_(None), Tag.id == tag_id)
        .with_for_update(of=Tag)
    )
    if tag is None:
        raise NotFound(msg("There is no such tag, or its item is not open to you."))
    return tag


def _strength(strength: int) -> int:
    if not 0 <= strength <= 3:
        raise Invalid(
            msg(
                "A strength is 0 (not rated), 1 (weak), 2 (adequate) or 3 (strong), not %(strength)s.",
                strength=strength,
            ),
            field="strength",
        )
    return strength
