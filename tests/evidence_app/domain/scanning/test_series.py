"""What is known of several files in one item: the worst of them, and that it waits where one was not seen."""

from __future__ import annotations

import hashlib

import pytest

from evidence_app.database import now
from evidence_app.domain import evidence
from evidence_app.domain.evidence import PartFile, Version
from evidence_app.domain.scanning import Scan, ScanState, Verdict, verdict_of_parts
from storage_adapters import Blob
from tests.fixtures import World


@pytest.fixture
def series(world: World) -> Version:
    """Two photographs in one item."""
    parts = [PartFile(sha256=one * 64, size_bytes=9, media_type="image/png", file_name=f"{one}.png") for one in "ab"]
    listed = evidence.list_of(parts)
    blob = Blob(hashlib.sha256(listed).hexdigest(), len(listed))
    with world.database.unit_of_work() as session:
        item = evidence.add_series(session, actor=world.teacher, blob=blob, parts=parts)
        session.flush()
        return evidence.current_version(session, item)


@pytest.mark.parametrize(
    ("of_parts", "of_all"),
    [
        ((ScanState.CLEAN, ScanState.CLEAN), ScanState.CLEAN),
        ((ScanState.CLEAN, None), ScanState.WAITING),
        ((ScanState.TOO_LARGE, None), ScanState.WAITING),
        ((ScanState.CLEAN, ScanState.TOO_LARGE), ScanState.TOO_LARGE),
        ((None, ScanState.INFECTED), ScanState.INFECTED),
    ],
)
def test_a_series_is_as_clean_as_the_worst_of_its_files(
    world: World, series: Version, of_parts: tuple[ScanState | None, ...], of_all: ScanState
) -> None:
    with world.database.unit_of_work() as session:
        for part, state in zip(evidence.parts_of(session, series), of_parts, strict=True):
            if state is not None:
                ids = {"school_id": series.school_id, "version_id": part.version.id}
                session.add(Scan(**ids, state=state, threat="Bad" * (state is ScanState.INFECTED), scanned_at=now()))
        session.flush()
        threat = "Bad" if of_all is ScanState.INFECTED else ""
        assert verdict_of_parts(session, series) == Verdict(of_all, threat)
