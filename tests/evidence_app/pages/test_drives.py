"""The pages of bringing in a drive: plan, start, pause, report; and whose they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest

from evidence_app.backends import Backends
from evidence_app.domain.access import Actor
from storage_adapters import StoreFull
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
DRIVES = "/alder-bay/evidence/drives"
DRIVE = zip_bytes(
    {
        "0301-02/policy.txt": b"How we include everybody.",
        "To sort/=cmd|' calc.txt": b"What one sees.",
        "To sort/.DS_Store": b"x",
    }
)


@pytest.fixture
def teacher(client_for: Open, world: World) -> Browser:
    return client_for(world.teacher)


def hand_in(browser: Browser, content: bytes = DRIVE, name: str = "drive.zip", *, script: bool = False) -> str:
    """Where the drive has its page; with `script`, what its upload was answered with."""
    headers = {"HX-Request": "true"} if script else {}
    answer = browser.post(DRIVES, data={"files": (io.BytesIO(content), name)}, headers=headers)
    return answer.text if script else answer.location


def test_a_drive_without_scripts_is_planned_started_and_told_of(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher)
    assert "Looking into it" in teacher.get(place).text
    work()
    plan = teacher.get(place).text
    assert "Nothing is filed yet" in plan
    assert 'value="0301-02"' in plan
    assert "operating system" in plan
    data = {"folder": ["0301-02", "To sort"], "practice": ["0301-02", " 0402-06 "], "visibility": "staff"}
    assert teacher.post(f"{place}/start", data=data).location == place
    assert "Coming in" in teacher.get(place).text
    work()
    page = teacher.get(place).text
    assert "All is in" in page
    assert "Report (CSV)" in page
    assert "Shared" not in teacher.get(DRIVES).text
    assert "All is in" in teacher.get(DRIVES).text
    library = teacher.get("/alder-bay/evidence/", query_string={"q": "node:0402-06"}).text
    assert "1 found" in library


def test_the_report_names_every_file_and_holds_no_formula(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher, zip_bytes({"=1+1.txt": b"a", "b.txt": b"b", "c.txt": b""}))
    work()
    teacher.post(f"{place}/start", data={"visibility": "staff"})
    work()
    answer = teacher.get(f"{place}/report.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row[0] for row in rows] == ["Path", "'=1+1.txt", "b.txt", "c.txt"]
    assert [row[2] for row in rows[1:]] == ["Filed", "Filed", "Not kept"]
    assert "empty" in rows[3][3]
    item = re.search("/alder-bay/evidence/[0-9a-z]+", rows[1][4])
    assert item is not None
    assert teacher.get(item[0]).status_code == 200


def test_an_unknown_practice_is_told_and_what_was_typed_stays(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher)
    work()
    data = {"folder": ["0301-02", "To sort"], "practice": ["0301-03", "9999-99"], "visibility": "private"}
    answer = teacher.post(f"{place}/start", data=data)
    assert answer.status_code == 422
    assert "Not started yet" in answer.text
    assert 'value="9999-99"' in answer.text
    assert 'value="0301-03"' in answer.text
    assert re.search('value="private" selected', answer.text)
    assert "Nothing is filed yet" in teacher.get(place).text
    told = teacher.post(f"{place}/start", data={"visibility": "nonsense"})
    assert told.status_code == 422
    assert "Choose who can see what comes in" in told.text


def test_it_is_paused_resumed_and_left_out(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher)
    work()
    teacher.post(f"{place}/start", data={"visibility": "staff"})
    teacher.post(f"{place}/pause")
    assert "Paused" in teacher.get(place).text
    work()
    assert "Go on" in teacher.get(place).text
    teacher.post(f"{place}/resume")
    assert "Coming in" in teacher.get(place).text
    assert "stays" in teacher.post(f"{place}/drop", follow_redirects=True).text
    work()
    assert "Left out" in teacher.get(place).text
    assert teacher.post(f"{place}/start", data={"visibility": "staff"}).status_code == 409


def test_a_script_is_answered_with_a_line_and_asks_on(teacher: Browser, work: Callable[[], None]) -> None:
    line = hand_in(teacher, script=True)
    assert line.strip().startswith("<li>")
    assert "drive.zip" in line
    place = teacher.get(f"{DRIVES}/newest").location
    asked = {"HX-Request": "true"}
    same = teacher.get(f"{place}/progress?shown=looking", headers=asked)
    assert "HX-Refresh" not in same.headers
    assert "every 1500ms" in same.text
    work()
    assert teacher.get(f"{place}/progress?shown=looking", headers=asked).headers["HX-Refresh"] == "true"
    assert teacher.get(f"{place}/progress").location == place


@pytest.mark.parametrize(("content", "name"), [(b"A text.", "drive.txt"), (b"", "drive.zip")])
def test_what_is_no_drive_is_refused_with_words(teacher: Browser, content: bytes, name: str) -> None:
    assert hand_in(teacher, content, name) == DRIVES
    assert re.search("is no ZIP file|is empty", teacher.get(DRIVES).text)
    refused = teacher.post(DRIVES, data={"files": (io.BytesIO(content), name)}, headers={"HX-Request": "true"})
    assert refused.status_code == 422


def test_somebody_without_a_drive_is_led_to_the_page_where_one_begins(teacher: Browser) -> None:
    assert teacher.get(f"{DRIVES}/newest").location == DRIVES


def test_a_drive_is_nobody_else_s(
    teacher: Browser, client_for: Open, world: World, work: Callable[[], None], filed: FileItem
) -> None:
    place = hand_in(teacher)
    work()
    for actor in (world.administrator, world.coordinator, world.reader):
        other = client_for(actor)
        for path in (place, f"{place}/progress", f"{place}/report.csv"):
            assert other.get(path).status_code in (403, 404), (actor.role, path)
        for act in ("start", "pause", "resume", "drop"):
            assert other.post(f"{place}/{act}", data={"visibility": "staff"}).status_code in (403, 404)
        assert "drive.zip" not in other.get(DRIVES).text
    assert "Nothing is filed yet" in teacher.get(place).text


def test_a_drive_that_has_no_room_is_not_started(
    teacher: Browser, work: Callable[[], None], backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(size_bytes: int) -> None:
        raise StoreFull(f"no room for {size_bytes}")

    place = hand_in(teacher)
    work()
    with monkeypatch.context() as disk:
        disk.setattr(backends.blobs, "require_room", full)
        answer = teacher.post(f"{place}/start", data={"visibility": "staff"})
    assert answer.status_code == 422
    assert "The disk is nearly full" in answer.text
    assert "Nothing is filed yet" in teacher.get(place).text


def test_a_plan_of_nothing_says_why(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher, zip_bytes({"a.txt": b"", "../b.txt": b"b"}))
    work()
    page = teacher.get(place).text
    assert "nothing in it that can be kept" in page
    assert "leads out" in page
    assert "The file is empty" in page


def test_the_plan_says_how_many_are_likely_versions(teacher: Browser, work: Callable[[], None]) -> None:
    names = (
        "P/Policy v1.txt",
        "P/Policy FINAL (2).txt",
        "P/Policy copy.txt",
        "Q/Policy.txt",
        "P/IMG_1.txt",
        "P/IMG_2.txt",
    )
    place = hand_in(teacher, zip_bytes({name: name.encode() for name in names}))
    work()
    assert "2 documents are likely versions of another one beside them" in teacher.get(place).text
