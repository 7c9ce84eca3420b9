"""How long the server waits for a client that sends its request drop by drop."""

from __future__ import annotations

import logging
import time

from waitress.channel import HTTPChannel

log = logging.getLogger(__name__)


class ImpatientChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that is closed when its request takes too long to arrive.

    Waitress itself closes only silent connections; one byte every ten seconds would keep a connection for ever. It is
    enough to look when bytes arrive, because a client that sends none is silent.
    """

    head_seconds = 20.0
    body_grace_seconds = 60.0
    body_bytes_per_second = 1000

    _began = 0.0

    def received(self, data: bytes) -> bool:
        """Take in more of a request; False if the connection is about to be closed."""
        arriving = self.request
        if arriving is not None and self._is_too_slow():
            log.info("closed a connection whose request took too long to arrive")
            self.will_close = True
            return False
        taken = bool(super().received(data))
        if self.request is not arriving:
            self._began = time.monotonic()
        return taken

    def _is_too_slow(self) -> bool:
        waited = time.monotonic() - self._began
        if not self.request.headers_finished:
            return waited > self.head_seconds
        due = waited * self.body_bytes_per_second
        return waited > self.body_grace_seconds and bool(self.request.body_bytes_received < due)
