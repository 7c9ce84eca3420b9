"""Erasing, the disk and a leaver's handover on the command line."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.evidence_app.cli.conftest import PEOPLE, Command, command_for

TEACHER, ADMINISTRATOR = next(iter(PEOPLE)), "administrator@alder.example"
CANARY = "Wanderfalkecanary"


def test_an_item_is_erased_its_room_told_and_a_leaver_hands_over(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command: Command = command_for(home)
    assert command("init").exit_code == 0
    command.json("school", "add", "alder", "Alder Bay", "--programmes", "DP", "--language", "en")
    for email, role in ((TEACHER, "teacher"), (ADMINISTRATOR, "administrator")):
        command.json("person", "add", email, "--school", "alder", "--role", role)
    (tmp_path / f"{CANARY}.txt").write_text(f"A paper about {CANARY}", encoding="utf-8")
    command.json("import", tmp_path / f"{CANARY}.txt", "--as", TEACHER)
    for path in (home / "blobs").rglob("*"):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    item = command.json("search", CANARY, "--as", TEACHER)["hits"][0]["item"]
    assert command.json("disk")["schools"][0]["files"]["newest"] == len(f"A paper about {CANARY}")
    assert command.error("erase", item, "--as", TEACHER)["code"] == "not_allowed"
    assert command.error("erase")["code"] == "usage"

    assert command.json("erase", item, "--as", ADMINISTRATOR)["done"] is True
    assert not [p for p in home.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert command.json("verify")["clean"] is True
    assert command.json("erase", "--apply-list", home / "erased.jsonl") == {"erased": 0, "left": 0}
    assert command.json("after-restore")["erased_again"] == 0
    set_to = command.json("disk", "--quota", "alder", "20")["schools"][0]
    assert set_to["quota_bytes"] == 20 * 1024 * 1024

    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    command.json("import", tmp_path / "mine.txt", "--as", TEACHER)
    words = ("person", "handover", TEACHER, "--to", ADMINISTRATOR, "--as", ADMINISTRATOR)
    assert command.json(*words, "--preview")["moved"]["items"] == 1
    assert command.json(*words, "--end-access")["done"] is True
    assert command.error("search", "mine", "--as", TEACHER)["code"] == "not_found"
