"""Bringing a folder of documents in: each file is kept, known already, or refused with a reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from evidence_app.database import Database
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import ItemFacts, Visibility, add_file, items_with_bytes
from evidence_app.domain.extraction import sniff
from evidence_app.domain.jobs import Urgency
from evidence_app.i18n import Message, msg
from evidence_app.texts import clean_text
from storage_adapters import Blob, BlobStore, BlobTooLarge, StoreFull

FILES_AT_ONCE = 40
SYSTEM_FOLDERS = frozenset({"__MACOSX", ".git", "$RECYCLE.BIN"})
JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized", "icon\n"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file. `item_id` is empty when it was refused; `duplicate_of` names the item it already was."""

    path: str
    item_id: str = ""
    duplicate_of: str = ""
    reason: Message | None = None


@dataclass(slots=True)
class Intake:
    """What became of all files, in the order in which they were met."""

    entries: list[Entry] = field(default_factory=list)

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
    """What is known of a file before it is read: its facts, and when it was received (None: just now)."""

    facts: ItemFacts
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    path: str
    name: str
    folder: str
    blob: Blob
    media_type: str


def import_path(
    database: Database,
    blobs: BlobStore,
    *,
    actor: Actor,
    path: Path,
    visibility: Visibility = Visibility.STAFF,
    max_bytes: int,
    files: Iterable[Path] | None = None,
    describe: Callable[[str], Described] | None = None,
    tell: Callable[[Intake], None] = lambda intake: None,
) -> Intake:
    """What became of a file, or of every file below a folder; `tell` is called after each batch that is safe.

    `files` are those below the folder that are wanted, if not all of them are. `describe` is given the path below the
    folder, in composed characters; what it says of the visibility goes before `visibility`.
    Bytes are durable in the store before the rows that name them are written, a batch of rows at a time. Doing it
    again after a crash files nothing twice: what is there already counts as a duplicate.
    """
    require(actor, Action.FILE_EVIDENCE)
    intake = Intake()
    batch: list[_Stored] = []
    describe = describe or (lambda _path: Described(ItemFacts(visibility=visibility)))
    for file in _files_below(path) if files is None else files:
        shown = _shown(file, path)
        stored = _store(blobs, actor, file, shown, max_bytes)
        if isinstance(stored, Entry):
            intake.entries.append(stored)
            continue
        batch.append(stored)
        if len(batch) == FILES_AT_ONCE:
            intake.entries += _file_batch(database, actor, batch, describe)
            batch = []
            tell(intake)
    intake.entries += _file_batch(database, actor, batch, describe)
    tell(intake)
    return intake


def _files_below(path: Path) -> Iterator[Path]:
    """Every file below a folder, by name, folders of the system left out; or the one file itself.

    Links to folders are not followed but given, and so are folders that cannot be opened: nothing is passed over in
    silence.
    """
    if not path.is_dir():
        yield path
        return
    closed: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=closed.append):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - SYSTEM_FOLDERS - set(links))
        for name in sorted([*names, *links]):
            yield here / name
    for error in closed:
        yield Path(os.fsdecode(error.filename))


def _shown(file: Path, root: Path) -> str:
    """The path as people are told it: relative to the folder that was given, in composed characters."""
    relative = file.relative_to(root) if root.is_dir() else file
    return clean_text(os.fsencode(relative).decode("utf-8", "replace"))


def _store(blobs: BlobStore, actor: Actor, file: Path, shown: str, max_bytes: int) -> _Stored | Entry:
    """The file's bytes in the store, or the entry that says why they are not."""
    name = shown.rpartition("/")[2]
    if name.lower() in JUNK or name.startswith(("~$", "._")):
        return Entry(shown, reason=msg("A file of the operating system or of an open program, not a document."))
    try:
        about = file.lstat()
        if stat.S_ISDIR(about.st_mode):
            return Entry(shown, reason=msg("The folder cannot be opened. Check its rights, then import it again."))
        if not stat.S_ISREG(about.st_mode):
            return Entry(
                shown, reason=msg("Not a file but a link or a device. Copy the document itself into the folder.")
            )
        if about.st_size == 0:
            return Entry(shown, reason=msg("The file is empty. Look for another copy of it."))
        with file.open("rb") as stream:
            media_type = sniff(stream, name)
            stream.seek(0)
            blob = blobs.put(actor.school_id, stream, max_bytes=max_bytes, expected_bytes=about.st_size)
    except BlobTooLarge:
        return Entry(
            shown, reason=msg("Larger than the %(mib)d MiB a file may have here.", mib=max_bytes // 1024 // 1024)
        )
    except StoreFull:
        return Entry(
            shown,
            reason=msg("There is no room left on the disk. Free some space and import again; what is here stays."),
        )
    except OSError as error:
        return Entry(
            shown,
            reason=msg("It cannot be read: %(why)s. Check the file and its rights.", why=error.strerror or str(error)),
        )
    return _Stored(shown, name, shown.rpartition("/")[0], blob, media_type)


def _file_batch(
    database: Database, actor: Actor, batch: Sequence[_Stored], describe: Callable[[str], Described]
) -> list[Entry]:
    """The entries of one batch, filed in one transaction."""
    entries: list[Entry] = []
    if not batch:
        return entries
    with database.unit_of_work() as session:
        for stored in batch:
            known = items_with_bytes(session, actor, stored.blob.sha256)
            if known:
                entries.append(Entry(stored.path, known[0].id, duplicate_of=known[0].id))
                continue
            known_before = describe(stored.path)
            item = add_file(
                session,
                actor=actor,
                blob=stored.blob,
                file_name=stored.name,
                media_type=stored.media_type,
                facts=known_before.facts,
                folder=stored.folder,
                received_at=known_before.received_at,
                urgency=Urgency.BULK,
            )
            session.flush()
            entries.append(Entry(stored.path, item.id))
    return entries
