"""Likely versions of one document: offered while filing and on an item's page, and made one with one click."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_evidence_filing import SCRIPT, drop, items_of
from tests.fixtures import World

EVIDENCE = "/alder-bay/evidence"
OLD, NEW = b"How we include everybody, in every class.", b"How we include everybody, in every class and club."
OFFER = "It looks like another version of"
STAFF = {"visibility": "staff"}
"""What the form the button stands in says of who will see it."""


@pytest.fixture
def teacher(client_for: Callable[[Actor | None], Browser], world: World) -> Browser:
    return client_for(world.teacher)


def names_of(backends: Backends, actor: Actor, item: Item) -> list[str]:
    with backends.database.reading() as session:
        return [one.file_name for one in evidence.versions_of(session, actor, item.id)]


def test_a_newer_file_is_offered_as_a_version_of_what_is_there(
    teacher: Browser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    older = filed("Inclusion policy v1.txt", OLD)
    drop(teacher, "Inclusion policy FINAL (2).txt", NEW)
    work()
    mine = next(one for one in items_of(backends, world.teacher) if one.id != older.id)
    card = teacher.get(f"{EVIDENCE}/new/{mine.id}/card", headers=SCRIPT).text
    assert OFFER in card
    assert f"/new/{mine.id}/version-of/{older.id}" in card

    assert 'hx-params="visibility"' in card
    for said in ({}, {"visibility": "private"}):
        refused = teacher.post(f"{EVIDENCE}/new/{mine.id}/version-of/{older.id}", data=said, headers=SCRIPT)
        assert (refused.status_code, "opened to more people" in refused.text) == (422, True)

    answer = teacher.post(f"{EVIDENCE}/new/{mine.id}/version-of/{older.id}", data=STAFF, headers=SCRIPT)

    assert f'id="card-{older.id}"' in answer.text
    assert OFFER not in answer.text
    assert names_of(backends, world.teacher, older) == ["Inclusion policy FINAL (2).txt", "Inclusion policy v1.txt"]
    assert [one.id for one in items_of(backends, world.teacher)] == [older.id]


def test_what_is_a_colleagues_is_named_and_not_changed(
    teacher: Browser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    older = filed("Inclusion policy v1.txt", OLD, actor=world.coordinator)
    drop(teacher, "Inclusion policy v2.txt", NEW)
    work()
    [mine] = items_of(backends, world.teacher)
    card = teacher.get(f"{EVIDENCE}/new/{mine.id}/card", headers=SCRIPT).text
    assert OFFER in card
    assert "/version-of/" not in card
    assert (
        teacher.post(f"{EVIDENCE}/new/{mine.id}/version-of/{older.id}", data=STAFF, headers=SCRIPT).status_code == 403
    )


def test_a_likely_version_of_a_private_item_is_not_told(
    teacher: Browser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("Letter home v1.txt", OLD, actor=world.coordinator, visibility=Visibility.PRIVATE)
    alike = drop(teacher, "Letter home v2.txt", NEW, key="1").text
    unlike = drop(teacher, "Another plan v2.txt", NEW + b".", key="2").text
    work()
    for sent in (alike, unlike):
        found = re.search(r'id="card-([0-9a-z]{26})"', sent)
        assert found
        assert OFFER not in teacher.get(f"{EVIDENCE}/new/{found[1]}/card", headers=SCRIPT).text


def test_the_page_of_an_item_makes_one_of_two(
    teacher: Browser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    older, newer = filed("Inclusion policy v1.txt", OLD), filed("Inclusion policy v2.txt", NEW)
    work()
    page = teacher.get(f"{EVIDENCE}/{newer.id}").text
    assert "Likely versions of the same document" in page

    answer = teacher.post(f"{EVIDENCE}/{newer.id}/version-of/{older.id}", follow_redirects=True)

    assert "It is version 2 of this one now." in answer.text
    assert "Likely versions" not in answer.text
    assert names_of(backends, world.teacher, older) == ["Inclusion policy v2.txt", "Inclusion policy v1.txt"]
    assert "Inclusion policy v2" in teacher.get(f"{EVIDENCE}/bin").text


def test_what_is_here_is_looked_for_first_and_a_copy_can_be_a_version_of_another_one(
    teacher: Browser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    other = filed("Library handbook.txt", b"Where the books are.")
    filed("Library handbook of a colleague.txt", b"Where their books are.", actor=world.coordinator)
    hidden = filed("Library letter.txt", NEW, actor=world.coordinator, visibility=Visibility.PRIVATE)
    filed("Inclusion policy.txt", OLD)
    copy = drop(teacher, "scan0001.txt", OLD).text
    work()
    page = teacher.get(f"{EVIDENCE}/new").text
    assert "Is it here already?" in page
    found = teacher.get(f"{EVIDENCE}/new/existing?q=library", headers=SCRIPT).text
    assert found.count(">Use this<") == 2
    assert hidden.id not in found
    assert teacher.get(f"{EVIDENCE}/new/existing?q=library").location.endswith("/evidence/?q=library")

    match = re.search(r'id="card-([0-9a-z]{26})"', copy)
    assert match
    assert "It is a new version of another one" in teacher.get(f"{EVIDENCE}/new/{match[1]}/card", headers=SCRIPT).text
    offered = teacher.get(f"{EVIDENCE}/new/existing?q=library&item={match[1]}", headers=SCRIPT).text
    assert offered.count("/version-of/") == 2, "in a link and for a script, of one's own alone"
    answer = teacher.post(f"{EVIDENCE}/new/{match[1]}/version-of/{other.id}", data=STAFF, headers=SCRIPT)
    assert f'id="card-{other.id}"' in answer.text
    assert names_of(backends, world.teacher, other) == ["scan0001.txt", "Library handbook.txt"]
    again = drop(teacher, "scan0002.txt", OLD, key="2").text
    match = re.search(r'id="card-([0-9a-z]{26})"', again)
    assert match
    refused = teacher.post(f"{EVIDENCE}/new/{match[1]}/version-of/{other.id}", data=STAFF, headers=SCRIPT)
    assert (refused.status_code, "byte for byte" in refused.text) == (422, True)
