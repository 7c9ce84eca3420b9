"""An upload whose bytes or rows fail (R06), versions that are only ever added (R16), and hostile names (R28, S24)."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from evidence_app.backends import Backends
from evidence_app.domain import accounts, search, upkeep
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Version
from evidence_app.web.form_parser import MOST_FILES
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.tools import Tools
from storage_adapters import StoreFull, StoreUnavailable, open_store
from tests.evidence_app.pages.conftest import Browser, FileItem, Kept, as_sent
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("\x00\x01\x1f\x7f\x85\u200b\u202e\u2066\ufeff\ufffe/\\:*?\"<>|;%'`$&\r\n\t. ~-e\u0301é")),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=120,
)
NAMES = (
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/shadow",
    "C:\\CON",
    "NUL.txt",
    "a" * 255 + ".txt",
    "trailing. ",
)
_quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def send(browser: Browser, content: bytes, *, name: str = "plan.txt", key: str = "") -> TestResponse:
    return browser.post(
        "/alder-bay/evidence/new/files",
        data={"files": (io.BytesIO(content), name)},
        headers={"HX-Request": "true", "Idempotency-Key": key or os.urandom(8).hex()},
    )


def count(backends: Backends, model: type[Any] = Version) -> int:
    with backends.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_more_files_than_one_form_takes_are_refused_with_what_to_do(client_for: Open, world: World) -> None:
    files = [("a.txt", b"x")] * (MOST_FILES + 1)
    answer = client_for(world.teacher).post("/alder-bay/evidence/new/files", **as_sent(*files))
    assert answer.status_code == 413
    assert "Send less of it at a time." in answer.text


@contextmanager
def commits_fail(backends: Backends) -> Iterator[None]:
    """The database takes everything and then cannot commit it, as when its disk fills up at that moment."""

    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(backends.database.engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(backends.database.engine, "commit", fail)


@pytest.mark.parametrize("runs", [2, pytest.param(200, marks=pytest.mark.soak)])
def test_bytes_without_rows_are_told_and_never_taken_away(
    client_for: Open, world: World, backends: Backends, runs: int
) -> None:
    teacher = client_for(world.teacher)
    send(teacher, b"an upload before all trouble")
    before = count(backends)
    for n in range(runs):
        with commits_fail(backends):
            refused = send(teacher, b"document %d" % n, key=f"key {n}")
        assert refused.status_code == 503
        assert "Nothing was changed" in refused.text
        assert count(backends) == before
    with Tools(backends) as tools:
        Housekeeping(tools).do_what_is_due()
    verdict = upkeep.verify(backends.database, backends.blobs, backends.index)
    assert [finding for finding in verdict.findings if finding.kind == "blob"] == []
    assert len(verdict.unreferenced) == runs
    # The same sent again under the same key is one document, and its bytes are named from then on.
    for n in range(runs):
        assert send(teacher, b"document %d" % n, key=f"key {n}").status_code == 200
    assert count(backends) == before + runs
    assert upkeep.verify(backends.database, backends.blobs, backends.index).unreferenced == []


@pytest.mark.parametrize(("trouble", "status"), [(StoreFull, 507), (StoreUnavailable, 503)])
def test_there_is_no_row_without_its_bytes(
    client_for: Open,
    world: World,
    backends: Backends,
    filed: FileItem,
    monkeypatch: pytest.MonkeyPatch,
    trouble: type[Exception],
    status: int,
) -> None:
    item, teacher = filed(), client_for(world.teacher)
    before = count(backends), count(backends, Item)

    def fail(*_: object) -> None:
        raise trouble("the disk")

    with monkeypatch.context() as patch:
        patch.setattr(backends.blobs, "_put_checked", fail)
        patch.setattr(backends.blobs, "_adopt_checked", fail)
        acts = {
            "upload": lambda: send(teacher, b"another"),
            "new version": lambda: teacher.post(
                f"/alder-bay/evidence/{item.id}/versions/new", data={"files": (io.BytesIO(b"new"), "plan.txt")}
            ),
            "note": lambda: teacher.post(
                "/alder-bay/evidence/new/note", data={"title": "A note", "text": "words", "form_key": "k"}
            ),
            "link": lambda: teacher.post(
                "/alder-bay/evidence/new/link", data={"title": "A link", "url": "https://a.example", "form_key": "l"}
            ),
        }
        for act, do in acts.items():
            assert do().status_code == status, act
    assert (count(backends), count(backends, Item)) == before
    assert send(teacher, b"another").status_code == 200


def test_versions_are_only_added_and_every_one_keeps_its_bytes(
    client_for: Open, world: World, backends: Backends, filed: FileItem
) -> None:
    """R16: new versions, the bin and back, the same name filed again: nothing that was there is replaced."""
    item, teacher = filed("plan.txt", b"first"), client_for(world.teacher)
    kept: dict[str, bytes] = {}

    def look(newest: bytes) -> None:
        with backends.database.reading() as session:
            found = {version.id: version for version in session.scalars(select(Version))}
        assert kept.keys() <= found.keys()
        for version_id in found.keys() - kept.keys():
            kept[version_id] = newest
        for version_id, content in kept.items():
            address = f"/alder-bay/evidence/{found[version_id].item_id}/versions/{version_id}/file"
            answer = teacher.get(address)
            assert (answer.status_code, answer.data) == (200, content)

    look(b"first")
    for content in (b"second", b"third"):
        data = {"files": (io.BytesIO(content), "plan.txt")}
        assert teacher.post(f"/alder-bay/evidence/{item.id}/versions/new", data=data).status_code == 302
        look(content)
    first = min(kept)
    assert teacher.post(f"/alder-bay/evidence/{item.id}/versions/{first}/bring-back").status_code == 302
    look(b"first")
    assert teacher.post(f"/alder-bay/evidence/{item.id}/withdraw").status_code == 302
    look(b"")
    send(teacher, b"the same name", name="plan.txt")
    look(b"the same name")
    assert teacher.post("/alder-bay/evidence/restore", data={"items": [item.id]}).status_code == 302
    look(b"")
    assert len(kept) == 5


class Watched:
    """What this process opened for writing while `is_on`; Python never lets go of a hook once it was added."""

    is_on = False
    paths: ClassVar[list[str]] = []


def _note(name: str, arguments: tuple[Any, ...]) -> None:
    if Watched.is_on and name == "open" and isinstance(arguments[0], str | bytes) and arguments[2]:
        writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        if isinstance(arguments[2], int) and arguments[2] & writes:
            Watched.paths.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@pytest.fixture
def on_disk(backends: Backends, tmp_path: Path) -> Backends:
    """The backends, with a store in a folder."""
    return replace(backends, blobs=open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0"))


@pytest.mark.parametrize("examples", [6, pytest.param(1000, marks=pytest.mark.soak)])
def test_whatever_a_file_is_called_it_is_kept_by_its_hash_and_comes_back(
    app: Flask, kept_apps: list[Kept], on_disk: Backends, world: World, tmp_path: Path, examples: int
) -> None:
    """No part of a name becomes a path, none breaks an answer, and a download has one that every system takes."""
    browser = signed_in(kept_apps[0].over(on_disk).test_client(), on_disk, world.teacher)

    @settings(_quick, max_examples=examples)
    @given(HOSTILE)
    @example(NAMES[0])
    @example(NAMES[1])
    @example(NAMES[2])
    @example(NAMES[3])
    @example(NAMES[4])
    @example(NAMES[5])
    @example(NAMES[6])
    def upload(name: str) -> None:
        content = os.urandom(8)
        Watched.is_on = True
        answer = send(browser, content, name=name)
        Watched.is_on = False
        assert answer.status_code in (200, 400, 422), (name, answer.text[:300])
        if answer.status_code != 200:
            return
        with on_disk.database.reading() as session:
            version = session.scalars(select(Version).order_by(Version.added_at.desc(), Version.id.desc())).first()
        assert version is not None
        assert not set(version.file_name) & set("/\\\x00\r\n\u202e")
        file = browser.get(f"/alder-bay/evidence/{version.item_id}/versions/{version.id}/file?download=1")
        assert (file.status_code, file.data) == (200, content)
        assert browser.get(f"/alder-bay/evidence/{version.item_id}").status_code == 200

    Watched.paths.clear()
    upload()
    store = str(tmp_path / "blobs")
    kept = [path for path in Path(store).rglob("*") if path.is_file()]
    assert kept
    assert all(len(path.name) == 64 and path.name.startswith(path.parent.parent.name) for path in kept)
    ours = (str(tmp_path), "/dev/null", "/proc/")
    assert Watched.paths
    assert [path for path in Watched.paths if not str(Path(path).resolve()).startswith(ours)] == []


def signed_in(browser: Any, backends: Backends, actor: Actor) -> Browser:
    with backends.database.unit_of_work() as session:
        token = accounts.open_session(session, person_id=actor.person_id, browser="test")
    browser.set_cookie("evidence", token)
    assert isinstance(browser, Browser)
    return browser


def test_composed_and_decomposed_names_find_each_other(
    client_for: Open, world: World, backends: Backends, work: Callable[[], None]
) -> None:
    teacher = client_for(world.teacher)
    for each in ("NFC", "NFD"):
        send(teacher, each.encode(), name=unicodedata.normalize(each, f"Évaluation sommative {each}.txt"))
    work()
    with backends.database.reading() as session:
        for form in ("NFC", "NFD"):
            words = unicodedata.normalize(form, "évaluation")
            page = search.find(session, backends.index(world.school.id), world.teacher, words)
            assert {hit.item.title for hit in page.hits} == {"Évaluation sommative NFC", "Évaluation sommative NFD"}
