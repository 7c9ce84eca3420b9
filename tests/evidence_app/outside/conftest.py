"""Real servers on this machine: sinks that must stay silent, and servers that answer in every way."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM

SLOW_SECONDS = 0.05


@dataclass
class Sink:
    """Ports on loopback addresses that note whoever connects; one number, so that one address fits all."""

    port: int
    listening: list[socket.socket] = field(default_factory=list)

    def visitors(self) -> int:
        """How many have connected since the last time."""
        count = 0
        for one in self.listening:
            while True:
                try:
                    one.accept()[0].close()
                except BlockingIOError:
                    break
                count += 1
        return count


def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    made.listen(64)
    made.setblocking(False)
    return made


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    """Sinks at 127.0.0.1, 127.0.0.3 and, where there is IPv6, ::1."""
    first = _listening(socket.AF_INET, "127.0.0.1", 0)
    port = first.getsockname()[1]
    made = Sink(port, [first, _listening(socket.AF_INET, "127.0.0.3", port)])
    if socket.has_ipv6:
        try:
            made.listening.append(_listening(socket.AF_INET6, "::1", port))
        except OSError:
            made.listening = made.listening[:2]
    yield made
    for one in made.listening:
        one.close()


class Site(BaseHTTPRequestHandler):
    """Pages of a site that is good and bad by turns; `/` says what it was asked with."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, dict[str, str]]]
    sends_to: dict[str, str]
    pages: dict[str, bytes]

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        name = self.path.partition("?")[0].strip("/")
        if name in self.sends_to:
            self._answer(302, b"", Location=self.sends_to[name])
        elif name in self.pages:
            self._answer(200, self.pages[name])
        elif name.isdigit() and len(name) == 3:
            self._answer(int(name), b"no")
        elif name == "huge":
            self._pour(b"x" * 65536, 1024)
        elif name == "bomb":
            self._answer(200, gzip.compress(b"\0" * (64 << 20)), Content_Encoding="gzip")
        elif name == "packed":
            self._answer(200, gzip.compress(b"<p>unpacked</p>"), Content_Encoding="gzip")
        elif name == "slow-head":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 10_000)
        elif name == "slow-body":
            self._drip(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + b"y" * 10_000)
        elif name == "heads":
            self._pour(b"HTTP/1.1 200 OK\r\n" + b"X-Head: 1\r\n" * 5000, 1)
        elif name == "silent":
            time.sleep(1)
        elif name == "cookie":
            self._answer(302, b"", Location="/cookie-seen", Set_Cookie="who=me")
        else:
            self._answer(200, f"<title>{name}</title><p>A page.</p>".encode())

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _pour(self, chunk: bytes, times: int) -> None:
        if times > 1:
            self.send_response(200)
            self.end_headers()
        try:
            for _ in range(times):
                self.wfile.write(chunk)
        except OSError:
            return
        finally:
            self.close_connection = True

    def _drip(self, content: bytes) -> None:
        try:
            for byte in content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(SLOW_SECONDS)
        except OSError:
            return
        finally:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests look at `asked`."""


@dataclass(frozen=True)
class Server:
    """A running site: its port, what was asked of it, and where names of pages send one on, what others hold."""

    port: int
    asked: list[tuple[str, dict[str, str]]]
    sends_to: dict[str, str]
    pages: dict[str, bytes]


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    """The site at 127.0.0.2, which the tests take for a public address."""
    asked: list[tuple[str, dict[str, str]]] = []
    sends_to: dict[str, str] = {}
    pages: dict[str, bytes] = {}
    handler = type("OneSite", (Site,), {"asked": asked, "sends_to": sends_to, "pages": pages})
    server = ThreadingHTTPServer(("127.0.0.2", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Server(server.server_port, asked, sends_to, pages)
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class SecureServer:
    """A site over TLS at 127.0.0.2 with a certificate for school.example, and whoever trusts it."""

    port: int
    trust: ssl.SSLContext


@pytest.fixture
def secure_site(tmp_path: Path) -> Iterator[SecureServer]:
    """A running site whose certificate signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "school.example")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today - timedelta(days=1), today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("school.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    whole = made.public_bytes(PEM) + key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "site.pem").write_bytes(whole)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "site.pem")
    server = ThreadingHTTPServer(("127.0.0.2", 0), type("OneSite", (Site,), {"asked": [], "sends_to": {}, "pages": {}}))
    server.socket = theirs.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield SecureServer(server.server_port, ssl.create_default_context(cadata=made.public_bytes(PEM).decode()))
    server.shutdown()
    server.server_close()
    thread.join()
