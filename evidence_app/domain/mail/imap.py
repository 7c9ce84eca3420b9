"""Reading a mailbox over IMAP: never written to, nothing marked as read, within limits of bytes and time."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence_app.domain.mail.models import Mailbox, Security, Trouble
from evidence_app.domain.mail.reaching import CannotReach, addresses_of, is_allowed

SECONDS_EACH = 20.0
"""How long is waited for one answer."""
SECONDS_AT_ALL = 180.0
"""How long a connection may last, whatever the server sends meanwhile."""
MOST_HEAD_BYTES = 64 * 1024
MOST_MAIL_BYTES = 40 * 1024 * 1024
"""Larger than what the usual providers carry (25 MB, a third more when encoded)."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class State:
    """How the mailbox stands: what its numbers are counted by, and the number the next mail will get."""

    uid_validity: int
    uid_next: int
    count: int


class _Client(imaplib.IMAP4):
    """Speaks over a connection that was made before, and takes no answer that is larger than a mail can be."""

    def __init__(self, host: str, port: int, connection: socket.socket) -> None:
        self._connection = connection
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._connection

    def read(self, size: int) -> bytes:
        """The next bytes of an answer, as many as the server announced."""
        if size > MOST_MAIL_BYTES + MOST_HEAD_BYTES:
            raise imaplib.IMAP4.abort("an answer larger than a mail can be")
        return super().read(size)


class OpenMailbox:
    """The folder of a mailbox, open for reading alone. Its methods raise CannotReach where the server fails."""

    def __init__(self, client: imaplib.IMAP4, state: State) -> None:
        self._client = client
        self.state = state

    def uids_after(self, last: int, *, since: datetime) -> list[int]:
        """The numbers of the mails above `last` that came since that day, the oldest first."""
        day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        answer = self._ask("SEARCH", f"UID {last + 1}:*", "SINCE", day)
        found = b" ".join(part for part in answer if isinstance(part, bytes)).split()
        # A range that ends with * holds the last mail even where it lies below the range.
        return sorted(uid for uid in map(int, found) if uid > last)

    def head(self, uid: int) -> tuple[int, bytes]:
        """How large a mail is in bytes, and its first lines."""
        answer = self._ask("FETCH", str(uid), f"(RFC822.SIZE BODY.PEEK[HEADER]<0.{MOST_HEAD_BYTES}>)")
        lines = [part if isinstance(part, bytes) else part[0] for part in answer if part]
        size = next((int(found[1]) for line in lines if (found := _SIZE.search(line))), 0)
        return size, _literal(answer)

    def whole(self, uid: int) -> bytes:
        """A mail as it came."""
        return _literal(self._ask("FETCH", str(uid), "(BODY.PEEK[])"))

    def _ask(self, command: str, *words: str) -> list[Any]:
        with _understood():
            kind, answer = self._client.uid(command, *words)
            if kind != "OK":
                raise CannotReach(Trouble.NONSENSE)
            return list(answer)


@contextlib.contextmanager
def open_mailbox(mailbox: Mailbox, password: str, *, allowed: Collection[str]) -> Iterator[OpenMailbox]:
    """The mailbox, open until the block ends; at most SECONDS_AT_ALL. Never inside a unit of work.

    Raises CannotReach, where nothing was connected to if the host is not one of `allowed` nor public.
    """
    if not password:
        raise CannotReach(Trouble.UNKNOWN_PASSWORD)
    if mailbox.security == Security.PLAIN and not is_allowed(mailbox.host, mailbox.port, allowed):
        raise CannotReach(Trouble.HOST_NOT_ALLOWED)
    with _Line(_connected(mailbox, allowed)) as line:
        with _understood():
            client = _greeted(mailbox, line)
        try:
            yield _opened(client, mailbox, password)
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
                client.logout()


class _Line:
    """A connection that is cut after SECONDS_AT_ALL, so that a server that sends a byte now and then holds nobody."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._watch = threading.Timer(SECONDS_AT_ALL, self._cut)
        self._watch.daemon = True

    def __enter__(self) -> _Line:
        self._watch.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._watch.cancel()
        self.connection.close()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def secure(self, trust: ssl.SSLContext, host: str) -> None:
        """Nobody else reads along from here on."""
        self.connection = trust.wrap_socket(self.connection, server_hostname=host, do_handshake_on_connect=False)
        self.connection.do_handshake()


def _connected(mailbox: Mailbox, allowed: Collection[str]) -> socket.socket:
    for address in addresses_of(mailbox.host, mailbox.port, allowed=allowed):
        with contextlib.suppress(OSError):
            return socket.create_connection((address, mailbox.port), timeout=SECONDS_EACH)
    raise CannotReach(Trouble.NO_ANSWER)


def _greeted(mailbox: Mailbox, line: _Line) -> imaplib.IMAP4:
    trust = ssl.create_default_context()
    if mailbox.security == Security.TLS:
        line.secure(trust, mailbox.host)
    client = _Client(mailbox.host, mailbox.port, line.connection)
    if mailbox.security == Security.STARTTLS:
        client.starttls(trust)
        line.connection = client.sock
    return client


def _opened(client: imaplib.IMAP4, mailbox: Mailbox, password: str) -> OpenMailbox:
    with _understood():
        try:
            said = f"\0{mailbox.user}\0{password}".encode()
            client.authenticate("PLAIN", lambda _challenge: said)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise CannotReach(Trouble.SIGN_IN) from None
        name = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
        try:
            kind, answer = client.select(f'"{name}"', readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise CannotReach(Trouble.FOLDER) from None
        if kind != "OK":
            raise CannotReach(Trouble.FOLDER)
        count = int(answer[0] or 0)
        return OpenMailbox(client, State(_number(client, "UIDVALIDITY"), _number(client, "UIDNEXT"), count))


def _number(client: imaplib.IMAP4, name: str) -> int:
    _kind, answer = client.response(name)
    return int(answer[0]) if answer and answer[0] else 0


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """Whatever goes wrong in talking becomes CannotReach."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise CannotReach(Trouble.CERTIFICATE) from None
    except OSError:
        raise CannotReach(Trouble.NO_ANSWER) from None
    except (imaplib.IMAP4.error, ValueError, IndexError, TypeError, AttributeError):
        raise CannotReach(Trouble.NONSENSE) from None


def _literal(answer: list[Any]) -> bytes:
    """The bytes that were sent whole; empty where the mail is gone meanwhile."""
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")
