"""A client that sends its request drop by drop is let go; an ordinary slow one is served."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request
from waitress import create_server

from evidence_app.web.patience import ImpatientChannel


class VeryImpatientChannel(ImpatientChannel):
    """The same with limits a test can wait for."""

    head_seconds = 0.3
    body_grace_seconds = 0.3
    body_bytes_per_second = 100


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    app = Flask("patience")

    @app.post("/")
    def length() -> str:
        return str(len(request.get_data()))

    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=1)
    server.channel_class = VeryImpatientChannel
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            server.asyncore.loop(timeout=0.02, map=sockets, count=1)

    thread = threading.Thread(target=serve)
    thread.start()
    yield (server.effective_host, server.effective_port)
    ended.set()
    thread.join()
    server.task_dispatcher.shutdown()
    for each in list(sockets.values()):
        each.close()


def send_slowly(address: tuple[str, int], parts: list[bytes], pause_seconds: float) -> bytes:
    """Send the parts with pauses, and return what comes back before the server closes the connection."""
    with socket.create_connection(address, timeout=5) as connection:
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause_seconds)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except (BrokenPipeError, ConnectionResetError):
            return b""


HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 200\r\n\r\n"


@pytest.mark.parametrize(
    "parts",
    [[HEAD[n : n + 1] for n in range(12)], [HEAD] + [b"x"] * 12],
    ids=["head", "body"],
)
def test_request_that_arrives_byte_by_byte_is_not_waited_for(address: tuple[str, int], parts: list[bytes]) -> None:
    assert send_slowly(address, parts, 0.06) == b""


def test_request_in_pieces_at_a_fair_pace_is_answered(address: tuple[str, int]) -> None:
    answer = send_slowly(address, [HEAD[:40], HEAD[40:], *[b"x" * 40] * 5], 0.08)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"200")
