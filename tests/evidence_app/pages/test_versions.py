"""Versions of an item: what two of them say differently, and an earlier one again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
FIRST = b"Our policy\nWe review it every five years.\n" + b"\n".join(b"Line %d." % n for n in range(20))
SECOND = FIRST.replace(b"five years", b"two years") + b"\nSigned by <the head>."


@pytest.fixture
def item(world: World, filed: FileItem, client_for: Open, work: Callable[[], None]) -> Item:
    """A policy in two versions, both read."""
    found = filed("policy.txt", FIRST)
    replace(client_for(world.teacher), found, SECOND, "policy 2.txt")
    work()
    return found


def replace(browser: Browser, item: Item, content: bytes, name: str) -> None:
    files = {"files": (io.BytesIO(content), name)}
    assert browser.post(f"/alder-bay/evidence/{item.id}/versions/new", data=files).status_code == 302


def versions_of(backends: Backends, actor: Actor, item: Item) -> list[evidence.Version]:
    with backends.database.reading() as session:
        return evidence.versions_of(session, actor, item.id)


def test_two_versions_are_compared_where_they_differ(
    client_for: Open, world: World, item: Item, backends: Backends
) -> None:
    first = versions_of(backends, world.teacher, item)[-1]
    reader = client_for(world.reader)
    address = f"/alder-bay/evidence/{item.id}/versions/{first.id}/compare"
    assert address in reader.get(f"/alder-bay/evidence/{item.id}").text
    page = reader.get(address).text
    assert re.search(r"<del>.*five</del><ins>.*two</ins> years", page.replace('<span class="visually-hidden">', ""))
    assert "Signed by &lt;the head&gt;." in page
    assert "lines are the same" in page
    assert "Line 10." not in page
    assert "bring-back" not in page


def test_versions_without_text_say_so(
    client_for: Open, world: World, filed: FileItem, backends: Backends, work: Callable[[], None]
) -> None:
    found = filed("data.bin", bytes(range(200)))
    teacher = client_for(world.teacher)
    replace(teacher, found, bytes(range(100)), "data.bin")
    work()
    first = versions_of(backends, world.teacher, found)[-1]
    page = teacher.get(f"/alder-bay/evidence/{found.id}/versions/{first.id}/compare").text
    assert "cannot be compared here" in page


def test_an_earlier_version_comes_back_as_the_newest(
    client_for: Open, world: World, item: Item, backends: Backends
) -> None:
    teacher = client_for(world.teacher)
    first = versions_of(backends, world.teacher, item)[-1]
    bring_back = f"/alder-bay/evidence/{item.id}/versions/{first.id}/bring-back"
    assert bring_back in teacher.get(bring_back.replace("bring-back", "compare")).text

    answer = teacher.post(bring_back, follow_redirects=True)

    assert "It is version 3 now." in answer.text
    found = versions_of(backends, world.teacher, item)
    assert [(one.number, one.sha256 == first.sha256) for one in found] == [(3, True), (2, False), (1, True)]
    assert teacher.post(bring_back).status_code == 409
    assert len(versions_of(backends, world.teacher, item)) == 3


def test_only_who_may_change_it_brings_back_and_of_this_item_alone(
    client_for: Open, world: World, item: Item, filed: FileItem, backends: Backends
) -> None:
    first = versions_of(backends, world.teacher, item)[-1]
    address = f"/alder-bay/evidence/{item.id}/versions/{first.id}/bring-back"
    assert client_for(world.reader).post(address).status_code == 403
    other = filed("other.txt", b"Another.")
    with backends.database.reading() as session:
        theirs = evidence.current_version(session, other)
    assert client_for(world.teacher).post(address.replace(first.id, theirs.id)).status_code == 404
    assert len(versions_of(backends, world.teacher, item)) == 2


def test_versions_of_a_private_item_are_compared_by_nobody_else(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    secret = filed("letter.txt", b"A letter.", actor=world.teacher, visibility=Visibility.PRIVATE)
    [only] = versions_of(backends, world.teacher, secret)
    address = f"/alder-bay/evidence/{secret.id}/versions/{only.id}/compare"
    assert client_for(world.coordinator).get(address).status_code == 404
    assert client_for(world.teacher).get(address).status_code == 200
