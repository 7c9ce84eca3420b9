"""A scanner that speaks the protocol of clamd: bytes in over a socket, a verdict out."""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from evidence_app.domain.scanning.models import ScanState
from evidence_app.texts import clean_line

SECONDS: Final = 120.0
"""How long a scanner may take to answer: it unpacks archives and looks into each file of them."""
CONNECT_SECONDS: Final = 5.0
MOST_ANSWER_BYTES: Final = 4096
_CHUNK: Final = 64 * 1024
_FOUND = re.compile(r"^(?:stream|INSTREAM)?:? ?(?P<threat>.*) FOUND$")


class ScannerDown(Exception):
    """The scanner does not answer, or not in its protocol."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of some bytes; `threat` is its name for what it found."""

    state: ScanState
    threat: str = ""


class Scanner(Protocol):
    """Whatever looks through bytes for malware."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """The verdict: clean, infected or too large. Raises ScannerDown."""

    def answers(self) -> bool:
        """Whether it is there."""


class Clamd:
    """ClamAV's service at `tcp://HOST:PORT` or `unix:///PATH`; one connection for each question."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)

    def scan(self, stream: BinaryIO) -> Verdict:
        """The verdict on the bytes of a stream, which may be of any length."""
        try:
            with self._connected() as connection:
                is_cut = not _send(connection, stream)
                answer = _answer(connection)
        except OSError as error:
            raise ScannerDown(str(error)) from None
        if answer.endswith("OK") and not is_cut:
            return Verdict(ScanState.CLEAN)
        if found := _FOUND.match(answer):
            return Verdict(ScanState.INFECTED, clean_line(found["threat"], 200))
        if "size limit exceeded" in answer:
            return Verdict(ScanState.TOO_LARGE)
        raise ScannerDown(f"it answered {answer[:200]!r}")

    def answers(self) -> bool:
        """Whether the service is there and says so."""
        try:
            with self._connected() as connection:
                connection.settimeout(CONNECT_SECONDS)
                connection.sendall(b"zPING\0")
                return _answer(connection) == "PONG"
        except OSError:
            return False

    def _connected(self) -> socket.socket:
        if self._at.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(CONNECT_SECONDS)
            try:
                connection.connect(self._at.path)
            except OSError:
                connection.close()
                raise
        else:
            connection = socket.create_connection((self._at.hostname, self._at.port), timeout=CONNECT_SECONDS)
        connection.settimeout(SECONDS)
        return connection


def _send(connection: socket.socket, stream: BinaryIO) -> bool:
    """Whether all bytes were taken: a service that has seen enough closes its ear and says why."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := stream.read(_CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def _answer(connection: socket.socket) -> str:
    """The words before the closing NUL."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER_BYTES:
        part = connection.recv(MOST_ANSWER_BYTES)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace").strip()
