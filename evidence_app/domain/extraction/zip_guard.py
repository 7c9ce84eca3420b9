"""Zip-based documents, opened with suspicion: sizes summed from the directory, and counted again while unpacking."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from evidence_app.domain.extraction.draft import Damaged, Encrypted, TooLarge
from evidence_app.domain.extraction.limits import MAX_INFLATED_BYTES, MAX_XML_BYTES, MAX_ZIP_ENTRIES, MIB

_CHUNK = 64 * 1024
_ENCRYPTED_FLAG = 0x1


class GuardedZip:
    """A zip archive whose directory is plausible; `read` hands out members within one budget for the whole archive.

    Raises Damaged for an archive that is broken or has the same name twice (two programs would read two documents),
    Encrypted, or TooLarge.
    """

    def __init__(self, file: BinaryIO, *, max_inflated_bytes: int = MAX_INFLATED_BYTES) -> None:
        try:
            file.seek(0)
            self.archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise Damaged from error
        entries = self.archive.infolist()
        if len(entries) > MAX_ZIP_ENTRIES:
            raise TooLarge("zip-entries", entries=len(entries), limit=MAX_ZIP_ENTRIES)
        declared = sum(entry.file_size for entry in entries)
        if declared > max_inflated_bytes:
            raise TooLarge("zip-size", size_mb=declared // MIB, limit_mb=max_inflated_bytes // MIB)
        self._members = {entry.filename: entry for entry in entries}
        if len(self._members) != len(entries):
            raise Damaged("zip-same-name-twice")
        self._budget = max_inflated_bytes
        self._limit_mb = max_inflated_bytes // MIB

    @property
    def names(self) -> list[str]:
        """Names of the members, in the order of the directory."""
        return list(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size_bytes(self, name: str) -> int:
        """Unpacked size of a member, as the directory says."""
        return self._members[name].file_size

    def read(self, name: str, limit: int = MAX_XML_BYTES) -> bytes:
        """The unpacked bytes of a member, counted while unpacking. Raises Damaged, Encrypted or TooLarge."""
        entry = self._members.get(name)
        if entry is None:
            raise Damaged("part-missing", part=name)
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise Encrypted("encrypted-otherwise")
        pieces: list[bytes] = []
        size = 0
        try:
            with self.archive.open(entry) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    self._budget -= len(chunk)
                    if size > limit:
                        raise TooLarge("part-size", part=name, limit_mb=limit // MIB)
                    if self._budget < 0:
                        raise TooLarge("zip-size", size_mb=self._limit_mb, limit_mb=self._limit_mb)
                    pieces.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
            raise Damaged from error
        return b"".join(pieces)

    def prove_sizes(self) -> None:
        """Unpack every member once, keeping nothing, so that a library may open the archive after us.

        Libraries unpack members whole; a directory that understates sizes would make them fill the memory.
        """
        for name, entry in self._members.items():
            if entry.compress_type == zipfile.ZIP_STORED and entry.file_size == entry.compress_size:
                continue
            budget = entry.file_size
            try:
                with self.archive.open(entry) as member:
                    while chunk := member.read(_CHUNK):
                        budget -= len(chunk)
                        if budget < 0:
                            raise Damaged("zip-sizes-lie", part=name)
            except RuntimeError as error:  # zipfile's way to ask for a password
                raise Encrypted("encrypted-otherwise") from error
            except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
                raise Damaged from error
