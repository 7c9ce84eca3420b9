"""Drawing thumbnails, copies of photographs without their place, and pages somebody looks at, in limited children."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import (
    HAVE_PAGES,
    MAX_PREVIEW_PAGES,
    PAGES_AT_ONCE,
    Picture,
    Preview,
    StoredPicture,
    keep_pages,
    keep_plain_copy,
    keep_thumbnails,
)
from evidence_app.domain.jobs import Job
from evidence_app.worker.tools import Tools
from storage_adapters import Blob

COPY_TYPE = "image/jpeg"


def draw_thumbnails(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Draws the small pictures of the versions these jobs name; gives the function that keeps them."""
    school_id = jobs[0].school_id

    def draw(version: Version) -> tuple[StoredPicture | None, Blob | None]:
        thumb = _preview(tools, version).thumb
        return _stored(tools, school_id, thumb, 0) if thumb else None, _copy_without_place(tools, version)

    drawn = tools.for_each_version(jobs, draw)
    thumbnails = {version_id: picture for version_id, (picture, _) in drawn.items() if picture}
    copies = {version_id: copy for version_id, (_, copy) in drawn.items() if copy}

    def keep(session: Session) -> None:
        keep_thumbnails(session, school_id=school_id, thumbnails=thumbnails)
        for version_id, copy in copies.items():
            keep_plain_copy(
                session,
                school_id=school_id,
                version_id=version_id,
                sha256=copy.sha256,
                media_type=COPY_TYPE,
                size_bytes=copy.size_bytes,
            )

    return keep


def draw_pages(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Draws the pages these jobs ask for; gives the function that keeps the pictures."""
    school_id = jobs[0].school_id
    first_pages = {job.subject: int(job.payload.get("first_page", 0)) for job in jobs}

    def draw(version: Version) -> tuple[Preview, list[StoredPicture]]:
        # A file that has to be converted first gives as many pages as are drawn at once at all.
        count = MAX_PREVIEW_PAGES if version.media_type in HAVE_PAGES else PAGES_AT_ONCE
        first = first_pages[version.id] // count * count
        preview = _preview(tools, version, first_page=first, page_count=count)
        pictures = [_stored(tools, school_id, picture, first + n) for n, picture in enumerate(preview.pages, 1)]
        if pictures and preview.thumb and first == 0 and preview.is_true_look:
            pictures.append(_stored(tools, school_id, preview.thumb, 0))  # in place of one made of words
        return preview, pictures

    drawn = tools.for_each_version(jobs, draw)

    def keep(session: Session) -> None:
        for version_id, (preview, pictures) in drawn.items():
            keep_pages(
                session,
                school_id=school_id,
                version_id=version_id,
                page_total=preview.page_total,
                pictures=pictures,
                is_true_look=preview.is_true_look,
            )

    return keep


def _copy_without_place(tools: Tools, version: Version) -> Blob | None:
    """What others will get of a picture that tells where it was taken, stored; None where it does not, or is broken."""
    if not version.media_type.startswith("image/"):
        return None
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        copy = tools.readers.copy_without_place(path, file_name=version.file_name, media_type=version.media_type)
    return tools.blobs.put(version.school_id, [copy.content], expected_bytes=len(copy.content)) if copy else None


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
