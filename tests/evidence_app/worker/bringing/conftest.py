"""A teacher who hands in drives, and a worker that lets go of them at once."""

from __future__ import annotations

import io

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import intake
from evidence_app.domain.access import Actor
from evidence_app.domain.intake import Drive, drives
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.worker.bringing.drive import FILES, Begin
from tests.fixtures import World


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over lets go of its ZIP at once."""
    monkeypatch.setattr(drives, "LET_GO_AFTER_SECONDS", 0)
    monkeypatch.setattr(intake, "LET_GO_AFTER_SECONDS", 0)


@pytest.fixture
def begin(world: World, backends: Backends) -> Begin:
    """Hands in a ZIP as the teacher, unless told otherwise."""

    def hand_in(content: bytes = zip_bytes(FILES), *, actor: Actor | None = None, name: str = "drive.zip") -> Drive:
        who = actor or world.teacher
        file = intake.store_file(
            backends.blobs, actor=who, stream=io.BytesIO(content), name=name, max_bytes=10**6, size_bytes=len(content)
        )
        with world.database.unit_of_work() as session:
            return intake.begin_drive(session, actor=who, file=file)

    return hand_in
