"""A store in a bucket of any S3-compatible service.

put(): spool to a private file while hashing, because the hash is the name -> PUT with its SHA-256 and If-None-Match, so
the service refuses what was broken on the way and never replaces an object unseen -> HEAD, comparing size and SHA-256.
adopt() is given such a file and reads it twice: for the hash, and for the PUT. One PUT carries at most 5 GiB, which is
the limit of a blob here. Credentials come from the usual AWS environment.
"""

import base64
import io
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

from storage_adapters.base import BlobStore, temporary_copy
from storage_adapters.blob import Blob, Meter, chunks_of
from storage_adapters.bucket import Bucket
from storage_adapters.errors import BlobDamaged, BlobNotFound, StoreUnavailable
from storage_adapters.names import check_name, check_prefix, check_range, parse_name
from storage_adapters.spool import open_spool, write_all

LARGEST_BLOB_BYTES = 5 * 1024**3

_log = logging.getLogger(__name__)


class S3Store(BlobStore):
    """Blobs as objects `<base>/<prefix>/ab/cd/<sha256>` of one bucket; `base` may be empty."""

    def __init__(
        self,
        bucket: str,
        base: str = "",
        *,
        endpoint: str | None = None,
        region: str | None = None,
        spool_folder: Path | None = None,
    ) -> None:
        self._bucket = Bucket(bucket, endpoint=endpoint, region=region)
        self._base = f"{base}/" if base else ""
        self._spool_folder = spool_folder

    def open(self, prefix: str, sha256: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        check_range(start, length)
        if length == 0:
            self.size(prefix, sha256)
            return io.BytesIO()
        stream = self._bucket.open(self._key(prefix, sha256), start, length)
        if stream is None:
            raise BlobNotFound(prefix, sha256)
        return stream

    def size(self, prefix: str, sha256: str) -> int:
        head = self._bucket.head(self._key(prefix, sha256))
        if head is None:
            raise BlobNotFound(prefix, sha256)
        return int(head["ContentLength"])

    def delete(self, prefix: str, sha256: str) -> None:
        self._bucket.delete(self._key(prefix, sha256))

    def erase(self, prefix: str, sha256: str, *, put_before: datetime) -> bool:
        put_at = self.put_at(prefix, sha256)
        if put_at is not None and put_at >= put_before:
            return False
        self.delete(prefix, sha256)
        for entry in self._bucket.entries(self._aside(prefix, sha256)):
            self._bucket.delete(entry["Key"])
        return True

    def put_at(self, prefix: str, sha256: str) -> datetime | None:
        head = self._bucket.head(self._key(prefix, sha256))
        return head["LastModified"].astimezone(UTC) if head else None

    def renew(self, prefix: str, sha256: str) -> bool:
        return self._renewed(self._key(prefix, sha256))

    def iter_blobs(self, prefix: str | None = None) -> Iterator[tuple[str, Blob, datetime]]:
        below = self._base if prefix is None else f"{self._base}{check_prefix(prefix)}/"
        for entry in self._bucket.entries(below):
            if named := parse_name(entry["Key"].removeprefix(self._base)):
                yield named[0], Blob(named[1], entry["Size"]), entry["LastModified"].astimezone(UTC)

    def sweep_temporary(self, older_than_seconds: float) -> int:
        """Return 0: a spool has no name, so it ends with its process, and one PUT leaves nothing half done."""
        return 0

    def free_bytes(self) -> int | None:
        return None

    def local_path(self, prefix: str, sha256: str) -> AbstractContextManager[Path]:
        return temporary_copy(self, prefix, sha256)

    def close(self) -> None:
        self._bucket.close()

    def _put_checked(
        self, prefix: str, source: IO[bytes] | Iterable[bytes], max_bytes: int | None, expected_bytes: int
    ) -> Blob:
        meter = _meter(max_bytes, expected_bytes)
        with open_spool(self._spool_folder) as spool:
            for chunk in chunks_of(source):
                meter.add(chunk)
                write_all(spool, chunk)
            blob = meter.blob()
            self._upload(self._key(prefix, blob.sha256), spool, blob)
        return blob

    def _adopt_checked(self, prefix: str, path: Path, max_bytes: int | None) -> Blob:
        with path.open("rb", buffering=0) as file:
            meter = _meter(max_bytes, path.stat().st_size)
            for chunk in chunks_of(file):
                meter.add(chunk)
            blob = meter.blob()
            self._upload(self._key(prefix, blob.sha256), file, blob)
        return blob

    def _upload(self, key: str, spool: IO[bytes], blob: Blob) -> None:
        """Have the service hold exactly these bytes under `key`, whatever it held there before."""
        if not self._bucket.put(key, spool, blob.sha256, only_if_absent=True):
            if self._is_sound(key, blob) and self._renewed(key):
                return
            _log.warning("Object %s was damaged or just deleted; it is written again from sound bytes", key)
            self.set_aside(key.removeprefix(self._base).partition("/")[0], blob.sha256)
            self._bucket.put(key, spool, blob.sha256, only_if_absent=False)
        if not self._is_sound(key, blob):
            raise StoreUnavailable(
                f"The bucket {self._bucket.name!r} took a file and does not return the same bytes. The upload was "
                "refused. Check the storage service, then try again."
            )

    def _set_aside(self, prefix: str, sha256: str) -> None:
        kept_as = self._aside(prefix, sha256) + secrets.token_hex(4)
        if self._bucket.copy(self._key(prefix, sha256), kept_as):
            self.delete(prefix, sha256)
            _log.warning("Damaged object set aside as %s", kept_as)

    def _is_sound(self, key: str, blob: Blob) -> bool:
        """Compare size and SHA-256 with what the service recorded, or with the bytes themselves if it records none."""
        head = self._bucket.head(key)
        if head is None or head["ContentLength"] != blob.size_bytes:
            return False
        recorded = head.get("ChecksumSHA256", "-")
        # A dash marks the checksum of an upload in parts, which another tool made; it is not that of the bytes.
        if "-" not in recorded:
            return bool(base64.b64decode(recorded).hex() == blob.sha256)
        prefix, sha256 = key.removeprefix(self._base).partition("/")[0], blob.sha256
        try:
            self.verify(prefix, sha256)
        except (BlobDamaged, BlobNotFound):
            return False
        return True

    def _renewed(self, key: str) -> bool:
        """Renew the age of a held object, so that a collection under way does not take it; False if it is gone."""
        return self._bucket.copy(
            key,
            key,
            MetadataDirective="REPLACE",
            Metadata={"put-again": datetime.now(UTC).isoformat(timespec="seconds")},
            ChecksumAlgorithm="SHA256",
        )

    def _key(self, prefix: str, sha256: str) -> str:
        return self._base + check_name(prefix, sha256)

    def _aside(self, prefix: str, sha256: str) -> str:
        """How the keys begin under which damaged bytes of this name are kept."""
        return f"{self._base}.damaged/{prefix}-{sha256}-"


def _meter(max_bytes: int | None, expected_bytes: int) -> Meter:
    limit = LARGEST_BLOB_BYTES if max_bytes is None else min(max_bytes, LARGEST_BLOB_BYTES)
    return Meter(limit, expected_bytes=expected_bytes)
