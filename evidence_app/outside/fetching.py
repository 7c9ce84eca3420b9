"""Asking a web server as a stranger would: without sign-in, cookies or proxy, within limits of bytes and time."""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from evidence_app.outside.addresses import BadAddress, public_addresses

AGENT: Final = "evidence-app link check (a school's evidence collection; asks rarely)"
MOST_REDIRECTS: Final = 5
PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SAFE: Final = "/%:=&?~#+!$,;'@()*[]-._"
_BLANK: Final = re.compile(r"[\x00-\x20\x7f]")
_CHUNK: Final = 16 * 1024


class NoAnswer(Exception):
    """The server does not answer, not in time, or not in a way that can be understood; the message is a word for it."""


class TooManyRedirects(Exception):
    """One is sent on and on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an answer is taken: bytes of its body as sent and as unpacked, and seconds for all redirects."""

    body_bytes: int = 256 * 1024
    seconds: float = 15.0
    seconds_each: float = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered in the end. `is_whole`: the body is all there is, not cut at the limit."""

    url: str
    status: int
    media_type: str
    body: bytes
    is_whole: bool
    redirects: int = 0

    @property
    def host(self) -> str:
        """The host that answered."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody on the public internet, who asks for pages.

    `addresses` says which addresses of a host and port may be connected to; tests put their own servers in its place.
    """

    addresses: Callable[[str, int], Collection[str]] = public_addresses
    ports: Collection[int] = frozenset(PORTS.values())
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def ask(self, url: str, limits: Limits | None = None) -> Answer:
        """The answer to a GET, after at most MOST_REDIRECTS redirects, each looked at as if it were the first.

        Takes seconds: never inside a unit of work. Raises BadAddress, NotResolved, NotPublic, NoAnswer or
        TooManyRedirects; nothing was connected to where it is one of the first three, as far as this hop goes.
        """
        limits = limits or Limits()
        deadline = time.monotonic() + limits.seconds
        for redirects in range(MOST_REDIRECTS + 1):
            ends = min(deadline, time.monotonic() + limits.seconds_each)
            answer, sent_to = self._ask_once(url, limits, ends)
            if not sent_to:
                return Answer(url, answer.status, answer.media_type, answer.body, answer.is_whole, redirects)
            try:
                url = urljoin(url, sent_to)
            except ValueError:
                raise NoAnswer("redirect") from None
        raise TooManyRedirects(url)

    def _ask_once(self, url: str, limits: Limits, deadline: float) -> tuple[Answer, str]:
        parts, host, port = self._checked(url)
        addresses = self.addresses(host, port)
        try:
            connection = _connected(addresses, port, deadline)
            if parts.scheme == "https":
                connection = self._secured(connection, host, deadline)
            with connection:
                return _answer(connection, parts, host, port, limits, deadline)
        except TimeoutError:
            raise NoAnswer("too slow") from None
        except ssl.SSLCertVerificationError:
            raise NoAnswer("certificate") from None
        except (OSError, http.client.HTTPException, ValueError, zlib.error):
            raise NoAnswer("no answer") from None

    def _checked(self, url: str) -> tuple[SplitResult, str, int]:
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
            port = parts.port or PORTS.get(parts.scheme, 0)
            host = host if ":" in host else host.encode("idna").decode("ascii")
        except ValueError:
            raise BadAddress(url) from None
        if parts.scheme not in PORTS or not host or "@" in parts.netloc or port not in self.ports:
            raise BadAddress(url)
        if _BLANK.search(url):
            raise BadAddress(url)
        return parts, host, port

    def _secured(self, plain: socket.socket, host: str, deadline: float) -> ssl.SSLSocket:
        """The connection over TLS. The certificate must be for the name in the address, whatever was connected to."""
        plain.settimeout(_left(deadline))
        return self.trust().wrap_socket(plain, server_hostname=host)


def _connected(addresses: Collection[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first of these addresses that takes one; the name is not looked up again."""
    failed: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=_left(deadline))
        except TimeoutError:
            raise
        except OSError as error:
            failed = error
    raise failed


def _answer(
    connection: socket.socket, parts: SplitResult, host: str, port: int, limits: Limits, deadline: float
) -> tuple[Answer, str]:
    """The answer, and where it sends one on; "" where it does not."""
    named = f"[{host}]" if ":" in host else host
    at = named if port == PORTS[parts.scheme] else f"{named}:{port}"
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {at}",
        f"User-Agent: {AGENT}",
        "Accept: text/html, */*;q=0.8",
        "Accept-Encoding: identity",
        "Connection: close",
        "\r\n",
    )
    connection.settimeout(_left(deadline))
    connection.sendall("\r\n".join(lines).encode("ascii"))
    response = http.client.HTTPResponse(_InTime(connection, deadline))  # type: ignore[arg-type]
    with response:
        response.begin()
        sent_to = _readable(response.getheader("Location", "")) if response.status in _REDIRECTS else ""
        media_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if sent_to:
            return Answer("", response.status, media_type, b"", False), sent_to
        body, is_whole = _body(response, limits.body_bytes)
        return Answer("", response.status, media_type, body, is_whole), ""


def _readable(location: str) -> str:
    """An address as servers send it, often as UTF-8 and with spaces, as one can be asked for."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    return _BLANK.sub(lambda found: quote(found[0]), location.strip())


def _body(response: http.client.HTTPResponse, most: int) -> tuple[bytes, bool]:
    """The body, unpacked where it came packed though nobody asked for that; at most `most` bytes of either."""
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    unpacker = zlib.decompressobj(wbits=47) if encoding in ("gzip", "deflate") else None
    if unpacker is None and encoding != "identity":
        return b"", False
    body, sent = bytearray(), 0
    while sent < most:
        chunk = response.read(min(_CHUNK, most - sent))
        if not chunk:
            return bytes(body), True
        sent += len(chunk)
        body += unpacker.decompress(chunk, most - len(body) + 1) if unpacker else chunk
        if len(body) > most:
            break
    return bytes(body[:most]), False


def _left(deadline: float) -> float:
    """The seconds that are left; TimeoutError where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _InTime:
    """A connection as http.client reads from one: each read gets what time is left, however slowly bytes drip."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection, self._deadline = connection, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        """What is read from."""
        return io.BufferedReader(_Dripping(self._connection, self._deadline))


class _Dripping(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection, self._deadline = connection, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._connection.settimeout(_left(self._deadline))
        return self._connection.recv_into(into)
