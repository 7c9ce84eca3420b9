"""What local.py asks of the operating system; every function raises plain OSError."""

import errno
import fcntl
import io
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Room:
    """How much a file system can still take, and how large it is."""

    free_bytes: int
    total_bytes: int


class Part(io.RawIOBase):
    """The next `length` bytes of a file, which is closed with it."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read(min(len(buffer), self._left))
        buffer[: len(chunk)] = chunk
        self._left -= len(chunk)
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def flush(file_descriptor: int) -> None:
    """Return once the file or folder is on the disk itself; on macOS fsync() alone stops at the disk's own cache."""
    if sys.platform == "darwin":
        fcntl.fcntl(file_descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(file_descriptor)


def write_all(file_descriptor: int, chunk: bytes) -> None:
    """Write every byte, however many calls the system needs."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(file_descriptor, rest) :]


def room(folder: Path) -> Room:
    """Return the Room of the file system on which `folder` is or would be made."""
    nearest = next(known for known in [folder, *folder.parents] if known.exists())
    status = os.statvfs(nearest)
    return Room(status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize)


def entries(folder: Path) -> list[Path]:
    """Return what stands in a folder, in order; nothing if it is missing or no folder."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def open_plain(path: Path) -> BinaryIO:
    """Return a plain file opened for reading; a link or a pipe in its place is an error."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return file


def can_link(path: Path, folder: Path) -> bool:
    """Tell whether a file can get a further name below `folder`.

    It is tried, because two mounts of one file system look the same and refuse each other's files.
    """
    trial = folder / f"{os.getpid()}-{secrets.token_hex(8)}"
    try:
        os.link(path, trial)
    except OSError:
        return False
    with suppress(FileNotFoundError):
        trial.unlink()
    return True


def renew(path: Path) -> bool:
    """Make a held file as young as if it had been written now; False if it is gone, or on its way out.

    Renewing and `remove_unless_younger` lock the file, so that one of them sees what the other did.
    """
    with _held_file(path) as file_descriptor:
        if file_descriptor is None:
            return False
        os.utime(file_descriptor)
        return True


def remove_unless_younger(path: Path, oldest_kept: float) -> bool:
    """Remove a file unless it was written or renewed at `oldest_kept` or later; tell whether there is none now."""
    with _held_file(path) as file_descriptor:
        if file_descriptor is None:
            return not path.exists()
        if os.fstat(file_descriptor).st_mtime >= oldest_kept:
            return False
        path.unlink()
        return True


@contextmanager
def _held_file(path: Path) -> Iterator[int | None]:
    """The descriptor of the file of this name, locked; None if there is none, or another one came in its place."""
    try:
        file_descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(file_descriptor, fcntl.LOCK_EX)
        try:
            is_there = os.path.samestat(path.lstat(), os.fstat(file_descriptor))
        except FileNotFoundError:
            is_there = False
        yield file_descriptor if is_there else None
    finally:
        os.close(file_descriptor)


def remove_if_abandoned(path: Path, oldest_kept: float) -> bool:
    """Remove a temporary file last written before `oldest_kept` that no process holds locked; tell whether it was so.

    One that has its final name as well is never written again, and its age is that of the bytes kept, which may be put
    there anew at any time: it is removed at once. A file that cannot be opened, locked or removed is left for the next
    sweep.
    """
    try:
        file_descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        status = os.fstat(file_descriptor)
        if status.st_mtime > oldest_kept and status.st_nlink == 1:
            return False
        fcntl.flock(file_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(file_descriptor)
    return True
