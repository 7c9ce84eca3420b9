"""A scanner that speaks the protocol of clamd: bytes in over a socket, a verdict out."""

from __future__ import annotations

import io
import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from evidence_app.domain.scanning.models import ScanState
from evidence_app.texts import clean_line

CONNECT_SECONDS: Final = 5.0
MOST_SECONDS: Final = 120.0
"""How long a whole scan may take, from the first byte sent to the verdict: archives are unpacked and looked into."""
LEAST_SECONDS: Final = 30.0
BYTES_A_SECOND: Final = 1_000_000
"""A file may take LEAST_SECONDS and as long as its bytes take at this pace."""
PAUSE_SECONDS: Final = 60.0
"""How long a scanner that did not answer is left alone, so that not every document waits for it anew."""
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
    """ClamAV's service at `tcp://HOST:PORT` or `unix:///PATH`; one connection for each question.

    Several threads may ask at once. Where it does not answer it is taken as down for `pause_seconds`.
    """

    def __init__(self, url: str, *, most_seconds: float = MOST_SECONDS, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._at = urlsplit(url)
        self._most_seconds = most_seconds
        self._pause_seconds = pause_seconds
        self._down_until = 0.0
        self._has_failed = False

    def scan(self, stream: BinaryIO) -> Verdict:
        """The verdict on all bytes of a stream that can be read again from its beginning."""
        if self._is_paused():
            raise ScannerDown("it did not answer a moment ago")
        size_bytes = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        try:
            with self._connected(min(LEAST_SECONDS + size_bytes / BYTES_A_SECOND, self._most_seconds)) as line:
                is_cut = not _send(line, stream)
                answer = line.answer()
        except OSError as error:
            self._note_silence()
            raise ScannerDown(str(error)) from None
        self._has_failed = False
        if answer.endswith("OK") and not is_cut:
            return Verdict(ScanState.CLEAN)
        if found := _FOUND.match(answer):
            return Verdict(ScanState.INFECTED, clean_line(found["threat"], 200))
        if "size limit exceeded" in answer:
            return Verdict(ScanState.TOO_LARGE)
        raise ScannerDown(f"it answered {answer[:200]!r}")

    def answers(self) -> bool:
        """Whether the service is there and says so; not while it is left alone."""
        return not self._is_paused() and self._pongs()

    def _is_paused(self) -> bool:
        return time.monotonic() < self._down_until

    def _note_silence(self) -> None:
        # One file that takes too long says nothing of the scanner while it answers otherwise; two in a row do.
        if self._has_failed or not self._pongs():
            self._down_until = time.monotonic() + self._pause_seconds
        self._has_failed = True

    def _pongs(self) -> bool:
        try:
            with self._connected(min(CONNECT_SECONDS, self._most_seconds)) as line:
                line.send(b"zPING\0")
                return line.answer() == "PONG"
        except OSError:
            return False

    def _connected(self, seconds: float) -> _Line:
        within = min(CONNECT_SECONDS, seconds)
        if self._at.scheme != "unix":
            at = (self._at.hostname, self._at.port)
            return _Line(socket.create_connection(at, timeout=within), seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(within)
        try:
            connection.connect(self._at.path)
        except OSError:
            connection.close()
            raise
        return _Line(connection, seconds)


class _Line:
    """A connection on which everything together takes at most so many seconds; TimeoutError beyond."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._ends_at = time.monotonic() + seconds

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._connection.close()

    def send(self, words: bytes) -> None:
        """All of these bytes are on their way."""
        self._within_time().sendall(words)

    def answer(self) -> str:
        """The words before the closing NUL."""
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER_BYTES:
            part = self._within_time().recv(MOST_ANSWER_BYTES)
            if not part:
                break
            answer += part
        if not answer:
            raise ConnectionError("it hung up without a word")
        return answer.rstrip(b"\0").decode(errors="replace").strip()

    def _within_time(self) -> socket.socket:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("it takes too long")
        self._connection.settimeout(left)
        return self._connection


def _send(line: _Line, stream: BinaryIO) -> bool:
    """Whether all bytes were taken: a service that has seen enough closes its ear and says why."""
    try:
        line.send(b"zINSTREAM\0")
        while chunk := stream.read(_CHUNK):
            line.send(struct.pack("!I", len(chunk)) + chunk)
        line.send(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True
