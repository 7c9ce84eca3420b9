"""The web server: waitress, which buffers requests and answers itself, so that slow clients cost no thread."""

from __future__ import annotations

import errno
import logging
import socket
import threading
import time
from typing import Any

from flask import Flask
from waitress import create_server
from waitress.server import BaseWSGIServer

from evidence_app.errors import Unavailable
from evidence_app.i18n import Message, msg
from evidence_app.web.access import asks_at_the_door
from evidence_app.web.door import KEPT_IN_MEMORY_BYTES, AskingChannel
from evidence_app.web.patience import ImpatientChannel
from evidence_app.web.spool import spool_requests

log = logging.getLogger(__name__)
# A queue of one or two is an ordinary day, and no news for whoever looks at the terminal.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

DRAIN_SECONDS = 20.0
"""How long requests that are under way may go on once the server is told to stop."""


class Server:
    """Listens from the moment it is made, so that a taken port is known before anything else starts."""

    def __init__(self, app: Flask, *, host: str, port: int, threads: int) -> None:
        """A port of 0 takes any free one. Raises Unavailable, saying why, where one cannot listen there."""
        spool_requests(app)
        self._sockets: dict[int, Any] = {}
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=threads,
                connection_limit=2000,
                # Without poll(), waitress ends with an error at the 1,024th open file: select() cannot tell more apart.
                asyncore_use_poll=True,
                channel_timeout=60,
                cleanup_interval=10,
                max_request_body_size=int(app.config["MAX_CONTENT_LENGTH"]),
                # What 2,000 connections hold in memory at once; anything larger waits in a temporary file.
                inbuf_overflow=KEPT_IN_MEMORY_BYTES,
                outbuf_overflow=256 * 1024,
                # However slowly it is read, a large answer waits in its temporary file and not with a thread that
                # makes it.
                outbuf_high_watermark=2**40,
                ident=None,
            )
        # Waitress tells a host it cannot find as a ValueError.
        except (OSError, ValueError) as error:
            raise Unavailable(_why_not(error, host, port)) from error
        # A name such as "localhost" may stand for several addresses, each with a listening socket of its own.
        self._listening = [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]
        for each in self._listening:
            each.channel_class = AskingChannel if asks_at_the_door(app) else ImpatientChannel

    @property
    def addresses(self) -> list[str]:
        """Where it listens, such as `http://127.0.0.1:8000`: a name may stand for several."""
        return [f"http://{each.effective_host}:{each.effective_port}" for each in self._listening]

    def run(self, stopping: threading.Event) -> None:
        """Serve until `stopping` is set; then nobody new is let in, and what is under way is answered.

        The log says the addresses.
        """
        for address in self.addresses:
            log.info("serving on %s", address)
        try:
            while not stopping.is_set():
                self._turn()
            self._stop_listening()
            deadline = time.monotonic() + DRAIN_SECONDS
            while self._is_at_work() and time.monotonic() < deadline:
                self._turn()
        finally:
            self._server.task_dispatcher.shutdown()
            for each in list(self._sockets.values()):
                each.close()

    def _turn(self) -> None:
        self._server.asyncore.loop(timeout=0.5, use_poll=True, map=self._sockets, count=1)

    def _stop_listening(self) -> None:
        """Close the listening sockets alone: their servers still wake this loop when an answer is ready."""
        for each in self._listening:
            each.del_channel()
            each.socket.close()

    def _is_at_work(self) -> bool:
        channels = [channel for each in self._listening for channel in each.active_channels.values()]
        return any(c.request is not None or c.requests or c.total_outbufs_len for c in channels)


def _why_not(error: OSError | ValueError, host: str, port: int) -> Message:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return msg(
            "Port %(port)d of %(host)s is in use, perhaps by another 'evidence serve'. Stop it, or choose another port "
            "with --port.",
            port=port,
            host=host,
        )
    if number == errno.EACCES:
        return msg(
            "Port %(port)d is kept for the system's administrator. Choose one above 1023 with --port.", port=port
        )
    if isinstance(error, (ValueError, socket.gaierror)) or number == errno.EADDRNOTAVAIL:
        return msg("%(host)s is no address of this machine. Choose another one with --host.", host=host)
    return msg("One cannot listen on %(host)s:%(port)d: %(why)s.", host=host, port=port, why=str(error))
