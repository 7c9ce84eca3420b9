"""The web server: waitress, which buffers requests and answers itself, so that slow clients cost no thread."""

from __future__ import annotations

import logging

from flask import Flask
from waitress import create_server

log = logging.getLogger(__name__)


def serve_app(app: Flask, *, host: str, port: int, threads: int) -> None:
    """Serve until the process is told to stop; a port of 0 takes any free one. The log says the address."""
    server = create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        connection_limit=2000,
        channel_timeout=60,
        cleanup_interval=10,
        max_request_body_size=int(app.config["MAX_CONTENT_LENGTH"]),
        inbuf_overflow=1024 * 1024,
        outbuf_overflow=1024 * 1024,
        ident=None,
    )
    log.info("serving on http://%s:%s", server.effective_host, server.effective_port)
    try:
        server.run()
    finally:
        server.close()
