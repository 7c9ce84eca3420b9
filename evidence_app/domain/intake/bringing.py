"""Bringing documents in, many at once: each file is kept, known already, or refused with a reason."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePath

from sqlalchemy.orm import Session

from evidence_app.database import Database
from evidence_app.domain import tagging
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import (
    Filing,
    ItemFacts,
    Visibility,
    a_file,
    a_link,
    add_all,
    checked_url,
    flag_by_place,
    items_by_bytes,
)
from evidence_app.domain.extraction import sniff
from evidence_app.domain.intake.room import allowance_of
from evidence_app.domain.intake.shortcuts import address_in, is_shortcut
from evidence_app.domain.intake.sidecars import NO_NOTES, Notes, gathered, notes_in
from evidence_app.domain.intake.sources import IN_MEMORY_BYTES, Found, files_in_folder, is_zip, why_unreadable, zip_of
from evidence_app.errors import AppError, Invalid
from evidence_app.i18n import Message, msg
from storage_adapters import Blob, BlobStore, BlobTooLarge, StoreFull

FILES_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file. `item_id` is empty when it was refused; `duplicate_of` names the item it already was.

    `waits_for_room`: it is refused only because the disk is full, and may be tried again. Where it was kept, `reason`
    is what is worth knowing of it.
    """

    path: str
    item_id: str = ""
    duplicate_of: str = ""
    reason: Message | None = None
    waits_for_room: bool = False


@dataclass(slots=True)
class Intake:
    """What became of all files, in the order in which they were met; `bytes_met` is what they hold together."""

    entries: list[Entry] = field(default_factory=list)
    bytes_met: int = 0

    @property
    def added(self) -> list[Entry]:
        """The files that became new items."""
        return [e for e in self.entries if e.item_id and not e.duplicate_of]

    @property
    def duplicates(self) -> list[Entry]:
        """The files whose bytes are an item of the school already, one that the actor may see."""
        return [e for e in self.entries if e.duplicate_of]

    @property
    def refused(self) -> list[Entry]:
        """The files that were not kept, each with its reason."""
        return [e for e in self.entries if not e.item_id]


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a file before it is read: its facts, when it was received (None: just now), what it shows."""

    facts: ItemFacts
    received_at: datetime | None = None
    node_keys: tuple[str, ...] = ()


Describe = Callable[[str], Described]
"""The path of a file, in composed characters -> what is known of it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file whose bytes are durable in the store; `url` is the address where it was a shortcut.

    `notes` is what the export of a drive says of it, and `notice` what is worth knowing of it.
    """

    path: str
    blob: Blob
    media_type: str
    url: str = ""
    notes: Notes = NO_NOTES
    notice: Message | None = None

    @property
    def name(self) -> str:
        """The name of the file, without its folders."""
        return self.path.rpartition("/")[2]


@contextmanager
def files_at(*paths: Path, files: Iterable[Path] | None = None) -> Iterator[Sequence[Found]]:
    """The files of folders, ZIPs and single files, as the parts of one source; to be opened while the block runs.

    `files` are those below the one folder that are wanted, if not all of them are.
    """
    with ExitStack() as opening:

        def files_of(path: Path) -> Iterable[Found]:
            if not is_zip(path):
                return files_in_folder(path, files)
            return opening.enter_context(zip_of(path, one_of_several=path.name if paths[1:] else "")).files

        yield gathered(*map(files_of, dict.fromkeys(paths)))


def import_path(
    database: Database,
    blobs: BlobStore,
    *,
    actor: Actor,
    path: Path,
    visibility: Visibility = Visibility.STAFF,
    max_bytes: int,
    files: Iterable[Path] | None = None,
    describe: Describe | None = None,
    tell: Callable[[Intake], None] = lambda intake: None,
) -> Intake:
    """What became of a file, or of every file in a folder or a ZIP; as `import_found`.

    `files` are those below the folder that are wanted, if not all of them are. What `describe` says of the visibility
    goes before `visibility`.
    """
    describe = describe or (lambda _path: Described(ItemFacts(visibility=visibility)))
    with files_at(path, files=files) as found:
        return import_found(
            database, blobs, actor=actor, found=found, max_bytes=max_bytes, describe=describe, tell=tell
        )


def import_found(
    database: Database,
    blobs: BlobStore,
    *,
    actor: Actor,
    found: Iterable[Found],
    max_bytes: int,
    describe: Describe,
    tell: Callable[[Intake], None] = lambda intake: None,
) -> Intake:
    """What became of these files, in this order; `tell` is called after each batch that is safe.

    Bytes are durable in the store before the rows that name them are written, a batch of rows at a time. Doing it
    again after a crash files nothing twice: what is there already counts as a duplicate.
    """
    require(actor, Action.FILE_EVIDENCE)
    intake, batch = Intake(), list[Stored]()
    with database.reading() as session:
        allowance, taken = allowance_of(session, actor), 0
    for one in found:
        intake.bytes_met += one.size_bytes
        stored = store(blobs, actor, one, max_bytes, partial(allowance.after, taken))
        taken += stored.blob.size_bytes if isinstance(stored, Stored) else 0
        if isinstance(stored, Entry):
            intake.entries.append(stored)
            continue
        batch.append(stored)
        if len(batch) == FILES_AT_ONCE:
            intake.entries += _keep(database, actor, batch, describe)
            batch.clear()
            tell(intake)
    intake.entries += _keep(database, actor, batch, describe)
    tell(intake)
    return intake


def store(
    blobs: BlobStore,
    actor: Actor,
    found: Found,
    max_bytes: int,
    refusal: Callable[[int], Message | None] = lambda _: None,
) -> Stored | Entry:
    """The file's bytes in the store, or the entry that says why they are not; other troubles are raised.

    `refusal` says of a size why there is no room for it, before any byte is taken.
    """
    if found.refused is not None:
        return Entry(found.path, reason=found.refused)
    if (full := refusal(found.size_bytes)) is not None:
        return Entry(found.path, reason=full, waits_for_room=True)
    try:
        with found.opened() as stream:
            if is_shortcut(found.name, found.size_bytes) and (url := _checked(address_in(found.name, stream))):
                blob = blobs.put(actor.school_id, io.BytesIO(url.encode()))
                return Stored(found.path, blob, "text/uri-list", url, notes_in(found.notes))
            blob = blobs.put(actor.school_id, stream, max_bytes=max_bytes, expected_bytes=found.size_bytes)
            if found.size_bytes <= IN_MEMORY_BYTES:
                media_type = sniff(stream, found.name)  # type: ignore[arg-type]
            else:
                # A large file of a ZIP is unpacked anew each time one goes back in it.
                with blobs.local_path(actor.school_id, blob.sha256) as path, path.open("rb") as kept:
                    media_type = sniff(kept, found.name)
    except BlobTooLarge:
        return Entry(found.path, reason=too_large(max_bytes))
    except StoreFull:
        return Entry(
            found.path,
            reason=msg("There is no room left on the disk. Free some space and import again; what is here stays."),
            waits_for_room=True,
        )
    except found.troubles as error:
        return Entry(found.path, reason=why_unreadable(error))
    return Stored(found.path, blob, media_type, notes=notes_in(found.notes), notice=found.notice)


def too_large(max_bytes: int) -> Message:
    """Why a file of more than `max_bytes` is not kept."""
    return msg("Larger than the %(mib)d MiB a file may have here.", mib=max_bytes // 1024 // 1024)


def keep_all(session: Session, actor: Actor, batch: Sequence[Stored], describe: Describe) -> list[Entry]:
    """The files, filed and tagged as described; one that is an item already takes the tags of its other place.

    Tags it has stay as they are, whatever became of them in review. What a rule of filing says against a file is its
    reason: nothing of it is kept then, and it stops no other file.
    """
    try:
        with session.begin_nested():
            return _filed(session, actor, batch, describe)
    except AppError as error:
        if len(batch) == 1:
            return [Entry(batch[0].path, reason=error.message)]
    return [entry for stored in batch for entry in keep_all(session, actor, [stored], describe)]


def _filed(session: Session, actor: Actor, batch: Sequence[Stored], describe: Describe) -> list[Entry]:
    """The entries of these files: all of them are filed, or a rule of filing is raised."""
    described = [describe(stored.path) for stored in batch]
    there = items_by_bytes(session, actor, [stored.blob.sha256 for stored in batch])
    known = {sha256: items[0] for sha256, items in there.items()}
    first = {stored.blob.sha256: n for n, stored in reversed(list(enumerate(batch)))}
    new = [n for n, stored in enumerate(batch) if stored.blob.sha256 not in known and first[stored.blob.sha256] == n]
    added = add_all(session, actor=actor, filings=[_filing(batch[n], described[n]) for n in new])
    items = known | {batch[n].blob.sha256: item for n, item in zip(new, added, strict=True)}
    entries = [
        Entry(stored.path, item.id, duplicate_of="" if n in new else item.id, reason=stored.notice)
        for n, stored in enumerate(batch)
        for item in [items[stored.blob.sha256]]
    ]
    for stored, entry in zip(batch, entries, strict=True):
        if entry.duplicate_of:
            flag_by_place(session, actor, items[stored.blob.sha256], stored.path)
    pairs = {(e.item_id, node_key) for e, d in zip(entries, described, strict=True) for node_key in d.node_keys}
    if pairs:
        tagging.propose_all(session, actor=actor, pairs=pairs)
    return entries


def _keep(database: Database, actor: Actor, batch: Sequence[Stored], describe: Describe) -> list[Entry]:
    """The entries of one batch, filed in one transaction."""
    if not batch:
        return []
    with database.unit_of_work() as session:
        return keep_all(session, actor, batch, describe)


def _filing(stored: Stored, described: Described) -> Filing:
    folder = stored.path.rpartition("/")[0]
    facts = stored.notes.under(described.facts)
    if stored.url:
        facts = replace(facts, title=facts.title or PurePath(stored.name).stem)
        return a_link(stored.blob, url=stored.url, facts=facts, folder=folder, received_at=described.received_at)
    return a_file(
        stored.blob,
        file_name=stored.name,
        media_type=stored.media_type,
        facts=facts,
        folder=folder,
        received_at=described.received_at,
    )


def _checked(url: str) -> str:
    """The address if it can be opened safely, else "": then the shortcut is kept as the file it is."""
    try:
        return checked_url(url) if url else ""
    except Invalid:
        return ""
