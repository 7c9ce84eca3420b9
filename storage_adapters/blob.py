"""Bytes on their way through a store: what they are called once they were seen whole, and counting them on the way."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from storage_adapters.errors import BlobTooLarge

CHUNK_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Blob:
    """The name and size of stored bytes: `sha256` as 64 lower-case hexadecimal digits."""

    sha256: str
    size_bytes: int


class Meter:
    """The hash and count of the bytes seen so far; raises BlobTooLarge past its limit, or at once if it is foreseen."""

    def __init__(self, max_bytes: int | None = None, *, expected_bytes: int = 0) -> None:
        if max_bytes is not None and expected_bytes > max_bytes:
            raise BlobTooLarge(max_bytes)
        self._hash = hashlib.sha256()
        self._count = 0
        self._max_bytes = max_bytes

    def add(self, chunk: bytes) -> None:
        """Count and hash one more chunk."""
        self._count += len(chunk)
        if self._max_bytes is not None and self._count > self._max_bytes:
            raise BlobTooLarge(self._max_bytes)
        self._hash.update(chunk)

    def blob(self) -> Blob:
        """Return the name and size of everything seen."""
        return Blob(self._hash.hexdigest(), self._count)


def chunks_of(source: IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a file-like object or of any iterable of bytes, never more than needed in memory."""
    if hasattr(source, "read"):
        while chunk := source.read(CHUNK_BYTES):
            yield chunk
    else:
        yield from source
