"""Asking for what was read. Callers hold an item or version they got through `evidence`, which decides about access."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, undefer

from evidence_app.domain.evidence import Item, Part, Version, parts_of_all
from evidence_app.domain.extraction.media_types import SVG
from evidence_app.domain.extraction.models import PlainCopy, PreviewImage, VersionText
from evidence_app.domain.extraction.reading import TELLS_PLACE
from evidence_app.domain.scanning import ScanState, infected_bytes, scans_of
from evidence_app.domain.schools import School


def text_of(session: Session, version: Version) -> VersionText | None:
    """What was read from a version, with its text; None while nobody has read it yet."""
    chosen = select(VersionText).where(VersionText.school_id == version.school_id, VersionText.version_id == version.id)
    return session.scalar(chosen.options(undefer(VersionText.text)))


def texts_of(
    session: Session, school_id: str, version_ids: Collection[str], *, with_text: bool = False
) -> dict[str, VersionText]:
    """Version id -> what was read from it, without the texts themselves unless asked for."""
    chosen = select(VersionText).where(VersionText.school_id == school_id, VersionText.version_id.in_(version_ids))
    if with_text:
        chosen = chosen.options(undefer(VersionText.text))
    return {row.version_id: row for row in session.scalars(chosen)}


def likely_languages(session: Session, school_id: str, version_ids: Collection[str]) -> dict[str, str]:
    """Version id -> the language (ISO 639-1) its pictures are probably in: what its item says, else the school's."""
    of_version = and_(Item.school_id == Version.school_id, Item.id == Version.item_id)
    chosen = select(Version.id, Item.language, School.language).join(Item, of_version)
    rows = session.execute(
        chosen.join(School, School.id == Version.school_id).where(
            Version.school_id == school_id, Version.id.in_(version_ids)
        )
    )
    return {version_id: of_item or of_school for version_id, of_item, of_school in rows}


def previews_of(session: Session, version: Version) -> list[PreviewImage]:
    """The pictures of a version: its thumbnail first, then its pages in order."""
    chosen = select(PreviewImage).where(
        PreviewImage.school_id == version.school_id, PreviewImage.version_id == version.id
    )
    return list(session.scalars(chosen.order_by(PreviewImage.page)))


def thumbnails_of(session: Session, school_id: str, version_ids: Collection[str]) -> dict[str, PreviewImage]:
    """Version id -> its thumbnail, for those that have one."""
    chosen = select(PreviewImage).where(
        PreviewImage.school_id == school_id, PreviewImage.version_id.in_(version_ids), PreviewImage.page == 0
    )
    return {row.version_id: row for row in session.scalars(chosen)}


def pages_of_bytes(session: Session, school_id: str, sha256: str) -> list[PreviewImage]:
    """The pictures of pages, in order, that were drawn of any version with these bytes."""
    chosen = (
        select(PreviewImage)
        .join(Version, (Version.school_id == PreviewImage.school_id) & (Version.id == PreviewImage.version_id))
        .where(Version.school_id == school_id, Version.sha256 == sha256, PreviewImage.page > 0)
    )
    by_page = {row.page: row for row in session.scalars(chosen.order_by(PreviewImage.version_id))}
    return [by_page[page] for page in sorted(by_page)]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The bytes that stand for a version outside of the hands it belongs to, and what they are."""

    sha256: str
    media_type: str
    size_bytes: int


def outgoing(session: Session, versions: Collection[Version]) -> dict[str, Outgoing]:
    """Version id -> what others may get of it: the file as it came, or a copy that does not tell where it was taken.

    Of a series it is the list of its parts, see `outgoing_parts`. A version is missing here where nothing may be given
    out: one in which a scanner found malware or that waits for it, a picture nobody has read yet, or one that tells its
    place, or may, and could not be copied.
    """
    if not versions:
        return {}
    series = {version.id for version in versions if version.is_series}
    if series:
        whole = outgoing_parts(session, versions)
        return {
            version.id: Outgoing(version.sha256, version.media_type, version.size_bytes)
            for version in versions
            if version.id in whole
        } | outgoing(session, [version for version in versions if version.id not in series])
    pictures = [version for version in versions if version.media_type.startswith("image/")]
    copies = {row.version_id: row for row in session.scalars(_of(PlainCopy, pictures))} if pictures else {}
    texts = {row.version_id: row for row in session.scalars(_of(VersionText, pictures))} if pictures else {}
    scans = scans_of(session, next(iter(versions)).school_id, [version.id for version in versions])
    found = {}
    for version in versions:
        if version.id in scans and scans[version.id].state != ScanState.CLEAN:
            continue
        copy, text = copies.get(version.id), texts.get(version.id)
        if copy is not None:
            found[version.id] = Outgoing(copy.sha256, copy.media_type, copy.size_bytes)
        elif version not in pictures or _tells_no_place(version, text):
            found[version.id] = Outgoing(version.sha256, version.media_type, version.size_bytes)
    return found


def outgoing_parts(session: Session, versions: Collection[Version]) -> dict[str, list[tuple[Part, Outgoing]]]:
    """Version id -> each part of a series with what others may get of it, in order.

    A series is missing here where one of its parts may not be given out, so that nobody gets half of it unawares.
    """
    parts = parts_of_all(session, next(iter(versions)).school_id, versions) if versions else {}
    given = outgoing(session, [part.version for own in parts.values() for part in own])
    return {
        version_id: [(part, given[part.version.id]) for part in own]
        for version_id, own in parts.items()
        if all(part.version.id in given for part in own)
    }


def files_given(session: Session, versions: Collection[Version]) -> dict[str, set[str]]:
    """Version id -> the SHA-256 of every file that can stand for it elsewhere: itself, its parts, their copies."""
    if not versions:
        return {}
    parts = parts_of_all(session, next(iter(versions)).school_id, versions)
    own = {version.id: [version, *(part.version for part in parts.get(version.id, ()))] for version in versions}
    copies = session.scalars(_of(PlainCopy, [one for files in own.values() for one in files]))
    copied = {copy.version_id: copy.sha256 for copy in copies}
    return {
        id: {one.sha256 for one in files} | {copied[one.id] for one in files if one.id in copied}
        for id, files in own.items()
    }


def infected_files(session: Session, school_id: str, hashes: Collection[str]) -> frozenset[str]:
    """Which of these SHA-256 are of a file in which malware was found, or of a copy that was made of one."""
    of_copy = and_(Version.school_id == PlainCopy.school_id, Version.id == PlainCopy.version_id)
    chosen = select(PlainCopy.sha256, Version.sha256).join(Version, of_copy)
    rows = session.execute(chosen.where(PlainCopy.school_id == school_id, PlainCopy.sha256.in_(hashes))).all()
    bad = infected_bytes(session, school_id, {*hashes, *(original for _, original in rows)})
    return (bad & frozenset(hashes)) | {copy for copy, original in rows if original in bad}


def _of(model: type[PlainCopy] | type[VersionText], versions: Collection[Version]) -> Select[Any]:
    ids = [version.id for version in versions]
    return select(model).where(model.school_id == next(iter(versions)).school_id, model.version_id.in_(ids))


def _tells_no_place(version: Version, text: VersionText | None) -> bool:
    return version.media_type == SVG or (text is not None and text.facts.get(TELLS_PLACE) is False)
