"""The road from the command line: import, open, write, cite, compile, share, read; with the answers others rely on."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import exports
from evidence_app.app import create_app
from evidence_app.backends import build_backends
from evidence_app.cli.commands import cli
from evidence_app.cli.output import address_note
from evidence_app.i18n import day_in_words
from evidence_app.settings import load_settings

EMAIL = "amara@alder.example"
TEXTS = {
    "Inclusion policy.txt": "The inclusion policy says how every student belongs and who answers a referral.",
    "Minutes of October.md": "# Minutes\n\nTeachers planned together and changed two units.",
    "Chart.csv": "who,what\nAnna,reading\nBo,speaking\n",
}


class Road:
    """An installation with a school, a coordinator and three documents, walked by the command line alone."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        monkeypatch.setenv("EVIDENCE_HOME", str(folder / "home"))
        monkeypatch.setenv("EVIDENCE_SEARCH_URL", "whoosh:")
        self.run("init")
        self.run("school", "add", "alder", "Alder Bay", "--programmes", "MYP,DP", "--language", "en")
        self.run(
            "person", "add", EMAIL, "--school", "alder", "--role", "coordinator", "--password-stdin",
            typed="four words in a row",
        )  # fmt: skip
        drive = folder / "drive"
        drive.mkdir()
        for name, text in TEXTS.items():
            (drive / name).write_text(text, encoding="utf-8")
        brought = self.json("import", str(drive), "--school", "alder", "--as", EMAIL, "--visibility", "shareable")
        self.items = [entry["item"] for entry in brought["items"]]

    def run(self, *words: str, typed: str = "", code: int = 0) -> Result:
        """What a command answers, once its exit code is as expected."""
        # The command line looks there for --json when it fails.
        self._monkeypatch.setattr("sys.argv", ["evidence", *words])
        result = CliRunner().invoke(cli, list(words), input=typed)
        assert result.exit_code == code, (words, result.output, result.exception)
        return result

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The one object a command prints with --json."""
        answer: dict[str, Any] = json.loads(self.run(*words, "--json", code=code).stdout)
        return answer

    def open_study(self) -> str:
        """The id of a new evaluation of MYP and DP."""
        visit = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
        opened = self.json(
            "study", "open", "--school", "alder", "--programmes", "DP,MYP", "--framework", "ib-psp-2020",
            "--visit", visit, "--as", EMAIL,
        )  # fmt: skip
        return str(opened["evaluation"])

    def write(self, evaluation: str, text: str, *items: str, code: int = 0) -> dict[str, Any]:
        """What writing an answer of DP to the inclusion policy gives."""
        narrative = self.folder / "narrative.md"
        narrative.write_text(text, encoding="utf-8")
        cites = [word for item in items for word in ("--cite", item)]
        return self.json(
            "study", "write", evaluation, "0301-02", "--programme", "DP", "--rating", "2",
            "--narrative", str(narrative), *cites, "--as", EMAIL, code=code,
        )  # fmt: skip

    def compile(self, evaluation: str, kind: str, name: str, code: int = 0) -> tuple[dict[str, Any], bytes]:
        """What compiling answers, and the document."""
        out = self.folder / name
        answer = self.json("compile", evaluation, "--format", kind, "--out", str(out), "--as", EMAIL, code=code)
        return answer, out.read_bytes()


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """One road for all: each test opens an evaluation of its own."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Road(tmp_path_factory.mktemp("road"), monkeypatch)


def test_the_whole_road_from_a_folder_to_word(road: Road) -> None:
    evaluation = road.open_study()
    written = road.write(evaluation, "It is written [[E-0301-02-01]].\n\n- one\n- two", *road.items)
    assert [one["exhibit"] for one in written["exhibits"]] == ["E-0301-02-01", "E-0301-02-02", "E-0301-02-03"]
    answer, document = road.compile(evaluation, "docx", "study.docx")
    assert set(answer) >= {"file", "exhibits", "left_out", "problems", "seconds"}
    assert (answer["exhibits"], answer["left_out"], answer["problems"]) == (3, [], [])
    assert exports.check_docx(document) == []
    _, again = road.compile(evaluation, "docx", "again.docx")
    assert again == document, "two compiles of the same work are byte-equal"


def test_html_bundle_and_plan_come_from_the_same_snapshot(road: Road) -> None:
    evaluation = road.open_study()
    road.write(evaluation, "It is written.", road.items[0])
    answers = {kind: road.compile(evaluation, kind, f"study.{kind}") for kind in ("docx", "html", "zip", "plan")}
    assert len({answer["snapshot"] for answer, _ in answers.values()}) == 1
    assert b"It is written." in answers["html"][1]
    with zipfile.ZipFile(io.BytesIO(answers["zip"][1])) as bundle:
        assert {"self-study.docx", "self-study.html", "index.csv", "SHA256SUMS"} <= set(bundle.namelist())
        assert bundle.testzip() is None


def test_what_is_left_out_and_what_is_wrong_is_told_with_exit_code_one(road: Road) -> None:
    evaluation = road.open_study()
    kept = road.folder / "kept.txt"
    kept.write_text("Open to staff only, quokka.", encoding="utf-8")
    brought = road.json("import", str(kept), "--school", "alder", "--as", EMAIL)
    road.write(evaluation, "See [[E-0301-02-01]].\n\nAnd [[E-9999-99-99]].", brought["items"][0]["item"])
    answer, document = road.compile(evaluation, "html", "left.html", code=1)
    assert answer["exhibits"] == 0
    (left,) = answer["left_out"]
    assert (left["exhibit"], left["title"]) == ("E-0301-02-01", "kept")
    assert "staff" in left["reason"]
    assert [(p["code"], p["practice"], p["line"]) for p in answer["problems"]] == [
        ("unreleased-exhibit", "0301-02", 1),
        ("unknown-exhibit", "0301-02", 3),
    ]
    assert b"quokka" not in document


def test_a_share_is_issued_with_a_passcode_for_each_name_and_opens_the_room(road: Road) -> None:
    evaluation = road.open_study()
    road.write(evaluation, "It is written [[E-0301-02-01]].", road.items[0])
    last_day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    issued = road.json(
        "share", "issue", evaluation, "--expires", last_day, "--for", "Ana", "--for", "Bo", "--as", EMAIL
    )
    assert set(issued) >= {"url", "passcodes", "expires"}
    assert [one["name"] for one in issued["passcodes"]] == ["Ana", "Bo"]
    backends = build_backends(load_settings({"EVIDENCE_HOME": str(road.folder / "home")}))
    try:
        visitor = create_app(backends).test_client()
        door = visitor.get(issued["url"].partition("8080")[2]).headers["Location"]
        token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(door).text)
        assert token
        data = {"passcode": issued["passcodes"][1]["passcode"], "csrf_token": token[1]}
        room = visitor.post(door, data=data).headers["Location"]
        assert "It is written" in visitor.get(f"{room}part/P_0301_02").text
    finally:
        backends.close()
    listed = road.json("share", "list", "--as", EMAIL)["shares"]
    mine = next(one for one in listed if one["share"] == issued["share"])
    assert (mine["state"], mine["visits"]) == ("open", 2)
    in_words = day_in_words(date.fromisoformat(last_day), "en")
    assert f"last day {in_words}" in road.run("share", "list", "--as", EMAIL).output
    told = road.run("share", "issue", evaluation, "--expires", last_day, "--as", EMAIL).output
    assert f"Open until the end of {in_words}." in told
    assert "because EVIDENCE_BASE_URL is not set" in told
    road.json("share", "revoke", issued["share"], "--as", EMAIL)
    listed = road.json("share", "list", "--as", EMAIL)["shares"]
    assert next(one for one in listed if one["share"] == issued["share"])["state"] == "revoked"


def test_after_a_restore_every_share_is_ended_in_one_command(road: Road) -> None:
    evaluation = road.open_study()
    road.write(evaluation, "It is written.")
    live = road.json("share", "issue", evaluation, "--for", "Ana", "--as", EMAIL)["share"]
    assert road.json("after-restore")["shares"] >= 1
    states = {one["share"]: one["state"] for one in road.json("share", "list", "--as", EMAIL)["shares"]}
    assert states[live] == "revoked"
    assert "open" not in states.values()
    assert road.json("after-restore") == {"shares": 0, "sign_ins": 0, "links": 0, "calendars": 0, "erased_again": 0}


def test_what_cannot_be_done_is_one_object_with_code_and_message_and_exit_code_two(road: Road) -> None:
    evaluation = road.open_study()
    far = (datetime.now(UTC) + timedelta(days=400)).date().isoformat()
    refused = [
        road.json("compile", "nothing", "--out", str(road.folder / "x.docx"), "--as", EMAIL, code=2),
        road.json("compile", evaluation, "--out", str(road.folder / "no" / "x.docx"), "--as", EMAIL, code=2),
        road.json("compile", evaluation, "--out", str(road.folder / "x.docx"), "--as", "nobody@x.example", code=2),
        road.json("share", "issue", evaluation, "--expires", far, "--as", EMAIL, code=2),
        road.write(evaluation, "x", "no-such-item", code=2),
    ]
    assert [answer["error"]["code"] for answer in refused] == [
        "not_found",
        "invalid",
        "not_found",
        "invalid",
        "not_found",
    ]
    assert all(len(answer["error"]["message"]) > 20 for answer in refused)
    assert not (road.folder / "x.docx").exists()


def test_a_citation_that_cannot_be_made_takes_the_words_with_it(road: Road) -> None:
    evaluation = road.open_study()
    road.write(evaluation, "As it was.", road.items[0])
    road.write(evaluation, "Half written.", "no-such-item", code=2)
    _, document = road.compile(evaluation, "html", "whole.html")
    assert b"As it was." in document
    assert b"Half written." not in document


def test_links_say_what_decides_their_beginning_only_where_nobody_said_it(tmp_path: Path) -> None:
    settings = load_settings({"EVIDENCE_HOME": str(tmp_path / "home")}, create_home=True)
    assert "http://127.0.0.1:8080" in address_note(settings)
    assert address_note(replace(settings, base_url="https://evidence.school.org")) == ""
