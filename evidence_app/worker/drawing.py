"""Drawing thumbnails, and the pages of a document that somebody looks at, in limited children."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import (
    PAGES_AT_ONCE,
    Picture,
    Preview,
    StoredPicture,
    keep_pages,
    keep_thumbnails,
)
from evidence_app.domain.jobs import Job
from evidence_app.worker.tools import Tools


def draw_thumbnails(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Draws the small pictures of the versions these jobs name; gives the function that keeps them."""
    school_id = jobs[0].school_id

    def draw(version: Version) -> StoredPicture | None:
        thumb = _preview(tools, version).thumb
        return _stored(tools, school_id, thumb, 0) if thumb else None

    drawn = tools.for_each_version(jobs, draw)
    thumbnails = {version_id: picture for version_id, picture in drawn.items() if picture}
    return lambda session: keep_thumbnails(session, school_id=school_id, thumbnails=thumbnails)


def draw_pages(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Draws the pages these jobs ask for; gives the function that keeps the pictures."""
    school_id = jobs[0].school_id
    first_pages = {job.subject: int(job.payload.get("first_page", 0)) for job in jobs}

    def draw(version: Version) -> tuple[int, list[StoredPicture]]:
        first = first_pages[version.id]
        preview = _preview(tools, version, first_page=first, page_count=PAGES_AT_ONCE)
        pictures = [_stored(tools, school_id, picture, first + n) for n, picture in enumerate(preview.pages, 1)]
        return preview.page_total, pictures

    drawn = tools.for_each_version(jobs, draw)

    def keep(session: Session) -> None:
        for version_id, (page_total, pictures) in drawn.items():
            keep_pages(session, school_id=school_id, version_id=version_id, page_total=page_total, pictures=pictures)

    return keep


def _preview(tools: Tools, version: Version, *, first_page: int = 0, page_count: int = 0) -> Preview:
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        return tools.readers.preview(
            path,
            file_name=version.file_name,
            media_type=version.media_type,
            first_page=first_page,
            page_count=page_count,
        )


def _stored(tools: Tools, school_id: str, picture: Picture, page: int) -> StoredPicture:
    """The picture, its bytes in the store before any row names them."""
    blob = tools.blobs.put(school_id, [picture.content], expected_bytes=len(picture.content))
    return StoredPicture(page, blob.sha256, picture.media_type, picture.width_px, picture.height_px)
