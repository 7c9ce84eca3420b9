"""A real IMAP server for tests: pymap from PyPI, on a free loopback port, with an empty mailbox in memory."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

USER, PASSWORD = "evidence@school.example", "a password of tests"
START_SECONDS = 20.0
RUN = "import sys; from pymap.main import main; sys.exit(main())"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A running IMAP server with one user and a way to put mails into their mailbox."""

    host: str
    port: int

    def deliver(self, *mails: bytes) -> None:
        """Put these mails into the mailbox, as if they had come just now."""
        with imaplib.IMAP4(self.host, self.port) as client:
            client.login(USER, PASSWORD)
            for mail in mails:
                kind, _ = client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)
                assert kind == "OK"

    def flags(self) -> list[bytes]:
        """What is marked on each mail of the mailbox."""
        with imaplib.IMAP4(self.host, self.port) as client:
            client.login(USER, PASSWORD)
            client.select("INBOX", readonly=True)
            _, answer = client.fetch("1:*", "(FLAGS)")
            return [line for line in answer if isinstance(line, bytes)]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    backend = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    service = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *service, *backend], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield MailServer("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            imaplib.IMAP4("127.0.0.1", port).logout()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the IMAP server did not start")
