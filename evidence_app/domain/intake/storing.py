"""The bytes of one file, in the store before any row names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import clean_file_name
from evidence_app.domain.extraction import sniff
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from storage_adapters import Blob, BlobStore


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are durable in the store; of a link, the bytes of its address, and `url` is that address."""

    name: str
    blob: Blob
    media_type: str
    url: str = ""


def store_file(
    blobs: BlobStore, *, actor: Actor, stream: IO[bytes], name: str, max_bytes: int, size_bytes: int
) -> StoredFile:
    """The file, its bytes in the store; no row names them yet. `stream` can be sought, `size_bytes` is its length.

    Raises Invalid for an empty or too large file.
    """
    require(actor, Action.FILE_EVIDENCE)
    name = clean_file_name(name)
    check_size(name, size_bytes, max_bytes=max_bytes)
    stream.seek(0)
    media_type = sniff(stream, name)  # type: ignore[arg-type]
    stream.seek(0)
    blob = blobs.put(actor.school_id, stream, max_bytes=max_bytes, expected_bytes=size_bytes)
    return StoredFile(name, blob, media_type)


def check_size(name: str, size_bytes: int, *, max_bytes: int) -> None:
    """Raise Invalid unless a file of this size can be filed: neither empty nor too large."""
    if size_bytes <= 0:
        raise Invalid(
            msg("“%(name)s” is empty. Nothing was kept. Look for another copy of it.", name=name), field="files"
        )
    if size_bytes > max_bytes:
        raise Invalid(
            msg(
                "“%(name)s” is larger than the %(mib)d MiB a file may have here. Nothing of it was kept.",
                name=name,
                mib=max_bytes // 1024 // 1024,
            ),
            field="files",
        )
