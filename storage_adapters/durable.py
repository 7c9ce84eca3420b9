"""The folder of a local store: what was flushed stays, and what failed to be flushed makes all of it suspect."""

import fcntl
import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage_adapters import disk
from storage_adapters.errors import StoreError, StoreFull, StoreUnavailable

MIB = 1024 * 1024
SMALLEST_RESERVE_BYTES = 512 * MIB
LARGEST_RESERVE_BYTES = 10 * 1024 * MIB
PROBE_EVERY_SECONDS = 30.0
"""How long a store that failed to flush takes no files before it is tried with fresh bytes."""

_log = logging.getLogger(__name__)


class DurableFolder:
    """A folder in which files are written, flushed and named; its errors are the store's own, with what to do.

    Folders are 0700, files 0600, made at the first write. `reserve_bytes` is what must stay free after a write; by
    default 5 % of the file system, at least 512 MiB and at most 10 GiB.
    """

    def __init__(self, root: Path, reserve_bytes: int | None) -> None:
        self.root = root
        self.suspect_reason: str | None = None
        self.probe_at = 0.0
        self._reserve_bytes = reserve_bytes
        self._durable_folders: set[Path] = set()

    def is_probe_due(self) -> bool:
        """Whether the folder is suspect and to be tried now; whoever asks first tries for all."""
        if self.suspect_reason is None or time.monotonic() < self.probe_at:
            return False
        self.probe_at = time.monotonic() + PROBE_EVERY_SECONDS
        return True

    def make_durable(self, folder: Path) -> None:
        """Create the folder and those above it, and have each one's name on the disk.

        Done once for each folder and process even where the folder exists, because another process may have made it
        and not flushed its name yet.
        """
        if folder in self._durable_folders and folder.is_dir():
            return
        if folder != self.root:
            self.make_durable(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        # The folder above the root may belong to somebody else and be closed to us.
        if folder != self.root or os.access(folder.parent, os.R_OK):
            self.flush_folder(folder.parent)
        self._durable_folders.add(folder)

    @contextmanager
    def temporary_file(self) -> Iterator[tuple[Path, int]]:
        """Give a new locked file in `.tmp` and its descriptor; its temporary name is gone afterwards in any case."""
        path = self.temporary_folder() / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            file_descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self.told(error, "written to") from error
        try:
            # The lock ends with the process, so sweep_temporary() can tell a running write from an abandoned one.
            fcntl.flock(file_descriptor, fcntl.LOCK_EX)
            yield path, file_descriptor
        finally:
            os.close(file_descriptor)
            with suppress(OSError):
                path.unlink()

    def temporary_folder(self) -> Path:
        """Return the folder of unfinished writes, made if it was missing."""
        folder = self.root / ".tmp"
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise self.told(error, "written to") from error
        return folder

    def write_all(self, file_descriptor: int, chunk: bytes) -> None:
        """Write every byte, however many calls the system needs."""
        try:
            disk.write_all(file_descriptor, chunk)
        except OSError as error:
            raise self.told(error, "written to") from error

    def flush_folder(self, folder: Path) -> None:
        """Have the names in a folder on the disk itself."""
        try:
            file_descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise self.told(error, "written to") from error
        try:
            self.flush(file_descriptor)
        finally:
            os.close(file_descriptor)

    def flush(self, file_descriptor: int) -> None:
        """Have the kernel write this file or folder to the disk itself.

        A failed flush is never repeated on the same data: the kernel drops what it could not write and reports
        success the next time. So the write fails, and the whole store is suspect until its probe passes.
        """
        try:
            disk.flush(file_descriptor)
        except OSError as error:
            if error.errno not in disk.NO_ROOM:
                self.probe_at = time.monotonic() + PROBE_EVERY_SECONDS
                self.suspect_reason = f"the disk failed to keep what was written ({error})"
                _log.critical("Store %s is suspect: %s", self.root, self.suspect_reason)
            raise self.told(error, "written to") from error

    def require_room(self, expected_bytes: int) -> None:
        """Raise StoreFull if a file of this size would eat into the reserve."""
        room = self.room()
        reserve = self._reserve_bytes
        if reserve is None:
            reserve = min(max(SMALLEST_RESERVE_BYTES, room.total_bytes // 20), LARGEST_RESERVE_BYTES)
        if room.free_bytes < expected_bytes + reserve:
            raise StoreFull(
                f"The disk of {self.root} has {room.free_bytes // MIB:,} MiB free; this file needs "
                f"{expected_bytes // MIB:,} MiB and {reserve // MIB:,} MiB must stay free. Nothing was kept, and "
                "nothing held is affected. Free some space, then try again; the limit is the store's reserve_mib."
            )

    def room(self) -> disk.Room:
        """Return how much the file system of the folder can still take."""
        try:
            return disk.room(self.root)
        except OSError as error:
            raise self.told(error, "looked at") from error

    def files_below(self, folder: Path, depth: int) -> Iterator[Path]:
        """Yield what stands so many folders below one, in order."""
        for path in self.entries(folder):
            if depth:
                yield from self.files_below(path, depth - 1)
            else:
                yield path

    def entries(self, folder: Path) -> list[Path]:
        """Return what stands in a folder, in order; nothing if it is missing or no folder."""
        try:
            return disk.entries(folder)
        except OSError as error:
            raise self.told(error, "listed") from error

    def told(self, error: OSError, what: str) -> StoreError:
        """Return the store's own error for one of the operating system, with what to do about it."""
        if error.errno in disk.NO_ROOM:
            return StoreFull(
                f"The disk of {self.root} is full. Nothing was kept, and nothing held is affected. "
                "Free some space, then try again."
            )
        return StoreUnavailable(
            f"The store {self.root} cannot be {what}: {error}. Nothing was changed. "
            "Check that the folder exists, belongs to the account that runs this program, and that its disk is sound."
        )
