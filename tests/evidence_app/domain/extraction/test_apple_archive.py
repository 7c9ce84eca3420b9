"""The packed records of Apple's documents: text is found, and whatever else stands there ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.domain.extraction import apple_archive
from tests.evidence_app.domain.extraction.making import read_here
from tests.evidence_app.domain.extraction.test_books import apple_document


def number(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(which: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return number(which << 3) + number(value)
    return number(which << 3 | 2) + number(len(value)) + value


def chunk(packed: bytes) -> bytes:
    return b"\0" + len(packed).to_bytes(3, "little") + packed


def literal(content: bytes) -> bytes:
    """`content` packed by Snappy without packing any of it."""
    size = len(content) - 1
    return number(len(content)) + bytes([61 << 2]) + size.to_bytes(2, "little") + content


def part(kind: int, message: bytes) -> bytes:
    info = field(1, 7) + field(2, field(1, kind) + field(3, len(message)))
    return chunk(literal(number(len(info)) + info + message))


def test_text_of_storages_and_tables_is_found_and_other_records_are_not() -> None:
    words = part(2001, field(1, 5) + field(3, "Élan\ufffc vital".encode()) + field(4, b"not this"))
    table = part(6005, field(3, field(1, 1) + field(3, b"Grade 5")))

    assert list(apple_archive.texts(words + table + part(1234, field(3, b"nor this")))) == ["Élan vital", "Grade 5"]


def test_repeated_bytes_are_unpacked() -> None:
    packed = number(12) + bytes([2 << 2]) + b"abc" + bytes([(5 << 2) | 1, 3])  # abc, then nine bytes from three back

    assert apple_archive.unpack(chunk(packed)) == b"abc" * 4


@pytest.mark.parametrize(
    "packed",
    [
        number(1 << 40),
        number(10) + b"\x01\x05",
        number(10) + b"\x00a",
        b"\xff" * 12,
    ],
)
def test_lies_about_sizes_are_refused(packed: bytes) -> None:
    with pytest.raises(apple_archive.NotAnArchive):
        apple_archive.unpack(chunk(packed))
    with pytest.raises(apple_archive.NotAnArchive):
        apple_archive.unpack(b"\x01\x00\x00\x00")


@given(st.binary(max_size=300))
def test_any_bytes_end(content: bytes) -> None:
    for raw in (content, chunk(content), chunk(literal(content or b"x")), part(2001, content), part(6005, content)):
        try:
            list(apple_archive.texts(raw))
        except apple_archive.NotAnArchive:
            continue


def test_document_of_today_is_read() -> None:
    content = apple_document(
        {
            "Index/Document.iwa": part(2001, field(3, b"Unit plan of grade 5")),
            "Index/Tables/DataList.iwa": part(6005, field(3, field(3, b"Hours"))),
            "Index/DocumentStylesheet.iwa": part(2001, field(3, b"Lorem ipsum")),
            "Index/Broken.iwa": b"\x01\x02\x03\x04",
        }
    )

    reading = read_here(content, "x.pages")

    assert reading.text == "Unit plan of grade 5\nHours"
    assert reading.title == "Unit plan of grade 5"
    assert [warning.code for warning in reading.warnings] == ["part-missing"]
