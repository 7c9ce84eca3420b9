"""The type of a file is what its bytes say; a name is a hint between kinds of text."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.media_types import sniff, sniff_head
from tests.evidence_app.domain.extraction import making

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind(content: bytes, name: str = "file") -> str:
    return sniff(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", media_types.PDF),
        (b"junk before\n%PDF-1.4\n", media_types.PDF),
        (b"\x89PNG\r\n\x1a\n0000", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"II*\x00....", "image/tiff"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x00\x00\x00\x00????", media_types.UNKNOWN),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"{\\rtf1\\ansi}", media_types.RTF),
        (b"\x1f\x8b\x08", "application/gzip"),
        (b"\x09\x04\x06\x00\x00\x00", media_types.XLS),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        (b"<!DOCTYPE html><p>x", media_types.HTML),
        (b"<!-- saved --><html>", media_types.HTML),
        (b'<?xml version="1.0"?><html xmlns="x">', media_types.HTML),
        (b'<?xml version="1.0"?><svg>', media_types.SVG),
        (b"<svg xmlns='x'>", media_types.SVG),
        (b'<?xml version="1.0"?><a/>', media_types.XML),
        ("<html>".encode("utf-16"), media_types.HTML),
        ("Überprüfung".encode("utf-16-le") * 4, media_types.TEXT),
        (b"From a@b Mon\nFrom: a@b\n\nhello", "application/mbox"),
        (b"Just words", media_types.TEXT),
        (b"BMW and other cars", media_types.TEXT),
        (b"MZ is how this text begins", media_types.TEXT),
        (bytes(range(256)), media_types.UNKNOWN),
        (b"", media_types.TEXT),
    ],
)
def test_type_is_known_by_the_first_bytes(content: bytes, media_type: str) -> None:
    assert kind(content) == media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("notes.md", media_types.MARKDOWN),
        ("table.CSV", media_types.CSV),
        ("table.tsv", "text/tab-separated-values"),
        ("page.htm", media_types.HTML),
        ("notes.txt", media_types.TEXT),
        ("notes.pdf", media_types.TEXT),
        ("notes.docx", media_types.TEXT),
    ],
)
def test_name_decides_between_kinds_of_text_only(name: str, media_type: str) -> None:
    assert kind(b"a,b\n1,2\n", name) == media_type


def test_message_is_known_by_its_headers() -> None:
    content = b"Received: from x\r\nSubject: Hello\r\nFrom: a@example.org\r\n\r\nText"

    assert kind(content, "message.eml") == media_types.EMAIL
    assert kind(b"From x\n" + content, "message.eml") == media_types.EMAIL
    assert kind(content, "message.txt") == media_types.TEXT


def test_a_list_of_words_is_no_message_and_is_known_at_once() -> None:
    words = b"".join(b"mot%d: word\r\n" % n for n in range(100))

    assert kind(words, "vocabulary.dat") == media_types.TEXT
    assert kind(words + b"From: a@example.org\r\n", "vocabulary.eml") == media_types.EMAIL


def test_a_package_with_an_endless_list_of_parts_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_types, "_MOST_DIRECTORY_BYTES", 10)

    assert kind(making.docx_file(), "x.docx") == media_types.ZIP


def test_office_files_are_known_by_what_their_package_holds() -> None:
    assert kind(making.docx_file(), "wrong.pdf") == media_types.DOCX
    assert kind(making.pptx_file([]), "wrong.zip") == media_types.PPTX
    assert kind(making.xlsx_file({"A": [[1]]}), "x") == media_types.XLSX
    assert kind(making.odf_file("text", ""), "x.docx") == media_types.ODT
    assert kind(making.odf_file("spreadsheet", "")) == media_types.ODS


@pytest.mark.parametrize(
    "members",
    [
        {"a.txt": "x"},
        {"mimetype": "not a type"},
        {"[Content_Types].xml": "<Types/>"},
        {"mimetype": b"\xff\xfe"},
    ],
)
def test_other_archives_are_only_archives(members: dict[str, str | bytes]) -> None:
    assert kind(making.zip_file(members)) == media_types.ZIP


def test_apple_documents_are_named_for_what_they_are() -> None:
    assert kind(making.zip_file({"Index/Slide.iwa": b"x"})) == "application/vnd.apple.iwork"


def test_broken_containers_are_containers() -> None:
    assert kind(b"PK\x03\x04 and then nothing of the kind") == media_types.ZIP
    assert kind(OLE_MAGIC + b"\x00" * 600) == media_types.OLE
    assert kind(OLE_MAGIC) == media_types.OLE


def test_first_bytes_alone_do_not_open_containers() -> None:
    assert sniff_head(io.BytesIO(making.docx_file()), "x.docx") == media_types.ZIP


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_type(content: bytes) -> None:
    assert "/" in kind(content)
    assert "/" in kind(OLE_MAGIC + content)
    assert "/" in kind(b"PK\x03\x04" + content)
