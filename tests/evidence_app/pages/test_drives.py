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
from tests.evidence_app.pages.conftest import Browser, FileItem, as_sent
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
    answer = browser.post(DRIVES, **as_sent((name, content)), headers=headers)
    return answer.text if script else answer.location


def test_a_drive_without_scripts_is_planned_started_and_told_of(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher)
    assert "Looking into it" in teacher.get(place).text
    work()
    plan = teacher.get(place).text
    assert "Nothing is filed yet" in plan
    assert re.search("To sort.*Its names say nothing", plan, re.DOTALL)
    assert "operating system" in plan
    assert "Goes for all folders in it" in teacher.get(f"{place}/folders?folder=To sort").text
    said = teacher.post(f"{place}/folders?folder=To sort", data={"practices": " 0402-06 ", "programmes": ["DP"]})
    assert said.location == f"{place}#folders"
    assert "Said for 1 file." in teacher.get(place).text
    assert teacher.post(f"{place}/start", data={"visibility": "staff"}).location == place
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


def test_parts_that_are_handed_in_together_are_one_drive_with_one_plan(
    teacher: Browser, work: Callable[[], None]
) -> None:
    notes = b'{"title": "Wall of choices.jpg", "description": "What we chose."}'
    one = zip_bytes({"Takeout/0301-02/Wall of.jpg": b"x", "Takeout/0301-02/policy.txt": b"Everybody belongs."})
    gone = b'{"title": "Gone.jpg", "url": "https://drive.example/1"}'
    two = zip_bytes({"Takeout/0301-02/Wall of.jpg.suppl.json": notes, "Takeout/0402-01/Gone.jpg.json": gone})
    bare = teacher.post(DRIVES, data={"files": [(io.BytesIO(one), "1.zip"), (io.BytesIO(two), "2.zip")]})
    work()
    assert "Nothing is filed yet" in teacher.get(bare.location).text
    teacher.post(f"{bare.location}/drop")
    twice = teacher.post(DRIVES, data={"files": [(io.BytesIO(one), "1.zip"), (io.BytesIO(one), "again.zip")]})
    work()
    assert "Nothing is filed yet" in teacher.get(twice.location).text
    teacher.post(f"{twice.location}/drop")

    for content, name in ((one, "1.zip"), (one, "1.zip"), (two, "2.zip")):
        teacher.post(
            DRIVES,
            data={"files": (io.BytesIO(content), name), "together": "mark", "parts": "3"},
            headers={"HX-Request": "true"},
        )
    place = teacher.get(f"{DRIVES}/newest").location
    work()
    assert "2 of 3 parts are here" in teacher.get(place).text
    teacher.post(f"{place}/resume")
    work()
    three = {"files": (io.BytesIO(zip_bytes({"late.txt": b"late"})), "3.zip"), "together": "mark", "parts": "3"}
    late = teacher.post(DRIVES, data=three, headers={"HX-Request": "true"})
    assert (late.status_code, "Hand it in by itself" in late.text) == (409, True)
    plan = teacher.get(place).text
    assert re.search(r"<b>3</b><span>new documents.*<b>1</b><span>will not be kept", plan, re.DOTALL)
    assert "What comes in although something is amiss" in plan
    assert teacher.get(DRIVES).text.count("2 parts") == 2
    teacher.post(f"{place}/start", data={"visibility": "staff"})
    work()
    assert "All is in" in teacher.get(place).text
    assert "Wall of choices" in teacher.get("/alder-bay/evidence/").text
    rows = list(csv.reader(io.StringIO(teacher.get(f"{place}/report.csv").text.lstrip("\ufeff"))))
    assert ["Filed" in row and "not among these files" in row[3] for row in rows if "Gone" in row[0]] == [True]


def test_a_part_whose_tab_was_closed_is_handed_in_later_on_the_page_of_its_drive(
    teacher: Browser, work: Callable[[], None]
) -> None:
    parts = [zip_bytes({f"Policies/{word}.txt": word.encode()}) for word in ("one", "two", "three")]
    together = {"together": "mark", "parts": "3"}
    sent = {"files": (io.BytesIO(parts[0]), "1.zip"), **together}
    teacher.post(DRIVES, data=sent, headers={"HX-Request": "true"})
    place = teacher.get(f"{DRIVES}/newest").location
    page = teacher.get(place).text
    assert "Hand in what is missing" in page
    assert 'name="together" value="mark"' in page
    assert 'name="parts" value="3"' in page

    rest = [(io.BytesIO(content), f"{number}.zip") for number, content in enumerate(parts[1:], 2)]
    answer = teacher.post(DRIVES, data={"files": rest, **together})
    work()

    assert answer.location == place
    page = teacher.get(place).text
    assert re.search(r"<b>3</b><span>new documents", page)
    assert "Hand in what is missing" not in page


def test_the_report_says_how_texts_were_read_what_is_shown_and_what_are_versions(
    teacher: Browser, work: Callable[[], None]
) -> None:
    files = {
        "0301-02 0301-03/Policy v1.txt": b"How we include everybody here.",
        "0301-02 0301-03/Policy FINAL (2).txt": b"How we include everybody here, always.",
        "To sort/minutes.pdf": b"%PDF-1.7 and nothing more",
    }
    place = hand_in(teacher, zip_bytes(files))
    work()
    teacher.post(f"{place}/start", data={"visibility": "staff"})
    work()
    rows = list(csv.reader(io.StringIO(teacher.get(f"{place}/report.csv").text.lstrip("\ufeff"))))
    assert rows[0][6:] == ["Text", "Practices", "Likely a version of"]
    told = {row[0].rpartition("/")[2]: row[6:] for row in rows[1:]}
    assert told["Policy v1.txt"] == ["Text found", "0301-02 0301-03", "Policy FINAL (2)"]
    assert told["minutes.pdf"][0].startswith("Damaged: The file is damaged")
    page = teacher.get(place).text
    assert "What is in but could not be read whole" in page
    assert re.search(r"minutes\.pdf.*The file is damaged", page, re.DOTALL)
    assert re.search(r"<b class=\"num\">2</b> 0301-03", page)
    assert "1 document is likely a version" in page


def test_an_unknown_practice_is_told_and_what_was_typed_stays(teacher: Browser, work: Callable[[], None]) -> None:
    place = hand_in(teacher)
    work()
    data = {"practices": "0301-03, 9999-99", "school_year": "2023-24"}
    for headers in ({}, {"HX-Request": "true"}):
        answer = teacher.post(f"{place}/folders?folder=To sort", data=data, headers=headers)
        assert answer.status_code == 422
        assert "9999-99" in answer.text
        assert 'value="0301-03, 9999-99"' in answer.text
        assert 'value="2023-24"' in answer.text
    assert "put right by you" not in teacher.get(place).text
    told = teacher.post(f"{place}/start", data={"visibility": "nonsense"})
    assert told.status_code == 422
    assert "Choose who can see what comes in" in told.text
    assert teacher.post(f"{place}/folders?folder=nowhere", data=data | {"practices": ""}).status_code == 404
    assert "To sort" in teacher.get(f"{place}/folders").text


def test_a_form_that_is_older_than_what_it_changes_is_shown_once_more(
    teacher: Browser, work: Callable[[], None]
) -> None:
    place = hand_in(teacher)
    work()
    folder = f"{place}/folders?folder=0301-02"
    shown = re.search('name="shown" value="([0-9a-f]+)"', teacher.get(folder).text)
    assert shown is not None
    teacher.post(folder, data={"practices": "0402-06"})
    answer = teacher.post(folder, data={"practices": "0301-01", "shown": shown[1]})
    assert answer.status_code == 422
    assert "this was changed" in answer.text
    assert 'value="0301-01"' in answer.text, "what was written stays"
    assert shown[1] not in answer.text, "and can be used all the same"


def test_folders_are_shown_level_by_level_and_say_what_they_take_from_above(
    teacher: Browser, work: Callable[[], None]
) -> None:
    names = [f"Drive/Unit planners/{n:03}/plan.txt" for n in range(130)] + ["Drive/SY 23-24/DP exams/paper.txt"]
    place = hand_in(teacher, zip_bytes({name: name.encode() for name in names}))
    work()
    assert "130 files" not in teacher.get(place).text, "only the top is sent with the page"
    script = {"HX-Request": "true"}
    inside = teacher.get(f"{place}/folders?folder=Drive", headers=script).text
    assert [one in inside for one in ("130 files", "130 folders in it", "2023-24")] == [True] * 3
    assert "<html" not in inside
    year = teacher.get(f"{place}/folders?folder=Drive/SY 23-24", headers=script).text
    assert '<span class="dim">2023-24</span>' in year, "taken from the folder around it"
    assert "<span>DP</span>" in year
    edit = teacher.get(f"{place}/folders/edit?folder=Drive/Unit planners", headers=script).text
    assert 'name="practices"' in edit
    row = teacher.post(
        f"{place}/folders?folder=Drive/Unit planners", data={"practices": "0401-01 0401-02"}, headers=script
    ).text
    assert [code in row for code in ("0401-01", "0401-02", "put right by you")] == [True] * 3
    rows = teacher.get(f"{place}/folders?folder=Drive/Unit planners", headers=script).text
    assert rows.count('class="folder-row"') == 100
    assert "Show more" in rows
    assert teacher.get(f"{place}/folders?folder=Drive/Unit planners&after=100", headers=script).text.count("row") == 30


def test_the_plan_lists_what_the_names_give_and_the_files(teacher: Browser, work: Callable[[], None]) -> None:
    names = [f"0301-02/2023-24/{n:03}.txt" for n in range(130)] + ["0402-06 one.txt"]
    place = hand_in(teacher, zip_bytes({name: name.encode() for name in names}))
    work()
    plan = teacher.get(place).text
    assert [words in plan for words in ("0301-02", "130 files", "2023-24", "School years")] == [True] * 4
    assert "017.txt" not in plan
    opened = teacher.get(place, query_string={"what": "node_keys", "value": "ib-psp-2020/0402-06"}).text
    assert "0402-06 one.txt" in opened
    asked = {"what": "school_year", "value": "2023-24"}
    files = teacher.get(f"{place}/saying", query_string=asked).text
    assert files.count(".txt") == 100
    teacher.post(f"{place}/folders?folder=0301-02", data={"practices": ""})
    again = teacher.get(f"{place}/given").text
    assert '<b id="tagged" hx-swap-oob="true">1</b>' in again
    assert again.count("<details") == 2, "the other practice, and the year"
    assert teacher.get(f"{place}/saying", query_string=asked | {"after": "100"}).text.count(".txt") == 30
    assert teacher.get(f"{place}/saying", query_string={"what": "visibility", "value": "staff"}).text.strip() == ""


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
    refused = teacher.post(DRIVES, **as_sent((name, content)), headers={"HX-Request": "true"})
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
        for path in (place, f"{place}/progress", f"{place}/report.csv", f"{place}/folders?folder=To sort"):
            assert other.get(path).status_code in (403, 404), (actor.role, path)
        for act in ("start", "pause", "resume", "drop", "folders?folder=To sort"):
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
