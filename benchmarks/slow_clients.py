"""How web servers bear slow clients: `python benchmarks/slow_clients.py [--python PATH]` prints a table in Markdown.

Each server runs a small Flask application with 8 threads, without a proxy. 500 connections send one byte every ten
seconds, first of a request's head, then of its body; then 100 connections ask for 30 MB and hardly read them.
Meanwhile a healthy client asks for a page 20 times a second, each time over a new connection. Printed for each server:
the healthy client's 50th and 95th percentile and its failures, alone (the reference, measured in the same run) and
under each attack, the ratio of the 95th percentiles, how many slow connections were still open at the end, and the
server's memory. About two minutes a server, loopback only.
PATH is a Python with flask and the servers installed (waitress, gunicorn, granian); those it lacks are left out.
"""

from __future__ import annotations

import argparse
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

REPOSITORY = Path(__file__).parents[1]

SLOW_CONNECTIONS = 500
SLOW_READERS = 100
SECONDS_BETWEEN_BYTES = 10.0
ATTACK_SECONDS = 32.0
WARM_UP_SECONDS = 1.0
ALONE_SECONDS = 5.0
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 5.0

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
READ = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n"

SERVE = "import threading; from evidence_app.web.server import Server; from slow_clients import app; "
SERVE += "app.config['MAX_CONTENT_LENGTH'] = 10**9; "
SERVE += "Server(app, host='127.0.0.1', port={port}, threads=8).run(threading.Event())"

SERVERS: dict[str, tuple[str, list[str]]] = {
    "waitress as it comes": (
        "waitress",
        ["-m", "waitress", "--threads=8", "--listen=127.0.0.1:{port}", "slow_clients:app"],
    ),
    "waitress as `evidence serve` runs it": ("evidence_app.web.server", ["-c", SERVE]),
    "gunicorn gthread": (
        "gunicorn",
        ["-m", "gunicorn", "--worker-class=gthread", "--threads=8", "--bind=127.0.0.1:{port}", "slow_clients:app"],
    ),
    "granian": (
        "granian",
        [
            "-m",
            "granian",
            "--interface=wsgi",
            "--blocking-threads=8",
            "--host=127.0.0.1",
            "--port={port}",
            "slow_clients:app",
        ],
    ),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the healthy client saw: seconds of each answered request, and how many were not answered."""

    seconds: list[float]
    failures: int

    def percentile(self, share: int) -> float:
        """Return a percentile in milliseconds, an unanswered request counting as PATIENCE_SECONDS."""
        everything = sorted(self.seconds + [PATIENCE_SECONDS] * self.failures)
        return 1000 * statistics.quantiles(everything, n=100)[share - 1] if len(everything) > 1 else float("nan")


def make_app() -> Any:
    """Return the application every server runs."""
    from flask import Flask, Response, request

    flask_app = Flask("slow_clients")

    @flask_app.get("/")
    def page() -> str:
        return "<!doctype html><title>A page</title>" + "<p>evidence</p>" * 200

    @flask_app.get("/large")
    def large() -> Response:
        # In pieces, as a large file is sent that is checked on its way.
        return Response((b"x" * 250_000 for _ in range(120)), content_type="application/octet-stream")

    @flask_app.post("/upload")
    def upload() -> str:
        return str(len(request.get_data()))

    return flask_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="the Python that has flask and the servers")
    python = parser.parse_args().python
    columns = ["server", "alone p50 / p95 ms", "slow heads (failed), ratio", "bodies", "readers", "still open", "MB"]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for name, (module, arguments) in SERVERS.items():
        if subprocess.run(
            [python, "-c", f"import {module}"], capture_output=True, check=False, cwd=REPOSITORY
        ).returncode:
            print(f"| {name} | not installed |")
            continue
        print(measure(name, [python, *arguments]), flush=True)


def measure(name: str, command: list[str]) -> str:
    """Return one row of the table."""
    with running(command) as (port, process):
        # The first requests load modules, which is not what is measured.
        healthy_client(port, WARM_UP_SECONDS)
        alone = healthy_client(port, ALONE_SECONDS)
        cells, still_open = [], []
        for beginning, count in ((HEAD, SLOW_CONNECTIONS), (BODY, SLOW_CONNECTIONS), (READ, SLOW_READERS)):
            with slow_clients(port, beginning, count) as open_connections:
                attacked = healthy_client(port, ATTACK_SECONDS)
                still_open.append(str(len(open_connections)))
            ratio = attacked.percentile(95) / alone.percentile(95)
            total = len(attacked.seconds) + attacked.failures
            cells.append(f"{told(attacked)} ({attacked.failures} of {total}), {ratio:.1f}")
            time.sleep(1)
        family = [process, *process.children(recursive=True)]
        megabytes = sum(each.memory_info().rss for each in family) / 1e6
    return f"| {name} | {told(alone)} | {' | '.join(cells)} | {' / '.join(still_open)} | {megabytes:.0f} |"


def told(measured: Measured) -> str:
    return f"{measured.percentile(50):.1f} / {measured.percentile(95):.1f}"


@contextmanager
def running(command: list[str]) -> Iterator[tuple[int, psutil.Process]]:
    """Give the port and process of a server that answers, and end it afterwards."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [part.format(port=port) for part in command],
            cwd=Path(__file__).parent,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
            stdout=log,
            stderr=log,
        )
        process = psutil.Process(server.pid)
        try:
            deadline = time.monotonic() + 20
            while ask(port) is None:
                if server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"{' '.join(command)} did not start:\n{log.read().decode()[-2000:]}")
                time.sleep(0.1)
            yield port, process
        finally:
            family = [*process.children(recursive=True), process]
            for each in family:
                each.kill()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthy_client(port: int, seconds: float) -> Measured:
    """Ask for the page again and again, and return what was seen."""
    answered: list[float] = []
    failures = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        took = ask(port)
        if took is None:
            failures += 1
        else:
            answered.append(took)
        time.sleep(PAUSE_SECONDS)
    return Measured(answered, failures)


def ask(port: int) -> float | None:
    """Return the seconds one request took over a connection of its own, or None if it was not answered in time."""
    started = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = bytearray()
            while chunk := connection.recv(65536):
                answer += chunk
    except OSError:
        return None
    return time.monotonic() - started if answer.startswith(b"HTTP/1.1 200") else None


@contextmanager
def slow_clients(port: int, beginning: bytes, count: int) -> Iterator[set[socket.socket]]:
    """Keep slow connections in a thread, and give the set of those the server has not closed."""
    open_connections: set[socket.socket] = set()
    stop = threading.Event()
    for _ in range(count):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=2)
            connection.sendall(beginning)
        except OSError:
            continue
        connection.setblocking(False)
        open_connections.add(connection)
    thread = threading.Thread(target=drip, args=(open_connections, stop, beginning is READ))
    thread.start()
    try:
        yield open_connections
    finally:
        stop.set()
        thread.join()
        for connection in open_connections:
            connection.close()


def drip(open_connections: set[socket.socket], stop: threading.Event, only_reads: bool) -> None:
    """Send (or read) a byte on every connection every ten seconds, spread evenly; drop those the server closed."""
    selector = selectors.DefaultSelector()
    for connection in open_connections:
        selector.register(connection, selectors.EVENT_READ, connection)
    pause = SECONDS_BETWEEN_BYTES / max(1, len(open_connections))
    turn = deque(open_connections)
    while not stop.wait(pause):
        # A reader's connection always has something to read, so whether it is open shows when its turn comes.
        readable = [] if only_reads else [key.data for key, _ in selector.select(0)]
        closed = {connection for connection in readable if not still_open(connection)}
        if turn:
            connection = turn.popleft()
            try:
                if connection not in closed and connection in open_connections:
                    if (connection.recv(1) == b"") if only_reads else not connection.send(b"x"):
                        closed.add(connection)
                    turn.append(connection)
            except BlockingIOError:
                turn.append(connection)
            except OSError:
                closed.add(connection)
        for each in closed:
            selector.unregister(each)
            open_connections.discard(each)
            each.close()
    selector.close()


def still_open(connection: socket.socket) -> bool:
    """Tell whether the server kept the connection; an early answer, such as a refusal, counts as closed."""
    try:
        connection.recv(65536)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


if __name__ == "__main__":
    main()
else:
    app = make_app()
