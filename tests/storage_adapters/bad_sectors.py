"""Bad sectors: files of a store on disk whose bytes the disk does not give any more."""

import errno
import io
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from storage_adapters.local import LocalStore


class _Unreadable(io.RawIOBase):
    """A file that opens and does not read, as one on a bad sector."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return offset

    def tell(self) -> int:
        return 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def spoil(patch: pytest.MonkeyPatch, *paths: Path) -> None:
    """From now on these files, whatever they are called, cannot be read; others in their place can."""
    spoiled = {path.stat().st_ino for path in paths}
    open_file = LocalStore._open_file

    def opened(store: LocalStore, prefix: str, sha256: str) -> BinaryIO:
        file = open_file(store, prefix, sha256)
        if os.fstat(file.fileno()).st_ino not in spoiled:
            return file
        file.close()
        return io.BufferedReader(_Unreadable())

    patch.setattr(LocalStore, "_open_file", opened)
