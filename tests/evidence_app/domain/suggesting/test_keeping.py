"""Suggestions as they are kept, and as each reader sees them."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from evidence_app.domain import evidence, tagging
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Item, Settled, Visibility
from evidence_app.domain.suggesting import (
    GroupedBy,
    Suggested,
    Suggestion,
    decline,
    items_fitting,
    keep_suggestions,
    neighbours_of,
    suggest_for_items,
    suggestion_groups,
    suggestions_for,
)
from evidence_app.domain.suggesting.reasons import says
from evidence_app.domain.tagging import TagState
from tests.fixtures import World

NODE = "ib-psp-2020/0301-02"
TITLE = "Canary of the support team"


@pytest.fixture
def taught(world: World) -> tuple[Item, Item]:
    """An item tagged and accepted that is about the PYP, and another of the same series that is about the DP."""
    tagged = world.file_item(world.coordinator, name="Zephyr notes 2024.txt", title=TITLE, programmes=("PYP",))
    other = world.file_item(name="Zephyr notes 2025.txt", programmes=("DP",))
    suggest(world, tagged)
    with world.database.unit_of_work() as session:
        tag = tagging.attach(session, actor=world.coordinator, item_id=tagged.id, node_key=NODE)
        session.flush()
        tagging.review(session, actor=world.coordinator, tag_ids=[tag.id], state=TagState.ACCEPTED)
    suggest(world, other)
    return tagged, other


def suggest(world: World, item: Item) -> None:
    with world.database.unit_of_work() as session:
        school_id = world.school.id
        found = suggest_for_items(session, school_id, [item.id], neighbours_of(session, school_id))
        keep_suggestions(session, school_id=school_id, found=found)


def reasons(world: World, actor: Actor, item: Item) -> list[str]:
    with world.database.reading() as session:
        shown = suggestions_for(session, actor, [item.id]).get(item.id, [])
    return [str(because) for one in shown for because in one.because]


def test_a_reason_names_a_similar_item_by_its_present_title(world: World, taught: tuple[Item, Item]) -> None:
    tagged, other = taught
    assert TITLE in reasons(world, world.teacher, other)[0]
    with world.database.unit_of_work() as session:
        facts = replace(evidence.facts_of(tagged), title="Renamed")
        evidence.update_facts(session, actor=world.coordinator, item_id=tagged.id, facts=facts)
    assert "Renamed" in reasons(world, world.teacher, other)[0]


def test_no_reason_names_an_item_of_a_programme_the_reader_is_kept_from(
    world: World, taught: tuple[Item, Item]
) -> None:
    limited = replace(world.teacher, programmes=frozenset({"DP"}))
    assert reasons(world, limited, taught[1]) == []


@pytest.mark.parametrize("end", ["private", "bin"])
def test_no_reason_names_an_item_that_was_taken_away_meanwhile(
    world: World, taught: tuple[Item, Item], end: str
) -> None:
    tagged, other = taught
    with world.database.unit_of_work() as session:
        if end == "bin":
            evidence.withdraw(session, actor=world.coordinator, item_ids=[tagged.id])
        else:
            evidence.set_visibility(
                session, actor=world.coordinator, item_ids=[tagged.id], visibility=Visibility.PRIVATE
            )
    assert reasons(world, world.teacher, other) == []


def fitting(world: World, actor: Actor, *keys: str) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        found = items_fitting(session, actor, keys or (NODE,), most=6)
        return [(one.item.title, one.suggestion.node_key) for one in found]


def test_what_fits_a_practice_is_named_until_it_is_tagged_or_declined(world: World) -> None:
    policy = world.file_item(name="Inclusion policy.txt")
    support = world.file_item(name="Special educational needs policy.txt")
    for item in (policy, support):
        suggest(world, item)
    assert fitting(world, world.teacher) == [(i.title, NODE) for i in sorted((policy, support), key=lambda i: i.id)]
    with world.database.unit_of_work() as session:
        decline(session, actor=world.teacher, item_id=policy.id, node_key=NODE)
    assert fitting(world, world.teacher) == [(support.title, NODE)]
    with world.database.unit_of_work() as session:
        tagging.attach(session, actor=world.teacher, item_id=support.id, node_key=NODE)
    assert fitting(world, world.teacher) == []


def test_what_is_tagged_for_a_requirement_below_is_not_offered_for_the_practice_again(world: World) -> None:
    item = world.file_item(name="Inclusion policy.txt")
    suggest(world, item)
    with world.database.unit_of_work() as session:
        tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=f"{NODE}-0100")
    assert fitting(world, world.teacher, NODE, f"{NODE}-0100") == []
    assert fitting(world, world.teacher) == [(item.title, NODE)]


def test_what_fits_is_offered_only_to_whoever_sees_it(world: World, taught: tuple[Item, Item]) -> None:
    _, other = taught
    assert (other.title, NODE) in fitting(world, world.teacher)
    assert fitting(world, replace(world.reader, programmes=frozenset({"PYP"}))) == []
    limited = replace(world.reader, programmes=frozenset({"DP"}))
    assert fitting(world, limited) == [], "its only reason is an item of the other programme"
    assert fitting(world, world.stranger) == []
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.coordinator, item_ids=[other.id])
    assert fitting(world, world.teacher) == []


def test_what_is_held_private_is_offered_no_practice_and_to_none(world: World) -> None:
    plan = world.file_item(name="0202-02 Rossi Marco PDP 3B.txt")
    suggest(world, plan)
    support = "ib-psp-2020/0202-02"
    assert reasons(world, world.teacher, plan) == []
    assert fitting(world, world.teacher, support) == []
    assert groups(world, GroupedBy.FOLDER) == groups(world, GroupedBy.PRACTICE) == []
    with world.database.unit_of_work() as session:
        evidence.settle(session, actor=world.teacher, item_id=plan.id, answer=Settled.HARMLESS, note="a form")
    assert fitting(world, world.teacher, support) == [(plan.title, support)]


def groups(world: World, by: GroupedBy) -> list[str]:
    with world.database.reading() as session:
        # A coordinator of the support team opens what is private there.
        keeper = replace(world.teacher, role=Role.COORDINATOR)
        return [group.key for group in suggestion_groups(session, keeper, by, only_sure=False)]


def test_copies_and_likely_versions_are_offered_as_one_the_newest(world: World) -> None:
    names = ("Inclusion policy v1.docx", "Copy of Inclusion policy (2).docx", "Inclusion policy FINAL.docx")
    copies = [world.file_item(name=name) for name in names]
    other = world.file_item(name="Special educational needs policy.txt")
    for item in (*copies, other):
        suggest(world, item)
    with world.database.reading() as session:
        found = items_fitting(session, world.teacher, (NODE,), most=6)
    assert {(one.item.id, one.more_like_it) for one in found} == {(copies[-1].id, 2), (other.id, 0)}


def test_a_reason_says_whether_the_reader_or_a_colleague_tagged_what_it_is_like(world: World) -> None:
    tagged, other = world.file_item(world.coordinator, name="Harvest.txt"), world.file_item(name="Beans.txt")
    with world.database.unit_of_work() as session:
        tag = tagging.attach(session, actor=world.coordinator, item_id=tagged.id, node_key=NODE)
        session.flush()
        tagging.review(session, actor=world.coordinator, tag_ids=[tag.id], state=TagState.ACCEPTED)
        like = says("like_tagged", item=tagged.id, title="Harvest")
        suggested = Suggestion(NODE, 0.2, (like,), sure=False)
        kept = [Suggested(other.id, [suggested], "", None)]
        keep_suggestions(session, school_id=world.school.id, found=kept)
    assert reasons(world, world.coordinator, other) == ["like «Harvest», which you tagged so"]
    assert reasons(world, world.teacher, other) == ["like «Harvest», which a colleague tagged so"]


@pytest.mark.parametrize(
    ("score", "sure", "words"), [(0.8, True, "fits well"), (0.3, True, "fits"), (0.9, False, "may fit, not sure")]
)
def test_how_well_it_fits_is_said_in_words(score: float, sure: bool, words: str) -> None:
    assert str(Suggestion(NODE, score, (), sure=sure).fit) == words


def test_two_who_decline_the_same_at_once_both_succeed(world: World) -> None:
    item, start, done = world.file_item(), threading.Barrier(4), []

    def say_no() -> None:
        start.wait(10)
        with world.database.unit_of_work() as session:
            decline(session, actor=world.coordinator, item_id=item.id, node_key=NODE)
        done.append(item.id)

    threads = [threading.Thread(target=say_no) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [item.id] * 4
