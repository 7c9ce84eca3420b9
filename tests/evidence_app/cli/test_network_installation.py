"""The whole way of a document on a network's backends: PostgreSQL, S3 and PostgreSQL's own search."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(postgres_url: str, s3_url: str, tmp_path: Path) -> Call:
    """Runs a command of an installation on these backends, in a process of its own, and gives its JSON."""
    environment = {
        **os.environ,
        "EVIDENCE_HOME": str(tmp_path / "home"),
        "EVIDENCE_DATABASE_URL": postgres_url.replace("postgresql+psycopg://", "postgresql://"),
        "EVIDENCE_STORAGE_URL": s3_url,
        "EVIDENCE_READERS": "1",
    }

    def run(*words: str, json_wanted: bool = True) -> dict[str, Any]:
        command = [sys.executable, "-m", "evidence_app.cli", *words, *(["--json"] if json_wanted else [])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, f"{words}: {done.stdout} {done.stderr[-3000:]}"
        return json.loads(done.stdout) if json_wanted else {}

    return run


@pytest.mark.postgres
@pytest.mark.s3
def test_a_document_is_filed_found_tagged_and_whole(call: Call, tmp_path: Path) -> None:
    call("init", json_wanted=False)
    call("init", json_wanted=False)
    for key in ("alder", "birch"):
        call("school", "add", key, key.title(), "--programmes", "PYP,DP", "--language", "en")
        call("person", "add", f"c@{key}.example", "--school", key, "--role", "coordinator")
    folder = tmp_path / "documents" / "0301-02 Inclusion"
    folder.mkdir(parents=True)
    (folder / "Inclusion policy.md").write_text(
        "# Inclusion policy\n\nHow we take barriers away, term by term: zanzibar.\n"
    )
    (folder / "Bus.txt").write_text("The bus leaves at eight.\n")
    brought = call("import", str(tmp_path / "documents"), "--as", "c@alder.example")
    assert (brought["found"], brought["added"], brought["refused"]) == (2, 2, [])
    found = call("search", "barrier zanzibar", "--as", "c@alder.example")
    (hit,) = found["hits"]
    assert hit["title"] == "Inclusion policy"
    assert call("search", "zanzibar", "--as", "c@birch.example")["total"] == 0
    tag = call("tag", hit["item"], "0301-02", "--as", "c@alder.example", "--note", "it says how", "--accept")
    assert tag["state"] == "accepted"
    again = call("import", str(tmp_path / "documents"), "--as", "c@alder.example")
    assert (again["added"], again["duplicates"]) == (0, 2)
    assert call("search", "node:0301-02", "--as", "c@alder.example")["total"] == 1
    verdict = call("verify")
    assert verdict["clean"], verdict["findings"]
    assert verdict["counts"]["indexed_items"] == 2
