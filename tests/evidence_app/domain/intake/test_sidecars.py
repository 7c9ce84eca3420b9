"""What the export of a drive writes beside documents: recognised however it is cut, and used for what it says."""

from __future__ import annotations

import errno
import json
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import IO

import pytest

from evidence_app.domain.evidence import items_by_id
from evidence_app.domain.intake import Found, files_at, gathered, import_path
from evidence_app.domain.intake.sidecars import notes_in
from storage_adapters import open_store
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.fixtures import World

LONG = "The wall of choices of the whole second grade in May.jpg"
SAYS = {"title": LONG, "description": "What we chose.", "photoTakenTime": {"timestamp": "1684843200"}}


def written(folder: Path, files: dict[str, object]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def told(found: Found) -> str:
    return "folder" if "folder" in str(found.refused) else "notes" if found.refused else "document"


@pytest.mark.parametrize(
    ("document", "notes"),
    [
        ("wall.jpg", "wall.jpg.json"),
        ("Wall.JPG", "wall.jpg.supplemental-metadata.json"),
        ("wall.jpg", "wall.jpg.suppl.json"),
        ("wall.jpg", "wall.jpg.s.json"),
        ("wall(1).jpg", "wall.jpg(1).json"),
        ("wall(1).jpg", "wall.jpg.supplemental-metadata(1).json"),
        (LONG, f"{LONG[:46]}.json"),
        (LONG, f"{LONG}.sup.json"),
        ("plan.docx", "plan-info.json"),
        ("data.json", "data.json.json"),
    ],
)
def test_notes_are_told_from_documents_in_a_folder(tmp_path: Path, document: str, notes: str) -> None:
    written(tmp_path, {document: b"x", notes: SAYS, "other.jpg": b"y"})
    with files_at(tmp_path) as found:
        assert {one.path: told(one) for one in found} == {document: "document", notes: "notes", "other.jpg": "document"}


def test_the_notes_of_a_folder_are_none_of_its_documents_and_other_json_is_one(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "a/metadata.json": {"title": "Open day", "description": "", "date": {}},
        "b/metadata.json": {"fields": ["title"]},
        "b/export.v2.json": {"rows": 3},
        "b/plain.json": SAYS,
        "b/broken.jpg.json": b"{",
    }
    with files_at(written(tmp_path, files)) as found:
        assert {one.path: told(one) for one in found} == dict.fromkeys(files, "document") | {
            "a/metadata.json": "folder"
        }
        assert not any(one.notice for one in found)


def test_thousands_of_cut_names_in_one_folder_are_not_each_compared_with_all() -> None:
    names = [f"{number:05d} {LONG}" for number in range(4000)]
    files = [Found(path, 1, nullcontext) for name in names for path in (name, f"{name[:46]}.json")]  # type: ignore[arg-type]
    started = time.process_time()
    assert sum(one.refused is not None for one in gathered(files)) == 4000
    assert time.process_time() - started < 1


def test_a_photograph_of_no_school_year_is_filed_with_its_day(world: World, tmp_path: Path) -> None:
    days: dict[str, object] = {"old": "1998-05-01", "first": "0001-01-01", "seconds": 893980800, "wrong": "2150-01-01"}
    for name, day in days.items():
        written(tmp_path, {f"{name}.jpg": name.encode(), f"{name}.jpg.json": {"title": "a", "creationTime": day}})
    brought = import_path(world.database, open_store("memory:"), actor=world.teacher, path=tmp_path, max_bytes=1000)
    with world.database.reading() as session:
        items = items_by_id(session, world.teacher, [entry.item_id for entry in brought.added]).values()
    assert [(one.school_year, one.shown_from is not None) for one in items] == [("", True)] * 4


def test_a_disk_that_fails_while_notes_are_read_is_not_taken_for_notes_that_say_nothing() -> None:
    def fails() -> AbstractContextManager[IO[bytes]]:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        notes_in(Found("class.jpg.json", 10, fails))


def test_notes_in_another_part_say_what_a_document_is(world: World, tmp_path: Path) -> None:
    cut = f"{LONG[:40]}.jpg"
    (tmp_path / "one.zip").write_bytes(zip_bytes({f"Takeout/{cut}": b"x", "Takeout/plain.jpg": b"z"}))
    says = {f"Takeout/{cut}.suppl.json": SAYS, "Takeout/gone.jpg.json": SAYS | {"title": "gone.jpg"}}
    (tmp_path / "two.zip").write_bytes(zip_bytes({path: json.dumps(said).encode() for path, said in says.items()}))
    with files_at(tmp_path / "one.zip", tmp_path / "two.zip") as found:
        assert [told(one) for one in found] == [
            "notes" if one.path.endswith("suppl.json") else "document" for one in found
        ]
        [alone] = [one for one in found if one.notice]
        assert "gone.jpg" in str(alone.notice)
    folder = written(
        tmp_path / "unpacked",
        {f"2019-20/{cut}": b"x", f"2019-20/{cut}.suppl.json": SAYS, cut: b"y", f"{cut}.s.json": SAYS},
    )
    brought = import_path(world.database, open_store("memory:"), actor=world.teacher, path=folder, max_bytes=1000)
    assert [entry.path for entry in brought.refused] == [f"2019-20/{cut}.suppl.json", f"{cut}.s.json"]
    with world.database.reading() as session:
        items = items_by_id(session, world.teacher, [entry.item_id for entry in brought.added]).values()
    assert {one.title for one in items} == {LONG.removesuffix(".jpg")}
    assert {(one.description, one.shown_from, one.shown_to, one.school_year) for one in items} == {
        ("What we chose.", date(2023, 5, 23), date(2023, 5, 23), "2022-23")
    }
