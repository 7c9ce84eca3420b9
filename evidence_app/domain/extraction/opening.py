"""A locked file, opened once with the password its owner gives: read and drawn at that moment.

The password goes to the limited child and nowhere else: no row, no job, no log holds it. So what is read and drawn now
is all there will be: every page that is ever drawn is drawn here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Version, item, may_change, version
from evidence_app.domain.extraction.actions import StoredPicture, keep_pages, keep_readings
from evidence_app.domain.extraction.limits import MAX_PREVIEW_PAGES
from evidence_app.domain.extraction.pictures import Picture
from evidence_app.domain.extraction.pool import ReaderPool
from evidence_app.domain.extraction.reading import Reading, ReadingState
from evidence_app.domain.extraction.words import warning_sentence
from evidence_app.errors import Conflict, Invalid, NotAllowed
from evidence_app.i18n import msg

MOST_PASSWORD_CHARS: Final = 255
_TURN_SECONDS: Final = 20.0
_one_at_a_time = threading.Lock()


class _Blob(Protocol):
    @property
    def sha256(self) -> str: ...


class _Store(Protocol):
    def put(self, prefix: str, source: Iterable[bytes]) -> _Blob: ...
    def local_path(self, prefix: str, sha256: str) -> AbstractContextManager[Path]: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """What a locked file gave; its pictures are in the store."""

    reading: Reading
    pictures: tuple[StoredPicture, ...]
    page_total: int
    is_true_look: bool


def open_locked(blobs: _Store, locked: Version, password: str) -> Opened:
    """The text and the pages of a locked file, read in a limited child of its own.

    Takes seconds and a process, so no unit of work is open, and one is opened at a time: Conflict for who waits too
    long. Raises Invalid("password") where it is not the right one, or the file cannot be read for another reason.
    """
    if not password or len(password) > MOST_PASSWORD_CHARS:
        raise Invalid(msg("Give the password that opens the file."), field="password")
    if not _one_at_a_time.acquire(timeout=_TURN_SECONDS):
        raise Conflict(msg("Another locked file is being opened at this moment. Try again in a minute."))
    try:
        with blobs.local_path(locked.school_id, locked.sha256) as path, ReaderPool() as pool:
            reading = pool.read(path, file_name=locked.file_name, password=password)
            if reading.state in {ReadingState.ENCRYPTED, ReadingState.FAILED, ReadingState.DAMAGED}:
                raise Invalid(warning_sentence(reading.warnings[-1]), field="password")
            preview = pool.preview(path, file_name=locked.file_name, page_count=MAX_PREVIEW_PAGES, password=password)
    finally:
        _one_at_a_time.release()
    drawn = [*([(0, preview.thumb)] if preview.thumb else []), *enumerate(preview.pages, 1)]
    pictures = tuple(_stored(blobs, locked.school_id, page, picture) for page, picture in drawn)
    return Opened(reading, pictures, len(preview.pages), preview.is_true_look)


def keep_opened(session: Session, *, actor: Actor, version_id: str, opened: Opened) -> None:
    """The text and pages of a locked version are now kept like those of any other: who may open the item sees them."""
    found = version(session, actor, version_id)
    if not may_change(actor, item(session, actor, found.item_id)):
        raise NotAllowed(msg("Only the owner of this item or a coordinator may change it."))
    record(session, actor, "evidence.unlock", "item", found.item_id, version=found.id)
    keep_readings(session, school_id=found.school_id, readings={found.id: opened.reading})
    session.flush()
    keep_pages(
        session,
        school_id=found.school_id,
        version_id=found.id,
        page_total=opened.page_total,
        pictures=opened.pictures,
        is_true_look=opened.is_true_look,
    )


def _stored(blobs: _Store, school_id: str, page: int, picture: Picture) -> StoredPicture:
    blob = blobs.put(school_id, [picture.content])
    return StoredPicture(page, blob.sha256, picture.media_type, picture.width_px, picture.height_px)
