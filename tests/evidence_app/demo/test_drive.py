from __future__ import annotations

import csv
import hashlib
import unicodedata
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from evidence_app.demo.bank import codes
from evidence_app.demo.documents.text import address_of
from evidence_app.demo.drive import Drive, make_drive, plan_drive
from evidence_app.demo.sketch import Sketch
from evidence_app.domain.extraction import ReaderPool, ReadingState

TODAY = date(2026, 11, 19)


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    home = tmp_path_factory.mktemp("drive")
    return make_drive(home / "files", documents=60, today=TODAY, truth=home / "truth.csv")


@pytest.fixture(scope="module")
def large() -> list[Sketch]:
    return plan_drive(7000, TODAY)


def bytes_below(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(drive: Drive, tmp_path: Path) -> None:
    again = make_drive(tmp_path / "files", documents=60, today=TODAY)
    assert again.sketches == drive.sketches
    assert bytes_below(again.folder) == bytes_below(drive.folder)


def test_another_seed_gives_another_drive() -> None:
    assert {s.path for s in plan_drive(40, TODAY, "one")} != {s.path for s in plan_drive(40, TODAY, "two")}


def test_truth_adds_up_to_the_documents_asked_for(drive: Drive) -> None:
    with (drive.folder.parent / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(codes())
    found = bytes_below(drive.folder)
    assert len(rows) == len({row["path"] for row in rows}) == 60
    assert len(found) == 60 + drive.junk
    for row in rows:
        assert row["path"] in found
        assert set(row["codes"].split(";")) <= known
        if row["duplicate_of"]:
            assert found[row["path"]] == found[row["duplicate_of"]]
        if row["near_duplicate_of"]:
            assert found[row["path"]] != found[row["near_duplicate_of"]]


def test_every_practice_appears_among_160_documents() -> None:
    assert {sketch.main_code for sketch in plan_drive(160, TODAY)} == set(codes())


def test_shares_are_those_of_a_real_drive(large: list[Sketch]) -> None:
    planned = large
    formats = Counter(sketch.format for sketch in planned)
    assert len(planned) == sum(formats.values()) == 7000
    assert 0.27 < formats["pdf"] / 7000 < 0.33
    assert 0.25 < formats["docx"] / 7000 < 0.31
    assert 0.14 < (formats["jpg"] + formats["png"]) / 7000 < 0.2
    assert sum(bool(s.copy_of) for s in planned) == 630
    assert sum(bool(s.near_copy_of) for s in planned) == 840
    assert 0.66 < sum(s.language == "en" and not s.also_in for s in planned) / 7000 < 0.74
    scans = sum(s.is_scan for s in planned)
    assert 0.13 < scans / formats["pdf"] < 0.2
    folders = {s.path.rpartition("/")[0] for s in planned}
    assert 300 < len(folders) < 700
    names = [s.path.rpartition("/")[2] for s in planned]
    assert 0.03 < sum(len(name) > 120 for name in names) / 7000 < 0.1
    assert 0.01 < sum(name != unicodedata.normalize("NFC", name) for name in names) / 7000 < 0.07


def test_names_are_legal_and_distinct_whatever_the_case(large: list[Sketch]) -> None:
    paths = [sketch.path for sketch in large]
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        for name in path.split("/"):
            assert 0 < len(name.encode()) <= 255
            assert name not in (".", "..")
            assert not any(ord(letter) < 32 for letter in name)


def test_no_document_is_written_after_today() -> None:
    days = [sketch.written_on for sketch in plan_drive(500, TODAY)]
    assert max(days) <= TODAY
    assert min(days) > date(2021, 7, 31)


def test_every_format_is_read_as_what_it_is(drive: Drive) -> None:
    one_of_each = {sketch.format: sketch for sketch in drive.sketches if not sketch.is_scan}
    one_of_each = {format: s for format, s in one_of_each.items() if format not in ("jpg", "png", "url")}
    with ReaderPool() as pool:
        for format, sketch in one_of_each.items():
            reading = pool.read(drive.folder / sketch.path, file_name=Path(sketch.path).name)
            assert reading.state == ReadingState.TEXT_FOUND, format
            assert not reading.warnings, format
            assert len(reading.text.split()) > 40, format
            assert sketch.language == reading.language or sketch.also_in, sketch.path


def test_scans_have_no_text_of_their_own(drive: Drive) -> None:
    scans = [sketch for sketch in drive.sketches if sketch.is_scan]
    assert scans
    for scan in scans:
        assert b"/Font" not in (drive.folder / scan.path).read_bytes()


def test_only_copies_have_the_bytes_of_another(drive: Drive) -> None:
    found = bytes_below(drive.folder)
    kept = [found[sketch.path] for sketch in drive.sketches if not sketch.copy_of]
    assert len(kept) == len(set(kept))


def test_two_shortcuts_never_lead_to_the_same_page() -> None:
    planned = [sketch for sketch in plan_drive(2000, TODAY) if sketch.format == "url" and not sketch.copy_of]
    assert len({address_of(sketch) for sketch in planned}) == len(planned) > 20


def test_packages_carry_no_clock(drive: Drive) -> None:
    packages = [drive.folder / s.path for s in drive.sketches if s.format in ("docx", "pptx", "xlsx", "odt")]
    assert packages
    for path in packages:
        with zipfile.ZipFile(path) as package:
            assert {entry.date_time[0] for entry in package.infolist()} == {1980}
