"""What every store promises: bytes under their SHA-256, durable before put() returns, never changed afterwards."""

import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from storage_adapters.blob import CHUNK_BYTES, Blob, Meter
from storage_adapters.errors import BlobDamaged, BlobNotFound, StoreError, StoreFull, StoreUnavailable
from storage_adapters.names import check_name, check_prefix

PROBE_PREFIX = "probe"


class BlobStore(ABC):
    """Bytes in, bytes out, under `<prefix>/ab/cd/<sha256>`.

    `prefix` is a school's id (1 to 40 of a-z and 0-9), `sha256` the hash put() gave; anything else raises BadBlobName,
    so no name of a user ever becomes part of a path. Equal bytes are kept once within a prefix and never shared
    between prefixes. Every method may raise StoreUnavailable. Stores may be used by many threads at once.
    """

    def put(
        self,
        prefix: str,
        source: IO[bytes] | Iterable[bytes],
        *,
        max_bytes: int | None = None,
        expected_bytes: int | None = None,
    ) -> Blob:
        """Return the Blob once its bytes are durable and their hash is known.

        Putting bytes that are held already checks the held copy, renews its age, and sets it right from `source` if it
        was damaged. `expected_bytes` is the size announced, used to refuse in time. Raises BlobTooLarge past
        `max_bytes`, StoreFull when there is no room, and whatever `source` raises; then nothing is kept.
        """
        self._require_trust(prefix)
        return self._put_checked(prefix, source, max_bytes, expected_bytes or 0)

    def adopt(self, prefix: str, path: Path, *, max_bytes: int | None = None) -> Blob:
        """Return the Blob of the finished file at `path`, as put() of its bytes would; `path` stays where it is.

        A store in a folder takes the file itself, without a copy, where it can: certainly from `staging`. So never
        write to the file again; remove it when you like. Raises what put() raises, and OSError where the file cannot
        be read; then the store keeps nothing and the file is as it was. After a failed flush only a file that had been
        flushed before may be adopted again.
        """
        self._require_trust(prefix)
        return self._adopt_checked(prefix, path, max_bytes)

    @property
    def staging(self) -> Path | None:
        """The folder in which files for adopt() are best made, perhaps not there yet; None where any is as good."""
        return None

    def require_room(self, expected_bytes: int) -> None:  # noqa: B027 - most stores cannot say, so nothing is refused
        """Raise StoreFull if a file of this size would be refused now for want of room."""

    @abstractmethod
    def open(self, prefix: str, sha256: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        """Return a stream of the bytes from `start`, at most `length` of them, unchecked; the caller closes it.

        A `start` past the end gives an empty stream. Raises BlobNotFound.
        """

    @abstractmethod
    def size(self, prefix: str, sha256: str) -> int:
        """Return the size in bytes as held now, without reading them. Raises BlobNotFound."""

    @abstractmethod
    def delete(self, prefix: str, sha256: str) -> None:
        """Remove the bytes for good; silent if they are gone already, so that an erasure can be repeated."""

    @abstractmethod
    def erase(self, prefix: str, sha256: str, *, put_before: datetime) -> bool:
        """Remove the bytes for good, with what was set aside of them, unless they were put since; tell if all is gone.

        Who put them lately may be about to name them. Silent, and True, if they are gone already.
        """

    @abstractmethod
    def put_at(self, prefix: str, sha256: str) -> datetime | None:
        """Return when the bytes were last put or renewed, in UTC; None if they are not held."""

    @abstractmethod
    def renew(self, prefix: str, sha256: str) -> bool:
        """Make the held bytes as young as if they had been put now; False if they are not held."""

    @abstractmethod
    def iter_blobs(self, prefix: str | None = None) -> Iterator[tuple[str, Blob, datetime]]:
        """Yield (prefix, blob, when it was last put, in UTC) of one prefix or of all, in order of prefix and hash."""

    def sizes(self, prefix: str, sha256s: Collection[str]) -> dict[str, int]:
        """Return the size in bytes of each of these that is held, without reading them."""
        return {blob.sha256: blob.size_bytes for _, blob, _ in self.iter_blobs(prefix) if blob.sha256 in sha256s}

    @abstractmethod
    def sweep_temporary(self, older_than_seconds: float) -> int:
        """Remove what interrupted writes left behind, and return how many files that were; running writes are safe."""

    @abstractmethod
    def free_bytes(self) -> int | None:
        """Return how many bytes can still be written, or None where nobody can say."""

    @abstractmethod
    def local_path(self, prefix: str, sha256: str) -> AbstractContextManager[Path]:
        """Give the path of a readable file with these bytes, valid inside the `with`; never write to it."""

    @property
    def suspect_reason(self) -> str | None:
        """Why writes are refused until probe() passes, or None when the store is trusted."""
        return None

    def close(self) -> None:  # noqa: B027 - most stores hold nothing open, so doing nothing is a fine default
        """Give back connections; the store is not to be used afterwards."""

    def exists(self, prefix: str, sha256: str) -> bool:
        """Tell whether the store holds these bytes, without reading them."""
        try:
            self.size(prefix, sha256)
        except BlobNotFound:
            return False
        return True

    def verify(self, prefix: str, sha256: str) -> Blob:
        """Return the Blob after reading all its bytes again. Raises BlobDamaged, BlobNotFound."""
        meter = Meter()
        for chunk in self._chunks(prefix, sha256):
            meter.add(chunk)
        return _require(meter, prefix, sha256)

    def set_aside(self, prefix: str, sha256: str) -> bool:
        """Move damaged bytes out of the way, to where a person can look at them; False if they are sound or missing.

        Nothing of them is changed or thrown away: below `.damaged` of a folder or a bucket, named by prefix and hash.
        Bytes that cannot be read although the store works are damaged, too.
        """
        try:
            self.verify(prefix, sha256)
        except BlobNotFound:
            return False
        except BlobDamaged:
            pass
        except StoreUnavailable:
            if not self.works():
                raise
        else:
            return False
        self._set_aside(prefix, sha256)
        return True

    def read_verified(self, prefix: str, sha256: str, *, max_bytes: int) -> bytes:
        """Return all bytes, checked before the first is handed out. Raises BlobTooLarge, BlobDamaged, BlobNotFound."""
        meter = Meter(max_bytes)
        chunks = []
        for chunk in self._chunks(prefix, sha256):
            meter.add(chunk)
            chunks.append(chunk)
        _require(meter, prefix, sha256)
        return b"".join(chunks)

    def stream_verified(self, prefix: str, sha256: str) -> Iterator[bytes]:
        """Yield the bytes in chunks, the last one only once the whole hash is right.

        Memory stays at two chunks whatever the size. Raises BlobDamaged *instead of* the last chunk, so that damaged
        bytes never arrive as a complete file.
        """
        meter = Meter()
        held_back: bytes | None = None
        for chunk in self._chunks(prefix, sha256):
            meter.add(chunk)
            if held_back is not None:
                yield held_back
            held_back = chunk
        _require(meter, prefix, sha256)
        if held_back is not None:
            yield held_back

    def probe(self) -> None:
        """Prove with fresh bytes that the store takes, returns and deletes; raises a StoreError saying what failed.

        A kill in the middle leaves at most 64 bytes under the prefix "probe", which no row names.
        """
        proof = os.urandom(64)
        blob = self._put_checked(PROBE_PREFIX, [proof], None, len(proof))
        try:
            if self.read_verified(PROBE_PREFIX, blob.sha256, max_bytes=len(proof)) != proof:
                raise BlobDamaged(PROBE_PREFIX, blob.sha256, "other bytes came back than were written")
        finally:
            self.delete(PROBE_PREFIX, blob.sha256)
        if self.exists(PROBE_PREFIX, blob.sha256):
            raise StoreUnavailable("The store did not delete a file it was asked to delete. Check its permissions.")

    def works(self) -> bool:
        """Tell whether the store as a whole answers, by probe(); one that is only full does.

        Of bytes that cannot be read it tells whether the fault is theirs, as of a bad sector.
        """
        try:
            self.probe()
        except StoreFull:
            return True
        except StoreError:
            return False
        return True

    @abstractmethod
    def _put_checked(
        self, prefix: str, source: IO[bytes] | Iterable[bytes], max_bytes: int | None, expected_bytes: int
    ) -> Blob:
        """Do the work of put() for names that were checked, whatever suspect_reason says."""

    @abstractmethod
    def _set_aside(self, prefix: str, sha256: str) -> None:
        """Move bytes that are damaged out of the way; nothing if they just vanished."""

    def _adopt_checked(self, prefix: str, path: Path, max_bytes: int | None) -> Blob:
        """Do the work of adopt(); here, for stores that cannot take a file, by putting its bytes."""
        with path.open("rb") as source:
            return self._put_checked(prefix, source, max_bytes, os.fstat(source.fileno()).st_size)

    def _require_trust(self, prefix: str) -> None:
        """Raise BadBlobName or StoreUnavailable unless files may be written under `prefix` now."""
        check_prefix(prefix)
        if self.suspect_reason is not None:
            raise StoreUnavailable(
                f"The store takes no files since {self.suspect_reason}. Nothing was kept. "
                "Check the disk; writing is allowed again once the store's probe passes."
            )

    def _chunks(self, prefix: str, sha256: str) -> Iterator[bytes]:
        """Yield the stored bytes chunk by chunk, unchecked, a failing disk or network told as StoreUnavailable."""
        with self.open(prefix, sha256) as stream:
            while True:
                try:
                    chunk = stream.read(CHUNK_BYTES)
                except OSError as error:
                    raise StoreUnavailable(
                        f"The file {sha256} under {prefix!r} cannot be read: {error}. Check the store, then try again."
                    ) from error
                if not chunk:
                    return
                yield chunk


@contextmanager
def temporary_copy(store: BlobStore, prefix: str, sha256: str) -> Iterator[Path]:
    """Give the path of a checked private copy, for stores whose bytes are not files; it is gone after the `with`."""
    check_name(prefix, sha256)
    with tempfile.TemporaryDirectory(prefix="blob-") as folder:
        path = Path(folder) / sha256
        with path.open("xb") as copy:
            for chunk in store.stream_verified(prefix, sha256):
                copy.write(chunk)
        yield path


def _require(meter: Meter, prefix: str, sha256: str) -> Blob:
    found = meter.blob()
    if found.sha256 != sha256:
        raise BlobDamaged(prefix, sha256, f"its {found.size_bytes:,} bytes hash to {found.sha256}")
    return found
