"""What a worker works with, opened once for the process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import TypeVar

from sqlalchemy import select

import exports
from evidence_app.backends import Backends
from evidence_app.domain import extraction
from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import ReaderPool
from evidence_app.domain.intake import Found, check_together, gathered, zip_of
from evidence_app.domain.jobs import Job
from evidence_app.domain.scanning import Clamd, Scanner
from evidence_app.outside import Stranger

Done = TypeVar("Done")

PAUSE_SECONDS = 2.0
"""Between two requests to one host, so that a school that files fifty of its own pages does not rush its own server."""


class Tools:
    """The backends, and a pool of limited children that read files; the pool starts with the first file."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self.database = backends.database
        self.blobs = backends.blobs
        self.stranger = Stranger()
        scanner_url = backends.settings.scanner_url
        self.scanner: Scanner | None = Clamd(scanner_url) if scanner_url else None
        self.pause_seconds = PAUSE_SECONDS
        self._readers: ReaderPool | None = None
        self._starting = threading.Lock()
        self._at_hand: tuple[str, tuple[str, ...], tuple[Found, ...]] | None = None
        self._holding = ExitStack()

    @property
    def readers(self) -> ReaderPool:
        """The pool of children that read files."""
        # Several threads ask at once for the first time; a second pool would be lost with its children running.
        with self._starting:
            if self._readers is None:
                self._readers = ReaderPool(size=self.backends.settings.readers)
            return self._readers

    def for_each_version(self, jobs: Sequence[Job], do: Callable[[Version], Done]) -> dict[str, Done]:
        """Version id -> what `do` gave, for the versions these jobs name; as many at a time as there are readers."""
        with self.database.reading() as session:
            named = Version.id.in_([job.subject for job in jobs])
            versions = list(session.scalars(select(Version).where(Version.school_id == jobs[0].school_id, named)))
        with ThreadPoolExecutor(self.backends.settings.readers) as pool:
            return dict(zip([version.id for version in versions], pool.map(do, versions), strict=True))

    def infected_in(self, school_id: str, report: exports.Report) -> list[str]:
        """The numbers of the exhibits of a report in whose files malware was found since it was frozen."""
        with self.database.reading() as session:
            files = [file.sha256 for exhibit in report.exhibits for file in exhibit.files]
            bad = extraction.infected_files(session, school_id, files)
        return [exhibit.number for exhibit in report.exhibits if any(file.sha256 in bad for file in exhibit.files)]

    def drive_at_hand(self, school_id: str, zips: Mapping[str, str]) -> tuple[Found, ...]:
        """The files in stored ZIP files (SHA-256 -> name), the parts of one drive that is wanted many times in a row:
        fetched and read once.

        They can be opened until the next call for another one, or `put_away`. Raises what `BlobStore.local_path`,
        `intake.zip_of` and `intake.check_together` raise.
        """
        if self._at_hand is None or self._at_hand[:2] != (school_id, tuple(zips)):
            self.put_away()
            with ExitStack() as opening:
                parts: list[tuple[Found, ...]] = []
                for sha256, name in zips.items():
                    path = opening.enter_context(self.blobs.local_path(school_id, sha256))
                    several = name if len(zips) > 1 else ""
                    parts.append(opening.enter_context(zip_of(path, one_of_several=several)).files)
                    check_together(sum(map(len, parts)))
                files = gathered(*parts)
                self._holding = opening.pop_all()
            self._at_hand = (school_id, tuple(zips), files)
        return self._at_hand[2]

    def put_away(self) -> None:
        """What was at hand is not wanted any more."""
        self._at_hand = None
        self._holding.close()

    def close(self) -> None:
        """End the children; the backends belong to whoever opened them."""
        self.put_away()
        if self._readers is not None:
            self._readers.close()

    def __enter__(self) -> Tools:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
