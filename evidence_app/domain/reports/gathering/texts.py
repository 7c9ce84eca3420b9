"""The texts of a report's exhibits: each by its hash, and all of them in one pack.

A pack is the texts one after the other in UTF-8, then a JSON list of [SHA-256, bytes] in the same order, then the
length of that list in sixteen digits. One blob holds two thousand texts, and any of them is read with two ranges.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evidence_app.domain.extraction import VersionText
from evidence_app.domain.reports.stores import ReadableStore

IN_MEMORY = 32 << 20
TAIL_DIGITS = 16


@dataclass(slots=True)
class TextPacker:
    """Hashes texts as they come by, and packs them if asked to."""

    is_kept: bool
    sha256_of: dict[str, str] = field(default_factory=dict)
    _lengths: dict[str, int] = field(default_factory=dict)
    _spool: IO[bytes] = field(default_factory=lambda: SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - closed by `close`

    def take(self, version_id: str, text: str) -> None:
        """Take one text; the same text twice is packed once, no text not at all."""
        content = text.encode()
        if not content:
            return
        digest = hashlib.sha256(content).hexdigest()
        self.sha256_of[version_id] = digest
        if self.is_kept and digest not in self._lengths:
            self._lengths[digest] = len(content)
            self._spool.write(content)

    def finished(self) -> IO[bytes]:
        """The pack, from its beginning."""
        tail = json.dumps(list(self._lengths.items())).encode()
        self._spool.write(tail + b"%0*d" % (TAIL_DIGITS, len(tail)))
        self._spool.seek(0)
        return self._spool

    def close(self) -> None:
        """Let go of the texts."""
        self._spool.close()


def take_texts(session: Session, packer: TextPacker, school_id: str, version_ids: Collection[str]) -> None:
    """Give the packer the texts of these versions, in the order of their ids, a few at a time."""
    wanted = sorted(version_ids)
    for first in range(0, len(wanted), 500):
        chosen = (
            select(VersionText)
            .where(VersionText.school_id == school_id, VersionText.version_id.in_(wanted[first : first + 500]))
            .options(undefer(VersionText.text))
            .order_by(VersionText.version_id)
            .execution_options(yield_per=50)
        )
        for row in session.scalars(chosen):
            packer.take(row.version_id, row.text)
            session.expunge(row)


class TextPack:
    """The texts of a snapshot, read from its pack."""

    def __init__(self, store: ReadableStore, school_id: str, sha256: str) -> None:
        """The pack with this hash; BlobNotFound when it is not there."""
        self._store, self._school_id, self._sha256 = store, school_id, sha256
        self._places = _places(store, school_id, sha256)

    def __contains__(self, text_sha256: object) -> bool:
        return text_sha256 in self._places

    def text(self, text_sha256: str) -> str:
        """One text; LookupError when the pack does not hold it."""
        start, length = self._places[text_sha256]
        with self._store.open(self._school_id, self._sha256, start=start, length=length) as stream:
            return stream.read().decode()

    def all_texts(self) -> Iterator[tuple[str, str]]:
        """Every (hash, text), in the order of the pack."""
        with self._store.open(self._school_id, self._sha256) as stream:
            for digest, (_, length) in self._places.items():
                yield digest, stream.read(length).decode()


def _places(store: ReadableStore, school_id: str, sha256: str) -> Mapping[str, tuple[int, int]]:
    """Hash of a text -> (where it begins, how many bytes it has)."""
    size = store.size(school_id, sha256)
    with store.open(school_id, sha256, start=size - TAIL_DIGITS) as stream:
        length = int(stream.read())
    with store.open(school_id, sha256, start=size - TAIL_DIGITS - length, length=length) as stream:
        listed = json.loads(stream.read())
    places, start = {}, 0
    for digest, text_length in listed:
        places[digest] = (start, text_length)
        start += text_length
    return places
