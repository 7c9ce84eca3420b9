"""Making snapshots ready for their readers: search, page pictures, and the bundle to take home."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import BinaryIO

from sqlalchemy.orm import Session

import exports
from evidence_app.domain import extraction, reports, sharing
from evidence_app.domain.access import worker_for
from evidence_app.domain.jobs import Job
from evidence_app.worker.tools import Tools

LOCKED = "encrypted"
"""Why no page is drawn of a file that asks for a password."""
Results = Callable[[Session], None]


def remake_share_index(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Builds the search of one snapshot anew, from the snapshot alone."""
    snapshot = _snapshot(tools, jobs[0])
    room = sharing.make_room(tools.blobs, snapshot)
    settings = tools.backends.settings
    index = sharing.open_share_index(settings.search_url, settings.home, snapshot.id)
    try:
        with index.rebuilding() as fresh:
            fresh.add(sharing.documents(room, snapshot))
    finally:
        index.close()
    return lambda _session: None


def prepare_share(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Draws the pages of the next few exhibits of a snapshot; once all are drawn, writes its bundle."""
    snapshot = _snapshot(tools, jobs[0])
    report = reports.report_of(tools.blobs, snapshot)
    with tools.database.reading() as session:
        ready = sharing.preparation(session, snapshot.school_id, snapshot.id)
        wants_bundle = sharing.wants_bundle(session, snapshot)
        stamp = reports.stamp(session, snapshot, report.language)
    drawn = ready.drawn if ready else 0
    names = {file.sha256: file for e in report.exhibits for file in e.files}
    wanted = sharing.next_to_draw(names, drawn)
    if wanted:
        pages = [page for sha256 in wanted for page in _draw(tools, snapshot.school_id, names[sha256])]
        return lambda session: sharing.keep_pages(session, snapshot, drawn=drawn + len(wanted), pages=pages)
    sha256 = _write_bundle(tools, snapshot.school_id, report, stamp) if wants_bundle else ""
    name = reports.file_name(report, stamp, reports.KINDS["zip"])
    return lambda session: sharing.keep_bundle(session, snapshot, sha256=sha256, name=name)


def _snapshot(tools: Tools, job: Job) -> reports.Snapshot:
    with tools.database.reading() as session:
        return session.get_one(reports.Snapshot, (worker_for(job.school_id).school_id, job.subject))


def _draw(tools: Tools, school_id: str, exhibit: exports.ExhibitFile) -> list[sharing.DrawnPage]:
    """The first pages of one exhibit; none where nothing can be drawn."""
    with tools.blobs.local_path(school_id, exhibit.sha256) as path:
        preview = tools.readers.preview(
            path, file_name=exhibit.file_name, media_type=exhibit.media_type, page_count=sharing.MOST_PAGES
        )
    if preview.failed_because is not None and preview.failed_because.code == LOCKED:
        return _drawn_before(tools, school_id, exhibit)
    drawn = []
    for number, picture in enumerate(preview.pages, start=1):
        blob = tools.blobs.put(school_id, [picture.content], expected_bytes=len(picture.content))
        drawn.append(
            sharing.DrawnPage(
                exhibit.sha256,
                number,
                blob.sha256,
                picture.media_type,
                picture.width_px,
                picture.height_px,
                preview.is_true_look,
            )
        )
    return drawn


def _drawn_before(tools: Tools, school_id: str, exhibit: exports.ExhibitFile) -> list[sharing.DrawnPage]:
    """The pages of a locked file, which were drawn when somebody opened it with its password."""
    with tools.database.reading() as session:
        return [
            sharing.DrawnPage(exhibit.sha256, p.page, p.sha256, p.media_type, p.width_px, p.height_px)
            for p in extraction.pages_of_bytes(session, school_id, exhibit.sha256)[: sharing.MOST_PAGES]
        ]


def _write_bundle(tools: Tools, school_id: str, report: exports.Report, stamp: exports.Edition) -> str:
    """The SHA-256 of the bundle, stored; "" where one of its files was found to hold malware since."""
    if tools.infected_in(school_id, report):
        # The bundle is left out; the pages of the room go on, and the file is given to nobody there either.
        return ""

    def open_blob(sha256: str) -> BinaryIO:
        return tools.blobs.open(school_id, sha256)

    with tempfile.TemporaryFile() as file:
        reports.compile(report, stamp, reports.KINDS["zip"], file, open_blob=open_blob)
        file.seek(0)
        return tools.blobs.put(school_id, file).sha256
