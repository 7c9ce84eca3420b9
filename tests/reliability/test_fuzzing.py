"""Files, ZIPs, queries, names and Markdown changed by chance (S28): each ends in a state, none in a crash or hang."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from evidence_app.domain.evidence import clean_file_name, title_from, version_stem
from evidence_app.domain.extraction import ReaderPool, ReadingState
from evidence_app.domain.intake import zip_of
from evidence_app.domain.search import parse
from evidence_app.errors import AppError
from exports.narrative import parse_narrative
from tests.evidence_app.domain.extraction.making import docx_file, odf_file, pdf_file, pptx_file, read_here, xlsx_file
from tests.evidence_app.domain.extraction.making_media import compound_file, film, heic_photograph, message, photograph
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.reliability.conftest import Rounds

pytestmark = pytest.mark.reliability

WORDS = (
    'Every student belongs. 0301-02 [[E-0301-02-01]] **bold** | a | b | by:me -tag:x "of words" (1) é\u0301 中 \u202e'
)
SEEDS: dict[str, Callable[[], bytes]] = {
    "plan.docx": lambda: docx_file([("Plan", "Heading 1"), (WORDS, None)], title="Plan"),
    "slides.pptx": lambda: pptx_file([("Slide", WORDS, "notes")]),
    "table.xlsx": lambda: xlsx_file({"A": [["a", 1], [WORDS, 2.5]]}),
    "paper.pdf": lambda: pdf_file([[("A line of text", 12)]] * 2, title="Paper"),
    "text.odt": lambda: odf_file("text", "<text:p>Words</text:p>"),
    "mail.msg": lambda: message("Hello", "Words", attachments=("a",)),
    "old.doc": lambda: compound_file({("WordDocument",): b"\xec\xa5" + bytes(600), ("1Table",): bytes(600)}),
    "photo.jpg": photograph,
    "photo.heic": heic_photograph,
    "film.mp4": film,
    "mail.eml": lambda: (
        b"From: a@b.example\nSubject: =?utf-8?q?Pl=C3=A9n?=\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/html\n\n<p>Words</p>\n--x--\n"
    ),
    "page.html": lambda: b"<html><head><title>T</title></head><body><h1>Words</h1><table><tr><td>a</table>",
    "old.rtf": lambda: rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0 Words \'e9 \u233? {\b bold}\par}",
    "data.csv": lambda: b'a;b\n1;"two, three"\n',
    "data.json": lambda: b'{"a": [1, 2, {"b": null}]}',
    "data.xml": lambda: b'<?xml version="1.0"?><a b="c"><d>Words</d></a>',
    "notes.md": WORDS.encode,
}
SECONDS_OF_A_FILE = 20.0


def changed(content: bytes, random: Random) -> bytes:
    """The bytes after some of the changes that a fault, or somebody who means harm, would make."""
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(len(data) or 1)
        kind = random.randrange(6)
        if kind == 0:
            data[at : at + 1] = bytes([random.randrange(256)])
        elif kind == 1:
            data[at : at + 4] = random.choice(
                (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x80")
            )
        elif kind == 2:
            del data[at : at + random.randrange(1, 200)]
        elif kind == 3:
            data[at:at] = data[at : at + random.randrange(1, 200)] * random.randrange(1, 5)
        elif kind == 4:
            data[at:at] = random.choice((b"<", b"&x;", b"{", b"\\", b"'", b"PK\x03\x04", b"%PDF-", b"\x00", b"endobj"))
        else:
            data = data[:at]
    return bytes(data)


def fuzz_texts(random: Random) -> None:
    """One text, asked for, filed under, written and taken apart."""
    text = changed(WORDS.encode(), random).decode("utf-8", "replace")
    parse(text)
    name = clean_file_name(text)
    assert len(name.encode()) <= 255
    title_from(name)
    version_stem(name)
    begun = time.process_time()
    parse_narrative(text * random.choice((1, 1, 20)), {})
    assert time.process_time() - begun < 5, text


def fuzz_zip(random: Random) -> None:
    """A drive as a ZIP, every file in it read to its end."""
    content = zip_bytes({"0301-02/plan.txt": b"words " * 50, "a/b.docx": b"x", "ü.txt": b""})
    with suppress(AppError), zip_of(io.BytesIO(changed(content, random))) as source:
        for one in source.files:
            with suppress(*one.troubles), one.opened() as stream:
                while stream.read(65536):
                    pass


def test_files_changed_by_chance_end_in_a_state(rounds: Rounds, seeded: Random) -> None:
    """In this process, where any error that has no name would be seen; `make soak` does it in the children."""
    made = {name: make() for name, make in SEEDS.items()}
    for n in rounds(17):
        name = list(made)[n % len(made)]
        content = changed(made[name], seeded)
        assert read_here(content, name, with_ocr=False).state in list(ReadingState), (name, content)
        fuzz_texts(seeded)
        fuzz_zip(seeded)


@pytest.mark.soak
def test_many_files_changed_by_chance_end_in_a_state_and_in_time(rounds: Rounds, seeded: Random) -> None:
    made = {name: make() for name, make in SEEDS.items()}
    with ReaderPool(size=1) as pool:
        for n in rounds(50_000):
            name = list(made)[n % len(made)]
            content = changed(made[name], seeded)
            begun = time.monotonic()
            reading = pool.read(io.BytesIO(content), file_name=name)
            assert time.monotonic() - begun < SECONDS_OF_A_FILE, (name, content)
            assert "child-crash" not in {warning.code for warning in reading.warnings}, (name, content)
            fuzz_texts(seeded)
            fuzz_zip(seeded)
