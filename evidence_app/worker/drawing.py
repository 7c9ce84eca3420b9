"""Drawing the pages of a document that somebody looks at, in limited children."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import PAGES_AT_ONCE, StoredPicture, keep_pages
from evidence_app.domain.jobs import Job
from evidence_app.worker.reading import store_picture
from evidence_app.worker.tools import Tools


class _Drawn(NamedTuple):
    version_id: str
    page_total: int
    pictures: list[StoredPicture]


def draw_pages(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Draws the pages these jobs ask for; gives the function that keeps the pictures."""
    school_id = jobs[0].school_id
    first_pages = {job.subject: int(job.payload.get("first_page", 0)) for job in jobs}
    with tools.database.reading() as session:
        wanted = select(Version).where(Version.school_id == school_id, Version.id.in_(first_pages))
        versions = list(session.scalars(wanted))
    drawn = [_draw(tools, version, first_pages[version.id]) for version in versions]

    def keep(session: Session) -> None:
        for one in drawn:
            keep_pages(
                session,
                school_id=school_id,
                version_id=one.version_id,
                page_total=one.page_total,
                pictures=one.pictures,
            )

    return keep


def _draw(tools: Tools, version: Version, first_page: int) -> _Drawn:
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        preview = tools.readers.preview(
            path,
            file_name=version.file_name,
            media_type=version.media_type,
            first_page=first_page,
            page_count=PAGES_AT_ONCE,
        )
    pictures = [
        store_picture(tools, version.school_id, picture, first_page + n) for n, picture in enumerate(preview.pages, 1)
    ]
    return _Drawn(version.id, preview.page_total, pictures)
