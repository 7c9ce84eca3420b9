"""Bytes of those who may not send them are refused before any of them is kept (S01, R17)."""

from __future__ import annotations

import http.client
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from flask import Flask

from evidence_app.domain.access import Actor
from evidence_app.web.server import Server
from tests.evidence_app.pages.conftest import TOKEN, Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
UPLOAD = "/alder-bay/evidence/new/files"
MIB = 1024 * 1024
HEAD = b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
TAIL = b"\r\n--edge--\r\n"


@pytest.mark.parametrize("who", ["nobody", "stranger", "reader"])
def test_policy_is_asked_before_the_form_is_taken_apart(client_for: Open, world: World, who: str) -> None:
    client = client_for(None if who == "nobody" else getattr(world, who))
    data = {"files": (io.BytesIO(b"x"), "film.mp4")}
    answer = super(Browser, client).post(UPLOAD, data=data)
    assert answer.status_code in (302, 401, 403, 404), "400 would mean that the form token was looked for first"


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The port of a real server over the world."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    server = Server(app, host="127.0.0.1", port=port, threads=2)
    stopping = threading.Event()
    thread = threading.Thread(target=server.run, args=(stopping,))
    thread.start()
    yield port
    stopping.set()
    thread.join()


class Sender:
    """A browser on a real connection, sending a file in one go."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.headers = {"Cookie": f"evidence={cookie}"} if cookie else {}

    def token(self) -> str:
        """A form token, with the cookie it belongs to."""
        self.connection.request("GET", "/me", headers=self.headers)
        answer = self.connection.getresponse()
        found = TOKEN.search(answer.read())
        assert found is not None
        self.headers["Cookie"] += "; " + (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return found[1].decode()

    def begin(self, path: str, size: int, token: str = "") -> bytes:
        """Send the head of an upload; returns what the body begins with."""
        field = HEAD % (b"csrf_token", b"") + token.encode() + b"\r\n"
        first = field + HEAD % (b"files", b'; filename="film.mp4"')
        self.connection.putrequest("POST", path)
        self.connection.putheader("Content-Type", "multipart/form-data; boundary=edge")
        self.connection.putheader("Content-Length", str(len(first) + size + len(TAIL)))
        for name, value in self.headers.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        return first


OpenConnection = Callable[[Actor | None], Sender]


@pytest.fixture
def sender_for(port: int, client_for: Open) -> Iterator[OpenConnection]:
    """Opens a connection of somebody who is signed in, or of nobody."""
    with ExitStack() as ending:

        def open_connection(actor: Actor | None) -> Sender:
            cookie = client_for(actor).get_cookie("evidence") if actor else None
            sender = Sender(port, cookie.value if cookie else "")
            ending.callback(sender.connection.close)
            return sender

        yield open_connection


def spooled_files() -> set[str]:
    """What this process holds open in a folder of uploads; other tests' servers may have left some."""
    links = []
    for open_file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(open_file.readlink()))
    return {link for link in links if "/spool/" in link}


@pytest.mark.parametrize("who", ["nobody", "stranger", "reader"])
def test_a_body_that_is_not_welcome_never_touches_the_disk(sender_for: OpenConnection, world: World, who: str) -> None:
    before = spooled_files()
    sender = sender_for(None if who == "nobody" else getattr(world, who))
    first = sender.begin(UPLOAD, 2 * MIB)
    sender.connection.send(first + b"x" * (MIB + MIB // 2))
    threading.Event().wait(0.3)
    assert spooled_files() <= before
    sender.connection.send(b"x" * (MIB // 2) + TAIL)
    answer = sender.connection.getresponse()
    assert answer.status in (302, 403, 404)
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")


@pytest.mark.parametrize("expects", [{}, {"Expect": "100-continue"}])
def test_a_stranger_who_announces_a_film_is_answered_at_once(
    sender_for: OpenConnection, expects: dict[str, str]
) -> None:
    sender = sender_for(None)
    sender.headers |= expects
    sender.begin(UPLOAD, 500 * MIB)
    assert sender.connection.getresponse().status == 302


@pytest.mark.parametrize("path", ["/sign-in", "/s/x/enter", "/nowhere"])
def test_pages_for_everybody_take_short_forms_only(sender_for: OpenConnection, path: str) -> None:
    sender = sender_for(None)
    sender.begin(path, 500 * MIB)
    assert sender.connection.getresponse().status in (404, 413)


def test_a_teacher_s_file_arrives(sender_for: OpenConnection, world: World) -> None:
    sender = sender_for(world.teacher)
    token = sender.token()
    first = sender.begin(UPLOAD, 2 * MIB, token)
    sender.connection.send(first + b"x" * (2 * MIB) + TAIL)
    answer = sender.connection.getresponse()
    answer.read()
    assert answer.status == 302
    assert (answer.getheader("Location") or "").endswith("/evidence/new")
