"""R02, R05, R07: an act is killed before each system call that changes the disk; each of them fails, or has no room."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from evidence_app.backends import Backends
from evidence_app.domain import intake
from evidence_app.domain.evidence import Item, Version, Visibility
from evidence_app.errors import AppError, Invalid, NotFound
from tests.reliability.installation import ROOT, Installation, findings, teacher
from tests.reliability.striking import ACTS, CONTENT, KINDS, STRIKES_AT, upload
from tests.storage_adapters.tracing import needs_strace

STRIKES = {"kill": "signal=SIGKILL", "fail": "error=EIO", "have no room": "error=ENOSPC"}
ALREADY_DONE: dict[str, tuple[type[AppError], ...]] = {
    "upload": (),
    "upload in pieces": (),
    "replace": (Invalid,),
    "withdraw": (NotFound,),
}

pytestmark = needs_strace


@pytest.mark.reliability
def test_an_upload_killed_before_any_flush_is_whole_or_was_never_acknowledged(tmp_path: Path) -> None:
    """At those by which bytes and rows become durable; `make soak` takes all kinds of calls, and other acts."""
    strike_everywhere(tmp_path, "upload", "kill", ("fsync", "link", "fdatasync"))


@pytest.mark.reliability
def test_an_upload_in_pieces_killed_before_it_is_linked_or_told_goes_on(tmp_path: Path) -> None:
    strike_everywhere(tmp_path, "upload in pieces", "kill", ("link", "rename"))


@pytest.mark.soak
@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_struck_at_any_call_is_whole_or_was_never_acknowledged(tmp_path: Path, act: str, strike: str) -> None:
    strike_everywhere(tmp_path, act, strike, KINDS)


def strike_everywhere(folder: Path, act: str, strike: str, kinds: Sequence[str]) -> None:
    """Strike at every call of an act in turn, each time in an installation of its own, and look at them all."""
    prepare(folder / "template", has_item=not act.startswith("upload"))
    calls = ",".join(f"?{kind}" for kind in kinds)
    command = ["strace", "-f", "-o", str(folder / "trace"), "-e", f"trace={calls}"]
    command += ["-e", f"inject={calls}:{STRIKES[strike]}:when={STRIKES_AT}"]
    command += [sys.executable, "-m", "tests.reliability.striking", str(folder), act, strike, *kinds]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    struck = [path.parent for path in folder.glob("*/acknowledged")]
    acknowledged = [look(home, act) for home in struck]
    # Some strikes come before anything is kept, and for each kind one after the answer.
    assert len(struck) > 2 * len(kinds)
    assert len(kinds) <= acknowledged.count(True) < len(struck)


def prepare(home: Path, *, has_item: bool) -> None:
    installation = Installation(home)
    installation.create()
    if has_item:
        with installation.opened() as backends:
            item_id = upload(backends, teacher(backends))
            blob = backends.blobs.put(teacher(backends).school_id, [b"the first version"])
            with backends.database.unit_of_work() as session:
                version = session.scalars(select(Version).where(Version.item_id == item_id)).one()
                version.sha256, version.size_bytes = blob.sha256, blob.size_bytes


def look(home: Path, act: str) -> bool:
    """Whether the act was acknowledged. If so it holds; if not, it is done now, once; nothing half is left."""
    acknowledged = (home / "acknowledged").read_text()
    with Installation(home).opened() as backends:
        if acknowledged:
            assert_done(backends, act, acknowledged)
        assert findings(backends) == []
        try:
            again = ACTS[act](backends, teacher(backends))
        except ALREADY_DONE[act]:
            # "This is the version that is there now", or it is in the bin: it was kept before the answer was lost.
            again = acknowledged
        assert again == acknowledged or not acknowledged
        assert_done(backends, act, again)
        backends.blobs.sweep_temporary(older_than_seconds=0)
        assert not list((home / "blobs").glob(".tmp/*"))
        intake.Pieces(backends.blobs, home).sweep(older_than_seconds=0)
        assert not list((home / "blobs").glob(".incoming/*-*"))
    return bool(acknowledged)


def assert_done(backends: Backends, act: str, item_id: str) -> None:
    """The act has been done exactly once, to this item if one is named."""
    school_id = teacher(backends).school_id
    with backends.database.reading() as session:
        item = session.scalars(select(Item)).one()
        versions = session.scalar(select(func.count()).select_from(Version))
        newest = session.get_one(Version, (school_id, item.current_version_id))
    assert item_id in ("", item.id)
    assert item.visibility == Visibility.PRIVATE, "killed before it was saved, it is its owner's alone"
    assert versions == (2 if act == "replace" else 1)
    assert (item.withdrawn_at is not None) == (act == "withdraw")
    if act != "withdraw":
        assert backends.blobs.read_verified(school_id, newest.sha256, max_bytes=10_000) == CONTENT
