"""A store in this process's memory: a real adapter for tests and trials, gone when the process ends."""

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

from storage_adapters.base import BlobStore, temporary_copy
from storage_adapters.blob import Blob, Meter, chunks_of
from storage_adapters.errors import BlobNotFound
from storage_adapters.names import check_name, check_prefix, check_range, parse_name


class MemoryStore(BlobStore):
    """Blobs in a dictionary, guarded by a lock; `damaged` keeps the names and bytes that were set aside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blobs: dict[str, tuple[bytes, datetime]] = {}
        self.damaged: list[tuple[str, bytes]] = []

    def open(self, prefix: str, sha256: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        check_range(start, length)
        end = None if length is None else start + length
        return io.BytesIO(self._held(prefix, sha256)[start:end])

    def size(self, prefix: str, sha256: str) -> int:
        return len(self._held(prefix, sha256))

    def delete(self, prefix: str, sha256: str) -> None:
        with self._lock:
            self._blobs.pop(check_name(prefix, sha256), None)

    def erase(self, prefix: str, sha256: str, *, put_before: datetime) -> bool:
        with self._lock:
            held = self._blobs.get(check_name(prefix, sha256))
            if held is not None and held[1] >= put_before:
                return False
            self._blobs.pop(check_name(prefix, sha256), None)
            self.damaged = [one for one in self.damaged if one[0] != check_name(prefix, sha256)]
            return True

    def put_at(self, prefix: str, sha256: str) -> datetime | None:
        with self._lock:
            held = self._blobs.get(check_name(prefix, sha256))
        return held[1] if held else None

    def renew(self, prefix: str, sha256: str) -> bool:
        with self._lock:
            held = self._blobs.get(check_name(prefix, sha256))
            if held is not None:
                self._blobs[check_name(prefix, sha256)] = (held[0], datetime.now(UTC))
        return held is not None

    def iter_blobs(self, prefix: str | None = None) -> Iterator[tuple[str, Blob, datetime]]:
        wanted = None if prefix is None else check_prefix(prefix)
        with self._lock:
            listing = [(name, len(held), put_at) for name, (held, put_at) in self._blobs.items()]
        for name, size_bytes, put_at in sorted(listing):
            owner, sha256 = parse_name(name) or ("", "")
            if wanted in (None, owner):
                yield owner, Blob(sha256, size_bytes), put_at

    def sweep_temporary(self, older_than_seconds: float) -> int:
        return 0

    def free_bytes(self) -> int | None:
        return None

    def local_path(self, prefix: str, sha256: str) -> AbstractContextManager[Path]:
        return temporary_copy(self, prefix, sha256)

    def _put_checked(
        self, prefix: str, source: IO[bytes] | Iterable[bytes], max_bytes: int | None, expected_bytes: int
    ) -> Blob:
        meter = Meter(max_bytes, expected_bytes=expected_bytes)
        gathered = bytearray()
        for chunk in chunks_of(source):
            meter.add(chunk)
            gathered += chunk
        blob = meter.blob()
        self.set_aside(prefix, blob.sha256)
        with self._lock:
            self._blobs[check_name(prefix, blob.sha256)] = (bytes(gathered), datetime.now(UTC))
        return blob

    def _set_aside(self, prefix: str, sha256: str) -> None:
        with self._lock:
            held = self._blobs.pop(check_name(prefix, sha256), None)
            if held is not None:
                self.damaged.append((check_name(prefix, sha256), held[0]))

    def _held(self, prefix: str, sha256: str) -> bytes:
        with self._lock:
            held = self._blobs.get(check_name(prefix, sha256))
        if held is None:
            raise BlobNotFound(prefix, sha256)
        return held[0]
