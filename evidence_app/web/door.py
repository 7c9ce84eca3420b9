"""Asking at the door: who sends much is known, and may send it there, before any of it is kept on the way.

The server takes a whole request in before the application sees it. So the head of a request with a large body is shown
to the application first, alone; a stranger's body never touches the disk.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

from evidence_app.web.access import DOOR_ONLY
from evidence_app.web.patience import ImpatientChannel

KEPT_IN_MEMORY_BYTES = 128 * 1024
"""What of a request waits in memory: smaller ones are simply answered."""
READ_TO_THE_END_BYTES = 16 * 1024 * 1024
"""A refused body up to this size is read and dropped, since few clients read an answer before they have sent all."""


class Answer:
    """An answer of the application, as the server sends an error of its own."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = [(name, value) for name, value in headers if name.lower() != "content-length"]

    def to_response(self, _ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body."""
        return self.status, self.headers, self.body


class Dropped:
    """Takes what it is given and keeps nothing."""

    def append(self, data: bytes) -> None:
        """Let go of more."""

    def __len__(self) -> int:
        return 0

    def getfile(self) -> io.BytesIO:
        """Nothing."""
        return io.BytesIO()

    def close(self) -> None:
        """Nothing to let go of."""


class AskingParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request whose large body is taken in only where the application says that its sender may send it there."""

    def __init__(self, adj: Any, channel: AskingChannel) -> None:
        super().__init__(adj)
        self._channel = channel
        self._was_asked = False
        self.expect_continue = False

    def received(self, data: bytes) -> int:
        """Take in more; how much of it was taken."""
        taken = int(super().received(data))
        if self.headers_finished and not self.completed and not self._was_asked:
            self._was_asked = True
            if self.chunked or self.content_length > KEPT_IN_MEMORY_BYTES:
                self._refuse_unless_welcome()
        return taken

    def _refuse_unless_welcome(self) -> None:
        answer = self._channel.answer_at_the_door(self)
        if answer is None:
            return
        self.error = answer
        if self.chunked or self.expect_continue or self.content_length > READ_TO_THE_END_BYTES:
            # Who waits to be told "100 Continue" is answered at once instead, and sends nothing.
            self.expect_continue = False
            self.completed = True
        else:
            self.body_rcv.buf = Dropped()


class AskingChannel(ImpatientChannel):
    """A connection on which large bodies are asked about first, of an application that answers such questions."""

    def parser_class(self, adj: Any) -> AskingParser:
        """The parser of one request of this connection."""
        return AskingParser(adj, self)

    def answer_at_the_door(self, request: AskingParser) -> Answer | None:
        """What the application answers to this head without a body; None where the body is welcome."""
        environ = dict(WSGITask(self, request).get_environment())
        environ.update({"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0", DOOR_ONLY: request.content_length})
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
            started.append((status, headers))

        answered: Iterable[bytes] = self.server.application(environ, start_response)
        body = b"".join(answered)
        if hasattr(answered, "close"):
            answered.close()
        status, headers = started[-1]
        return None if status.startswith("204") else Answer(status, headers, body)
