"""A small service that speaks the protocol of clamd over a real socket, and finds the test string of the EICAR."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS" + "-TEST-FILE!$H+H*"
"""What every scanner takes for malware, put together here so that this file is not taken for it."""


@dataclass
class Clamd:
    """A running service: its address, the bytes it was given, and what it takes at most.

    With `seconds_a_byte` it says its verdict byte by byte; asleep, it answers nothing but takes connections.
    """

    url: str
    most_bytes: int = 1 << 20
    seconds_a_byte: float = 0.0
    is_asleep: bool = False
    questions: int = 0
    seen: list[bytes] = field(default_factory=list)


class _Conversation(socketserver.BaseRequestHandler):
    service: Clamd
    request: socket.socket

    def handle(self) -> None:
        command = self._until_nul()
        self.service.questions += 1
        if self.service.is_asleep:
            while self.request.recv(4096):
                pass
            return
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            self._say(self._verdict())
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _say(self, words: bytes) -> None:
        pause = self.service.seconds_a_byte
        step = 1 if pause else len(words)
        # A client that has waited long enough hangs up.
        with suppress(OSError):
            for at in range(0, len(words), step):
                self.request.sendall(words[at : at + step])
                time.sleep(pause)

    def _verdict(self) -> bytes:
        content = b""
        while length := struct.unpack("!I", self._exactly(4))[0]:
            if len(content) + length > self.service.most_bytes:
                return b"INSTREAM size limit exceeded. ERROR\0"
            content += self._exactly(length)
        self.service.seen.append(content)
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR.encode() in content else b"stream: OK\0"

    def _exactly(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            part = self.request.recv(count - len(got))
            if not part:
                raise ConnectionError("the client went away")
            got += part
        return got

    def _until_nul(self) -> bytes:
        got = b""
        while not got.endswith(b"\0"):
            got += self._exactly(1)
        return got[:-1]


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(at: Path | int = 0) -> Iterator[Clamd]:
    """A service at a port of 127.0.0.1 (a free one for 0), or at the path of a socket."""
    service = Clamd("")
    conversation = type("_OneConversation", (_Conversation,), {"service": service})
    server: socketserver.BaseServer
    if isinstance(at, Path):
        server = _Unix(str(at), conversation)
        service.url = f"unix://{at}"
    else:
        server = _Tcp(("127.0.0.1", at), conversation)
        service.url = f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
