"""`evidence import` of papers about single pupils, `questions` and `settle`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evidence_app.cli.conftest import Command

TEACHER = ("--as", "teacher@alder.example")
FILES = {
    "IEPs/scan001.txt": "The team met and looked at the unit planner again, as every week of the term.",
    "notes.txt": "Marco Rossi (3B) has a diagnosis of dyslexia, and the family has told us so in May.",
    "prizes.txt": "Wei Zhang (7A) won the prize, and the jury liked that everything was measured twice.",
    "gate opening hours.txt": "The gate opens at eight and closes at five, on Fridays at three.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("guarded")
    for name, content in FILES.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(content, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def imported(command: Command, folder: Path) -> dict[str, Any]:
    return command.json("import", folder, *TEACHER, "--visibility", "shareable")


def test_the_plan_says_which_will_be_private(command: Command, folder: Path) -> None:
    plan = command.json("import", folder, *TEACHER, "--plan")
    assert plan["pupils_data"] == [
        {
            "path": "IEPs/scan001.txt",
            "becomes": "private",
            "looks_like": "paper",
            "because": "an individual plan or a clinical report in its folder",
        }
    ]
    assert "private  IEPs/scan001.txt" in command("import", folder, *TEACHER, "--plan").output


def test_an_import_tells_what_is_private_or_held_whatever_was_asked(imported: dict[str, Any]) -> None:
    assert sorted(imported["private"]) == ["IEPs/scan001.txt", "notes.txt", "prizes.txt"]
    assert imported["held"] == imported["live_exam_papers"] == []


def test_questions_are_listed_and_answered_one_by_one(command: Command, imported: dict[str, Any]) -> None:
    waiting = command.json("questions", *TEACHER)["questions"]
    assert {row["title"]: row["visibility"] for row in waiting} == {
        "scan001": "private",
        "notes": "private",
        "prizes": "private",
    }
    prizes = next(row["item"] for row in waiting if row["title"] == "prizes")
    told = command.json("settle", prizes, "consent", *TEACHER, "--note", "form in the office")
    assert (told["item"], told["answer"]) == (prizes, "consent")
    assert len(command.json("questions", *TEACHER)["questions"]) == 2
    plan = next(row["item"] for row in waiting if row["title"] == "scan001")
    assert "never leaves" in command.error("settle", plan, "consent", *TEACHER, "--note", "x")["message"]
    assert command.error("settle", plan, "redacted", *TEACHER, "--note", "x")["code"] == "invalid"
