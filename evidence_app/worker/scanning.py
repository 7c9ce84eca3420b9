"""Having versions looked at for malware, where a scanner is set up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from evidence_app.domain import scanning
from evidence_app.domain.evidence import Version
from evidence_app.domain.jobs import Job
from evidence_app.domain.scanning import ScannerDown, ScanState, Verdict
from evidence_app.worker.tools import Tools
from storage_adapters import StoreError

log = logging.getLogger(__name__)

WAITS = Verdict(ScanState.WAITING)


def scan_versions(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Has the versions scanned that these jobs name; gives the function that keeps the verdicts."""
    if tools.scanner is None:
        return lambda _session: None

    def scan(version: Version) -> Verdict:
        if version.is_series:
            with tools.database.reading() as session:
                return scanning.verdict_of_parts(session, version)
        try:
            with tools.blobs.local_path(version.school_id, version.sha256) as path:
                return verdict_on(tools, path) or WAITS
        except StoreError as error:
            log.warning("version %s cannot be scanned: %s", version.id, error)
            return WAITS

    verdicts = tools.for_each_version(jobs, scan)
    return lambda session: scanning.keep_verdicts(session, school_id=jobs[0].school_id, verdicts=verdicts)


def verdict_on(tools: Tools, path: Path) -> Verdict | None:
    """What the scanner says of a file: that it waits, where the scanner does not answer; None without a scanner."""
    if tools.scanner is None:
        return None
    try:
        with path.open("rb") as stream:
            return tools.scanner.scan(stream)
    except ScannerDown as error:
        log.warning("the scanner does not answer: %s", error)
        return WAITS
