"""What snapshots need of a store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, BinaryIO, Protocol


class Stored(Protocol):
    """What a store gives back for bytes it keeps."""

    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


class ReadableStore(Protocol):
    """Where the bytes of a snapshot are."""

    def open(self, prefix: str, sha256: str, *, start: int = 0, length: int | None = None) -> BinaryIO: ...
    def size(self, prefix: str, sha256: str) -> int: ...
    def read_verified(self, prefix: str, sha256: str, *, max_bytes: int) -> bytes: ...


class WritableStore(ReadableStore, Protocol):
    """Where the bytes of a snapshot go."""

    def put(self, prefix: str, source: IO[bytes] | Iterable[bytes]) -> Stored: ...
