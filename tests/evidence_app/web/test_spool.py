"""Large uploads wait on the disk of the installation, not in memory and not where temporary files usually go."""

from __future__ import annotations

import http.client
import socket
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from evidence_app.web.server import Server
from evidence_app.web.spool import prepare_spool

MIB = 1024 * 1024
SIZE = 48 * MIB
HEAD = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
TAIL = b"\r\n--edge--\r\n"


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that counts what it is sent; the usual folder for temporary files is gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 2 * SIZE
    prepare_spool(app, tmp_path)

    @app.post("/")
    def count() -> str:
        stream = request.files["files"].stream
        return str(sum(len(chunk) for chunk in iter(lambda: stream.read(MIB), b"")))

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(app, host="127.0.0.1", port=port, threads=2)
    stopping = threading.Event()
    thread = threading.Thread(target=server.run, args=(stopping,))
    thread.start()
    yield port
    stopping.set()
    thread.join()


def test_a_form_is_taken_apart_to_the_byte_where_a_piece_ends_within_its_last_line(port: int) -> None:
    content = b"x" * (64 * 1024 + 3 - len(HEAD) - len(TAIL))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", HEAD + content + TAIL, {"Content-Type": "multipart/form-data; boundary=edge"})
    answer = connection.getresponse().read()
    connection.close()
    assert int(answer) == len(content)


def test_a_large_upload_takes_little_memory(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    tracemalloc.start()
    try:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Type", "multipart/form-data; boundary=edge")
        connection.putheader("Content-Length", str(len(HEAD) + SIZE + len(TAIL)))
        connection.endheaders(HEAD)
        block = b"x" * (256 * 1024)
        for _ in range(SIZE // len(block)):
            connection.send(block)
        connection.send(TAIL)
        answer = connection.getresponse().read()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        connection.close()

    assert int(answer) == SIZE
    assert peak < 12 * MIB
