"""Forms with files arrive to the byte wherever they are cut on the way, and broken ones are refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import IO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from evidence_app.web.form_parser import MOST_FILES, FormParser

EDGE = b"--edge"
# What a file may hold to look like the end of itself.
LIKENESSES = [b"\r", b"\n", b"\r\n", b"-", b"--", b"--edg", b"\r\n--edg_", b"\r\r\n--_", b"\n--edg", b"x"]


class Pieces(io.RawIOBase):
    """A body that arrives in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        return self.pieces.pop(0) if self.pieces else b""


def form(content: bytes) -> bytes:
    """A form with a field, a file and a field behind it."""
    return b"\r\n".join(
        [
            EDGE,
            b'Content-Disposition: form-data; name="title"\r\n\r\n' + "Été".encode(),
            EDGE,
            b'Content-Disposition: form-data; name="files"; filename="a%22b.bin"\r\nContent-Type: image/png\r\n\r\n'
            + content,
            EDGE + b"--\r\n",
        ]
    )


def file_of(pieces: list[bytes]) -> bytes:
    """The file's bytes as they are when a form in pieces was taken apart."""
    _, fields, files = FormParser().parse(
        cast(IO[bytes], Pieces(pieces)), "multipart/form-data", None, {"boundary": "edge"}
    )
    assert fields["title"] == "Été"
    with closing(files["files"]) as file:
        assert (file.filename, file.mimetype) == ('a"b.bin', "image/png")
        return file.stream.read()


def in_two(body: bytes) -> Iterator[list[bytes]]:
    """The body cut once, at every place."""
    for at in range(1, len(body)):
        yield [body[:at], body[at:]]


@pytest.mark.parametrize("content", [b"", b"x", b"\r", b"\n", b"\r\n", b"%PDF\r\n--edg", b"\r\n--edg_e", b"-"])
def test_a_file_is_the_same_wherever_its_form_is_cut(content: bytes) -> None:
    for pieces in in_two(form(content)):
        assert file_of(pieces) == content


@pytest.mark.parametrize("content", [b"", b"x", b"\r\n--edg\r\n"])
def test_a_file_is_the_same_byte_by_byte(content: bytes) -> None:
    body = form(content)
    assert file_of([body[at : at + 1] for at in range(len(body))]) == content


@given(st.lists(st.sampled_from(LIKENESSES), max_size=6).map(b"".join), st.lists(st.integers(0, 300), max_size=4))
def test_a_file_is_the_same_in_any_pieces(content: bytes, cuts: list[int]) -> None:
    body = form(content)
    places = [0, *sorted({cut for cut in cuts if cut < len(body)} - {0}), len(body)]
    assert file_of([body[start:end] for start, end in pairwise(places)]) == content


@pytest.mark.parametrize(
    "body", [b"", b"--edge", form(b"x")[:-20], b"nothing like a form", form(b"x").replace(b"\r", b"")]
)
def test_a_form_that_is_cut_short_or_none_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        FormParser().parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "edge"})
    with pytest.raises(BadRequest):
        FormParser().parse(io.BytesIO(body), "multipart/form-data", len(body), {})


def test_a_form_that_fails_leaves_no_file_open() -> None:
    opened: list[IO[bytes]] = []

    def open_file(*_about: object, **_more: object) -> IO[bytes]:
        opened.append(io.BytesIO())
        return opened[-1]

    file = EDGE + b'\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx\r\n'
    with pytest.raises(BadRequest):
        FormParser(open_file).parse(io.BytesIO(file * 2), "multipart/form-data", None, {"boundary": "edge"})
    assert [one.closed for one in opened] == [True, True]


def test_fields_together_and_parts_have_a_limit() -> None:
    field = b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n0123456789\r\n'
    body = field * 3 + b"--edge--"
    for parser in FormParser(max_form_memory_size=29), FormParser(max_form_parts=2):
        with pytest.raises(RequestEntityTooLarge):
            parser.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "edge"})
    just = FormParser(max_form_memory_size=30, max_form_parts=3)
    _, fields, _ = just.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "edge"})
    assert fields.getlist("a") == ["0123456789"] * 3


def test_files_have_a_limit_and_those_taken_so_far_are_let_go() -> None:
    part = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx\r\n'
    opened: list[io.BytesIO] = []

    def open_one(*_about: object) -> IO[bytes]:
        opened.append(io.BytesIO())
        return opened[-1]

    def parse(files: int) -> int:
        body = part * files + b"--edge--"
        parser = FormParser(stream_factory=open_one)
        _, _, found = parser.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "edge"})
        return len(found.getlist("files"))

    assert parse(MOST_FILES) == MOST_FILES
    opened.clear()
    with pytest.raises(RequestEntityTooLarge):
        parse(MOST_FILES + 1)
    assert all(one.closed for one in opened)
