"""Filing evidence and changing it. The bytes are in the store before any of this begins."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import delete
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.facts import ItemFacts, checked, placed, set_programmes
from evidence_app.domain.evidence.loading import lock_own, lock_own_all
from evidence_app.domain.evidence.models import FilingKey, Item, ItemKind, Version, Visibility
from evidence_app.domain.evidence.names import clean_file_name, title_from
from evidence_app.domain.evidence.privacy import check_opening, name_owner
from evidence_app.domain.jobs import JobKind, Urgency, enqueue
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line, clean_text

WITHOUT_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(/|$)")
"""An address as people write it on paper: "www.school.example/policies"."""
FILING_KEYS_LAST = timedelta(days=30)
"""A phone that was offline for the holidays still files once what it sends twice."""


class StoredBlob(Protocol):
    """Bytes that are durable in the store already."""

    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


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
    urgency: Urgency = Urgency.NOW,
) -> Item:
    """The item now filed, waiting to be read. The same `filing_key` of the same person gives the same item again.

    Many that come in together are `Urgency.BULK`, so that they hold up nobody who waits for one.
    """
    return _add(
        session,
        actor,
        ItemKind.FILE,
        blob,
        file_name=clean_file_name(file_name),
        media_type=media_type,
        facts=facts or ItemFacts(),
        folder=clean_line(folder, 1000),
        received_at=received_at,
        filing_key=filing_key,
        urgency=urgency,
    )


def add_link(
    session: Session,
    *,
    actor: Actor,
    blob: StoredBlob,
    url: str,
    facts: ItemFacts | None = None,
    folder: str = "",
    received_at: datetime | None = None,
    filing_key: str = "",
    urgency: Urgency = Urgency.NOW,
) -> Item:
    """The link now filed; `blob` holds the address as text. It is never fetched. Only http and https are taken."""
    url = checked_url(url)
    host = urlsplit(url).hostname or url
    return _add(
        session,
        actor,
        ItemKind.LINK,
        blob,
        file_name=clean_line(host),
        media_type="text/uri-list",
        facts=facts or ItemFacts(),
        folder=clean_line(folder, 1000),
        url=url,
        received_at=received_at,
        filing_key=filing_key,
        urgency=urgency,
    )


def add_note(session: Session, *, actor: Actor, blob: StoredBlob, facts: ItemFacts, filing_key: str = "") -> Item:
    """The note now filed; `blob` holds its Markdown text."""
    return _add(
        session,
        actor,
        ItemKind.NOTE,
        blob,
        file_name=clean_file_name(f"{facts.title or 'note'}.md"),
        media_type="text/markdown",
        facts=facts,
        filing_key=filing_key,
    )


def replace(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    blob: StoredBlob,
    file_name: str,
    media_type: str,
    comment: str = "",
    url: str = "",
) -> Version:
    """The new version of an item. Earlier versions stay as they are; what cites them keeps citing them.

    A link takes its new address as `url`; Invalid when a browser could not open that safely.
    """
    require(actor, Action.FILE_EVIDENCE)
    found = lock_own(session, actor, item_id)
    url = checked_url(url) if found.kind == ItemKind.LINK else ""
    newest = session.get_one(Version, (actor.school_id, found.current_version_id))
    added = Version(
        id=new_id(),
        school_id=actor.school_id,
        item_id=found.id,
        number=newest.number + 1,
        sha256=blob.sha256,
        size_bytes=blob.size_bytes,
        media_type=media_type,
        file_name=clean_file_name(file_name),
        url=url,
        added_by=actor.person_id,
        added_at=now(),
        comment=clean_line(comment),
    )
    session.add(added)
    found.current_version_id, found.changed_at = added.id, added.added_at
    record(session, actor, "evidence.replace", "item", found.id, version=added.id, sha256=blob.sha256)
    _read_later(session, added)
    return added


def update_facts(session: Session, *, actor: Actor, item_id: str, facts: ItemFacts) -> Item:
    """The item with its new facts. Going private leaves it open to its owner and to those named on it."""
    require(actor, Action.FILE_EVIDENCE)
    found = lock_own(session, actor, item_id)
    columns = checked(session, actor, facts, found)
    if not columns["title"]:
        raise Invalid(msg("An item needs a title."), field="title")
    check_opening(session, actor, found, facts.visibility)
    closes = found.visibility != Visibility.PRIVATE and facts.visibility == Visibility.PRIVATE
    for name, value in columns.items():
        setattr(found, name, value)
    set_programmes(found, facts.programmes)
    found.changed_at = now()
    if closes:
        name_owner(session, actor, found)
    record(session, actor, "evidence.update", "item", found.id, visibility=found.visibility)
    _index_later(session, found)
    return found


def set_visibility(session: Session, *, actor: Actor, item_ids: Collection[str], visibility: Visibility) -> int:
    """How many of these items now have this visibility: all of them, or NotFound and none."""
    require(actor, Action.FILE_EVIDENCE)
    if visibility == Visibility.PUBLIC:
        require(actor, Action.RELEASE_EVIDENCE)
    for found in lock_own_all(session, actor, item_ids):
        check_opening(session, actor, found, visibility)
        closes = found.visibility != Visibility.PRIVATE and visibility == Visibility.PRIVATE
        found.visibility, found.changed_at = visibility, now()
        if closes:
            name_owner(session, actor, found)
        record(session, actor, "evidence.set_visibility", "item", found.id, visibility=visibility)
        _index_later(session, found)
    return len(item_ids)


def withdraw(session: Session, *, actor: Actor, item_ids: Collection[str]) -> int:
    """How many items are now in the bin: all of these, or NotFound and none. They can be restored for 30 days."""
    for found in lock_own_all(session, actor, item_ids):
        found.withdrawn_at = found.changed_at = now()
        record(session, actor, "evidence.withdraw", "item", found.id)
        _index_later(session, found)
    return len(item_ids)


def restore(session: Session, *, actor: Actor, item_id: str) -> Item:
    """The item, out of the bin again with everything it had."""
    found = lock_own(session, actor, item_id, withdrawn=True)
    found.withdrawn_at, found.changed_at = None, now()
    record(session, actor, "evidence.restore", "item", found.id)
    _index_later(session, found)
    return found


def forget_filing_keys(session: Session) -> int:
    """How many keys of filings were forgotten: those so old that no browser sends them again."""
    old = delete(FilingKey).where(FilingKey.created_at < now() - FILING_KEYS_LAST)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def checked_url(url: str) -> str:
    """The address, when it is one a browser can open safely, with https:// where it was left out; Invalid otherwise."""
    url = re.sub(r"\s", "", clean_text(url))
    if WITHOUT_SCHEME.match(url):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme.lower() not in ("http", "https") or parts.username is not None:
        raise Invalid(
            msg(
                "'%(url)s' is not a web address. It must begin with https:// or http:// and hold no password.",
                url=url[:200],
            ),
            field="url",
        )
    return url


def _add(
    session: Session,
    actor: Actor,
    kind: ItemKind,
    blob: StoredBlob,
    *,
    file_name: str,
    media_type: str,
    facts: ItemFacts,
    folder: str = "",
    url: str = "",
    received_at: datetime | None = None,
    filing_key: str = "",
    urgency: Urgency = Urgency.NOW,
) -> Item:
    require(actor, Action.FILE_EVIDENCE)
    if filing_key:
        wait_for_turn(session, "filing key", actor.school_id, actor.person_id, filing_key[:80])
        before = session.get(FilingKey, (actor.school_id, actor.person_id, filing_key[:80]))
        if before is not None:
            return session.get_one(Item, (actor.school_id, before.item_id))
    facts = placed(actor, facts)
    columns = checked(session, actor, facts)
    columns["title"] = columns["title"] or title_from(file_name)
    moment = now()
    first = Version(
        id=new_id(),
        school_id=actor.school_id,
        item_id=new_id(),
        number=1,
        sha256=blob.sha256,
        size_bytes=blob.size_bytes,
        media_type=media_type,
        file_name=file_name,
        url=url,
        added_by=actor.person_id,
        added_at=moment,
    )
    added = Item(
        id=first.item_id,
        school_id=actor.school_id,
        kind=kind,
        owner_id=actor.person_id,
        folder=folder,
        current_version_id=first.id,
        received_at=received_at or moment,
        changed_at=moment,
        **columns,
    )
    set_programmes(added, facts.programmes)
    session.add(added)
    session.flush()
    session.add(first)
    if added.visibility == Visibility.PRIVATE:
        name_owner(session, actor, added)
    if filing_key:
        session.add(
            FilingKey(
                school_id=actor.school_id,
                person_id=actor.person_id,
                key=filing_key[:80],
                item_id=added.id,
                created_at=moment,
            )
        )
    record(session, actor, "evidence.add", "item", added.id, kind=kind, version=first.id, sha256=blob.sha256)
    _read_later(session, first, urgency)
    return added


def _read_later(session: Session, version: Version, urgency: Urgency = Urgency.NOW) -> None:
    enqueue(session, JobKind.READ_VERSION, version.school_id, version.id, urgency=urgency)


def _index_later(session: Session, found: Item) -> None:
    enqueue(session, JobKind.INDEX_ITEM, found.school_id, found.id)
