"""What a person is in the middle of filing, item by item, with what was found out about each so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Version, current_versions
from evidence_app.domain.extraction import PreviewImage, VersionText, texts_of, thumbnails_of
from evidence_app.domain.intake.batch import same_bytes
from evidence_app.domain.intake.drafts import Shown
from evidence_app.domain.intake.entries import entries_of
from evidence_app.domain.intake.likely import likely_versions
from evidence_app.domain.intake.models import BatchEntry, EntryState
from evidence_app.domain.jobs import JobKind, unfinished_among
from evidence_app.domain.requests import EvidenceRequest, asked_for
from evidence_app.domain.suggesting import Suggestion, suggestions_for
from evidence_app.domain.tagging import Tag, tags_of_items
from evidence_app.errors import NotFound
from evidence_app.i18n import msg


class CardState(StrEnum):
    """How far an item of the batch is."""

    READING = "reading"
    KNOWN = "known"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Card:
    """One item of a batch. `known` holds the items that have the same bytes, while the person has not decided.

    `shared` holds, of a series, those that have one of its files.
    `likely` holds those filed before it that are likely versions of the same document.
    `said` is what the person ticked and typed of it and has not saved, `asked` the request it is to answer,
    `also_asked` those it answers too.
    """

    item: Item
    version: Version
    state: CardState
    entry_state: EntryState
    text: VersionText | None
    thumbnail: PreviewImage | None
    suggestions: tuple[Suggestion, ...] = ()
    known: tuple[Item, ...] = ()
    tags: tuple[Tag, ...] = field(default=())
    likely: tuple[Item, ...] = ()
    shared: tuple[Item, ...] = ()
    said: Shown | None = None
    asked: EvidenceRequest | None = None
    also_asked: tuple[EvidenceRequest, ...] = ()


def cards_of(session: Session, actor: Actor, request_id: str = "") -> list[Card]:
    """The cards of the actor's batch for a request, or for none, in the order in which they were filed."""
    return _cards(session, actor, entries_of(actor, request_id))


def card_of(session: Session, actor: Actor, item_id: str) -> Card:
    """The card of one item of the actor's batch; NotFound when it is in it no more."""
    cards = _cards(session, actor, entries_of(actor, None).where(Item.id == item_id))
    if not cards:
        raise NotFound(msg("This is not among the things you are filing any more. Load the page again."))
    return cards[0]


def is_in_batch(session: Session, actor: Actor, item_id: str) -> bool:
    """Whether the actor is in the middle of filing this item."""
    return session.scalar(entries_of(actor, None).where(Item.id == item_id).with_only_columns(Item.id)) is not None


def count_in_batch(session: Session, actor: Actor) -> int:
    """How many things the actor began to file, in answer to nothing, and has not saved."""
    chosen = entries_of(actor).with_only_columns(func.count())
    return session.scalar(chosen) or 0


def answers_begun(session: Session, actor: Actor) -> dict[str, str]:
    """Request id -> title, of those the actor began to answer and has not given the answer to."""
    ids = entries_of(actor, None).where(BatchEntry.request_id.is_not(None)).with_only_columns(BatchEntry.request_id)
    begun = asked_for(session, actor, [id for id in session.scalars(ids.distinct()) if id])
    return {id: asked.title for id, asked in begun.items()}


def count_mailed(session: Session, actor: Actor) -> int:
    """How many things came by e-mail in the actor's name and wait for them to say more."""
    chosen = entries_of(actor).where(BatchEntry.state == EntryState.MAILED).with_only_columns(func.count())
    return session.scalar(chosen) or 0


def _cards(session: Session, actor: Actor, entries: Select[Item]) -> list[Card]:
    chosen = entries.with_only_columns(Item, BatchEntry).order_by(BatchEntry.added_at, Item.id)
    rows = [(item, entry) for item, entry in session.execute(chosen)]
    items = [item for item, _ in rows]
    versions = current_versions(session, actor.school_id, items)
    version_ids = [version.id for version in versions.values()]
    texts = texts_of(session, actor.school_id, version_ids)
    thumbnails = thumbnails_of(session, actor.school_id, version_ids)
    suggestions = suggestions_for(session, actor, [i.id for i in items])
    tags = tags_of_items(session, actor, [i.id for i in items])
    filed = [item for item, entry in rows if entry.state != EntryState.KNOWN]
    likely = likely_versions(session, actor, filed)
    named = {id for _, entry in rows for id in (entry.request_id, *entry.also_for) if id}
    asked = asked_for(session, actor, named)
    waiting = unfinished_among(
        session,
        actor.school_id,
        [JobKind.READ_VERSION, JobKind.RECOGNISE_TEXT, JobKind.SUGGEST_ITEM],
        [*version_ids, *(i.id for i in items)],
    )
    cards = []
    for item, entry in rows:
        version = versions[item.id]
        same = same_bytes(session, actor, item) if entry.state in (EntryState.FILED, EntryState.MAILED) else []
        known, shared = ([], same) if version.is_series else (same, [])
        state = CardState.READING if {version.id, item.id} & waiting else CardState.READY
        cards.append(
            Card(
                item=item,
                version=version,
                state=CardState.KNOWN if known else state,
                entry_state=EntryState(entry.state),
                text=texts.get(version.id),
                thumbnail=thumbnails.get(version.id),
                suggestions=tuple(suggestions.get(item.id, ())),
                known=tuple(known),
                shared=tuple(shared),
                tags=tuple(tags.get(item.id, ())),
                likely=tuple(o for o in likely.get(item.id, ()) if (o.received_at, o.id) < (item.received_at, item.id)),
                said=Shown.of_entry(entry),
                asked=asked.get(entry.request_id or ""),
                also_asked=tuple(asked[id] for id in entry.also_for if id in asked),
            )
        )
    return cards
