"""Damage, sudden death and crowds (R19, R21): an index may be lost, but never lies, and never stands in the way."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence_app.domain.search import IndexUnusable, SearchIndex, SearchRequest, engine_name, open_index, parse
from evidence_app.errors import Unavailable
from tests.evidence_app.domain.search.conftest import OpenIndex
from tests.evidence_app.domain.search.corpus import document, documents

ON_DISK = pytest.mark.parametrize("engine", ["whoosh", "tantivy"], indirect=True)


def _folder(tmp_path: Path, engine: str) -> Path:
    return tmp_path / "index" / engine / "school1"


def _generation(tmp_path: Path, engine: str) -> Path:
    root = _folder(tmp_path, engine)
    return root / str(json.loads((root / "current.json").read_text())["generation"])


def _cut(tmp_path: Path, engine: str, to: Callable[[int], int], names: tuple[str, ...]) -> None:
    for path in [path for name in names for path in _generation(tmp_path, engine).glob(name)]:
        if path.stat().st_size > 1:
            with path.open("r+b") as file:
                file.truncate(to(path.stat().st_size))


def _stamp(tmp_path: Path, engine: str, **changed: object) -> None:
    pointer = _folder(tmp_path, engine) / "current.json"
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | changed))


def _empty(tmp_path: Path, engine: str) -> None:
    for path in _generation(tmp_path, engine).iterdir():
        path.unlink()


def _scribble(tmp_path: Path, engine: str, text: str) -> None:
    (_folder(tmp_path, engine) / "current.json").write_text(text)


SEGMENT_LISTS = ("*.toc", "meta.json")

DAMAGE: dict[str, Callable[[Path, str], None]] = {
    "everything is gone": lambda home, engine: shutil.rmtree(_folder(home, engine)),
    "the generation is gone": lambda home, engine: shutil.rmtree(_generation(home, engine)),
    "the generation is empty": _empty,
    "all files are empty": lambda home, engine: _cut(home, engine, lambda size: 0, ("*",)),
    "all files are cut": lambda home, engine: _cut(home, engine, lambda size: size // 2, ("*",)),
    "the list of segments is empty": lambda home, engine: _cut(home, engine, lambda size: 0, SEGMENT_LISTS),
    "the list of segments is cut": lambda home, engine: _cut(home, engine, lambda size: size // 2, SEGMENT_LISTS),
    "the stamp is empty": lambda home, engine: _scribble(home, engine, ""),
    "the stamp is a list": lambda home, engine: _scribble(home, engine, "[1]"),
    "the stamp names another schema": lambda home, engine: _stamp(home, engine, schema="old"),
    "the stamp names another school": lambda home, engine: _stamp(home, engine, school_id="school2"),
    "the stamp points outside": lambda home, engine: _stamp(home, engine, generation="../school1"),
}


# Whoosh leaves the list of segments open when it cannot read it, until the garbage collector comes by.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*toc:pytest.PytestUnraisableExceptionWarning")
@ON_DISK
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_says_so_and_can_be_rebuilt(
    index: SearchIndex, opened: OpenIndex, engine: str, tmp_path: Path, damage: str
) -> None:
    index.add(documents(40))
    index.close()
    DAMAGE[damage](tmp_path, engine)
    broken = opened()
    with pytest.raises(IndexUnusable, match="has to be rebuilt"):
        broken.search(SearchRequest(query=parse("students"), facets=["kind"]))
    with pytest.raises(IndexUnusable):
        broken.add([document(1)])
    with broken.rebuilding(resume=True) as fresh:
        fresh.add(documents(40))
    assert broken.count() == opened().count() == 40
    assert opened().search(SearchRequest(query=parse("students"))).total > 0


@ON_DISK
def test_a_rebuild_that_was_damaged_begins_again(index: SearchIndex, engine: str, tmp_path: Path) -> None:
    root = _folder(tmp_path, engine)
    (root / "building.json").write_text("{")
    (root / "left over").mkdir()
    with index.rebuilding(resume=True) as fresh:
        fresh.add([document(1)])
    assert index.ids() == {"item0001"}
    assert len(list(root.iterdir())) == 3


@ON_DISK
def test_nobody_else_can_write_into_the_folder(index: SearchIndex, engine: str, tmp_path: Path) -> None:
    for folder in (_folder(tmp_path, engine), _generation(tmp_path, engine)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("school_id", ["", "../school2", "a/b", "a.b", "x" * 65])
def test_a_school_cannot_point_outside_its_folder(school_id: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot name a folder"):
        open_index("whoosh:", tmp_path, school_id)


@pytest.mark.parametrize(("url", "said"), [("solr:", "names no engine"), ("postgresql:", "is not PostgreSQL")])
def test_an_engine_one_cannot_have_is_refused_with_a_remedy(url: str, said: str) -> None:
    with pytest.raises(Unavailable, match=said):
        engine_name(url)


def test_the_fast_engine_is_taken_where_it_is_installed() -> None:
    assert engine_name("auto") == "tantivy"


def _start(engine: str, home: Path, database_url: str, count: int) -> subprocess.Popen[str]:
    module = "tests.evidence_app.domain.search.writer_process"
    command = [sys.executable, "-m", module, engine, str(home), database_url, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgres_url")) if engine == "postgresql" else ""


@pytest.mark.reliability
def test_a_killed_writer_loses_nothing_it_had_said(
    index: SearchIndex, opened: OpenIndex, engine: str, tmp_path: Path, database_url: str
) -> None:
    acknowledged = -1
    for round_ in range(2):
        process = _start(engine, tmp_path, database_url, 10_000)
        assert process.stdout is not None
        for line in process.stdout:
            acknowledged = max(acknowledged, int(line))
            if int(line) >= 6 + 7 * round_:
                break
        process.kill()
        rest = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        acknowledged = max([acknowledged, *map(int, rest)])
        ids = opened().ids()
        assert {f"item{number:04}" for number in range(acknowledged + 2)} <= ids
        assert len(ids) % 2 == 0
        index.add([document(5000 + number) for number in range(2)])
        assert opened().search(SearchRequest(query=parse("canteen"))).total == len(ids - {"item5000", "item5001"})
    if engine != "postgresql":
        assert len(list(_generation(tmp_path, engine).iterdir())) <= 50


@pytest.mark.reliability
def test_ten_search_while_another_process_writes(
    index: SearchIndex, opened: OpenIndex, engine: str, tmp_path: Path, database_url: str
) -> None:
    process = _start(engine, tmp_path, database_url, 40)
    errors: list[Exception] = []
    totals: list[list[int]] = []

    def search_on() -> None:
        mine: list[int] = []
        totals.append(mine)
        own = opened()
        try:
            while process.poll() is None:
                mine.append(own.search(SearchRequest(query=parse("canteen"), facets=["kind"])).total)
                time.sleep(0.02)
            mine.append(own.count())
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=search_on) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait() == 0
    assert errors == []
    assert all(mine == sorted(mine) and mine[-1] == 40 and all(total % 2 == 0 for total in mine) for mine in totals)


@pytest.mark.soak
@ON_DISK
def test_an_index_stays_bounded_through_updates_and_kills(
    index: SearchIndex, opened: OpenIndex, engine: str, tmp_path: Path
) -> None:
    """R21: 5,000 updates of 200 documents and 100 killed writers leave little more than the documents need."""
    index.add(documents(200))
    for number in range(5_000):
        index.add([document(number % 200, body=f"canteen again {number}")])
    for number in range(100):
        process = _start(engine, tmp_path, "", 10_000)
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 2 * (number % 7):
                break
        process.kill()
        process.stdout.close()
        process.wait()
    held = opened().ids()
    index.add([document(1)])
    fresh = open_index(f"{engine}:", tmp_path / "fresh", "school1")
    with fresh.rebuilding() as building:
        building.add([document(int(one.removeprefix("item")), body="canteen " * 50) for one in sorted(held)])
    assert index.size_bytes() <= 3 * fresh.size_bytes() + 1_000_000
    assert len(list(_generation(tmp_path, engine).iterdir())) <= 50
    fresh.close()
