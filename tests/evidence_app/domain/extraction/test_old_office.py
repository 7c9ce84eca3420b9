"""Old Office files: XLS is read here, DOC and PPT by LibreOffice, and what is missing is said."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from evidence_app.domain.extraction import ReaderPool, ReadingState, media_types, ole
from tests.evidence_app.domain.extraction.making import ENGLISH, docx_file, read_here

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole_file(streams: dict[str, bytes]) -> bytes:
    """A compound file; each stream fills one sector of 512 bytes."""
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += (
        struct.pack("<IIIIIIII", 1, 1, 0, 4096, _END, 0, _END, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", _FREE) * 108
    )
    table = [_TABLE, _END, *[_END] * len(streams)]
    entries = b""
    for number, name in enumerate(["Root Entry", *streams]):
        raw = (name + "\0").encode("utf-16-le")
        start = _END if number == 0 else number + 1
        entries += raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + bytes(50) + struct.pack("<IQ", start, 512)
    body = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff") + entries.ljust(512, b"\0")
    return header.ljust(512, b"\0") + body + b"".join(content.ljust(512, b"\0") for content in streams.values())


@pytest.mark.parametrize(
    ("stream", "media_type"),
    [
        ("WordDocument", media_types.DOC),
        ("Workbook", media_types.XLS),
        ("PowerPoint Document", media_types.PPT),
        ("EncryptedPackage", media_types.ENCRYPTED_OOXML),
        ("VisioDocument", "application/vnd.visio"),
        ("Something", media_types.OLE),
    ],
)
def test_kind_is_known_by_the_streams(stream: str, media_type: str) -> None:
    assert media_types.sniff(io.BytesIO(ole_file({stream: b""})), "x") == media_type


def test_directory_that_runs_in_a_circle_ends() -> None:
    content = bytearray(ole_file({"WordDocument": b""}))
    content[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory's sector is followed by itself

    assert "WordDocument" in ole.entry_names(io.BytesIO(bytes(content)))


def test_office_file_with_a_password_is_encrypted() -> None:
    flags = struct.pack("<5xxxxxxH", 0x0100)[:10] + struct.pack("<H", 0x0100)
    word = ole_file({"WordDocument": flags})
    package = ole_file({"EncryptionInfo": b"", "EncryptedPackage": b""})

    assert read_here(word, "x.doc").state is ReadingState.ENCRYPTED
    assert read_here(package, "x.docx").state is ReadingState.ENCRYPTED
    assert not ole.word_asks_for_password(io.BytesIO(package))


def test_missing_program_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)

    reading = read_here(ole_file({"WordDocument": b""}), "x.doc")

    assert reading.state is ReadingState.TOOL_MISSING
    assert [warning.code for warning in reading.warnings] == ["office-not-installed"]


@needs_office
def test_conversion_is_not_begun_without_time() -> None:
    reading = read_here(ole_file({"WordDocument": b""}), "x.doc", seconds=1.0)

    assert [warning.code for warning in reading.warnings] == ["office-no-time"]


@needs_office
@pytest.mark.office
def test_document_it_cannot_open_is_said() -> None:
    with ReaderPool() as pool:
        reading = pool.read(io.BytesIO(ole_file({"WordDocument": b""})), file_name="x.doc")

    assert [warning.code for warning in reading.warnings] == ["office-could-not-open"]


@needs_office
@pytest.mark.office
def test_old_word_document_is_read_in_the_child(tmp_path: Path) -> None:
    modern = tmp_path / "old.docx"
    modern.write_bytes(docx_file([("Inclusion policy", "Title"), (ENGLISH, None)]))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(modern)],
        check=True,
        capture_output=True,
    )
    with ReaderPool() as pool:
        reading = pool.read(tmp_path / "old.doc", file_name="old.doc")

    assert reading.media_type == media_types.DOC
    assert reading.title == "Inclusion policy"
    assert ENGLISH in reading.text


@needs_office
@pytest.mark.office
@pytest.mark.parametrize("media_type", [media_types.WORDPERFECT, media_types.PUBLISHER])
def test_other_old_kinds_are_read_by_way_of_libreoffice(media_type: str) -> None:
    """LibreOffice writes none of these kinds, but goes by the bytes: what matters here is the way through it."""
    with ReaderPool() as pool:
        reading = pool.read(io.BytesIO(b"{\\rtf1 Our school library}"), file_name="x", media_type=media_type)

    assert reading.state is ReadingState.TEXT_FOUND
    assert reading.text == "Our school library"


def test_broken_old_workbook_is_damaged() -> None:
    reading = read_here(ole_file({"Workbook": b"nothing"}), "x.xls")

    assert reading.state is ReadingState.DAMAGED
