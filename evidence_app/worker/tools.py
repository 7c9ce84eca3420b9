"""What a worker works with, opened once for the process."""

from __future__ import annotations

import threading
from types import TracebackType

from evidence_app.backends import Backends
from evidence_app.domain.extraction import ReaderPool


class Tools:
    """The backends, and a pool of limited children that read files; the pool starts with the first file."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self.database = backends.database
        self.blobs = backends.blobs
        self._readers: ReaderPool | None = None
        self._starting = threading.Lock()

    @property
    def readers(self) -> ReaderPool:
        """The pool of children that read files."""
        # Several threads ask at once for the first time; a second pool would be lost with its children running.
        with self._starting:
            if self._readers is None:
                self._readers = ReaderPool(size=self.backends.settings.readers)
            return self._readers

    def close(self) -> None:
        """End the children; the backends belong to whoever opened them."""
        if self._readers is not None:
            self._readers.close()

    def __enter__(self) -> Tools:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
