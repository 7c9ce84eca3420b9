"""Searches people keep: their own, and those colleagues share; nobody removes another's."""

from __future__ import annotations

import pytest

from evidence_app.database import now
from evidence_app.domain.access import Actor
from evidence_app.domain.accounts.models import Person
from evidence_app.domain.search import SearchOffered, forget_search, save_search, searches_for
from evidence_app.domain.search import saved as saved_module
from evidence_app.errors import Invalid, NotFound
from tests.fixtures import World


def keep(world: World, actor: Actor, name: str, asked: str = "q=assessment", *, is_shared: bool = False) -> str:
    with world.database.unit_of_work() as session:
        return save_search(session, actor=actor, name=name, asked=asked, is_shared=is_shared).id


def offered(world: World, actor: Actor) -> list[SearchOffered]:
    with world.database.reading() as session:
        return searches_for(session, actor)


def test_ones_own_come_first_by_name_then_what_colleagues_share(world: World) -> None:
    keep(world, world.coordinator, "Gaps", is_shared=True)
    keep(world, world.coordinator, "Mine alone")
    keep(world, world.teacher, "zebra")
    keep(world, world.teacher, "Assessment")
    assert [(one.name, one.by != "") for one in offered(world, world.teacher)] == [
        ("Assessment", False),
        ("zebra", False),
        ("Gaps", True),
    ]
    assert offered(world, world.stranger) == []


def test_the_same_name_is_the_same_search_asked_anew(world: World) -> None:
    first = keep(world, world.teacher, "Gaps")
    assert keep(world, world.teacher, "  Gaps\n", "q=is%3Auntagged", is_shared=True) == first
    [one] = offered(world, world.teacher)
    assert (one.asked, one.is_shared) == ("q=is%3Auntagged", True)


@pytest.mark.parametrize(("name", "asked"), [("", "q=a"), (" \x00", "q=a"), ("Gaps", ""), ("Gaps", "q=" + "a" * 4_000)])
def test_a_search_needs_a_name_and_something_asked(world: World, name: str, asked: str) -> None:
    with pytest.raises(Invalid):
        keep(world, world.teacher, name, asked)
    assert offered(world, world.teacher) == []


def test_there_is_room_for_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_module, "MOST_SEARCHES", 1)
    keep(world, world.teacher, "First")
    with pytest.raises(Invalid, match="Remove one"):
        keep(world, world.teacher, "Second")
    keep(world, world.teacher, "First", "q=other")
    keep(world, world.coordinator, "Another's")


def test_only_its_owner_removes_a_search(world: World) -> None:
    kept = keep(world, world.coordinator, "Gaps", is_shared=True)
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        forget_search(session, actor=world.teacher, search_id=kept)
    with world.database.unit_of_work() as session:
        forget_search(session, actor=world.coordinator, search_id=kept)
    assert offered(world, world.teacher) == []


def test_what_somebody_shared_goes_with_them(world: World) -> None:
    keep(world, world.coordinator, "Gaps", is_shared=True)
    with world.database.unit_of_work() as session:
        person = session.get_one(Person, world.coordinator.person_id)
        person.deactivated_at = now()
    assert offered(world, world.teacher) == []
