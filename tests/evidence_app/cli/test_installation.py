"""`evidence init`, `school`, `person`, `catalogue` and `verify`, and how every command says what it could not do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from evidence_app.cli import OUR_PACKAGES
from evidence_app.cli.output import Failing
from tests.evidence_app.cli.conftest import Command, command_for

ROOT = Path(__file__).parents[3]


def test_init_makes_an_installation_and_may_be_repeated(tmp_path: Path) -> None:
    command = command_for(tmp_path / "new" / "home")
    first = command.json("init")
    assert first["home"] == str(tmp_path / "new" / "home")
    assert "/setup/" in first["setup"]
    assert {path.name for path in (tmp_path / "new" / "home").iterdir()} >= {"evidence.db", "secret-key"}
    key = (tmp_path / "new" / "home" / "secret-key").read_text()
    again = command("init")
    assert again.exit_code == 0
    assert "is ready" in again.stdout
    assert (tmp_path / "new" / "home" / "secret-key").read_text() == key


def test_without_an_installation_every_command_says_how_to_make_one(tmp_path: Path) -> None:
    command = command_for(tmp_path / "nowhere")
    error = command.error("search", "plan", "--as", "teacher@alder.example")
    assert "evidence init" in error["message"]
    assert str(tmp_path / "nowhere") in error["message"]
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_database_is_no_installation_yet(tmp_path: Path) -> None:
    command = command_for(tmp_path / "home")
    command.json("init")
    (tmp_path / "home" / "evidence.db").unlink()
    assert "evidence init" in command.error("verify")["message"]


def test_a_school_is_added_once(tmp_path: Path) -> None:
    command = command_for(tmp_path / "home")
    command.json("init")
    add = ("school", "add", "alder", "Alder Bay", "--programmes", "pyp, MYP,DP", "--language", "en")
    assert command.json(*add)["school"] == "alder"
    assert command.error(*add)["code"] in ("invalid", "conflict")
    assert command.json("school", "list") == {
        "schools": [{"key": "alder", "name": "Alder Bay", "programmes": ["PYP", "MYP", "DP"]}]
    }


@pytest.mark.parametrize(
    ("key", "programmes", "language", "said"),
    [
        ("Alder Bay!", "DP", "en", "Alder Bay!"),
        ("alder2", "DP,XYZ", "en", "XYZ"),
        ("alder2", "", "en", "programme"),
        ("alder2", "DP", "de", "de"),
    ],
)
def test_a_school_that_cannot_be_is_refused(
    command: Command, key: str, programmes: str, language: str, said: str
) -> None:
    error = command.error("school", "add", key, "Name", "--programmes", programmes, "--language", language)
    assert said in error["message"]


def test_a_person_chooses_a_password_by_link_or_has_one_typed(command: Command) -> None:
    linked = command.json("person", "add", "linked@alder.example", "--school", "alder", "--role", "teacher")
    assert linked["email"] == "linked@alder.example"
    assert "/invitation/" in linked["invitation"]
    typed = command.json(
        "person", "add", "typed@alder.example", "--school", "alder", "--role", "head", "--password-stdin",
        typed="four words in a row\n",
    )  # fmt: skip
    assert "invitation" not in typed
    weak = command.json(
        "person", "add", "weak@alder.example", "--school", "alder", "--role", "head", "--password-stdin",
        typed="password\n", code=2,
    )  # fmt: skip
    assert weak["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("person", "add", "x@alder.example", "--school", "nowhere", "--role", "teacher"), "not_found"),
        (("person", "add", "x@alder.example", "--school", "alder", "--role", "king"), "usage"),
        (("person", "add", "not an address", "--school", "alder", "--role", "teacher"), "invalid"),
        (("person", "add", "x@alder.example", "--role", "teacher"), "usage"),
        (("catalogue", "show", "ib-psp-1999"), "not_found"),
        (("catalogue", "show", "ib-psp-2020/9999"), "not_found"),
        (("search", "plan", "--as", "nobody@example.org"), "not_found"),
        (("search", "plan", "--as", "both@example.org"), "invalid"),
        (("search", "plan", "--as", "teacher@alder.example", "--school", "birch"), "not_found"),
        (("search", "plan", "--as", "teacher@alder.example", "--limit", "0"), "usage"),
        (("import", "/nowhere/at/all", "--as", "teacher@alder.example"), "usage"),
        (("import", str(ROOT / "docs"), "--as", "reader@alder.example"), "not_allowed"),
        (("read", "/nowhere/at/all.pdf"), "usage"),
        (("read", str(ROOT)), "usage"),
        (("suggest", "/nowhere/at/all.pdf", "--school", "alder"), "usage"),
        (("suggest", str(ROOT / "README.md"), "--school", "nowhere"), "not_found"),
        (("tag", "0" * 26, "ib-psp-2020/0301-02", "--as", "teacher@alder.example"), "not_found"),
        (("no-such-command",), "usage"),
        (("verify", "--no-such-option"), "usage"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_two(
    command: Command, words: tuple[str, ...], code: str
) -> None:
    error = command.error(*words)
    assert error["code"] == code
    assert error["message"].strip()


def test_frameworks_are_listed_and_shown(command: Command) -> None:
    listed = {row["key"]: row for row in command.json("catalogue", "list")["catalogues"]}
    assert {"ib-psp-2020", "ib-programme-development-milestones", "ib-learner-profile"} <= set(listed)
    assert listed["ib-psp-2020"]["nodes"] > 100
    shown = command.json("catalogue", "show", "ib-psp-2020/0301", "--language", "fr")
    keys = [node["key"] for node in shown["nodes"]]
    assert keys[0] == "ib-psp-2020/0301"
    assert "ib-psp-2020/0301-02" in keys
    assert all(node["label"] for node in shown["nodes"])
    assert "0301-02" in command("catalogue", "show", "ib-psp-2020").stdout


def test_an_error_nobody_foresaw_is_told_too() -> None:
    @click.group(cls=Failing)
    def group() -> None: ...

    @group.command()
    @click.option("--json", "as_json", is_flag=True)
    def divide(as_json: bool) -> None:
        raise ZeroDivisionError("by nothing")

    result = CliRunner().invoke(group, ["divide", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["code"] == "unexpected"
    assert "by nothing" in CliRunner().invoke(group, ["divide"]).stderr


@pytest.mark.parametrize("name", [name for name in OUR_PACKAGES if name != "evidence_app"])
def test_a_package_that_shadows_one_of_ours_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("somebody = 'else'\n")
    run = subprocess.run(
        [sys.executable, "-c", "from evidence_app.cli import main; main()"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert f"the package '{name}' at {tmp_path / name} is not ours" in run.stderr
    assert "environment of its own" in run.stderr


def test_verify_tells_by_its_exit_code_what_it_found_and_repair_mends_it(tmp_path: Path) -> None:
    command = command_for(tmp_path / "home")
    command.json("init")
    command.json("school", "add", "alder", "Alder Bay", "--programmes", "DP", "--language", "en")
    command.json("person", "add", "teacher@alder.example", "--school", "alder", "--role", "teacher")
    (tmp_path / "plan.txt").write_text("A plan.")
    item = command.json("import", tmp_path / "plan.txt", "--as", "teacher@alder.example")["items"][0]["item"]

    clean = command.json("verify")
    assert clean["clean"]
    assert clean["findings"] == clean["unreadable"] == clean["unreferenced"] == []
    assert clean["counts"]["blobs"] == clean["counts"]["referenced_blobs"] > 0
    assert command("verify").stdout.startswith("Clean: ")

    [blob] = [path for path in (tmp_path / "home" / "blobs").rglob("*") if path.is_file() and path.stat().st_size == 7]
    blob.write_bytes(b"A plan?")
    [finding] = command.json("verify", code=1)["findings"]
    assert finding["kind"] == "blob"
    assert finding["school"] == "alder"
    assert blob.name in finding["subject"]
    assert blob.name in command("verify").stdout

    told = command.json("repair", code=1)
    assert [one["remedy"] for one in told["repairs"]] == ["nothing can be done here"]
    backup = tmp_path / "backup" / blob.relative_to(tmp_path / "home" / "blobs")
    backup.parent.mkdir(parents=True)
    backup.write_bytes(b"A plan.")
    source = (tmp_path / "backup").as_uri()
    assert "Nothing was changed" in command("repair", "--from", source).stdout
    assert blob.read_bytes() == b"A plan?"
    assert command.json("repair", "--from", source, "--apply")["left"] == 0
    assert blob.read_bytes() == b"A plan."
    assert command("repair").stdout == "Nothing is damaged.\n"
    assert command.json("verify")["clean"]

    folder = blob.parents[1]
    blob.unlink()
    blob.parent.rmdir()
    folder.rmdir()
    folder.write_bytes(b"no folder")
    unread = command.json("verify", code=2)
    assert unread["error"]["code"] == "unreadable"
    assert unread["unreadable"]
    assert item
