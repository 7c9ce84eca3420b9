"""Filing one thing after another: each is kept at once, for its owner alone, and stays in a batch until it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain import requests, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    Item,
    ItemFacts,
    Version,
    add_file,
    add_link,
    add_note,
    current_version,
    facts_of,
    item,
    items_by_bytes,
    shas_of,
    update_facts,
    withdraw,
    within_hold,
)
from evidence_app.domain.evidence import replace as replace_version
from evidence_app.domain.intake.drafts import LONGEST_LINE, Shown, forget_draft, forget_facts
from evidence_app.domain.intake.entries import begun_among, enter, entries_of, entry_at, entry_of, give_place
from evidence_app.domain.intake.models import BatchEntry, DraftPart, EntryState
from evidence_app.domain.intake.prefilling import begun_facts
from evidence_app.domain.intake.storing import StoredFile
from evidence_app.domain.suggesting import decline
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line
from storage_adapters import Blob


@dataclass(frozen=True, slots=True)
class Saved:
    """How many items were saved, and the titles of those that had been saved before with other words."""

    count: int
    said_anew: tuple[str, ...]


def add_file_to_batch(
    session: Session,
    *,
    actor: Actor,
    file: StoredFile,
    filing_key: str,
    request_id: str = "",
) -> Item:
    """The item now kept, and in the person's batch, with the facts of their last filing until they say otherwise.

    It is theirs alone until `save_batch`, which gives it the visibility asked for then; so is a link or a note. With
    `request_id` it is in the batch of what answers that request, and takes programme and purpose from it; so does a
    link or note. NotFound for a request that does not concern the actor.
    """
    facts, started = begun_facts(session, actor, request_id), now()
    added = add_file(
        session,
        actor=actor,
        blob=file.blob,
        file_name=file.name,
        media_type=file.media_type,
        facts=facts,
        filing_key=filing_key,
    )
    return enter(session, actor, added, is_new=added.received_at >= started, request_id=request_id)


def add_link_to_batch(
    session: Session,
    *,
    actor: Actor,
    blob: Blob,
    url: str,
    title: str = "",
    filing_key: str = "",
    request_id: str = "",
    draft_id: str = "",
) -> Item:
    """The link now kept, and in the person's batch; `blob` holds its address as text.

    The draft it was written in, see `draft_id_of`, is gone; so is that of a note.
    """
    facts, started = replace(begun_facts(session, actor, request_id), title=title), now()
    added = add_link(session, actor=actor, blob=blob, url=url, facts=facts, filing_key=filing_key)
    forget_draft(session, actor, DraftPart.LINK, draft_id or request_id)
    return enter(session, actor, added, is_new=added.received_at >= started, request_id=request_id)


def add_note_to_batch(
    session: Session,
    *,
    actor: Actor,
    blob: Blob,
    title: str,
    filing_key: str = "",
    request_id: str = "",
    draft_id: str = "",
) -> Item:
    """The note now kept, and in the person's batch; `blob` holds its Markdown text."""
    facts, started = replace(begun_facts(session, actor, request_id), title=title), now()
    added = add_note(session, actor=actor, blob=blob, facts=facts, filing_key=filing_key)
    forget_draft(session, actor, DraftPart.NOTE, draft_id or request_id)
    return enter(session, actor, added, is_new=added.received_at >= started, request_id=request_id)


def choose_known(session: Session, *, actor: Actor, item_id: str, request_id: str) -> Item:
    """An item that is here already, in the batch of what answers a request; what was said of it before stays with it.

    NotFound when item or request is not the actor's to see.
    """
    known, asked = item(session, actor, item_id), requests.request_line(session, actor, request_id).request
    entry = entry_at(session, actor, known.id)
    if entry is not None:
        before = [id for id in (entry.request_id, *entry.also_for) if id and id != asked.id]
        entry.request_id, entry.also_for = asked.id, before
        return known
    return enter(session, actor, known, is_new=True, state=EntryState.KNOWN, request_id=asked.id)


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
    give_place(session, actor, entry, known)
    return known


def same_bytes(session: Session, actor: Actor, mine: Item) -> list[Item]:
    """Items the actor may see that were here before this one with exactly its bytes or those of a part, oldest first.

    What is saved was here before what is not, whenever each was begun.
    """
    found = {one.id: one for same in items_by_bytes(session, actor, shas_of(session, mine)).values() for one in same}
    begun = begun_among(session, actor, found)
    by_age = sorted(found.values(), key=lambda one: (one.id in begun, one.received_at, one.id))
    place = (mine.id in begun, mine.received_at, mine.id)
    return [other for other in by_age if (other.id in begun, other.received_at, other.id) < place]


def save_batch(
    session: Session, *, actor: Actor, shown: Sequence[Shown], facts: ItemFacts, request_id: str = ""
) -> Saved:
    """What is filed for good: tagged as said and out of the batch; all of those named, or none.

    The facts are for all items filed with the batch, but for title, purpose and description, which each has of its own;
    an item that was there before keeps all its facts. Only now others see them, unless a question about pupils' data
    holds one back, which saving does not answer. An item saved already (the button pressed twice, a second tab)
    takes what is said about it, beside what was said then, and nothing else. With `request_id` each is given in
    answer to it, and to those it took a place for. NotFound when one of them is not the actor's to see, Conflict when
    the request is closed, or when what was said of an item in two tabs is too long to be kept together.
    """
    said_anew = []
    for one in shown:
        found = item(session, actor, one.item_id)
        entry = session.get(BatchEntry, (actor.school_id, actor.person_id, one.item_id), with_for_update=True)
        if entry is not None and entry.state != EntryState.KNOWN:
            _take_facts(session, actor, one, facts)
        asked = requests.request_line(session, actor, request_id).request if request_id else None
        keys = dict.fromkeys((*([asked.node_key] if asked else []), *one.node_keys))
        said = _said_before(session, actor, one) if entry is None else {}
        if entry is None and (_is_renamed(found, one) or any(said.get(key, one.note) != one.note for key in keys)):
            said_anew.append(found.title)
        if asked:
            note = said.get(asked.node_key, one.note)
            requests.answer(session, actor=actor, request_id=request_id, item_id=one.item_id, note=note)
        for other_id in requests.asked_for(session, actor, entry.also_for) if entry and entry.also_for else ():
            requests.answer(session, actor=actor, request_id=other_id, item_id=one.item_id, note=one.note)
        for node_key in keys:
            note = said.get(node_key, one.note)
            tagging.attach(session, actor=actor, item_id=one.item_id, node_key=node_key, note=note)
        for node_key in dict.fromkeys(one.declined):
            if node_key not in one.node_keys:
                decline(session, actor=actor, item_id=one.item_id, node_key=node_key)
        if entry is not None:
            session.delete(entry)
    session.flush()
    if shown and session.scalar(entries_of(actor, request_id).limit(1)) is None:
        forget_facts(session, actor, request_id)
    return Saved(len(shown), tuple(said_anew))


def _said_before(session: Session, actor: Actor, said: Shown) -> dict[str, str]:
    """Practice -> what the actor said of it when they saved this before, with what is said now beside it."""
    line = clean_line(said.note, LONGEST_LINE)
    both = {}
    for tag in tagging.tags_of(session, actor, said.item_id):
        if tag.tagged_by != actor.person_id or not tag.note or not line:
            continue
        both[tag.node_key] = tag.note if line in tag.note else f"{tag.note}; {line}"
        if len(both[tag.node_key]) > LONGEST_LINE:
            raise Conflict(
                msg(
                    "You saved this in another window meanwhile, and said how it shows it. Both lines together are too "
                    "long, so nothing was changed. You wrote here: «%(note)s». Add on the page of the item what of it "
                    "is needed.",
                    note=line,
                ),
                field="note",
            )
    return both


def _is_renamed(found: Item, said: Shown) -> bool:
    """Whether something else is said of its title or purpose than what it was saved with."""
    title = (said.title or "").strip()
    return title not in ("", found.title) or said.purpose not in (None, found.purpose)


def _take_facts(session: Session, actor: Actor, said: Shown, facts: ItemFacts) -> None:
    mine = item(session, actor, said.item_id)
    kept = facts_of(mine)
    common = replace(
        kept,
        title=(said.title or "").strip() or kept.title,
        purpose=kept.purpose if said.purpose is None else said.purpose,
        programmes=facts.programmes,
        campus_id=facts.campus_id,
        subject_id=facts.subject_id,
        year_group_id=facts.year_group_id,
        school_year=facts.school_year,
        visibility=within_hold(session, mine, facts.visibility),
    )
    if common != kept:
        update_facts(session, actor=actor, item_id=said.item_id, facts=common)
