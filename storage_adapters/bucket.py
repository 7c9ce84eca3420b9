"""A bucket of an S3-compatible service as s3.py asks of it: a few calls, their failures told in the store's words.

A call to a service that is down answers within 21 s; after three such in a row the service is left alone for a while.
"""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage_adapters.blob import CHUNK_BYTES
from storage_adapters.circuit import Circuit
from storage_adapters.errors import StoreFull, StoreUnavailable

# Three tries of at most 6 s with pauses of at most 3 s together: a call answers within 21 s, dead service or not.
_CONFIG = Config(
    connect_timeout=3,
    read_timeout=6,
    retries={"mode": "standard", "total_max_attempts": 3},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_NO_OBJECT = {"404", "NoSuchKey", "NotFound"}
_PAST_THE_END = {"InvalidRange", "416"}
_REFUSED = {"401", "403", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_HELD_ALREADY = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_NO_ROOM_THERE = {"507", "InsufficientStorage", "XMinioStorageFull", "QuotaExceeded"}


class Bucket:
    """Objects by their keys. Every method raises StoreFull or StoreUnavailable where the service does not do it."""

    def __init__(self, name: str, *, endpoint: str | None, region: str | None) -> None:
        self.name = name
        self.circuit = Circuit()
        # Services other than Amazon's own rarely answer to a host name for each bucket.
        style = {"addressing_style": "path" if endpoint else "auto"}
        self._client: Any = boto3.session.Session().client(
            "s3", endpoint_url=endpoint, region_name=region, config=_CONFIG.merge(Config(s3=style))
        )
        events = self._client.meta.events
        events.register("before-call.s3", self._before_call)
        events.register("after-call.s3", self._after_call)
        events.register("after-call-error.s3", self._after_error)

    def open(self, key: str, start: int, length: int | None) -> BinaryIO | None:
        """A stream of the object's bytes from `start`, empty past the end; None if there is none."""
        part = {}
        if start or length is not None:
            part["Range"] = f"bytes={start}-" + ("" if length is None else str(start + length - 1))
        with self.telling():
            try:
                answer = self._client.get_object(Bucket=self.name, Key=key, **part)
            except ClientError as error:
                if _code(error) in _NO_OBJECT:
                    return None
                if _code(error) in _PAST_THE_END:
                    return io.BytesIO()
                raise
        return io.BufferedReader(_Body(answer["Body"], self), CHUNK_BYTES)

    def head(self, key: str) -> dict[str, Any] | None:
        """What the service says of an object, its checksum too where it has one; None if there is none."""
        with self.telling():
            try:
                return dict(self._client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED"))
            except ClientError as error:
                if _code(error) in _NO_OBJECT:
                    return None
                raise

    def put(self, key: str, source: IO[bytes], sha256: str, *, only_if_absent: bool) -> bool:
        """Send bytes that must hash to this; False if there is such an object and it was not to be replaced."""
        source.seek(0)
        condition = {"IfNoneMatch": "*"} if only_if_absent else {}
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        with self.telling():
            try:
                self._client.put_object(Bucket=self.name, Key=key, Body=source, ChecksumSHA256=checksum, **condition)
            except ClientError as error:
                if only_if_absent and _code(error) in _HELD_ALREADY:
                    return False
                raise
        return True

    def copy(self, key: str, to_key: str, **how: Any) -> bool:
        """Have the service copy an object; False if there is none."""
        with self.telling():
            try:
                source = {"Bucket": self.name, "Key": key}
                self._client.copy_object(Bucket=self.name, Key=to_key, CopySource=source, **how)
            except ClientError as error:
                if _code(error) in _NO_OBJECT:
                    return False
                raise
        return True

    def delete(self, key: str) -> None:
        """Remove an object; silent if there is none."""
        with self.telling():
            self._client.delete_object(Bucket=self.name, Key=key)

    def entries(self, below: str) -> Iterator[dict[str, Any]]:
        """The objects whose keys begin with `below`, in the order of their keys."""
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=below))
        while True:
            with self.telling():
                page = next(pages, None)
            if page is None:
                return
            yield from page.get("Contents", [])

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """A block whose failures are told in the store's words, with what to do about them."""
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise self._told(error) from error

    def _before_call(self, **_: object) -> None:
        if not self.circuit.may_call():
            raise NotAskedAgain

    def _after_call(self, http_response: Any, **_: object) -> None:
        if http_response.status_code >= 500:
            self.circuit.failed()
        else:
            self.circuit.worked()

    def _after_error(self, **_: object) -> None:
        self.circuit.failed()

    def _told(self, error: Exception) -> StoreFull | StoreUnavailable:
        code = _code(error) if isinstance(error, ClientError) else ""
        if code in _NO_ROOM_THERE:
            return StoreFull(f"The bucket {self.name!r} has no room left ({code}). Nothing was kept. Enlarge it.")
        if code == "NoSuchBucket":
            remedy = "Create the bucket, or correct the storage address."
        elif code in _REFUSED:
            remedy = "Check the credentials and what they may do in this bucket."
        else:
            remedy = "Check that the storage service is up and reachable, then try again."
        return StoreUnavailable(f"The bucket {self.name!r} did not do what was asked: {error} {remedy}")


class NotAskedAgain(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """The service failed several times in a row a moment ago and is left alone for some seconds."""

    fmt = "It failed several times in a row and is left alone for some seconds."


class _Body(io.RawIOBase):
    """The body of an answer as a raw stream, its failures told in the store's words."""

    def __init__(self, body: Any, bucket: Bucket) -> None:
        self._body = body
        self._bucket = bucket

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with self._bucket.telling():
            chunk = self._body.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._body.close()
        super().close()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
