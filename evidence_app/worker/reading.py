"""Reading versions: bytes -> text and facts, in limited children; then the words in pictures by OCR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import (
    Reading,
    keep_readings,
    keep_recognition,
    likely_languages,
    look_through,
    look_through_parts,
    read_series,
)
from evidence_app.domain.guarding import Signs, both
from evidence_app.domain.jobs import Job, Urgency
from evidence_app.domain.scanning import Verdict, keep_verdicts, verdict_of_parts
from evidence_app.worker.scanning import verdict_on
from evidence_app.worker.tools import Tools


class _Read(NamedTuple):
    """What was read, what the guard sees in it, and what the scanner says where there is one."""

    reading: Reading
    seen: Signs
    verdict: Verdict | None


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
        # In the same transaction: a version that was read is never taken for one that nobody had to scan.
        verdicts = {version_id: one.verdict for version_id, one in read.items() if one.verdict is not None}
        if verdicts:
            keep_verdicts(session, school_id=jobs[0].school_id, verdicts=verdicts)

    return keep


def recognise_text(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Reads these versions once more, with the words in their pictures: a scan takes seconds a page."""
    with tools.database.reading() as session:
        likely = likely_languages(session, jobs[0].school_id, [job.subject for job in jobs])
    read = tools.for_each_version(jobs, lambda version: _read(tools, version, with_ocr=True, likely=likely[version.id]))

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


def _read(tools: Tools, version: Version, *, with_ocr: bool, likely: str = "") -> _Read:
    if version.is_series:
        with tools.database.reading() as session:
            reading = read_series(session, version)
            verdict = verdict_of_parts(session, version) if tools.scanner else None
            seen = look_through_parts(session, version)
        return _Read(reading, both(seen, look_through(version, reading)), verdict)
    with tools.blobs.local_path(version.school_id, version.sha256) as path:
        verdict = None if with_ocr else verdict_on(tools, path)
        reading = tools.readers.read(path, file_name=version.file_name, with_ocr=with_ocr, likely_language=likely)
    return _Read(reading, look_through(version, reading), verdict)
