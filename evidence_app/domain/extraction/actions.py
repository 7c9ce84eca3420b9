"""Keeping what was read from versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.evidence import Item, Version, flag_by_text, parts_of, series_holding
from evidence_app.domain.extraction.models import DRAWABLE_PAGES, DRAWN_FROM_WORDS, PlainCopy, PreviewImage, VersionText
from evidence_app.domain.extraction.queries import texts_of
from evidence_app.domain.extraction.reading import UNLOCKED, Reading, ReadingState
from evidence_app.domain.extraction.series import go_on_with_series, show_first_parts
from evidence_app.domain.guarding import Signs, look_at_text
from evidence_app.domain.jobs import JobKind, Urgency, enqueue, enqueue_all, unfinished_among

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


def look_through(version: Version, reading: Reading) -> Signs:
    """What the guard sees in a text that was read. Takes milliseconds: for outside of any transaction."""
    return look_at_text(reading.text, reading.language, title=f"{reading.title}\n{version.file_name}")


def keep_readings(
    session: Session,
    *,
    school_id: str,
    readings: Mapping[str, Reading],
    seen: Mapping[str, Signs] | None = None,
    urgency: Urgency = Urgency.NOW,
) -> None:
    """The texts of these versions (id -> what was read) are kept, and the next steps of their items asked for.

    `seen` is what the guard saw in each text, looked for here where the caller has not: no text is ever kept without
    the question it gives reason to. Versions erased meanwhile keep nothing. Reading twice keeps the second reading: the
    work is safe to repeat. Pictures, and text in pictures, which takes seconds a page: while many documents come in,
    both wait until all that is quickly read is there.
    """
    known = texts_of(session, school_id, readings)
    versions = [v for v in _versions(session, school_id, readings) if not _stays_open(known.get(v.id), readings[v.id])]
    ids = [version.id for version in versions]
    moment = now()
    for version in versions:
        kept = known.get(version.id) or VersionText(school_id=school_id, version_id=version.id)
        kept.take(readings[version.id])
        kept.read_at = moment
        session.add(kept)
    session.execute(delete(PreviewImage).where(PreviewImage.school_id == school_id, PreviewImage.version_id.in_(ids)))
    _go_on_with_items(session, school_id, versions, readings, seen or {}, urgency)
    show_first_parts(session, school_id, [version for version in versions if version.is_series])
    later = Urgency.NOW if urgency is Urgency.NOW else Urgency.LATER
    drawn = [version.id for version in versions if not version.is_series]
    enqueue_all(session, JobKind.DRAW_THUMBNAIL, school_id, drawn, urgency=later)
    scanned = [id for id in ids if readings[id].ocr_waits]
    enqueue_all(session, JobKind.RECOGNISE_TEXT, school_id, scanned, urgency=later)


def _stays_open(kept: VersionText | None, reading: Reading) -> bool:
    """Whether a version was opened with a password, which nobody has kept, so that it is locked for this reading."""
    return kept is not None and bool(kept.facts.get(UNLOCKED)) and reading.state is ReadingState.ENCRYPTED


def keep_plain_copy(
    session: Session, *, school_id: str, version_id: str, sha256: str, media_type: str, size_bytes: int
) -> None:
    """Others get these bytes, which are stored already, in place of the original; nothing where it was erased."""
    if session.get(Version, (school_id, version_id)) is not None:
        copy = PlainCopy(
            school_id=school_id, version_id=version_id, sha256=sha256, media_type=media_type, size_bytes=size_bytes
        )
        session.merge(copy)


def keep_recognition(
    session: Session,
    *,
    school_id: str,
    version_id: str,
    reading: Reading,
    seen: Signs | None = None,
    urgency: Urgency = Urgency.NOW,
) -> None:
    """The reading with OCR takes the place of the quick one; where it failed, what the quick one found stays."""
    version = session.get(Version, (school_id, version_id))
    kept = session.get(VersionText, (school_id, version_id), with_for_update=True)
    if version is None or kept is None:
        return
    if reading.state is ReadingState.FAILED:
        kept.give_up_ocr(reading)
        return
    drawn = {name: kept.facts[name] for name in (DRAWABLE_PAGES, DRAWN_FROM_WORDS) if name in kept.facts}
    kept.take(reading)
    kept.facts = {**kept.facts, **drawn}
    kept.read_at = now()
    signs = {} if seen is None else {version_id: seen}
    _go_on_with_items(session, school_id, [version], {version_id: reading}, signs, urgency)


def hurry(session: Session, version: Version) -> None:
    """What a version, or a part of it, still waits for is done before what nobody asks for.

    Until then it may not leave the school: its words in pictures were not looked through, or it is a picture and has no
    copy that does not tell where it was taken.
    """
    for kind, ids in unready(session, version).items():
        enqueue_all(session, kind, version.school_id, ids)


def unready(session: Session, version: Version) -> dict[JobKind, set[str]]:
    """The work without which a version may not leave the school -> itself, or its parts, that wait for it."""
    files = [version, *(part.version for part in parts_of(session, version))]
    needed = {
        JobKind.RECOGNISE_TEXT: {one.id for one in files},
        JobKind.DRAW_THUMBNAIL: {one.id for one in files if one.media_type.startswith("image/")},
    }
    return {kind: unfinished_among(session, version.school_id, [kind], ids) for kind, ids in needed.items()}


def _versions(session: Session, school_id: str, ids: Collection[str]) -> list[Version]:
    chosen = select(Version).where(Version.school_id == school_id, Version.id.in_(ids))
    return list(session.scalars(chosen.order_by(Version.id)))


def _go_on_with_items(
    session: Session,
    school_id: str,
    versions: Sequence[Version],
    readings: Mapping[str, Reading],
    seen: Mapping[str, Signs],
    urgency: Urgency,
) -> None:
    """Raise what the texts give reason to ask; index and suggest anew for items whose current versions were read."""
    named = select(Item).where(Item.school_id == school_id, Item.id.in_([version.item_id for version in versions]))
    found = {item.id: item for item in session.scalars(named.order_by(Item.id).with_for_update())}
    all_signs = {v.id: seen[v.id] if v.id in seen else look_through(v, readings[v.id]) for v in versions}
    for version in versions:
        if all_signs[version.id] and version.item_id in found and not version.part:
            flag_by_text(session, found[version.item_id], version, all_signs[version.id], urgency=urgency)
    parts = [version for version in versions if version.part]
    if parts:
        go_on_with_series(session, school_id, parts, all_signs, urgency)
    items = {item.current_version_id: item for item in found.values()}
    current = {version.id: items[version.id] for version in versions if version.id in items}
    for id, item in current.items():
        item.language = item.language or readings[id].language[:2]
    for kind in (JobKind.INDEX_ITEM, JobKind.SUGGEST_ITEM):
        enqueue_all(session, kind, school_id, [item.id for item in current.values()], urgency=urgency)


def ask_for_pages(session: Session, version: Version, *, page: int) -> None:
    """The pictures of the pages around `page` (counted from 1) will be drawn, PAGES_AT_ONCE of them."""
    first = (max(page, 1) - 1) // PAGES_AT_ONCE * PAGES_AT_ONCE
    enqueue(session, JobKind.DRAW_PAGES, version.school_id, version.id, first_page=first)


def keep_thumbnails(session: Session, *, school_id: str, thumbnails: Mapping[str, StoredPicture]) -> None:
    """These are now the thumbnails of their versions (id -> picture); a version erased meanwhile keeps nothing."""
    there = [version.id for version in _versions(session, school_id, thumbnails)]
    for version_id in there:
        session.merge(_image(school_id, version_id, thumbnails[version_id]))
    session.flush()
    holding = series_holding(session, school_id, there)
    show_first_parts(session, school_id, {v.id: v for versions in holding.values() for v in versions}.values())


def draw_again(session: Session, *, school_id: str, sha256: str) -> None:
    """No picture or copy made of a version has these bytes any more; thumbnails and copies are made anew at once.

    Pages are drawn anew when somebody looks at them.
    """
    for table in (PreviewImage, PlainCopy):
        chosen = (table.school_id == school_id, table.sha256 == sha256)
        ids = list(session.scalars(select(table.version_id).where(*chosen)))
        session.execute(delete(table).where(*chosen))
        enqueue_all(session, JobKind.DRAW_THUMBNAIL, school_id, ids, urgency=Urgency.LATER)


def keep_pages(
    session: Session,
    *,
    school_id: str,
    version_id: str,
    page_total: int,
    pictures: Sequence[StoredPicture],
    is_true_look: bool = True,
) -> None:
    """These pictures of pages are now kept beside those drawn before; `page_total` is how many could be drawn at all.

    `is_true_look` says whether they look as the file does, or were drawn from its words. A version erased, or read anew
    and lost its text row, meanwhile keeps nothing.
    """
    kept = session.get(VersionText, (school_id, version_id))
    if kept is None:
        return
    kept.facts = {**kept.facts, DRAWABLE_PAGES: page_total, DRAWN_FROM_WORDS: not is_true_look}
    for picture in pictures:
        session.merge(_image(school_id, version_id, picture))


def _image(school_id: str, version_id: str, picture: StoredPicture) -> PreviewImage:
    return PreviewImage(
        school_id=school_id,
        version_id=version_id,
        page=picture.page,
        sha256=picture.sha256,
        media_type=picture.media_type,
        width_px=picture.width_px,
        height_px=picture.height_px,
    )
