from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from exports import (
    WRITERS,
    Exhibit,
    ExhibitFile,
    ExhibitMissing,
    Report,
    check_docx,
    report_from_json,
    report_to_json,
    tidy_file_name,
)
from tests.exports.awkward import TEXTS
from tests.exports.factory import Bytes, edition, exhibit, picture
from tests.exports.sample import sample_report


def bundle(report: Report, store: Bytes, **more: object) -> bytes:
    out = io.BytesIO()
    WRITERS["zip"].write(report, edition(report), out, open_exhibit=store.open, **more)  # type: ignore[arg-type]
    return out.getvalue()


def test_the_bundle_holds_documents_exhibits_index_and_checksums(report: Report, store: Bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(report, store))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:4] == ["self-study.docx", "self-study.html", "index.csv", "index.html"]
        assert names[-1] == "SHA256SUMS"
        assert "exhibits/E-0301-02-01 Inclusion policy v3.pdf" in names
        assert check_docx(archive.read("self-study.docx")) == []
        links = [n for n in archive.read("index.html").decode().split('"') if n.startswith("exhibits/")]
        assert len(links) == sum(n.startswith("exhibits/") for n in names)


def test_sha256sum_accepts_the_checksums(report: Report, store: Bytes, tmp_path: Path) -> None:
    awkward = [exhibit(store, f"E-0301-02-{n}", text) for n, text in enumerate(TEXTS.values(), 20)]
    with zipfile.ZipFile(io.BytesIO(bundle(replace(report, exhibits=(*report.exhibits, *awkward)), store))) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == len([p for p in tmp_path.rglob("*") if p.is_file()]) - 1


def test_the_same_input_gives_the_same_bytes(report: Report, store: Bytes) -> None:
    assert bundle(report, store) == bundle(report, store)


def test_an_exhibit_of_several_files_has_them_all_in_order(store: Bytes) -> None:
    report = sample_report(store)
    parts = tuple(
        ExhibitFile(
            caption=caption,
            file_name=tidy_file_name("E-0301-02-41", f"{n:02d} {caption}", "", "IMG.jpg"),
            media_type="image/png",
            size_bytes=len(content),
            sha256=store.put(content),
        )
        for n, (caption, content) in enumerate((("The start", picture(60, 40)), ("The end", picture(40, 60))), 1)
    )
    wall = Exhibit(number="E-0301-02-41", title="The wall", facts="2 files", parts=parts)
    narrative = "As seen on the wall: ![The wall](E-0301-02-41)"
    shown = replace(report, exhibits=(*report.exhibits, wall), process=replace(report.process, narrative=narrative))
    assert report_from_json(report_to_json(shown)) == shown
    with zipfile.ZipFile(io.BytesIO(bundle(shown, store))) as archive:
        names = [name for name in archive.namelist() if "-41" in name]
        rows = list(csv.reader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
        page = archive.read("self-study.html").decode()
        document = archive.read("self-study.docx")
    assert names == ["exhibits/E-0301-02-41 01 The start.jpg", "exhibits/E-0301-02-41 02 The end.jpg"]
    assert [row[1] for row in rows if row[0] == wall.number] == ["The wall: The start", "The wall: The end"]
    assert page.index("The start") < page.index("The end")
    assert check_docx(document) == []
    with zipfile.ZipFile(io.BytesIO(document)) as opened:
        text = opened.read("word/document.xml").decode()
        pictures = [name for name in opened.namelist() if name.startswith("word/media/")]
    assert "The start" in text
    assert text.index("The start") < text.index("The end")
    assert len(pictures) >= 2


def test_names_differ_even_where_case_is_ignored(store: Bytes) -> None:
    report = sample_report(store)
    twins = (
        exhibit(store, "E-0301-02-31", "Policy"),
        exhibit(store, "E-0301-02-32", "POLICY"),
        exhibit(store, "E-0301-02-33", "Policy", b""),
    )
    with zipfile.ZipFile(io.BytesIO(bundle(replace(report, exhibits=(*report.exhibits, *twins)), store))) as archive:
        names = [n.casefold() for n in archive.namelist()]
    assert len(set(names)) == len(names)


def test_a_missing_exhibit_is_named_and_nothing_is_written(report: Report, store: Bytes) -> None:
    lost = next(e for e in report.exhibits if e.number == "E-0301-02-02")
    del store.held[lost.sha256]
    out = io.BytesIO()
    with pytest.raises(ExhibitMissing, match=r"The file of E-0301-02-02 \(Steps from concern"):
        WRITERS["zip"].write(report, edition(report), out, open_exhibit=store.open)
    assert out.getvalue() == b""


def test_without_a_store_no_bundle_is_made(report: Report) -> None:
    with pytest.raises(ExhibitMissing, match="E-0301-01-01"):
        WRITERS["zip"].write(report, edition(report), io.BytesIO())


def test_bytes_that_changed_since_the_freeze_are_seen(report: Report, store: Bytes) -> None:
    wrong = next(e for e in report.exhibits if e.number == "E-0301-02-02")
    store.held[wrong.sha256] = b"something else"
    with pytest.raises(ExhibitMissing, match="stored bytes of E-0301-02-02 are not those"):
        bundle(report, store)


def test_the_index_cannot_start_a_formula(store: Bytes) -> None:
    report = sample_report(store)
    formulas = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1")
    more = tuple(exhibit(store, f"E-0301-02-{n}", text) for n, text in enumerate(formulas, 40))
    with zipfile.ZipFile(io.BytesIO(bundle(replace(report, exhibits=(*report.exhibits, *more)), store))) as archive:
        text = archive.read("index.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["Number", "Title", "Kind"]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert "'=1+1" in [row[1] for row in rows]


def test_an_exhibit_that_stays_at_school_is_listed_but_not_held(report: Report, store: Bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(report, store))) as archive:
        assert not [n for n in archive.namelist() if "E-M1-01" in n]
        row = next(
            r for r in csv.reader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))) if r[0] == "E-M1-01"
        )
        assert row[6] == ""
        assert row[10] == "kept at the school, not in the bundle"
        assert "kept at the school" in archive.read("index.html").decode()


def test_the_links_of_the_documents_lead_to_the_files(report: Report, store: Bytes) -> None:
    from urllib.parse import unquote

    with zipfile.ZipFile(io.BytesIO(bundle(report, store))) as archive:
        names = set(archive.namelist())
        html = archive.read("self-study.html").decode()
        with zipfile.ZipFile(io.BytesIO(archive.read("self-study.docx"))) as docx:
            rels = docx.read("word/_rels/document.xml.rels").decode()
    found = [part for part in (html + rels).split('"') if part.startswith("exhibits/")]
    assert len(found) > 8
    assert {unquote(part) for part in found} <= names


def test_the_action_plan_can_be_bundled_too(report: Report, store: Bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(report, store, document="action-plan"))) as archive:
        assert "action-plan.docx" in archive.namelist()


class Zeros(io.RawIOBase):
    """A large exhibit that is never in memory as a whole."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self.left)
        buffer[:count] = bytes(count)
        self.left -= count
        return count


def test_memory_stays_flat_with_large_exhibits(report: Report, store: Bytes, tmp_path: Path) -> None:
    size = 64 << 20
    digest = hashlib.sha256()
    for _ in range(64):
        digest.update(bytes(1 << 20))
    large = replace(report.exhibits[0], number="E-0301-01-09", sha256=digest.hexdigest(), size_bytes=size)

    def opener(sha256: str) -> BinaryIO:
        return io.BufferedReader(Zeros(size)) if sha256 == large.sha256 else store.open(sha256)

    with (tmp_path / "bundle.zip").open("wb") as out:
        tracemalloc.start()
        WRITERS["zip"].write(
            replace(report, exhibits=(*report.exhibits, large)), edition(report), out, open_exhibit=opener
        )
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (tmp_path / "bundle.zip").stat().st_size > size
    assert peak < 24 << 20
