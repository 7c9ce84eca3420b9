"""Reading versions: bytes -> text, facts and pictures, in limited children; then the words in pictures by OCR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import Picture, Reading, StoredPicture, keep_reading, keep_recognition
from evidence_app.domain.jobs import Job, Urgency
from evidence_app.worker.tools import Tools


class _Read(NamedTuple):
    version_id: str
    reading: Reading
    pictures: list[StoredPicture]


def read_versions(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Reads the versions these jobs name, several at a time; gives the function that keeps the results."""
    read = _each(tools, jobs, _read_one)

    def keep(session: Session) -> None:
        for one in read:
            keep_reading(
                session,
                school_id=jobs[0].school_id,
                version_id=one.version_id,
                reading=one.reading,
                pictures=one.pictures,
                urgency=Urgency(jobs[0].urgency),
            )

    return keep


def recognise_text(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Reads these versions once more, with the words in their pictures."""
    read = _each(tools, jobs, _recognise_one)

    def keep(session: Session) -> None:
        for one in read:
            keep_recognition(
                session,
                school_id=jobs[0].school_id,
                version_id=one.version_id,
                reading=one.reading,
                urgency=Urgency(jobs[0].urgency),
            )

    return keep


def _each(tools: Tools, jobs: Sequence[Job], read_one: Callable[[Tools, Version], _Read]) -> list[_Read]:
    """What came of every version that these jobs name, as many at a time as there are readers."""
    with tools.database.reading() as session:
        named = Version.id.in_([job.subject for job in jobs])
        versions = list(session.scalars(select(Version).where(Version.school_id == jobs[0].school_id, named)))
    with ThreadPoolExecutor(tools.backends.settings.readers) as pool:
        return list(pool.map(lambda version: read_one(tools, version), versions))


def _recognise_one(tools: Tools, version: Version) -> _Read:
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        return _Read(version.id, tools.readers.read(path, file_name=version.file_name), [])


def _read_one(tools: Tools, version: Version) -> _Read:
    """The text and the thumbnail of one version; the thumbnail's bytes are in the store before any row names them."""
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        reading = tools.readers.read(path, file_name=version.file_name, with_ocr=False)
        preview = tools.readers.preview(path, file_name=version.file_name, media_type=reading.media_type)
    pictures = [store_picture(tools, version.school_id, preview.thumb, 0)] if preview.thumb else []
    return _Read(version.id, reading, pictures)


def store_picture(tools: Tools, school_id: str, picture: Picture, page: int) -> StoredPicture:
    """The picture, its bytes in the store before any row names them."""
    blob = tools.blobs.put(school_id, [picture.content], expected_bytes=len(picture.content))
    return StoredPicture(page, blob.sha256, picture.media_type, picture.width_px, picture.height_px)
