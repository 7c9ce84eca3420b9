"""Asking for what was read. Callers hold an item or version they got through `evidence`, which decides about access."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction.models import PreviewImage, VersionText


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
