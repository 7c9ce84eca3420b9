"""A yes or a no is learned at once: what is like it is looked at again, each once, and not everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.domain import evidence, requests, suggesting, tagging
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.domain.jobs import Job, JobKind, claim, finish
from evidence_app.domain.tagging import Tag, TagState
from evidence_app.worker.handlers import HANDLERS
from evidence_app.worker.tools import Tools
from tests.fixtures import World

NODE = "ib-psp-2020/0402-05"
GARDEN = "{} pupils dug raised beds, sowed beans and kept a diary of rain, frost and harvest in the vegetable garden."
CHESS = "{} openings, endgames and a tournament against two neighbouring clubs that play on Fridays."
LEARNING = {JobKind.LEARN_FROM_ITEM: 200, JobKind.SUGGEST_ITEM: 100}


def file_text(world: World, text: str) -> Item:
    """An item of the teacher's whose name is the first word of its text, as if it had been read."""
    item = world.file_item(name=f"{text.split()[0].rstrip(':')}.txt")
    with world.database.unit_of_work() as session:
        reading = Reading("text/plain", ReadingState.TEXT_FOUND, text=text, language="en")
        keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})
    return item


def work(tools: Tools) -> None:
    """Does what there is to learn and to suggest, and nothing else."""
    while True:
        with tools.database.unit_of_work() as session:
            # What nobody waits for is begun only when nothing else is to be done.
            session.execute(delete(Job).where(Job.kind.not_in(LEARNING)))
            jobs = claim(session, LEARNING)
        if not jobs:
            return
        keep = HANDLERS[JobKind(jobs[0].kind)].work(tools, jobs)
        with tools.database.unit_of_work() as session:
            keep(session)
            finish(session, jobs)


def asked(world: World, kind: JobKind) -> list[str]:
    with world.database.reading() as session:
        return sorted(session.scalars(select(Job.subject).where(Job.kind == kind)))


def accept(world: World, *items: Item) -> None:
    with world.database.unit_of_work() as session:
        suggesting.accept(session, actor=world.coordinator, chosen=[(item.id, NODE) for item in items])


def suggested(world: World, item: Item) -> list[str]:
    with world.database.reading() as session:
        return [
            one.node_key for one in suggesting.suggestions_for(session, world.coordinator, [item.id]).get(item.id, [])
        ]


def test_what_is_like_an_accepted_item_is_suggested_the_same_without_being_read_again(
    world: World, tools: Tools
) -> None:
    first, like, other = (
        file_text(world, text) for text in (GARDEN.format("Spring:"), GARDEN.format("Autumn:"), CHESS)
    )
    work(tools)
    assert NODE not in suggested(world, like)
    accept(world, first)
    assert asked(world, JobKind.LEARN_FROM_ITEM) == [first.id]
    work(tools)
    assert NODE in suggested(world, like)
    assert NODE not in suggested(world, other)


def test_a_decline_teaches_from_an_item_that_has_no_tag_and_so_does_taking_it_back(world: World, tools: Tools) -> None:
    teacher, refused, like = (file_text(world, GARDEN.format(name)) for name in ("Spring:", "Summer:", "Autumn:"))
    work(tools)
    accept(world, teacher)
    work(tools)
    before = score(world, like)
    with world.database.unit_of_work() as session:
        suggesting.decline(session, actor=world.coordinator, item_id=refused.id, node_key=NODE)
    work(tools)
    assert score(world, like) < before
    with world.database.unit_of_work() as session:
        suggesting.take_back_decline(session, actor=world.coordinator, item_id=refused.id, node_key=NODE)
    work(tools)
    assert score(world, like) == before


def score(world: World, item: Item) -> float:
    with world.database.reading() as session:
        found = suggesting.suggestions_for(session, world.coordinator, [item.id]).get(item.id, [])
        return next((one.score for one in found if one.node_key == NODE), 0.0)


def give_back(session: Session, world: World, tag: Tag) -> None:
    tagging.review(session, actor=world.coordinator, tag_ids=[tag.id], state=TagState.RETURNED, reply="which garden?")


def take_away(session: Session, world: World, tag: Tag) -> None:
    tagging.detach(session, actor=world.coordinator, tag_id=tag.id)


def say_otherwise(session: Session, world: World, tag: Tag) -> None:
    tagging.attach(session, actor=world.teacher, item_id=tag.item_id, node_key=tag.node_key, note="the new garden")


@pytest.mark.parametrize("undo", [give_back, take_away, say_otherwise])
def test_what_is_not_accepted_any_more_teaches_no_more(
    world: World, tools: Tools, undo: Callable[[Session, World, Tag], None]
) -> None:
    first, like = file_text(world, GARDEN.format("Spring:")), file_text(world, GARDEN.format("Autumn:"))
    work(tools)
    accept(world, first)
    work(tools)
    assert NODE in suggested(world, like)
    with world.database.unit_of_work() as session:
        [tag] = tagging.tags_of(session, world.coordinator, first.id)
        undo(session, world, tag)
    work(tools)
    assert NODE not in suggested(world, like)


def test_many_yeses_at_once_have_each_neighbour_looked_at_once_and_no_stranger(world: World, tools: Tools) -> None:
    gardens = [file_text(world, GARDEN.format(f"Garden{number}:")) for number in range(8)]
    file_text(world, CHESS.format("Chess:"))
    work(tools)
    accept(world, *gardens[:5])
    with world.database.reading() as session:
        ids = {item.id for item in gardens[:5]}
        again = suggesting.items_to_ask_again(session, world.school.id, ids)
    assert sorted(again) == sorted(item.id for item in gardens[5:])
    with world.database.unit_of_work() as session:
        for _ in range(2):
            suggesting.ask_again(session, school_id=world.school.id, item_ids=again)
    assert asked(world, JobKind.SUGGEST_ITEM) == sorted(again)


def test_what_is_private_and_a_school_that_wants_no_suggestions_teach_none(world: World, tools: Tools) -> None:
    first, _like = file_text(world, GARDEN.format("Spring:")), file_text(world, GARDEN.format("Autumn:"))
    work(tools)

    def learns() -> bool:
        with world.database.reading() as session:
            return bool(suggesting.items_to_ask_again(session, world.school.id, {first.id}))

    assert learns()
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.teacher, item_ids=[first.id], visibility=Visibility.PRIVATE)
    assert not learns()
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.teacher, item_ids=[first.id], visibility=Visibility.STAFF)
        suggesting.switch_suggestions(session, actor=world.administrator, on=False)
    assert not learns()


def test_new_facts_and_a_new_request_have_what_they_speak_of_looked_at_again(world: World, tools: Tools) -> None:
    mine = file_text(world, GARDEN.format("Spring:"))
    work(tools)
    with world.database.unit_of_work() as session:
        facts = evidence.facts_of(evidence.item(session, world.teacher, mine.id))
        evidence.update_facts(session, actor=world.teacher, item_id=mine.id, facts=facts)
    assert asked(world, JobKind.SUGGEST_ITEM) == [mine.id]
    work(tools)
    with world.database.unit_of_work() as session:
        requests.ask(
            session,
            actor=world.coordinator,
            node_key=NODE,
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
        )
    assert asked(world, JobKind.SUGGEST_ITEM) == [mine.id]


def test_learning_among_very_many_holds_up_no_change_on_its_way_into_the_index() -> None:
    assert HANDLERS[JobKind.LEARN_FROM_ITEM].lane is not HANDLERS[JobKind.INDEX_ITEM].lane
