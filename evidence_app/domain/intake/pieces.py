"""A large file, in pieces: what has arrived waits on the disk, so that a broken line costs the piece under way alone.

Each upload is three files named `<school>-<person>-<id>`: `.json` says what is arriving and how far it is, `.part`
holds the bytes, `.lock` keeps everything else away while one request is at work. A piece is flushed first and told in
the `.json` afterwards, so what that file says has arrived is on the disk, whatever was killed or lost power; bytes
beyond it are of a piece that broke off, and the next piece takes their place. Nothing of a file can be read before it
is finished. One folder serves one machine: all its server threads and processes, before and after a restart.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import clean_file_name
from evidence_app.domain.extraction import sniff
from evidence_app.domain.intake.piece_files import (
    Arriving,
    gone,
    keep,
    kept,
    locked,
    remove,
    remove_if_abandoned,
    write_piece,
)
from evidence_app.domain.intake.room import OnItsWay
from evidence_app.domain.intake.storing import StoredFile, check_size
from evidence_app.errors import Conflict, Invalid, NoRoom, NotFound
from evidence_app.i18n import Message, msg
from storage_adapters import Blob, BlobStore, StoreFull

MOST_UNFINISHED = 12
MOST_UNFINISHED_BY_LARGEST = 4
"""What one person may leave unfinished in one school: so many files, and together so many times the largest allowed."""

LONGEST_MARK = 40
_ID = re.compile(r"[0-9a-f]{32}")


class OutOfStep(Conflict):
    """The piece does not begin where the file stands, at `arrived_bytes`. Nothing was changed."""

    def __init__(self, arrived_bytes: int) -> None:
        super().__init__(msg("This piece does not go on where the file stands. Nothing was changed; try again."))
        self.arrived_bytes = arrived_bytes


class Pieces:
    """The uploads in pieces of one installation; `home` is where they wait if the store has no place for them.

    An upload belongs to one person in one school; for everybody else it does not exist (NotFound).
    """

    def __init__(self, blobs: BlobStore, home: Path) -> None:
        self._blobs = blobs
        self._folder = blobs.staging or home / "incoming"

    def begin(
        self,
        *,
        actor: Actor,
        name: str,
        size_bytes: int,
        mark: str,
        max_bytes: int,
        require_room: Callable[[int, OnItsWay], None] = lambda _size, _arriving: None,
    ) -> Arriving:
        """A new upload; or the one the same person left unfinished, if name, size and mark are the same.

        Raises Invalid for an empty or too large file, or if too much is unfinished; StoreFull if there is no room.
        `require_room` is asked before a new one, with how many bytes it takes and what is on its way beside it.
        """
        require(actor, Action.FILE_EVIDENCE)
        name, mark = clean_file_name(name), mark[:LONGEST_MARK]
        check_size(name, size_bytes, max_bytes=max_bytes)
        self._make_folder()
        with locked(self._folder / "beginning.lock", os.O_CREAT):
            unfinished = list(self._unfinished(actor))
            for known in unfinished:
                if mark and (known.name, known.size_bytes, known.mark) == (name, size_bytes, mark):
                    return known
            left_bytes = MOST_UNFINISHED_BY_LARGEST * max_bytes - sum(known.size_bytes for known in unfinished)
            if len(unfinished) >= MOST_UNFINISHED or size_bytes > left_bytes:
                raise Invalid(_too_much_unfinished(name, len(unfinished)), field="files")
            arriving = OnItsWay(self.arriving_bytes(actor.school_id), sum(known.size_bytes for known in unfinished))
            require_room(size_bytes, arriving)
            self._require_room(size_bytes)
            made = Arriving(secrets.token_hex(16), name, size_bytes, mark)
            stem = self._stem(actor, made.id)
            for ending in (".lock", ".part"):
                os.close(os.open(stem.with_suffix(ending), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            keep(stem, made)
        return made

    def standing(self, *, actor: Actor, upload_id: str) -> Arriving:
        """How far an upload is."""
        require(actor, Action.FILE_EVIDENCE)
        return kept(self._stem(actor, upload_id))

    def append(self, *, actor: Actor, upload_id: str, offset: int, source: IO[bytes]) -> Arriving:
        """The upload with one more piece, which is on the disk; `offset` is where in the file the piece begins.

        Raises OutOfStep, Invalid if more comes than was announced, NoRoom; then nothing has changed.
        """
        require(actor, Action.FILE_EVIDENCE)
        with self._held(actor, upload_id) as (stem, known):
            if known.sha256 or offset != known.arrived_bytes:
                raise OutOfStep(known.arrived_bytes)
            with _telling_what_is_kept(known):
                self._blobs.require_room(0)
                grown = replace(known, arrived_bytes=write_piece(stem.with_suffix(".part"), known, source))
                keep(stem, grown)
        return grown

    def finish(self, *, actor: Actor, upload_id: str) -> StoredFile:
        """The whole file, durable in the store; the same again if asked again within a day.

        Raises Conflict while pieces are missing.
        """
        require(actor, Action.FILE_EVIDENCE)
        with self._held(actor, upload_id) as (stem, known):
            part = stem.with_suffix(".part")
            if not known.sha256:
                if known.arrived_bytes < known.size_bytes:
                    raise Conflict(msg("“%(name)s” has not arrived as a whole yet. Try again.", name=known.name))
                with part.open("rb") as stream:
                    media_type = sniff(stream, known.name)
                blob = self._blobs.adopt(actor.school_id, part, max_bytes=known.size_bytes)
                known = replace(known, sha256=blob.sha256, media_type=media_type)
                keep(stem, known)
            part.unlink(missing_ok=True)
            # Whoever asks again is about to name the bytes: they are as young as just put, so that none erases them.
            if not self._blobs.renew(actor.school_id, known.sha256):
                raise gone()
            return StoredFile(known.name, Blob(known.sha256, known.size_bytes), known.media_type)

    def leave_out(self, *, actor: Actor, upload_id: str) -> None:
        """Forget an upload and what has arrived of it."""
        require(actor, Action.FILE_EVIDENCE)
        with self._held(actor, upload_id) as (stem, _known):
            remove(stem)

    def arriving_bytes(self, school_id: str) -> int:
        """How large a school's unfinished uploads are, or will be."""
        arriving = 0
        for path in self._folder.glob(f"{school_id}-*-*.json"):
            with suppress(NotFound):
                known = kept(path.with_suffix(""))
                arriving += 0 if known.sha256 else known.size_bytes
        return arriving

    def forget(self, school_id: str, asked_at: Mapping[str, datetime]) -> int:
        """How many uploads were forgotten, which had arrived before it was asked to erase their bytes: SHA-256 -> when.

        Their names go with what is erased. One that arrived since is somebody's new file: its bytes become as young as
        just put, so that they stay until a row names them, or nobody goes on with it.
        """
        forgotten = 0
        for path in self._folder.glob(f"{school_id}-*-*.json"):
            with suppress(NotFound, FileNotFoundError):
                stem = path.with_suffix("")
                with locked(stem.with_suffix(".lock")):
                    sha256 = kept(stem).sha256
                    if sha256 not in asked_at:
                        continue
                    if path.stat().st_mtime < asked_at[sha256].timestamp():
                        remove(stem)
                        forgotten += 1
                    else:
                        self._blobs.renew(school_id, sha256)
        return forgotten

    def sweep(self, older_than_seconds: float) -> int:
        """Remove the uploads nothing has happened to for so long, and return how many; running requests are safe."""
        oldest_kept = time.time() - older_than_seconds
        stems = {path.with_suffix("") for path in self._folder.glob("*-*-*.*")}
        return sum(remove_if_abandoned(stem, oldest_kept) for stem in sorted(stems))

    def _unfinished(self, actor: Actor) -> Iterator[Arriving]:
        for path in self._folder.glob(f"{actor.school_id}-{actor.person_id}-*.json"):
            with suppress(NotFound):
                known = kept(path.with_suffix(""))
                if not known.sha256:
                    yield known

    @contextmanager
    def _held(self, actor: Actor, upload_id: str) -> Iterator[tuple[Path, Arriving]]:
        """The upload as it stands, with nobody else at work on it; one whose bytes are gone is forgotten."""
        stem = self._stem(actor, upload_id)
        try:
            with locked(stem.with_suffix(".lock")):
                known, part = kept(stem), stem.with_suffix(".part")
                if not known.sha256 and (not part.exists() or part.stat().st_size < known.arrived_bytes):
                    remove(stem)
                    raise gone()
                yield stem, known
        except FileNotFoundError as error:
            raise gone() from error

    def _stem(self, actor: Actor, upload_id: str) -> Path:
        if not _ID.fullmatch(upload_id):
            raise gone()
        return self._folder / f"{actor.school_id}-{actor.person_id}-{upload_id}"

    def _make_folder(self) -> None:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)

    def _require_room(self, size_bytes: int) -> None:
        self._blobs.require_room(size_bytes)
        if shutil.disk_usage(self._folder).free < size_bytes:
            raise StoreFull(f"The disk of {self._folder} has no room for {size_bytes:,} bytes. Free some space there.")


@contextmanager
def _telling_what_is_kept(known: Arriving) -> Iterator[None]:
    try:
        yield
    except (StoreFull, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NoRoom(
            msg(
                "There is no room left for “%(name)s”. What has arrived of it is kept for a day. Tell your "
                "administrator; then try again.",
                name=known.name,
            )
        ) from error


def _too_much_unfinished(name: str, count: int) -> Message:
    return msg(
        "“%(name)s” was not taken: %(num)d large files of yours have not arrived as a whole yet. Choose those again, "
        "and they go on where they stopped; after a day they are forgotten.",
        name=name,
        num=count,
    )
