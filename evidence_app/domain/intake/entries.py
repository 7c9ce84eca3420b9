"""The rows of a batch: who is in the middle of filing what, and which request it is going to answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, visible_items
from evidence_app.domain.intake.drafts import said_together
from evidence_app.domain.intake.models import BatchEntry, EntryState
from evidence_app.domain.requests import answerable, asked_for
from evidence_app.errors import NotFound
from evidence_app.i18n import msg


def entries_of(actor: Actor, request_id: str | None = "") -> Select[Item]:
    """A select of the items in use that are in the actor's batch for this request; "" is the one that answers none.

    What was begun for a request that is closed by now, or concerns the actor no more, answers none. None: all.
    """
    same = (BatchEntry.school_id == Item.school_id) & (BatchEntry.item_id == Item.id)
    mine = visible_items(actor).join(BatchEntry, same).where(BatchEntry.person_id == actor.person_id)
    if request_id is None:
        return mine
    if request_id:
        return mine.where(BatchEntry.request_id == request_id)
    return mine.where(or_(BatchEntry.request_id.is_(None), BatchEntry.request_id.not_in(answerable(actor))))


def begun_among(session: Session, actor: Actor, item_ids: Collection[str]) -> dict[str, str]:
    """Item id -> the request it is to answer, or "", of those of these items that the actor began to file and has not
    saved.
    """
    chosen = select(BatchEntry.item_id, BatchEntry.request_id, BatchEntry.request_id.in_(answerable(actor))).where(
        BatchEntry.school_id == actor.school_id,
        BatchEntry.person_id == actor.person_id,
        BatchEntry.item_id.in_(item_ids),
        BatchEntry.state != EntryState.KNOWN,
    )
    return {item_id: (answers and request_id) or "" for item_id, request_id, answers in session.execute(chosen)}


def enter(
    session: Session,
    actor: Actor,
    added: Item,
    *,
    is_new: bool,
    state: EntryState = EntryState.FILED,
    request_id: str = "",
) -> Item:
    """The item, in the batch; one that a repeated filing key gave back is not put in a second time."""
    session.flush()
    if is_new:
        session.add(
            BatchEntry(
                school_id=actor.school_id,
                person_id=actor.person_id,
                item_id=added.id,
                state=state,
                added_at=now(),
                request_id=request_id or None,
            )
        )
        session.flush()
    return added


def entry_of(session: Session, actor: Actor, item_id: str) -> BatchEntry:
    found = session.get(BatchEntry, (actor.school_id, actor.person_id, item_id), with_for_update=True)
    if found is None:
        raise NotFound(msg("This is not among the things you are filing any more. Load the page again."))
    return found


def entry_at(session: Session, actor: Actor, item_id: str) -> BatchEntry | None:
    """The place of an item in the actor's batch, locked; None where it has none, and nobody else gives it one now."""
    wait_for_turn(session, "batch", actor.school_id, actor.person_id, item_id)
    return session.get(BatchEntry, (actor.school_id, actor.person_id, item_id), with_for_update=True)


def requests_of(session: Session, actor: Actor, entries: Sequence[BatchEntry]) -> tuple[str | None, list[str]]:
    """The request that one item in the place of these answers, an open one if any, and those it answers too."""
    ids = list(dict.fromkeys(id for entry in entries for id in (entry.request_id, *entry.also_for) if id))
    still = asked_for(session, actor, ids)
    ids.sort(key=lambda id: id not in still)
    return (ids[0] if ids else None), ids[1:]


def give_place(session: Session, actor: Actor, entry: BatchEntry, known: Item) -> None:
    """The item that was there already stands in the batch where this entry stood, with what was said of either."""
    session.delete(entry)
    session.flush()
    there = entry_at(session, actor, known.id)
    if there is not None:
        said = said_together([there, entry])
        there.said = said and said | {"title": (there.said or {}).get("title")}
        there.request_id, there.also_for = requests_of(session, actor, [there, entry])
    else:
        session.add(
            BatchEntry(
                school_id=entry.school_id,
                person_id=entry.person_id,
                item_id=known.id,
                state=EntryState.KNOWN,
                added_at=entry.added_at,
                request_id=entry.request_id,
                also_for=entry.also_for,
                said=entry.said,
            )
        )
