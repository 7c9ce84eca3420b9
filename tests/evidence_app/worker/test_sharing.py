"""Preparing a snapshot for its readers: safe to repeat, in small pieces, and only what its shares allow."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence_app.domain import sharing
from evidence_app.domain.jobs import JobKind, enqueue, unfinished_count
from evidence_app.domain.sharing import Issued
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.backends import backends_in
from tests.evidence_app.domain.frozen import Desk, desk
from tests.evidence_app.domain.studies import study

__all__ = ["desk", "study"]

KINDS = (JobKind.PREPARE_SHARE, JobKind.REMAKE_SHARE_INDEX)


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> Callable[[], None]:
    """Does all work that waits, with the desk's database and store."""
    backends = backends_in(tmp_path / "home", desk.world.database, desk.blobs, SEARCH_URL="whoosh:")

    def work_now() -> None:
        with Tools(backends) as tools:
            while work_once(tools):
                pass

    return work_now


def _ready(desk: Desk, issued: Issued) -> sharing.Preparation:
    with desk.study.reading() as session:
        found = sharing.preparation(session, desk.world.school.id, issued.share.snapshot_id)
        assert found is not None
        assert unfinished_count(session, desk.world.school.id, KINDS) == 0
        return found


def test_a_share_that_allows_downloads_gets_a_bundle(desk: Desk, work: Callable[[], None]) -> None:
    desk.cite(desk.file())
    issued = desk.share()
    work()
    ready = _ready(desk, issued)
    assert ready.is_complete
    content = desk.blobs.read_verified(desk.world.school.id, ready.bundle_sha256, max_bytes=10_000_000)
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert any(name.startswith("exhibits/E-0301-02-01") for name in bundle.namelist())


def test_one_that_allows_none_gets_none_until_another_does(desk: Desk, work: Callable[[], None]) -> None:
    issued = desk.share(may_download=False)
    work()
    assert (_ready(desk, issued).is_complete, _ready(desk, issued).bundle_sha256) == (True, "")
    other = desk.share(may_download=True)
    work()
    assert _ready(desk, other).bundle_sha256


def test_preparing_again_changes_nothing(desk: Desk, work: Callable[[], None]) -> None:
    item = desk.file(text="Some words.")
    desk.cite(item)
    issued = desk.share()
    work()
    first = _ready(desk, issued)
    with desk.study.acting() as session:
        for kind in KINDS:
            enqueue(session, kind, desk.world.school.id, issued.share.snapshot_id)
    work()
    again = _ready(desk, issued)
    assert (again.bundle_sha256, again.drawn) == (first.bundle_sha256, first.drawn)
