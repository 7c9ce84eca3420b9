"""An installation with two schools and their people, made and asked by the command line alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evidence_app.cli.commands import cli

PEOPLE = {
    "coordinator@alder.example": ("alder", "coordinator"),
    "teacher@alder.example": ("alder", "teacher"),
    "reader@alder.example": ("alder", "reader"),
    "both@example.org": ("alder", "teacher"),
}


@dataclass(frozen=True)
class Command:
    """`evidence`, run in this process."""

    environment: Mapping[str, str]

    def __call__(self, *words: object, typed: str | None = None) -> Result:
        """What it says to these words."""
        return CliRunner(env=self.environment).invoke(cli, [str(word) for word in words], input=typed)

    def json(self, *words: object, code: int = 0, typed: str | None = None) -> dict[str, Any]:
        """The one object it prints with --json, having ended with `code`."""
        result = self(*words, "--json", typed=typed)
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def error(self, *words: object) -> dict[str, str]:
        """The error it prints with --json; without it the same sentence is on standard error, and nothing else."""
        answer = self.json(*words, code=2)
        assert set(answer) == {"error"}
        assert set(answer["error"]) == {"code", "message"}
        plain = self(*words)
        assert plain.exit_code == 2
        assert plain.stdout == ""
        assert answer["error"]["message"] in plain.stderr
        assert "Traceback" not in plain.stderr
        error: dict[str, str] = answer["error"]
        return error


def command_for(home: Path, **settings: str) -> Command:
    """`evidence` for an installation in `home`."""
    store = f"{(home / 'blobs').as_uri()}?reserve_mib=0"
    return Command({"EVIDENCE_HOME": str(home), "EVIDENCE_READERS": "1", "EVIDENCE_STORAGE_URL": store} | settings)


@pytest.fixture(scope="package")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """`evidence` for an installation that all tests of this folder share, two schools in it."""
    command = command_for(tmp_path_factory.mktemp("cli") / "home")
    assert command("init").exit_code == 0
    command.json("school", "add", "alder", "Alder Bay", "--programmes", "PYP,MYP,DP", "--language", "en")
    command.json("school", "add", "birch", "Birch Hill", "--programmes", "DP", "--language", "fr")
    for email, (school, role) in PEOPLE.items():
        command.json("person", "add", email, "--school", school, "--role", role)
    command.json("person", "add", "both@example.org", "--school", "birch", "--role", "teacher")
    return command
