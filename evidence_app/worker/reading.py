"""Reading versions: bytes -> text and facts, in limited children; then the words in pictures by OCR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import Reading, keep_readings, keep_recognition, look_through, read_series
from evidence_app.domain.guarding import Signs
from evidence_app.domain.jobs import Job, Urgency
from evidence_app.worker.tools import Tools


class _Read(NamedTuple):
    """What was read, and what the guard sees in it."""

    reading: Reading
    seen: Signs


def read_versions(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Reads the versions these jobs name, several at a time; gives the function that keeps the results."""
    read = tools.for_each_version(jobs, lambda version: _read(tools, version, with_ocr=False))

    def keep(session: Session) -> None:
        keep_readings(
            session,
            school_id=jobs[0].school_id,
            readings={version_id: one.reading for version_id, one in read.items()},
            seen={version_id: one.seen for version_id, one in read.items()},
            urgency=Urgency(jobs[0].urgency),
        )

    return keep


def recognise_text(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Reads these versions once more, with the words in their pictures.

    One reader is left to whoever files something meanwhile: a scan takes seconds a page.
    """
    threads = max(1, tools.backends.settings.readers - 1)
    read = tools.for_each_version(jobs, lambda version: _read(tools, version, with_ocr=True), threads=threads)

    def keep(session: Session) -> None:
        for version_id, one in read.items():
            keep_recognition(
                session,
                school_id=jobs[0].school_id,
                version_id=version_id,
                reading=one.reading,
                seen=one.seen,
                urgency=Urgency(jobs[0].urgency),
            )

    return keep


def _read(tools: Tools, version: Version, *, with_ocr: bool) -> _Read:
    if version.is_series:
        with tools.database.reading() as session:
            reading = read_series(session, version)
        return _Read(reading, look_through(version, reading))
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        reading = tools.readers.read(path, file_name=version.file_name, with_ocr=with_ocr)
    return _Read(reading, look_through(version, reading))
