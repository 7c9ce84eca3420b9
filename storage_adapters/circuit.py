"""A circuit: once a service has failed several times in a row, nobody waits for it any more until it may be back.

Every call to a dead service takes some twenty seconds. A web server whose threads all wait like that answers nothing at
all any more, not even pages that need no file.
"""

import threading
import time

FAILURES_IN_A_ROW = 3
REST_SECONDS = 10.0


class Circuit:
    """Closed as long as calls work; open for a rest after failures in a row; then one call tries for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._next_try_at = 0.0

    def may_call(self) -> bool:
        """Whether to call now. Whoever is let through by an open circuit is its trial; all others go on waiting."""
        with self._lock:
            if self._failures < FAILURES_IN_A_ROW:
                return True
            if time.monotonic() < self._next_try_at:
                return False
            self._next_try_at = time.monotonic() + REST_SECONDS
            return True

    def worked(self) -> None:
        """The service answered, be it with a refusal: it is there."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The service did not answer, or said that it cannot."""
        with self._lock:
            self._failures += 1
            self._next_try_at = time.monotonic() + REST_SECONDS
