"""A store in a bucket of any S3-compatible service, through boto3.

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
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage_adapters.base import (
    CHUNK_BYTES,
    Blob,
    BlobStore,
    Meter,
    check_name,
    check_prefix,
    check_range,
    chunks_of,
    parse_name,
    temporary_copy,
)
from storage_adapters.circuit import Circuit
from storage_adapters.errors import BlobDamaged, BlobNotFound, StoreFull, StoreUnavailable
from storage_adapters.spool import open_spool, write_all

LARGEST_BLOB_BYTES = 5 * 1024**3

# Three tries of at most 6 s with pauses of at most 3 s together: a call answers within 21 s, dead service or not.
_CONFIG = Config(
    connect_timeout=3,
    read_timeout=6,
    retries={"mode": "standard", "total_max_attempts": 3},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_NO_OBJECT = {"404", "NoSuchKey", "NotFound"}
_REFUSED = {"401", "403", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_HELD_ALREADY = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_NO_ROOM_THERE = {"507", "InsufficientStorage", "XMinioStorageFull", "QuotaExceeded"}
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
        # Services other than Amazon's own rarely answer to a host name for each bucket.
        style = {"addressing_style": "path" if endpoint else "auto"}
        self._client: Any = boto3.session.Session().client(
            "s3", endpoint_url=endpoint, region_name=region, config=_CONFIG.merge(Config(s3=style))
        )
        self._circuit = Circuit()
        events = self._client.meta.events
        events.register("before-call.s3", self._before_call)
        events.register("after-call.s3", self._after_call)
        events.register("after-call-error.s3", self._after_error)
        self._bucket = bucket
        self._base = f"{base}/" if base else ""
        self._spool_folder = spool_folder

    def open(self, prefix: str, sha256: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        check_range(start, length)
        if length == 0:
            self.size(prefix, sha256)
            return io.BytesIO()
        part = {}
        if start or length is not None:
            part["Range"] = f"bytes={start}-" + ("" if length is None else str(start + length - 1))
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(prefix, sha256), **part)
        except ClientError as error:
            if _code(error) in _NO_OBJECT:
                raise BlobNotFound(prefix, sha256) from None
            if _code(error) in {"InvalidRange", "416"}:
                return io.BytesIO()
            raise self._told(error) from error
        except BotoCoreError as error:
            raise self._told(error) from error
        return io.BufferedReader(_Body(answer["Body"], self), CHUNK_BYTES)

    def size(self, prefix: str, sha256: str) -> int:
        head = self._head(self._key(prefix, sha256))
        if head is None:
            raise BlobNotFound(prefix, sha256)
        return int(head["ContentLength"])

    def delete(self, prefix: str, sha256: str) -> None:
        with self._telling():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(prefix, sha256))

    def put_at(self, prefix: str, sha256: str) -> datetime | None:
        head = self._head(self._key(prefix, sha256))
        return head["LastModified"].astimezone(UTC) if head else None

    def renew(self, prefix: str, sha256: str) -> bool:
        return self._renewed(self._key(prefix, sha256))

    def iter_blobs(self, prefix: str | None = None) -> Iterator[tuple[str, Blob, datetime]]:
        below = self._base if prefix is None else f"{self._base}{check_prefix(prefix)}/"
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=below))
        while True:
            with self._telling():
                page = next(pages, None)
            if page is None:
                return
            for entry in page.get("Contents", []):
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
        self._client.close()

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
        if not self._put_object(key, spool, blob, only_if_absent=True):
            if self._is_sound(key, blob) and self._renewed(key):
                return
            _log.warning("Object %s was damaged or just deleted; it is written again from sound bytes", key)
            self.set_aside(key.removeprefix(self._base).partition("/")[0], blob.sha256)
            self._put_object(key, spool, blob, only_if_absent=False)
        if not self._is_sound(key, blob):
            raise StoreUnavailable(
                f"The bucket {self._bucket!r} took a file and does not return the same bytes. The upload was refused. "
                "Check the storage service, then try again."
            )

    def _set_aside(self, prefix: str, sha256: str) -> None:
        key = self._key(prefix, sha256)
        kept_as = f"{self._base}.damaged/{prefix}-{sha256}-{secrets.token_hex(4)}"
        try:
            self._client.copy_object(Bucket=self._bucket, Key=kept_as, CopySource={"Bucket": self._bucket, "Key": key})
        except ClientError as error:
            if _code(error) in _NO_OBJECT:
                return
            raise self._told(error) from error
        except BotoCoreError as error:
            raise self._told(error) from error
        self.delete(prefix, sha256)
        _log.warning("Damaged object set aside as %s", kept_as)

    def _put_object(self, key: str, spool: IO[bytes], blob: Blob, *, only_if_absent: bool) -> bool:
        """Send the spooled bytes; False if the service holds an object of this name and was not to replace it."""
        spool.seek(0)
        condition = {"IfNoneMatch": "*"} if only_if_absent else {}
        checksum = base64.b64encode(bytes.fromhex(blob.sha256)).decode()
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=spool, ChecksumSHA256=checksum, **condition)
        except ClientError as error:
            if only_if_absent and _code(error) in _HELD_ALREADY:
                return False
            raise self._told(error) from error
        except BotoCoreError as error:
            raise self._told(error) from error
        return True

    def _is_sound(self, key: str, blob: Blob) -> bool:
        """Compare size and SHA-256 with what the service recorded, or with the bytes themselves if it records none."""
        head = self._head(key)
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
        try:
            self._client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": key},
                MetadataDirective="REPLACE",
                Metadata={"put-again": datetime.now(UTC).isoformat(timespec="seconds")},
                ChecksumAlgorithm="SHA256",
            )
        except ClientError as error:
            if _code(error) in _NO_OBJECT:
                return False
            raise self._told(error) from error
        except BotoCoreError as error:
            raise self._told(error) from error
        return True

    def _head(self, key: str) -> dict[str, Any] | None:
        try:
            return dict(self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED"))
        except ClientError as error:
            if _code(error) in _NO_OBJECT:
                return None
            raise self._told(error) from error
        except BotoCoreError as error:
            raise self._told(error) from error

    def _before_call(self, **_: object) -> None:
        if not self._circuit.may_call():
            raise NotAskedAgain

    def _after_call(self, http_response: Any, **_: object) -> None:
        if http_response.status_code >= 500:
            self._circuit.failed()
        else:
            self._circuit.worked()

    def _after_error(self, **_: object) -> None:
        self._circuit.failed()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> StoreFull | StoreUnavailable:
        """Return the store's own error for one of boto3, with what to do about it."""
        code = _code(error) if isinstance(error, ClientError) else ""
        if code in _NO_ROOM_THERE:
            return StoreFull(f"The bucket {self._bucket!r} has no room left ({code}). Nothing was kept. Enlarge it.")
        if code == "NoSuchBucket":
            remedy = "Create the bucket, or correct the storage address."
        elif code in _REFUSED:
            remedy = "Check the credentials and what they may do in this bucket."
        else:
            remedy = "Check that the storage service is up and reachable, then try again."
        return StoreUnavailable(f"The bucket {self._bucket!r} did not do what was asked: {error} {remedy}")

    def _key(self, prefix: str, sha256: str) -> str:
        return self._base + check_name(prefix, sha256)


class NotAskedAgain(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """The service failed several times in a row a moment ago and is left alone for some seconds."""

    fmt = "It failed several times in a row and is left alone for some seconds."


class _Body(io.RawIOBase):
    """The body of an answer as a raw stream, its failures told in the store's words."""

    def __init__(self, body: Any, store: S3Store) -> None:
        self._body = body
        self._store = store

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with self._store._telling():
            chunk = self._body.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._body.close()
        super().close()


def _meter(max_bytes: int | None, expected_bytes: int) -> Meter:
    limit = LARGEST_BLOB_BYTES if max_bytes is None else min(max_bytes, LARGEST_BLOB_BYTES)
    return Meter(limit, expected_bytes=expected_bytes)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
