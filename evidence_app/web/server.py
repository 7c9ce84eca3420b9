"""The web server: waitress, which buffers requests and answers itself, so that slow clients cost no thread."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask
from waitress import create_server
from waitress.server import BaseWSGIServer

from evidence_app.web.patience import ImpatientChannel

log = logging.getLogger(__name__)


def serve_app(app: Flask, *, host: str, port: int, threads: int) -> None:
    """Serve until the process is told to stop; a port of 0 takes any free one. The log says the address."""
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
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
        inbuf_overflow=128 * 1024,
        outbuf_overflow=256 * 1024,
        # However slowly it is read, a large answer waits in its temporary file and not with a thread that makes it.
        outbuf_high_watermark=2**40,
        ident=None,
    )
    # A name such as "localhost" may stand for several addresses, each with a listening socket of its own.
    for listening in [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]:
        listening.channel_class = ImpatientChannel
        log.info("serving on http://%s:%s", listening.effective_host, listening.effective_port)
    try:
        server.run()
    finally:
        server.close()
