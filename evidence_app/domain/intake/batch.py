"""Filing one thing after another: each is kept at once, and stays in a batch until its practices are saved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain import tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    Hold,
    Item,
    ItemFacts,
    Version,
    Visibility,
    add_file,
    add_link,
    add_note,
    current_version,
    facts_of,
    item,
    items_by_bytes,
    school_year_of,
    shas_of,
    update_facts,
    withdraw,
    within_hold,
)
from evidence_app.domain.evidence import replace as replace_version
from evidence_app.domain.intake.models import BatchEntry, EntryState
from evidence_app.domain.intake.storing import StoredFile
from evidence_app.domain.suggesting import decline
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg
from storage_adapters import Blob


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person says about one item of their batch: what it shows and how, and which suggestions are wrong."""

    item_id: str
    node_keys: tuple[str, ...] = ()
    note: str = ""
    declined: tuple[str, ...] = ()


def add_file_to_batch(
    session: Session, *, actor: Actor, file: StoredFile, filing_key: str, visibility: Visibility | None = None
) -> Item:
    """The item now filed, and in the person's batch, with the facts of their last filing until they say otherwise."""
    facts = next_facts(session, actor)
    if visibility is not None:
        facts = replace(facts, visibility=visibility)
    started = now()
    added = add_file(
        session,
        actor=actor,
        blob=file.blob,
        file_name=file.name,
        media_type=file.media_type,
        facts=facts,
        filing_key=filing_key,
    )
    return enter(session, actor, added, is_new=added.received_at >= started)


def add_link_to_batch(
    session: Session, *, actor: Actor, blob: Blob, url: str, title: str = "", filing_key: str = ""
) -> Item:
    """The link now filed, and in the person's batch; `blob` holds its address as text."""
    facts, started = replace(next_facts(session, actor), title=title), now()
    added = add_link(session, actor=actor, blob=blob, url=url, facts=facts, filing_key=filing_key)
    return enter(session, actor, added, is_new=added.received_at >= started)


def add_note_to_batch(session: Session, *, actor: Actor, blob: Blob, title: str, filing_key: str = "") -> Item:
    """The note now filed, and in the person's batch; `blob` holds its Markdown text."""
    facts, started = replace(next_facts(session, actor), title=title), now()
    added = add_note(session, actor=actor, blob=blob, facts=facts, filing_key=filing_key)
    return enter(session, actor, added, is_new=added.received_at >= started)


def put_new_version(session: Session, *, actor: Actor, item_id: str, file: StoredFile, comment: str = "") -> Version:
    """The new version of an item; Invalid when it is the newest one again, as when a button is pressed twice."""
    newest = current_version(session, item(session, actor, item_id))
    if newest.sha256 == file.blob.sha256 and file.url:
        raise Invalid(msg("This is the address that is there now. Nothing was changed."), field="url")
    if newest.sha256 == file.blob.sha256:
        raise Invalid(msg("This is the version that is there now, byte for byte. Nothing was changed."), field="files")
    return replace_version(
        session,
        actor=actor,
        item_id=item_id,
        blob=file.blob,
        file_name=file.name,
        media_type=file.media_type,
        comment=comment,
        url=file.url,
    )


def next_facts(session: Session, actor: Actor) -> ItemFacts:
    """The facts the next filing most likely has: those of the person's last one, without what belongs to it alone.

    One that is held back says nothing of the next: nobody chose how private it is. Nor does one that came with a drive
    or an import, whose facts were meant for all of it, or one that came by e-mail, until it is saved.
    """
    last = session.scalar(
        select(Item)
        .where(
            Item.school_id == actor.school_id,
            Item.owner_id == actor.person_id,
            Item.held == Hold.NONE,
            Item.came_in_bulk.is_(False),
            not_(_came_by_mail()),
        )
        .order_by(Item.received_at.desc(), Item.id.desc())
        .limit(1)
    )
    this_year = school_year_of(now().date())
    if last is None:
        return ItemFacts(programmes=_only_allowed(actor, actor.programmes), school_year=this_year)
    # The widest is chosen each time anew: one notice for everybody says nothing of the next photograph.
    visibility = Visibility.SHAREABLE if last.visibility == Visibility.PUBLIC else last.visibility
    was_current = last.school_year == school_year_of(last.received_at.date())
    return ItemFacts(
        programmes=_only_allowed(actor, last.programmes),
        campus_id=last.campus_id,
        subject_id=last.subject_id,
        year_group_id=last.year_group_id,
        school_year=this_year if was_current else last.school_year,
        visibility=visibility,
    )


def _came_by_mail() -> ColumnElement[bool]:
    mailed = exists().where(
        BatchEntry.school_id == Item.school_id, BatchEntry.item_id == Item.id, BatchEntry.state == EntryState.MAILED
    )
    return mailed.correlate(Item)


def leave_out(session: Session, *, actor: Actor, item_id: str) -> None:
    """The item is out of the batch; if it was filed with it, it is in the bin, else it stays as it was."""
    entry = entry_of(session, actor, item_id)
    if entry.state != EntryState.KNOWN:
        withdraw(session, actor=actor, item_ids=[item_id])
    session.delete(entry)


def keep_both(session: Session, *, actor: Actor, item_id: str) -> None:
    """The item stays although another with the same bytes is there; nobody is asked about it again."""
    entry_of(session, actor, item_id).state = EntryState.KEPT_BOTH


def use_known(session: Session, *, actor: Actor, item_id: str, known_id: str) -> Item:
    """The item that was there already, in the batch in place of the one just filed, which goes to the bin.

    NotFound when the two do not hold the same bytes, or the other is not the actor's to see.
    """
    entry = entry_of(session, actor, item_id)
    mine, known = item(session, actor, item_id), item(session, actor, known_id)
    if known.id not in {other.id for other in same_bytes(session, actor, mine)}:
        raise NotFound(msg("There is no such item, or it is not open to you."))
    withdraw(session, actor=actor, item_ids=[mine.id])
    give_place(session, entry, known)
    return known


def give_place(session: Session, entry: BatchEntry, known: Item) -> None:
    """The item that was there already stands in the batch where this entry stood."""
    session.delete(entry)
    session.flush()
    if session.get(BatchEntry, (entry.school_id, entry.person_id, known.id)) is None:
        session.add(
            BatchEntry(
                school_id=entry.school_id,
                person_id=entry.person_id,
                item_id=known.id,
                state=EntryState.KNOWN,
                added_at=entry.added_at,
            )
        )


def same_bytes(session: Session, actor: Actor, mine: Item) -> list[Item]:
    """Items the actor may see, filed before this one with exactly its bytes or those of a part, oldest first."""
    found = {one.id: one for same in items_by_bytes(session, actor, shas_of(session, mine)).values() for one in same}
    earlier = sorted(found.values(), key=lambda one: (one.received_at, one.id))
    return [other for other in earlier if (other.received_at, other.id) < (mine.received_at, mine.id)]


def save_batch(session: Session, *, actor: Actor, shown: Sequence[Shown], facts: ItemFacts) -> int:
    """How many items are filed for good: tagged as said and out of the batch; all of those named, or none.

    The facts are for all items filed with the batch; an item that was there before keeps its own, as do each item's
    title, purpose and description. An item saved already (the button pressed twice, a second tab) takes what is said
    about it and nothing else. NotFound when one of them is not the actor's to see.
    """
    for one in shown:
        item(session, actor, one.item_id)
        entry = session.get(BatchEntry, (actor.school_id, actor.person_id, one.item_id), with_for_update=True)
        if entry is not None and entry.state != EntryState.KNOWN:
            _take_facts(session, actor, one.item_id, facts)
        for node_key in dict.fromkeys(one.node_keys):
            tagging.attach(session, actor=actor, item_id=one.item_id, node_key=node_key, note=one.note)
        for node_key in dict.fromkeys(one.declined):
            if node_key not in one.node_keys:
                decline(session, actor=actor, item_id=one.item_id, node_key=node_key)
        if entry is not None:
            session.delete(entry)
    return len(shown)


def _take_facts(session: Session, actor: Actor, item_id: str, facts: ItemFacts) -> None:
    mine = item(session, actor, item_id)
    kept = facts_of(mine)
    common = replace(
        kept,
        programmes=facts.programmes,
        campus_id=facts.campus_id,
        subject_id=facts.subject_id,
        year_group_id=facts.year_group_id,
        school_year=facts.school_year,
        visibility=within_hold(session, mine, facts.visibility),
    )
    if common != kept:
        update_facts(session, actor=actor, item_id=item_id, facts=common)


def _only_allowed(actor: Actor, programmes: Collection[str]) -> tuple[str, ...]:
    allowed = [p for p in programmes if not actor.programmes or p in actor.programmes]
    return tuple(sorted(allowed))


def enter(session: Session, actor: Actor, added: Item, *, is_new: bool, state: EntryState = EntryState.FILED) -> Item:
    """The item, in the batch; one that a repeated filing key gave back is not put in a second time."""
    session.flush()
    if is_new:
        session.add(
            BatchEntry(
                school_id=actor.school_id,
                person_id=actor.person_id,
                item_id=added.id,
                state=state,
                added_at=added.received_at,
            )
        )
        session.flush()
    return added


def entry_of(session: Session, actor: Actor, item_id: str) -> BatchEntry:
    found = session.get(BatchEntry, (actor.school_id, actor.person_id, item_id), with_for_update=True)
    if found is None:
        raise NotFound(msg("This is not among the things you are filing any more. Load the page again."))
    return found
