"""What is being filed is its owner's alone until it is saved, and takes the visibility that is asked for then."""

from __future__ import annotations

import io

import pytest

from evidence_app.domain import evidence, intake, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, Item, ItemFacts, Settled, Version, Visibility
from evidence_app.domain.intake import Shown
from evidence_app.errors import Invalid, NotFound
from storage_adapters import open_store
from tests.evidence_app.domain.evidence.guarded import ABOUT_ONE, read, support_group
from tests.evidence_app.domain.intake.test_answering import ask, give, put_for
from tests.evidence_app.domain.intake.test_batch import PRACTICE, put, save
from tests.fixtures import World


def sees(world: World, actor: Actor, item: Item) -> bool:
    with world.database.reading() as session:
        return item.id in evidence.items_by_id(session, actor, [item.id])


def now_is(world: World, item: Item) -> Item:
    with world.database.reading() as session:
        return evidence.item(session, world.teacher, item.id)


def version_of(world: World, mine: Item, other: Item, saved_as: Visibility = Visibility.STAFF) -> Version:
    with world.database.unit_of_work() as session:
        return intake.make_version(
            session, actor=world.teacher, item_id=mine.id, of_id=other.id, is_chosen=True, saved_as=saved_as
        )


def test_what_is_dropped_counts_for_nobody_else_until_it_is_saved(world: World) -> None:
    mine = put(world, world.teacher, "Rivers plan.txt")
    with world.database.unit_of_work() as session:
        blob = open_store("memory:").put(world.school.id, io.BytesIO(b"# Rivers"))
        note = intake.add_note_to_batch(session, actor=world.teacher, blob=blob, title="What I saw")
        url = "https://school.example/rivers"
        link = intake.add_link_to_batch(session, actor=world.teacher, blob=blob, url=url)
    begun = [mine, note, link]
    with world.database.reading() as session:
        assert {one.id for one in begun} == set(intake.begun_among(session, world.teacher, [i.id for i in begun]))
        for colleague in (world.coordinator, world.head, world.administrator):
            assert {one.id for one in begun} <= evidence.hidden_from(session, colleague)
            assert evidence.count_items(session, colleague) == 0
            assert intake.begun_among(session, colleague, [one.id for one in begun]) == {}

    save(world, world.teacher, *(Shown(one.id, (PRACTICE,)) for one in begun), facts=ItemFacts(programmes=("PYP",)))

    with world.database.reading() as session:
        assert evidence.count_items(session, world.coordinator) == 3
        assert tagging.count_waiting(session, world.coordinator) == 3
        assert intake.begun_among(session, world.teacher, [one.id for one in begun]) == {}


def test_what_is_tagged_and_not_saved_waits_for_no_reviewer(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    with world.database.unit_of_work() as session:
        tagging.attach(session, actor=world.teacher, item_id=mine.id, node_key=PRACTICE)
    with world.database.reading() as session:
        assert tagging.count_waiting(session, world.coordinator) == 0
    save(world, world.teacher, Shown(mine.id))
    with world.database.reading() as session:
        assert tagging.count_waiting(session, world.coordinator) == 1


@pytest.mark.parametrize("asked", list(Visibility))
def test_saving_gives_the_visibility_asked_for(world: World, asked: Visibility) -> None:
    mine = put(world, world.coordinator, "plan.txt")
    assert mine.visibility == Visibility.PRIVATE
    save(world, world.coordinator, Shown(mine.id), facts=ItemFacts(visibility=asked))
    with world.database.reading() as session:
        assert evidence.item(session, world.coordinator, mine.id).visibility == asked
    assert sees(world, world.teacher, mine) is (asked != Visibility.PRIVATE)


def test_what_is_saved_of_a_batch_says_nothing_of_the_rest(world: World) -> None:
    saved, rest = (put(world, world.teacher, f"plan {n}.txt", b"%d" % n) for n in range(2))
    save(world, world.teacher, Shown(saved.id))
    assert (sees(world, world.coordinator, saved), sees(world, world.coordinator, rest)) == (True, False)
    with world.database.reading() as session:
        assert intake.count_in_batch(session, world.teacher) == 1


def test_what_two_people_file_at_once_is_told_to_the_one_who_saves_later(world: World) -> None:
    first, second = put(world, world.teacher, "plan.txt"), put(world, world.coordinator, "the plan.txt")
    with world.database.reading() as session:
        assert intake.card_of(session, world.coordinator, second.id).known == ()
    save(world, world.coordinator, Shown(second.id))
    with world.database.reading() as session:
        assert [one.id for one in intake.card_of(session, world.teacher, first.id).known] == [second.id]


def test_an_answer_is_seen_by_who_asked_once_it_is_given(world: World) -> None:
    request_id = ask(world)
    mine = put_for(world, request_id)
    assert not sees(world, world.coordinator, mine)
    with world.database.reading() as session:
        assert intake.begun_among(session, world.teacher, [mine.id]) == {mine.id: request_id}
    give(world, request_id, Shown(mine.id))
    assert sees(world, world.coordinator, mine)


def test_what_the_guard_keeps_private_stays_so_and_is_then_open_to_learning_support(world: World) -> None:
    support_id, mine = support_group(world), put(world, world.teacher, "Plan.txt")
    read(world, mine, ABOUT_ONE)
    with world.database.reading() as session:
        assert evidence.access_names(session, world.teacher, mine.id).group_ids == ()

    save(world, world.teacher, Shown(mine.id), facts=ItemFacts(visibility=Visibility.SHAREABLE))

    kept = now_is(world, mine)
    assert (kept.held, kept.visibility) == (Hold.PRIVATE, Visibility.PRIVATE)
    assert not sees(world, world.coordinator, mine)
    with world.database.reading() as session:
        assert evidence.access_names(session, world.teacher, mine.id).group_ids == (support_id,)
        [flag] = evidence.flags_of(session, world.teacher, mine.id)
        assert flag.asked == Visibility.SHAREABLE


def test_a_question_answered_before_saving_lets_it_be_saved_as_asked(world: World) -> None:
    mine = put(world, world.teacher, "Marco Rossi 3B essay.txt")
    with world.database.unit_of_work() as session:
        evidence.settle(session, actor=world.teacher, item_id=mine.id, answer=Settled.HARMLESS, note="A character.")
    assert not sees(world, world.coordinator, mine), "an answer saves nothing"
    save(world, world.teacher, Shown(mine.id))
    assert now_is(world, mine).visibility == Visibility.STAFF


def test_it_becomes_a_version_of_what_others_see_only_where_it_was_to_be_seen(world: World) -> None:
    there = put(world, world.teacher, "Policy v1.txt", b"The first policy.")
    save(world, world.teacher, Shown(there.id))
    held = put(world, world.teacher, "IEP Marco Rossi.txt", b"His plan.")
    with pytest.raises(Invalid, match="opened to more people"):
        version_of(world, held, there)
    mine = put(world, world.teacher, "Policy v2.txt", b"The second policy.")
    with pytest.raises(Invalid, match="opened to more people"):
        version_of(world, mine, there, Visibility.PRIVATE)
    assert version_of(world, mine, there).number == 2
    assert sees(world, world.coordinator, there)


def test_what_was_saved_privately_is_opened_by_becoming_no_version(world: World) -> None:
    there, mine = put(world, world.teacher, "Policy v1.txt", b"One."), put(world, world.teacher, "Policy v2.txt", b"2")
    save(world, world.teacher, Shown(there.id))
    save(world, world.teacher, Shown(mine.id), facts=ItemFacts(visibility=Visibility.PRIVATE))
    with pytest.raises(Invalid, match="opened to more people"):
        version_of(world, mine, there)


def test_what_is_left_out_was_never_seen(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    with world.database.unit_of_work() as session:
        intake.leave_out(session, actor=world.teacher, item_id=mine.id)
    with world.database.reading() as session, pytest.raises(NotFound):
        evidence.item(session, world.coordinator, mine.id, withdrawn=True)
    with world.database.reading() as session:
        assert intake.next_facts(session, world.teacher).visibility == Visibility.STAFF
