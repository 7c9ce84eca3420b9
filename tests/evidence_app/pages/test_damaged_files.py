"""Bytes that are not what was filed (R09): never given out as a success, and told to whoever can do something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain import evidence, upkeep
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import Person
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.web import serving
from storage_adapters import BlobDamaged, StoreUnavailable
from storage_adapters.memory import MemoryStore
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
CONTENT = b"A plan for Grade 4. " * 40_000


def damage(backends: Backends, item: Item, change: Callable[[bytes], bytes | None]) -> str:
    """The address of the item's file, whose bytes were changed or, for None, lost."""
    store = backends.blobs
    assert isinstance(store, MemoryStore)
    with backends.database.reading() as session:
        version = evidence.current_version(session, item)
    name = f"{item.school_id}/{version.sha256[:2]}/{version.sha256[2:4]}/{version.sha256}"
    changed = change(store._blobs.pop(name)[0])
    if changed is not None:
        store._blobs[name] = (changed, datetime.now(UTC))
    return f"/alder-bay/evidence/{item.id}/versions/{version.id}/file"


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


WRONG: dict[str, Callable[[bytes], bytes | None]] = {
    "one bit": flipped,
    "cut off": lambda content: content[:1000],
    "another file's": lambda _: b"The bytes of another file.",
    "lost": lambda _: None,
}


@pytest.mark.parametrize(
    "wrong",
    ["one bit", "lost", *(pytest.param(each, marks=pytest.mark.soak) for each in ("cut off", "another file's"))],
)
def test_wrong_bytes_are_refused_and_the_coordinator_reads_which_document(
    client_for: Open, world: World, backends: Backends, filed: FileItem, wrong: str
) -> None:
    item = filed("plan.txt", CONTENT, title="Plan of the fourth grade")
    address = damage(backends, item, WRONG[wrong])
    coordinator = client_for(world.coordinator)
    assert "Plan of the fourth grade" in (home := coordinator.get("/alder-bay/").text)
    assert "not as it was filed" not in home

    for headers in ({}, {"Range": "bytes=0-99"}):
        refused = client_for(world.reader).get(address, headers=headers)
        assert refused.status_code == 503
        assert CONTENT[:20] not in refused.data
        assert "not as it was filed" in refused.text

    home = coordinator.get("/alder-bay/").text
    assert "1 file is not as it was filed" in home
    assert home.count("Plan of the fourth grade") == 2
    assert "This file is not as it was filed" in client_for(world.teacher).get(f"/alder-bay/evidence/{item.id}").text
    health = client_for(world.administrator).get("/alder-bay/admin/health").text
    assert "Plan of the fourth grade" in health
    assert "run 'evidence verify'" in client_for(operator(backends)).get("/installation").text


def operator(backends: Backends) -> Actor:
    with backends.database.reading() as session:
        person = session.scalars(select(Person).where(Person.runs_installation)).one()
    return Actor(person_id=person.id, school_id="", role=Role.NOBODY)


def test_a_large_file_breaks_off_before_its_end_and_no_part_is_given_once_that_is_known(
    client_for: Open, world: World, backends: Backends, filed: FileItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "CHECKED_WHOLE_BYTES", 1000)
    item = filed("film.bin", CONTENT)
    address = damage(backends, item, flipped)
    answer = client_for(world.teacher).get(address, buffered=False)
    arrived: list[bytes] = []
    with pytest.raises(BlobDamaged):
        arrived.extend(answer.iter_encoded())
    assert sum(map(len, arrived)) < len(CONTENT) == int(answer.headers["Content-Length"])
    assert client_for(world.teacher).get(address, headers={"Range": "bytes=0-9"}).status_code == 503


def test_a_private_document_is_not_named_to_the_coordinator(
    client_for: Open, world: World, backends: Backends, filed: FileItem
) -> None:
    item = filed("plan.txt", CONTENT, title="Plan of one pupil", visibility=Visibility.PRIVATE)
    assert client_for(world.teacher).get(damage(backends, item, flipped)).status_code == 503
    home = client_for(world.coordinator).get("/alder-bay/").text
    assert "1 file is not as it was filed" in home
    assert "1 of them is a private document of others" in home
    assert "Plan of one pupil" not in home


def test_health_says_at_once_that_no_file_can_be_filed(
    client_for: Open, world: World, backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R08: wrong credentials after a change are known before the first teacher has lost an upload to them."""
    administrator = client_for(world.administrator)
    assert "No file can be filed now" not in administrator.get("/alder-bay/admin/health").text

    def refuse(*_: object) -> None:
        raise StoreUnavailable("The bucket did not do what was asked: AccessDenied. Check the credentials.")

    monkeypatch.setattr(backends.blobs, "_put_checked", refuse)
    said = administrator.get("/alder-bay/admin/health").text
    assert "No file can be filed now" in said
    assert "Check the credentials" in said


def test_filed_again_it_is_whole_and_nobody_is_told_any_more(
    client_for: Open, world: World, backends: Backends, filed: FileItem
) -> None:
    item = filed("plan.txt", CONTENT)
    address = damage(backends, item, flipped)
    client_for(world.teacher).get(address)
    filed("the same.txt", CONTENT)
    assert client_for(world.teacher).get(address).data == CONTENT
    administrator = client_for(world.administrator)
    done = administrator.post("/alder-bay/admin/health/look-again", follow_redirects=True)
    assert "all are whole" in done.text
    assert "not as it was filed" not in administrator.get("/alder-bay/").text
    with backends.database.reading() as session:
        assert upkeep.damages(session, world.administrator).others == 0
