"""Keeping what was read from versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.extraction.models import DRAWABLE_PAGES, PreviewImage, VersionText
from evidence_app.domain.extraction.reading import Reading, ReadingState
from evidence_app.domain.jobs import JobKind, Urgency, enqueue

PAGES_AT_ONCE = 5
"""Pages that are drawn when one of them is asked for: the next ones are wanted next."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture whose bytes are in the blob store already; page 0 is the thumbnail."""

    page: int
    sha256: str
    media_type: str
    width_px: int
    height_px: int


def keep_reading(
    session: Session,
    *,
    school_id: str,
    version_id: str,
    reading: Reading,
    pictures: Sequence[StoredPicture] = (),
    urgency: Urgency = Urgency.NOW,
) -> VersionText | None:
    """The kept text, with the item's next steps asked for; None when the version was erased meanwhile.

    Reading twice keeps the second reading: the work is safe to repeat. Text in pictures takes seconds a page: while
    many documents come in, it waits until all that is quickly read is there.
    """
    version = session.get(Version, (school_id, version_id))
    if version is None:
        return None
    kept = session.get(VersionText, (school_id, version_id))
    if kept is None:
        kept = VersionText(school_id=school_id, version_id=version_id)
        session.add(kept)
    kept.take(reading)
    kept.read_at = now()
    session.execute(
        delete(PreviewImage).where(PreviewImage.school_id == school_id, PreviewImage.version_id == version_id)
    )
    session.add_all(
        PreviewImage(
            school_id=school_id,
            version_id=version_id,
            page=p.page,
            sha256=p.sha256,
            media_type=p.media_type,
            width_px=p.width_px,
            height_px=p.height_px,
        )
        for p in pictures
    )
    if reading.ocr_waits:
        later = Urgency.NOW if urgency is Urgency.NOW else Urgency.LATER
        enqueue(session, JobKind.RECOGNISE_TEXT, school_id, version_id, urgency=later)
    _go_on_with_item(session, version, reading, urgency)
    return kept


def keep_recognition(
    session: Session, *, school_id: str, version_id: str, reading: Reading, urgency: Urgency = Urgency.NOW
) -> None:
    """The reading with OCR takes the place of the quick one; where it failed, what the quick one found stays."""
    version = session.get(Version, (school_id, version_id))
    kept = session.get(VersionText, (school_id, version_id), with_for_update=True)
    if version is None or kept is None:
        return
    if reading.state is ReadingState.FAILED:
        kept.give_up_ocr(reading)
        return
    pages = kept.drawable_pages
    kept.take(reading)
    if pages is not None:
        kept.facts = {**kept.facts, DRAWABLE_PAGES: pages}
    kept.read_at = now()
    _go_on_with_item(session, version, reading, urgency)


def _go_on_with_item(session: Session, version: Version, reading: Reading, urgency: Urgency) -> None:
    """Index and suggest anew for the item whose current version was read."""
    school_id = version.school_id
    item = session.scalar(select(Item).where(Item.school_id == school_id, Item.id == version.item_id).with_for_update())
    if item is not None and item.current_version_id == version.id:
        item.language = item.language or reading.language[:2]
        enqueue(session, JobKind.INDEX_ITEM, school_id, item.id, urgency=urgency)
        enqueue(session, JobKind.SUGGEST_ITEM, school_id, item.id, urgency=urgency)


def ask_for_pages(session: Session, version: Version, *, page: int) -> None:
    """The pictures of the pages around `page` (counted from 1) will be drawn, PAGES_AT_ONCE of them."""
    first = (max(page, 1) - 1) // PAGES_AT_ONCE * PAGES_AT_ONCE
    enqueue(session, JobKind.DRAW_PAGES, version.school_id, version.id, first_page=first)


def keep_pages(
    session: Session, *, school_id: str, version_id: str, page_total: int, pictures: Sequence[StoredPicture]
) -> None:
    """These pictures of pages are now kept beside those drawn before; `page_total` is how many could be drawn at all.

    A version erased, or read anew and lost its text row, meanwhile keeps nothing.
    """
    kept = session.get(VersionText, (school_id, version_id))
    if kept is None:
        return
    kept.facts = {**kept.facts, DRAWABLE_PAGES: page_total}
    for picture in pictures:
        session.merge(
            PreviewImage(
                school_id=school_id,
                version_id=version_id,
                page=picture.page,
                sha256=picture.sha256,
                media_type=picture.media_type,
                width_px=picture.width_px,
                height_px=picture.height_px,
            )
        )
