"""A teacher's browser that uploads, and a witness that keeps what was acknowledged."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from evidence_app.backends import Backends
from evidence_app.domain.accounts import open_session
from tests.reliability.installation import PATIENCE_SECONDS, SCHOOL, teacher

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
ITEM = re.compile(r'id="card-([0-9a-z]{26})"')


@dataclass(frozen=True)
class Document:
    """A file to upload: its word is in no other file, and its key says which upload it is however often it is sent."""

    word: str
    content: bytes
    name: str
    key: str

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def make_document(random: Random, *, largest_bytes: int) -> Document:
    """A text of a few lines, or in one of three cases any bytes at all; sizes from 1 KB up, small ones more often."""
    word = "q" + "".join(random.choices("bcdfghjklmnpqrstvwxz", k=14))
    if random.random() < 2 / 3:
        lines = [f"Unit plan {word}", *(f"Week {n}: we look at {word}." for n in range(random.randint(10, 200)))]
        return Document(word, "\n".join(lines).encode(), f"{word}.txt", secrets.token_hex(8))
    size = int(1024 * (largest_bytes / 1024) ** random.random())
    return Document(word, random.randbytes(size), f"{word}.dat", secrets.token_hex(8))


@dataclass(frozen=True)
class Acknowledged:
    """What a 2xx promised: the item is there, with these bytes, and is found by its word."""

    item_id: str
    sha256: str
    word: str


class Witness:
    """Keeps every acknowledgement on disk from the moment its answer was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_DSYNC)

    def keep(self, acknowledged: Acknowledged) -> None:
        """Write it down."""
        os.write(self._file, (json.dumps(asdict(acknowledged)) + "\n").encode())

    def kept(self) -> list[Acknowledged]:
        """All that was ever acknowledged."""
        return [Acknowledged(**json.loads(line)) for line in self._path.read_text().splitlines()]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


@dataclass
class Browser:
    """The teacher's browser; each thread has a connection of its own."""

    port: int
    cookies: str
    form_token: str = ""

    def upload(self, document: Document) -> Acknowledged:
        """What was acknowledged; OSError or HTTPException when the connection broke, AssertionError if refused."""
        body, content_type = multipart(document)
        status, answer, _ = self.ask(
            "POST",
            f"/{SCHOOL}/evidence/new/files",
            body,
            {
                "Content-Type": content_type,
                "HX-Request": "true",
                "Idempotency-Key": document.key,
                "X-CSRFToken": self.form_token,
            },
        )
        assert status == 200, answer[:2000]
        found = ITEM.search(answer.decode())
        assert found, answer[:2000]
        return Acknowledged(found[1], document.sha256, document.word)

    def begin_in_pieces(self, name: str, size: int, mark: str = "") -> str:
        """The id of a large file that is to come in pieces."""
        form = urlencode({"name": name, "size": size, "mark": mark}).encode()
        status, answer = self._post("pieces", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 201, answer[:2000]
        return str(json.loads(answer)["id"])

    def send_piece(self, upload_id: str, at: int, piece: bytes) -> int:
        """How much of it has arrived, after this piece or already before it."""
        headers = {"Content-Type": "application/octet-stream"}
        status, answer = self._post(f"pieces/{upload_id}?at={at}", piece, headers)
        assert status in (200, 409), answer[:2000]
        return int(json.loads(answer)["arrived"])

    def finish_in_pieces(self, upload_id: str, *, key: str) -> str:
        """The id of the item it has become."""
        form = urlencode({"uploaded": upload_id}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": key}
        status, answer = self._post("new/files", form, headers)
        assert status == 200, answer[:2000]
        found = ITEM.search(answer.decode())
        assert found, answer[:2000]
        return found[1]

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        headers = {**headers, "HX-Request": "true", "X-CSRFToken": self.form_token}
        status, answer, _ = self.ask("POST", f"/{SCHOOL}/evidence/{path}", body, headers)
        return status, answer

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, {"Cookie": self.cookies, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read(), {name.title(): value for name, value in answer.getheaders()}
        finally:
            connection.close()


def multipart(document: Document) -> tuple[bytes, str]:
    """The body of a form with this file, and its content type."""
    edge = secrets.token_hex(12)
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{document.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + document.content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def sign_in(backends: Backends, port: int) -> Browser:
    """The teacher's browser, signed in, with the token its forms carry."""
    with backends.database.unit_of_work() as session:
        token = open_session(session, person_id=teacher(backends).person_id, browser="test")
    browser = Browser(port, f"evidence={token}")
    status, page, headers = browser.ask("GET", "/me")
    assert status == 200, page[:2000]
    browser.cookies += "; " + headers["Set-Cookie"].partition(";")[0]
    found = TOKEN.search(page)
    assert found, page[:2000]
    browser.form_token = found[1].decode()
    return browser
