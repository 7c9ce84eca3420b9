"""`evidence import`, `search`, `read`, `suggest` and `tag`: the answers that others rely on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence_app.cli.conftest import Command, command_for
from tests.evidence_app.domain.intake.making import zip_bytes

COORDINATOR = ("--as", "coordinator@alder.example")
TEACHER = ("--as", "teacher@alder.example")
HANDBOOK = b"# Library handbook\n\nThe library and its resources support multilingual learners."
DOCUMENTS = {
    "Academic integrity policy.txt": b"Academic integrity policy. Students cite what they use. We explain plagiarism.",
    "Library/Library handbook.md": HANDBOOK,
    "Library/copy of handbook.md": HANDBOOK,
    "broken.pdf": b"%PDF-1.7\nthis is no PDF",
    "empty.txt": b"",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("drive")
    for name, content in DOCUMENTS.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_bytes(content)
    return made


@pytest.fixture(scope="module")
def imported(command: Command, folder: Path) -> dict[str, Any]:
    """What an import of the folder answered."""
    return command.json("import", folder, *TEACHER, code=1)


def test_an_import_tells_what_became_of_every_file(imported: dict[str, Any]) -> None:
    assert set(imported) == {
        "found",
        "added",
        "duplicates",
        "items",
        "refused",
        "warnings",
        "private",
        "held",
        "live_exam_papers",
        "pictures_waiting",
        "seconds",
    }
    assert (imported["found"], imported["added"], imported["duplicates"]) == (5, 3, 1)
    items = {entry["path"]: entry for entry in imported["items"]}
    assert set(items) == set(DOCUMENTS) - {"empty.txt"}
    first, second = items["Library/Library handbook.md"], items["Library/copy of handbook.md"]
    assert first == {"path": "Library/Library handbook.md", "item": second["item"]}
    assert second == {"path": "Library/copy of handbook.md", "item": first["item"], "duplicate_of": first["item"]}
    [refused] = imported["refused"]
    assert refused["path"] == "empty.txt"
    assert "empty" in refused["reason"]
    [warning] = imported["warnings"]
    assert warning["path"] == "broken.pdf"
    assert warning["reason"].strip()
    assert imported["pictures_waiting"] == 0
    assert imported["seconds"] > 0


def test_a_second_import_adds_nothing(command: Command, folder: Path, imported: dict[str, Any]) -> None:
    again = command.json("import", folder, *TEACHER, code=1)
    assert (again["added"], again["duplicates"]) == (0, 4)
    assert {e["item"] for e in again["items"]} == {e["item"] for e in imported["items"]}


def test_without_json_an_import_says_the_same_in_lines(
    command: Command, folder: Path, imported: dict[str, Any]
) -> None:
    result = command("import", folder, *TEACHER)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "5 found, 0 filed, 4 known already."
    assert "refused  empty.txt: " in result.stdout


def test_an_import_without_refusals_ends_with_zero(command: Command, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A note about nothing else.")
    answer = command.json("import", tmp_path / "note.txt", *TEACHER, "--visibility", "private")
    assert answer["items"][0]["path"] == str(tmp_path / "note.txt")
    assert answer["refused"] == []
    hidden = command.json("search", "nothing else", *COORDINATOR)
    assert answer["items"][0]["item"] not in {hit["item"] for hit in hidden["hits"]}


def test_a_search_answers_with_hits_best_first(command: Command, imported: dict[str, Any]) -> None:
    answer = command.json("search", "plagiarism", *TEACHER)
    assert set(answer) == {"total", "hits", "seconds"}
    assert answer["total"] == 1
    [hit] = answer["hits"]
    assert set(hit) == {"item", "title", "file_name", "score", "snippet", "nodes"}
    assert hit["file_name"] == "Academic integrity policy.txt"
    assert hit["title"] == "Academic integrity policy"
    assert "plagiarism" in hit["snippet"]
    many = command.json("search", "policy OR library", *TEACHER)
    scores = [hit["score"] for hit in many["hits"]]
    assert many["total"] == 2
    assert scores == sorted(scores, reverse=True)
    assert len(command.json("search", "policy OR library", *TEACHER, "--limit", "1")["hits"]) == 1
    assert command.json("search", "nowhere-to-be-found", *TEACHER)["hits"] == []


def test_a_search_in_another_school_finds_nothing_of_this_one(command: Command, imported: dict[str, Any]) -> None:
    assert command.json("search", "plagiarism", "--as", "both@example.org", "--school", "alder")["total"] == 1
    assert command.json("search", "plagiarism", "--as", "both@example.org", "--school", "birch")["total"] == 0


def test_a_search_says_what_it_did_not_understand_and_answers_all_the_same(
    command: Command, imported: dict[str, Any]
) -> None:
    result = command("search", "plagiarism is:forgotten", *TEACHER, "--json")
    assert result.exit_code == 0
    assert "forgotten" in result.stderr
    assert json.loads(result.stdout)["total"] == 1


def test_read_tells_what_intake_would_read(command: Command, folder: Path) -> None:
    answer = command.json("read", folder / "Library" / "Library handbook.md")
    assert {"media_type", "language", "text", "pages", "warnings"} <= set(answer)
    assert answer["media_type"] == "text/markdown"
    assert answer["language"] == "en"
    assert "multilingual learners" in answer["text"]
    assert answer["warnings"] == []
    broken = command.json("read", folder / "broken.pdf")
    assert broken["text"] == ""
    assert broken["warnings"] or broken["state"]


def test_suggestions_come_best_first_for_each_file(command: Command, folder: Path) -> None:
    files = [folder / "Academic integrity policy.txt", folder / "Library" / "Library handbook.md"]
    rows = command.json("suggest", *files, "--school", "alder", "--limit", "3")["suggestions"]
    assert list(dict.fromkeys(row["file"] for row in rows)) == [str(file) for file in files]
    for file in files:
        mine = [row for row in rows if row["file"] == str(file)]
        assert 1 <= len(mine) <= 3
        assert [row["score"] for row in mine] == sorted((row["score"] for row in mine), reverse=True)
        for row in mine:
            assert row["node_key"].startswith("ib-psp-2020/")
            assert row["because"]
            assert all(reason.strip() for reason in row["because"])


def test_a_tag_is_proposed_or_accepted_by_whoever_may(command: Command, imported: dict[str, Any]) -> None:
    item = imported["items"][0]["item"]
    result = command("tag", item, "0301-02", *TEACHER, "--note", "Page 2", "--strength", "2", "--json")
    assert result.exit_code == 0
    assert "left open" in result.stderr
    proposed = json.loads(result.stdout)
    assert proposed["item"] == item
    assert proposed["node_key"] == "ib-psp-2020/0301-02"
    assert (proposed["state"], proposed["strength"]) == ("proposed", 0)
    accepted = command.json("tag", item, "ib-psp-2020/0301-02", *COORDINATOR, "--accept", "--strength", "3")
    assert (accepted["tag"], accepted["state"], accepted["strength"]) == (proposed["tag"], "accepted", 3)
    assert command.error("tag", item, "0301-03", *TEACHER, "--accept")["code"] == "not_allowed"
    assert command.error("tag", item, "9999-99", *TEACHER)["message"]
    assert command.error("tag", item, "0301-02", *TEACHER, "--strength", "4")["code"] == "usage"


def test_tags_are_in_the_hits(command: Command, imported: dict[str, Any]) -> None:
    item = imported["items"][0]["item"]
    command.json("tag", item, "0301-01", *TEACHER)
    [hit] = [hit for hit in command.json("search", "plagiarism", *TEACHER)["hits"] if hit["item"] == item]
    assert "ib-psp-2020/0301-01" in hit["nodes"]


@pytest.fixture
def lost_index(tmp_path: Path) -> Command:
    """An installation that has never made an index."""
    command = command_for(tmp_path / "home")
    command.json("init")
    command.json("school", "add", "alder", "Alder Bay", "--programmes", "DP", "--language", "en")
    command.json("person", "add", "teacher@alder.example", "--school", "alder", "--role", "teacher")
    return command


def test_a_search_without_an_index_says_so_and_has_it_made(lost_index: Command) -> None:
    result = lost_index("search", "plan", *TEACHER, "--json")
    assert result.exit_code == 0
    assert "being made anew" in result.stderr
    assert lost_index.json("search", "rebuild") == {"rebuilt": ["alder"]}
    assert lost_index("search", "plan", *TEACHER, "--json").stderr == ""


def test_files_that_waited_for_a_program_are_read_again(command: Command, imported: dict[str, Any]) -> None:
    command.json("person", "add", "admin@alder.example", "--school", "alder", "--role", "administrator")
    as_administrator = ("--as", "admin@alder.example")
    assert command.json("read-again", *as_administrator) == {"read_again": 0, "missing": {}}
    assert command.json("read-again", "--failed", *as_administrator)["read_again"] == 0
    assert command.error("read-again", *TEACHER)["code"] == "not_allowed"


def test_the_index_is_rebuilt_for_one_school_and_the_word_can_still_be_looked_for(lost_index: Command) -> None:
    assert lost_index.json("search", "--school", "alder", "rebuild") == {"rebuilt": ["alder"]}
    assert lost_index.error("search", "rebuild", "--school", "nowhere")["code"] == "not_found"
    assert lost_index.json("search", "rebuild", *TEACHER)["total"] == 0
    assert "--as" in lost_index.error("search", "plan")["message"]
    assert "search rebuild" in lost_index("search", "--help").stdout


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("zip") / "drive.zip"
    made.write_bytes(
        zip_bytes(
            {
                "0301-02 Inclusion/2024-25/Who belongs.txt": b"Everybody belongs.",
                "0301-02 Inclusion/Copy of Who belongs.txt": b"Everybody belongs.",
                "To sort/handbook again.md": HANDBOOK,
                "To sort/page.url": b"[InternetShortcut]\nURL=https://school.example/plan\n",
                "Thumbs.db": b"x",
            }
        )
    )
    return made


def test_a_plan_says_what_would_come_in_and_files_nothing(
    command: Command, imported: dict[str, Any], drive: Path, folder: Path
) -> None:
    plan = command.json("import", drive, "--plan", *TEACHER, code=1)
    assert {name: plan[name] for name in ("found", "new", "copies", "known")} == {
        "found": 5,
        "new": 2,
        "copies": 1,
        "known": 1,
    }
    assert plan["kinds"] == {"TXT": 2, "MD": 1, "URL": 1}
    assert plan["folders"] == [{"folder": "0301-02 Inclusion", "node_key": "ib-psp-2020/0301-02"}]
    assert [one["path"] for one in plan["refused"]] == ["Thumbs.db"]
    again = command.json("import", folder, "--plan", *TEACHER, code=1)
    assert (again["known"], again["copies"], again["new"]) == (3, 1, 0)
    assert command.json("search", "belongs", *TEACHER)["total"] == 0


def test_a_zip_comes_in_with_what_its_names_say(command: Command, imported: dict[str, Any], drive: Path) -> None:
    brought = command.json("import", drive, "--tag-by-names", *TEACHER, code=1)
    assert (brought["found"], brought["added"], brought["duplicates"]) == (5, 2, 2)
    [hit] = command.json("search", "belongs", *TEACHER)["hits"]
    assert hit["nodes"] == ["ib-psp-2020/0301-02"]
    assert command.json("search", "year:2024-25", *TEACHER)["total"] == 1
    assert "page" in [hit["title"] for hit in command.json("search", "page", *TEACHER)["hits"]]


def test_the_parts_of_an_export_come_in_as_one_and_a_report_names_every_file(
    command: Command, imported: dict[str, Any], tmp_path: Path
) -> None:
    """What an export writes about a file lies in another of its parts."""
    notes = b'{"title": "Mural of the river.jpg", "description": "What the river gives us."}'
    (tmp_path / "one.zip").write_bytes(
        zip_bytes({"Takeout/0301-02/mural.txt": b"A mural.", "Takeout/bad.pdf": b"%PDF-1"})
    )
    (tmp_path / "two.zip").write_bytes(zip_bytes({"Takeout/0301-02/mural.txt.suppl.json": notes}))
    parts = (tmp_path / "one.zip", tmp_path / "two.zip")
    assert command.json("import", *parts, "--plan", *TEACHER, code=1)["new"] == 2
    report = tmp_path / "report.csv"
    nowhere = command.json("import", *parts, "--report", tmp_path / "none" / "report.csv", *TEACHER, code=2)
    assert "no file can be written" in nowhere["error"]["message"]
    brought = command.json("import", *parts, "--tag-by-names", "--report", report, *TEACHER, code=1)
    assert (brought["found"], brought["added"]) == (3, 2)
    rows = list(csv.reader(report.read_text("utf-8-sig").splitlines()))
    told = {row[0].rpartition("/")[2]: row for row in rows[1:]}
    assert [told["mural.txt"][1], *told["mural.txt"][5:7]] == ["Filed", "Text found", "0301-02"]
    assert told["bad.pdf"][5].startswith("Damaged: ")
    assert told["mural.txt.suppl.json"][1:3] == [
        "Not kept",
        "What the export of a drive wrote about the file beside it, not a document.",
    ]
    assert "Mural of the river" in [hit["title"] for hit in command.json("search", "mural", *TEACHER)["hits"]]
