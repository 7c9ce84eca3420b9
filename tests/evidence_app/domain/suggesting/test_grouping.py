"""What waits for a yes or a no in a whole school: counted, taken and left as each reader may know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from evidence_app.domain import evidence, requests
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.suggesting import (
    Group,
    GroupedBy,
    accept,
    decline,
    suggestion_groups,
    suggestion_keys,
    suggestions_in,
    switch_suggestions,
    take_back_decline,
)
from evidence_app.errors import NotAllowed, NotFound
from tests.evidence_app.domain.suggesting.test_keeping import NODE, reasons, suggest, taught
from tests.fixtures import World

__all__ = ["taught"]


def groups(world: World, actor: Actor | None = None, by: GroupedBy = GroupedBy.PRACTICE) -> dict[str, int]:
    with world.database.reading() as session:
        found = suggestion_groups(session, actor or world.coordinator, by, only_sure=False)
        return {one.key: one.waiting for one in found}


def test_what_leans_on_a_closed_item_alone_is_not_even_counted(world: World, taught: tuple[Item, Item]) -> None:
    tagged, _other = taught
    assert groups(world) == {NODE: 1}
    assert groups(world, replace(world.administrator, programmes=frozenset({"DP"}))) == {}
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[tagged.id], visibility=Visibility.PRIVATE)
    assert groups(world, world.administrator) == {}
    with world.database.reading() as session:
        assert suggestions_in(session, world.administrator, GroupedBy.PRACTICE, NODE, only_sure=False, limit=9) == []


def test_a_no_is_taken_back_and_a_yes_is_an_accepted_tag(world: World, taught: tuple[Item, Item]) -> None:
    other = taught[1]
    with world.database.unit_of_work() as session:
        decline(session, actor=world.teacher, item_id=other.id, node_key=NODE)
    assert groups(world) == {}
    suggest(world, other)
    with world.database.unit_of_work() as session:
        take_back_decline(session, actor=world.teacher, item_id=other.id, node_key=NODE)
    suggest(world, other)
    assert groups(world, by=GroupedBy.FOLDER) == {"": 1}
    with world.database.unit_of_work() as session:
        tags = accept(session, actor=world.coordinator, chosen=[(other.id, NODE), (other.id, NODE)])
        assert [(tag.item_id, tag.node_key, tag.state) for tag in tags] == [(other.id, NODE, "accepted")]
    assert groups(world) == {}


def test_only_who_reviews_takes_and_only_what_is_open_to_them(world: World, taught: tuple[Item, Item]) -> None:
    other = taught[1]
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        accept(session, actor=world.teacher, chosen=[(other.id, NODE)])
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        accept(session, actor=world.stranger, chosen=[(other.id, NODE)])
    with pytest.raises(NotAllowed), world.database.reading() as session:
        suggestion_groups(session, world.teacher, GroupedBy.PRACTICE, only_sure=True)
    assert groups(world, world.stranger) == {}


def test_the_sure_ones_are_counted_and_listed_alike(world: World) -> None:
    for number in range(3):
        suggest(world, world.file_item(name=f"Inclusion policy {number}.txt", title=f"Inclusion policy {number}"))
    with world.database.reading() as session:
        found = suggestion_groups(session, world.coordinator, GroupedBy.PRACTICE, only_sure=True)
        keys = {
            group.key: suggestion_keys(
                session, world.coordinator, GroupedBy.PRACTICE, group.key, only_sure=True, limit=9
            )
            for group in found
        }
        assert Group(NODE, 3, 3) in found
        assert {group.key: group.sure for group in found} == {key: len(items) for key, items in keys.items()}


def test_what_its_owner_is_asked_for_is_a_reason_told_to_those_whom_the_request_concerns(world: World) -> None:
    with world.database.unit_of_work() as session:
        requests.ask(
            session,
            actor=world.coordinator,
            node_key=NODE,
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
            title="Show CANARY how all belong",
        )
    item = world.file_item(name="Inclusion policy.txt", title="Inclusion policy")
    suggest(world, item)
    asked = "asked for in the request «Show CANARY how all belong»"
    assert asked in reasons(world, world.teacher, item)
    assert asked in reasons(world, world.coordinator, item)
    assert not any("CANARY" in reason for reason in reasons(world, world.learning_support, item))
    assert "asked for in a request to who filed it" in reasons(world, world.learning_support, item)
    other = world.file_item(name="Bus timetable.txt", title="Bus timetable")
    suggest(world, other)
    assert reasons(world, world.teacher, other) == []


def test_turned_off_nothing_is_suggested_or_counted_until_it_is_turned_on(
    world: World, taught: tuple[Item, Item]
) -> None:
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        switch_suggestions(session, actor=world.teacher, on=False)
    with world.database.unit_of_work() as session:
        switch_suggestions(session, actor=world.administrator, on=False)
    assert groups(world) == {}
    assert reasons(world, world.teacher, taught[1]) == []
    suggest(world, taught[1])
    with world.database.unit_of_work() as session:
        switch_suggestions(session, actor=world.administrator, on=True)
    assert groups(world) == {}
    suggest(world, taught[1])
    assert groups(world) == {NODE: 1}
