"""The three files of an upload in pieces: written, read, locked and removed. `pieces` says what they mean."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg

CHUNK_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file on its way: `arrived_bytes` of its `size_bytes` are on the disk.

    `mark` is what the sender says to know the same file by again, such as when it was changed last. `sha256` and
    `media_type` are empty until the file is in the store.
    """

    id: str
    name: str
    size_bytes: int
    mark: str
    arrived_bytes: int = 0
    sha256: str = ""
    media_type: str = ""


def write_piece(part: Path, known: Arriving, source: IO[bytes]) -> int:
    """How much of the file is on the disk once all of `source` is."""
    with part.open("r+b", buffering=0) as file:
        at = file.seek(known.arrived_bytes)
        while chunk := source.read(CHUNK_BYTES):
            if at + len(chunk) > known.size_bytes:
                raise Invalid(
                    msg(
                        "More of “%(name)s” arrives than was announced: it was changed on its way. Choose it again.",
                        name=known.name,
                    ),
                    field="files",
                )
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) or 0 :]
            at += len(chunk)
        os.fsync(file.fileno())
    return at


def keep(stem: Path, arriving: Arriving) -> None:
    """Write down how an upload stands: all of it or, after a kill, what was written down before."""
    fresh = stem.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as file:
        json.dump(asdict(arriving), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(stem.with_suffix(".json"))


def kept(stem: Path) -> Arriving:
    try:
        return Arriving(**json.loads(stem.with_suffix(".json").read_text()))
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise gone() from error


@contextmanager
def locked(path: Path, flags: int = 0) -> Iterator[None]:
    """Wait for the lock, which ends with its process; FileNotFoundError where there is no such upload any more."""
    file_descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(file_descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file_descriptor)


def remove_if_abandoned(stem: Path, oldest_kept: float) -> bool:
    """Remove an upload, or what a kill left of one, unless something happened to it lately or somebody holds it."""
    try:
        file_descriptor = os.open(stem.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return False
    try:
        fcntl.flock(file_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        others = [path.stat().st_mtime for path in stem.parent.glob(f"{stem.name}.*") if path.suffix != ".lock"]
        if max(others, default=os.fstat(file_descriptor).st_mtime) > oldest_kept:
            return False
        remove(stem)
    except OSError:
        return False
    finally:
        os.close(file_descriptor)
    return True


def remove(stem: Path) -> None:
    for ending in (".json", ".new", ".part", ".lock"):
        stem.with_suffix(ending).unlink(missing_ok=True)


def gone() -> NotFound:
    return NotFound(msg("Nothing is left of this upload. Choose the file again."))
