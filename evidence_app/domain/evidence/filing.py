"""Filing evidence: one thing, or many at once. The bytes are in the store before any of this begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from sqlalchemy import delete
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record_all
from evidence_app.domain.evidence.addresses import checked_url
from evidence_app.domain.evidence.facts import ItemFacts, checked, placed, set_programmes
from evidence_app.domain.evidence.flagging import flag_by_names, flag_copies
from evidence_app.domain.evidence.models import (
    ADDRESS_ONLY,
    SERIES,
    FilingKey,
    Item,
    ItemKind,
    Version,
    Visibility,
)
from evidence_app.domain.evidence.names import clean_file_name, title_from, version_stem
from evidence_app.domain.evidence.parts import PartFile, add_parts, check_parts
from evidence_app.domain.evidence.privacy import name_owner
from evidence_app.domain.jobs import JobKind, Urgency, enqueue_all
from evidence_app.texts import clean_line

FILING_KEYS_LAST = timedelta(days=30)
"""A phone that was offline for the holidays still files once what it sends twice."""


class StoredBlob(Protocol):
    """Bytes that are durable in the store already."""

    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One thing to be filed. Made by `a_file`, `a_link`..., which check and clean what they are given.

    `parts` are the files of a series, in their order.
    """

    kind: ItemKind
    blob: StoredBlob
    file_name: str
    media_type: str
    facts: ItemFacts
    folder: str = ""
    url: str = ""
    received_at: datetime | None = None
    parts: tuple[PartFile, ...] = ()


def a_file(
    blob: StoredBlob,
    *,
    file_name: str,
    media_type: str,
    facts: ItemFacts | None = None,
    folder: str = "",
    received_at: datetime | None = None,
) -> Filing:
    """A file, to be filed with these facts; its title is made from its name where they say none."""
    return Filing(
        kind=ItemKind.FILE,
        blob=blob,
        file_name=clean_file_name(file_name),
        media_type=media_type,
        facts=facts or ItemFacts(),
        folder=clean_line(folder, 1000),
        received_at=received_at,
    )


def a_link(
    blob: StoredBlob,
    *,
    url: str,
    facts: ItemFacts | None = None,
    folder: str = "",
    received_at: datetime | None = None,
) -> Filing:
    """A link, to be filed; `blob` holds the address as text. It is never fetched. Only http and https are taken."""
    url = checked_url(url)
    return Filing(
        kind=ItemKind.LINK,
        blob=blob,
        file_name=clean_line(urlsplit(url).hostname or url),
        media_type=ADDRESS_ONLY,
        facts=facts or ItemFacts(),
        folder=clean_line(folder, 1000),
        url=url,
        received_at=received_at,
    )


def a_note(blob: StoredBlob, *, facts: ItemFacts) -> Filing:
    """A note, to be filed; `blob` holds its Markdown text."""
    return Filing(
        kind=ItemKind.NOTE,
        blob=blob,
        file_name=clean_file_name(f"{facts.title or 'note'}.md"),
        media_type="text/markdown",
        facts=facts,
    )


def a_series(
    blob: StoredBlob,
    parts: Sequence[PartFile],
    *,
    facts: ItemFacts | None = None,
    folder: str = "",
    received_at: datetime | None = None,
) -> Filing:
    """Several files that belong together, to be filed as one item in this order; `blob` holds their `list_of`.

    Its title is made from the first name where the facts say none. Invalid for one file, or for too many.
    """
    check_parts(parts, blob.sha256)
    return Filing(
        kind=ItemKind.FILE,
        blob=blob,
        file_name=title_from(clean_file_name(parts[0].file_name)),
        media_type=SERIES,
        facts=facts or ItemFacts(),
        folder=clean_line(folder, 1000),
        received_at=received_at,
        parts=tuple(parts),
    )


def add_file(
    session: Session,
    *,
    actor: Actor,
    blob: StoredBlob,
    file_name: str,
    media_type: str,
    facts: ItemFacts | None = None,
    folder: str = "",
    received_at: datetime | None = None,
    filing_key: str = "",
) -> Item:
    """The item now filed, waiting to be read. The same `filing_key` of the same person gives the same item again."""
    filing = a_file(
        blob, file_name=file_name, media_type=media_type, facts=facts, folder=folder, received_at=received_at
    )
    return _add_once(session, actor, filing, filing_key)


def add_link(
    session: Session,
    *,
    actor: Actor,
    blob: StoredBlob,
    url: str,
    facts: ItemFacts | None = None,
    filing_key: str = "",
) -> Item:
    """The link now filed; `blob` holds the address as text. It is never fetched. Only http and https are taken."""
    return _add_once(session, actor, a_link(blob, url=url, facts=facts), filing_key)


def add_note(session: Session, *, actor: Actor, blob: StoredBlob, facts: ItemFacts, filing_key: str = "") -> Item:
    """The note now filed; `blob` holds its Markdown text."""
    return _add_once(session, actor, a_note(blob, facts=facts), filing_key)


def add_series(
    session: Session,
    *,
    actor: Actor,
    blob: StoredBlob,
    parts: Sequence[PartFile],
    facts: ItemFacts | None = None,
    filing_key: str = "",
) -> Item:
    """Several files now filed as one item, in this order; `blob` holds their `list_of`. Raises as `a_series`."""
    return _add_once(session, actor, a_series(blob, parts, facts=facts), filing_key)


def add_all(
    session: Session, *, actor: Actor, filings: Sequence[Filing], urgency: Urgency = Urgency.BULK
) -> list[Item]:
    """The items now filed, in the same order, waiting to be read; all of them, or Invalid and none.

    They may be less open than asked: what looks like an individual pupil's, by its names or by what was seen in these
    bytes before, is private.

    Many that come in together are `Urgency.BULK`, so that they hold up nobody who waits for one; their facts are no
    pattern for what somebody files next.
    """
    require(actor, Action.FILE_EVIDENCE)
    moment = now()
    added = [_made(session, actor, filing, moment, in_bulk=urgency is Urgency.BULK) for filing in filings]
    # The rows of versions name their items, and the two models do not know of each other's order.
    session.add_all(item for item, _ in added)
    session.flush()
    session.add_all(version for _, version in added)
    part_ids = [
        part.id
        for (_, version), filing in zip(added, filings, strict=True)
        if filing.parts
        for part in add_parts(session, actor, version, filing.parts)
    ]
    for item, _ in added:
        if item.visibility == Visibility.PRIVATE:
            name_owner(session, actor, item)
    for item, version in added:
        flag_by_names(session, actor, item, version, urgency=urgency)
    flag_copies(session, actor, added, urgency=urgency)
    record_all(
        session,
        actor,
        "evidence.add",
        "item",
        [(i.id, {"kind": i.kind, "version": version.id, "sha256": version.sha256}) for i, version in added],
    )
    read = [*part_ids, *(version.id for _, version in added)]
    enqueue_all(session, JobKind.READ_VERSION, actor.school_id, read, urgency=urgency)
    return [item for item, _ in added]


def forget_filing_keys(session: Session) -> int:
    """How many keys of filings were forgotten: those so old that no browser sends them again."""
    old = delete(FilingKey).where(FilingKey.created_at < now() - FILING_KEYS_LAST)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def _add_once(session: Session, actor: Actor, filing: Filing, filing_key: str) -> Item:
    require(actor, Action.FILE_EVIDENCE)
    key = filing_key[:80]
    if key:
        wait_for_turn(session, "filing key", actor.school_id, actor.person_id, key)
        before = session.get(FilingKey, (actor.school_id, actor.person_id, key))
        if before is not None:
            return session.get_one(Item, (actor.school_id, before.item_id))
    (added,) = add_all(session, actor=actor, filings=[filing], urgency=Urgency.NOW)
    if key:
        session.add(
            FilingKey(
                school_id=actor.school_id,
                person_id=actor.person_id,
                key=key,
                item_id=added.id,
                created_at=added.changed_at,
            )
        )
    return added


def _made(session: Session, actor: Actor, filing: Filing, moment: datetime, *, in_bulk: bool) -> tuple[Item, Version]:
    facts = placed(actor, filing.facts)
    columns: dict[str, Any] = checked(session, actor, facts)
    columns["title"] = columns["title"] or title_from(filing.file_name)
    version = Version(
        id=new_id(),
        school_id=actor.school_id,
        item_id=new_id(),
        number=1,
        sha256=filing.blob.sha256,
        size_bytes=filing.blob.size_bytes,
        media_type=filing.media_type,
        file_name=filing.file_name,
        name_stem=version_stem(filing.file_name) if filing.kind == ItemKind.FILE and not filing.parts else "",
        url=filing.url,
        added_by=actor.person_id,
        added_at=moment,
    )
    item = Item(
        id=version.item_id,
        school_id=actor.school_id,
        kind=filing.kind,
        owner_id=actor.person_id,
        folder=filing.folder,
        came_in_bulk=in_bulk,
        current_version_id=version.id,
        received_at=filing.received_at or moment,
        changed_at=moment,
        **columns,
    )
    set_programmes(item, facts.programmes)
    return item, version
