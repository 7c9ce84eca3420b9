"""What is met in a ZIP file: every file once, harmless whatever it claims, or refused with a reason (S25)."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from evidence_app.domain.extraction import directory_bytes
from evidence_app.domain.intake import DAMAGE, sources, zip_of
from evidence_app.domain.intake.sources import files_in_folder, is_zip
from evidence_app.errors import Invalid
from tests.evidence_app.domain.intake.making import found_in, refusal, zip_bytes

TEXT = b"How we include everybody. " * 40


def test_files_come_in_the_order_of_their_paths_with_size_and_bytes() -> None:
    content = zip_bytes({"b/Two.txt": TEXT, "a/One.txt": b"One", "a/": b"", "Three.txt": TEXT})
    with zip_of(io.BytesIO(content)) as source:
        assert [one.path for one in source.files] == ["Three.txt", "a/One.txt", "b/Two.txt"]
        assert [one.size_bytes for one in source.files] == [len(TEXT), 3, len(TEXT)]
        assert source.files[0].checksum == source.files[2].checksum != source.files[1].checksum
        for _again in range(2):
            with source.files[2].opened() as stream:
                assert stream.read() == TEXT


def test_a_large_file_is_a_stream_that_can_be_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "IN_MEMORY_BYTES", 10)
    with zip_of(io.BytesIO(zip_bytes({"x.txt": TEXT}))) as source, source.files[0].opened() as stream:
        assert isinstance(stream, zipfile.ZipExtFile)
        assert stream.read(5) == TEXT[:5]
        stream.seek(0)
        assert stream.read() == TEXT


@pytest.mark.parametrize(
    "path",
    [
        "../outside.txt",
        "a/../../outside.txt",
        "/etc/outside.txt",
        "C:/outside.txt",
        "C:\\Windows\\outside.txt",
        "..\\x.txt",
    ],
)
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    content = zip_bytes({path: TEXT, "fine.txt": TEXT})
    shown = path.replace("\\", "/")
    assert "leads out" in refusal(content, shown)
    assert refusal(content, "fine.txt") == ""


def test_a_link_in_a_zip_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("passwords")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "a link" in refusal(made.getvalue(), "passwords")


def test_what_is_empty_or_the_system_s_own_is_refused_or_passed_over() -> None:
    content = zip_bytes({"empty.txt": b"", "a/.DS_Store": b"x", "~$open.docx": b"x", "__MACOSX/a/._b.txt": b"x"})
    assert "empty" in refusal(content, "empty.txt")
    assert "operating system" in refusal(content, "a/.DS_Store")
    assert "operating system" in refusal(content, "~$open.docx")
    assert set(found_in(content)) == {"empty.txt", "a/.DS_Store", "~$open.docx"}


def test_notes_of_an_export_beside_a_file_are_refused_and_other_json_is_not() -> None:
    content = zip_bytes({"P/wall.jpg": b"x", "P/wall.jpg.json": b"{}", "P/Wall.JPG.supplemental-metadata.json": b"{}",
                         "P/data.json": b"{}"})  # fmt: skip
    assert "export of a drive" in refusal(content, "P/wall.jpg.json")
    assert "export of a drive" in refusal(content, "P/Wall.JPG.supplemental-metadata.json")
    assert refusal(content, "P/data.json") == ""


def test_names_of_old_programs_for_the_mac_are_read() -> None:
    content = zip_bytes({"Évaluation/Élèves.txt": TEXT})
    # The flag that says "UTF-8" is taken out of the file's own header and of the directory at the end.
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content = (
            content[:at] + struct.pack("<H", struct.unpack("<H", content[at : at + 2])[0] & ~0x800) + content[at + 2 :]
        )
    assert list(found_in(content)) == ["Évaluation/Élèves.txt"]


def test_a_file_with_a_password_is_refused() -> None:
    content = zip_bytes({"secret.txt": TEXT})
    at = content.index(b"PK\x01\x02") + 8
    locked = content[:at] + struct.pack("<H", 1) + content[at + 2 :]
    assert "password" in refusal(locked, "secret.txt")


def test_a_file_that_claims_to_be_far_larger_than_it_can_be_is_refused() -> None:
    content = zip_bytes({"bomb.txt": TEXT})
    at = content.index(b"PK\x01\x02") + 24
    assert "far larger" in refusal(content[:at] + struct.pack("<I", 0x7FFFFFFF) + content[at + 4 :], "bomb.txt")


def test_a_file_of_another_packing_is_refused() -> None:
    content = zip_bytes({"odd.txt": TEXT})
    at = content.index(b"PK\x01\x02") + 10
    assert "packed in a way" in refusal(content[:at] + struct.pack("<H", 9) + content[at + 2 :], "odd.txt")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_unpacked_without_a_limit_is_refused(method: int) -> None:
    assert "packed in a way" in refusal(zip_bytes({"a.txt": TEXT}, method=method), "a.txt")


def test_a_list_of_files_too_long_to_read_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zip_bytes({f"{n:04}.txt": b"x" for n in range(50)})
    with zip_of(io.BytesIO(content + b"")) as source:
        assert len(source.files) == 50
    monkeypatch.setattr(sources, "MOST_DIRECTORY_BYTES", directory_bytes(io.BytesIO(content)) - 1)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(Invalid, match="more than the"):
        found_in(content)


def test_the_length_of_the_list_is_found_as_zipfile_finds_it() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.comment = b"PK\x05\x06 is in the comment, too"[2:]
        archive.writestr("a.txt", TEXT)
    start = made.getvalue().index(b"PK\x01\x02")
    assert directory_bytes(made) == made.getvalue().index(b"PK\x05\x06") - start
    assert directory_bytes(io.BytesIO(b"no ZIP")) == 0
    large = made.getvalue()[: made.getvalue().index(b"PK\x05\x06")]
    record = b"PK\x06\x06" + bytes(36) + struct.pack("<Q", 5_000_000_000) + bytes(8)
    end = b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18)
    assert directory_bytes(io.BytesIO(large + record + end)) == 5_000_000_000


@pytest.mark.parametrize("change", [(b"PK\x01\x02", 8, 0x20), (b"PK\x01\x02", 8, 0x40), (b"PK\x03\x04", 30, 0xFF)])
def test_an_odd_member_is_damage_of_that_one_alone(change: tuple[bytes, int, int]) -> None:
    signature, offset, value = change
    content = bytearray(zip_bytes({"é.txt": TEXT, "fine.txt": TEXT}))
    content[content.index(signature) + offset] |= value
    with zip_of(io.BytesIO(bytes(content))) as source:
        states = []
        for one in source.files:
            try:
                with one.opened() as stream:
                    states.append(stream.read() == TEXT)
            except DAMAGE:
                states.append(False)
        assert sorted(states) == [False, True]


def test_paths_too_deep_and_names_of_nothing_harm_nobody() -> None:
    deep = "/".join(["a"] * 60) + "/x.txt"
    content = zip_bytes({deep: TEXT, "\u202e\u200b": TEXT, "two\nlines.txt": TEXT})
    assert "more than 50 folders" in refusal(content, deep)
    assert {"?", "two lines.txt"} < set(found_in(content))


def test_a_member_without_any_name_harms_nobody() -> None:
    """Met by chance, by changing bytes of a ZIP."""
    content = zip_bytes({"Q": TEXT, "b.txt": TEXT}).replace(b"Q", b"\0")
    assert "b.txt" in found_in(content)
    assert len(found_in(content)) == 2


def test_a_zip_whose_parts_lie_over_each_other_is_not_opened() -> None:
    content = zip_bytes({"a.txt": bytes(range(256)) * 40, "b.txt": bytes(range(256)) * 40}, method=zipfile.ZIP_STORED)
    second = content.rindex(b"PK\x01\x02") + 42
    with pytest.raises(Invalid, match="over each other"):
        found_in(content[:second] + struct.pack("<I", 0) + content[second + 4 :])


def test_a_zip_of_too_many_files_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_FILES_IN_ZIP", 2)
    assert len(found_in(zip_bytes({"a": b"x", "b": b"x"}))) == 2
    with pytest.raises(Invalid, match="more than the 2 files"):
        found_in(zip_bytes({"a": b"x", "b": b"x", "c": b"x"}))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 and nothing more", b"%PDF-1.7", zip_bytes({"a.txt": TEXT})[:-30]]
)
def test_what_is_no_zip_is_told(content: bytes) -> None:
    with pytest.raises(Invalid, match="cannot be opened"):
        found_in(content)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_damaged_bytes_are_told_when_they_are_read(method: int) -> None:
    content = bytearray(zip_bytes({"a.txt": TEXT * 50}, method=method))
    middle = (30 + content.index(b"PK\x01\x02")) // 2
    content[middle : middle + 8] = bytes(byte ^ 0xFF for byte in content[middle : middle + 8])
    with zip_of(io.BytesIO(bytes(content))) as source:
        with pytest.raises(DAMAGE) as error, source.files[0].opened() as stream:
            stream.read()
        assert "damaged" in str(sources.why_unreadable(error.value))


def test_a_zip_is_told_from_the_documents_that_are_packed_like_one(tmp_path: Path) -> None:
    (tmp_path / "drive.zip").write_bytes(zip_bytes({"a.txt": TEXT}))
    (tmp_path / "plan.docx").write_bytes(zip_bytes({"[Content_Types].xml": TEXT}))
    (tmp_path / "text.zip").write_bytes(TEXT)
    assert [is_zip(tmp_path / name) for name in ("drive.zip", "plan.docx", "text.zip")] == [True, False, True]
    with pytest.raises(Invalid, match="cannot be opened"), zip_of(tmp_path / "text.zip"):
        pass


def test_a_folder_gives_paths_below_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(TEXT)
    found = list(files_in_folder(tmp_path))
    assert [(one.path, one.name, one.folder, one.size_bytes) for one in found] == [
        ("in/a.txt", "a.txt", "in", len(TEXT))
    ]
