"""R01 for `evidence import`: killed at any moment and run again, it loses nothing and files nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain.evidence import Version
from tests.reliability.conftest import Rounds
from tests.reliability.installation import (
    PATIENCE_SECONDS,
    TEACHER,
    Installation,
    findings,
    ids_found,
    teacher,
    wait_until,
)
from tests.reliability.uploading import Document, make_document


@pytest.mark.reliability
def test_an_import_killed_twice_is_finished_by_the_third(
    installation: Installation, rounds: Rounds, seeded: Random, tmp_path: Path
) -> None:
    documents = write_folder(tmp_path / "folder", seeded, 10)
    for _ in rounds(2):
        kill_import(installation, tmp_path / "folder", latest_kill_seconds=seeded.uniform(1, 4))
    import_rest(installation, tmp_path / "folder")
    look(installation, documents)


@pytest.mark.soak
def test_an_import_killed_again_and_again_gets_done(
    installation: Installation, rounds: Rounds, seeded: Random, tmp_path: Path
) -> None:
    documents: list[Document] = []
    for number in rounds(50):
        documents += write_folder(tmp_path / "folder" / str(number), seeded, 100)
        kill_import(installation, tmp_path / "folder", latest_kill_seconds=seeded.uniform(0, 10))
        with installation.opened() as backends:
            assert findings(backends) == []
    import_rest(installation, tmp_path / "folder")
    look(installation, documents)


def write_folder(folder: Path, random: Random, count: int) -> list[Document]:
    folder.mkdir(parents=True)
    documents = [make_document(random, largest_bytes=1_000_000) for _ in range(count)]
    for document in documents:
        (folder / document.name).write_bytes(document.content)
    return documents


def kill_import(installation: Installation, folder: Path, *, latest_kill_seconds: float) -> None:
    """Start an import and kill it and its children after so long, unless it is done before."""
    process = installation.begin("import", str(folder), "--as", TEACHER)
    try:
        process.wait(latest_kill_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)


def import_rest(installation: Installation, folder: Path) -> None:
    """The import that nobody kills says of every file which item it is."""
    done = installation.run("import", str(folder), "--as", TEACHER, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert answer["found"] == len(files) == answer["added"] + answer["duplicates"]
    assert {entry["path"] for entry in answer["items"]} == {str(path.relative_to(folder)) for path in files}


def look(installation: Installation, documents: list[Document]) -> None:
    with installation.opened() as backends:
        with backends.database.reading() as session:
            filed = {version.file_name: version for version in session.scalars(select(Version))}
            counted = Counter(session.scalars(select(Version.file_name)))
        assert counted == Counter(document.name for document in documents)
        assert {name: version.sha256 for name, version in filed.items()} == {d.name: d.sha256 for d in documents}
        for document in documents:
            wait_until(partial(is_found, backends, document, filed[document.name].item_id), f"{document.name} is found")
        assert findings(backends) == []


def is_found(backends: Backends, document: Document, item_id: str) -> bool:
    return ids_found(backends, teacher(backends), document.word) == [item_id]
