"""R01 for a drive of two parts: its worker is killed at any moment, again and again; all comes in, and nothing twice,
with what the export wrote beside it in the other part, and with what was put right of a folder.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.database import new_id
from evidence_app.domain import intake
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.intake import DriveState
from evidence_app.worker import run_until_done
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.reliability.conftest import Rounds
from tests.reliability.installation import PATIENCE_SECONDS, Installation, findings, teacher
from tests.reliability.uploading import Document, make_document


@pytest.mark.reliability
def test_a_drive_whose_worker_is_killed_comes_in_once(
    installation: Installation, rounds: Rounds, seeded: Random
) -> None:
    documents = [make_document(seeded, largest_bytes=100_000) for _ in range(90)]
    drive_id = hand_in(installation, documents)
    for _ in rounds(3):
        kill_worker(installation, seconds=seeded.uniform(1.2, 2.2))
        start_if_planned(installation, drive_id)
    come_to_the_end(installation, drive_id)
    look(installation, documents, drive_id)


@pytest.mark.soak
def test_drives_whose_worker_is_killed_again_and_again_come_in_once(
    installation: Installation, rounds: Rounds, seeded: Random
) -> None:
    documents: list[Document] = []
    for _ in rounds(20):
        batch = [make_document(seeded, largest_bytes=1_000_000) for _ in range(150)]
        documents += batch
        drive_id = hand_in(installation, batch)
        for _ in range(6):
            kill_worker(installation, seconds=seeded.uniform(1, 5))
            start_if_planned(installation, drive_id)
            with installation.opened() as backends:
                assert findings(backends) == []
        come_to_the_end(installation, drive_id)
    look(installation, documents, drive_id)


def hand_in(installation: Installation, documents: list[Document]) -> str:
    """The id of a drive that holds the documents, a few in each folder, with notes about each in its second part."""
    folders = ("0301-02 Inclusion/2024-25", "0402-01", "To sort")
    files = {f"{folders[n % 3]}/{one.name}": one.content for n, one in enumerate(documents)}
    notes = {f"{path}.json": json.dumps({"description": about(path)}).encode() for path in files}
    together = new_id()
    with installation.opened() as backends:
        for name, content in (("1.zip", zip_bytes(files)), ("2.zip", zip_bytes(notes))):
            file = intake.store_file(
                backends.blobs,
                actor=teacher(backends),
                stream=io.BytesIO(content),
                name=name,
                max_bytes=len(content),
                size_bytes=len(content),
            )
            with backends.database.unit_of_work() as session:
                drive = intake.begin_drive(session, actor=teacher(backends), file=file, together=together, parts=2)
    return drive.id


def about(path: str) -> str:
    """What the export says of a document."""
    return f"About {path.rpartition('/')[2]}"


def kill_worker(installation: Installation, *, seconds: float) -> None:
    process = installation.begin("worker")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)


def start_if_planned(installation: Installation, drive_id: str) -> None:
    with installation.opened() as backends:
        if state_of(backends, drive_id) is DriveState.PLANNED:
            with backends.database.unit_of_work() as session:
                said = intake.Named(school_year="2021-22")
                intake.say_of_folder(session, actor=teacher(backends), drive_id=drive_id, folder="To sort", named=said)
                intake.start_drive(session, actor=teacher(backends), drive_id=drive_id, visibility="staff")


def come_to_the_end(installation: Installation, drive_id: str) -> None:
    """A worker that nobody kills does what is left."""
    with installation.opened() as backends:
        run_until_done(backends, lambda: state_of(backends, drive_id) is not DriveState.LOOKING, patience_seconds=120)
    start_if_planned(installation, drive_id)
    with installation.opened() as backends:
        run_until_done(backends, lambda: state_of(backends, drive_id) is DriveState.DONE, patience_seconds=600)


def state_of(backends: Backends, drive_id: str) -> DriveState:
    with backends.database.reading() as session:
        return intake.drive_of(session, teacher(backends), drive_id).state_now


def look(installation: Installation, documents: list[Document], drive_id: str) -> None:
    """Every document is one item with its bytes, and nothing is wrong with the installation."""
    with installation.opened() as backends:
        with backends.database.reading() as session:
            filed = {version.file_name: version.sha256 for version in session.scalars(select(Version))}
            items = list(session.scalars(select(Item)))
            counted = Counter(session.scalars(select(Version.file_name)))
            drive = intake.drive_of(session, teacher(backends), drive_id)
            progress = intake.progress_of(session, drive)
        assert counted == Counter(document.name for document in documents)
        assert filed == {document.name: document.sha256 for document in documents}
        assert {item.description for item in items} == {about(document.name) for document in documents}
        assert {item.school_year for item in items if item.folder == "To sort"} == {"2021-22"}
        assert progress.done == progress.files
        assert findings(backends) == []
