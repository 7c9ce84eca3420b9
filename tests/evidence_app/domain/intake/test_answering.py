"""What is filed in answer to a request: a batch of its own, prefilled from the request, given by saving it."""

from __future__ import annotations

import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from evidence_app.domain import evidence, intake, requests, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts
from evidence_app.domain.intake import EntryState, Saved, Shown
from evidence_app.domain.requests import RequestState
from evidence_app.errors import Conflict, NotFound
from storage_adapters import Blob, open_store
from tests.evidence_app.domain.intake.test_batch import OTHER, PRACTICE, cards, put, save
from tests.fixtures import World


def ask(world: World, programme: str = "DP") -> str:
    with world.database.unit_of_work() as session:
        return requests.ask(
            session,
            actor=world.coordinator,
            node_key=PRACTICE,
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
            title="One page of minutes",
            programme=programme,
        ).id


def put_for(world: World, request_id: str, name: str = "minutes.txt", *, actor: Actor | None = None) -> Item:
    actor, content = actor or world.teacher, name.encode()
    file = intake.store_file(
        open_store("memory:"), actor=actor, stream=io.BytesIO(content), name=name, max_bytes=1000, size_bytes=9
    )
    with world.database.unit_of_work() as session:
        return intake.add_file_to_batch(session, actor=actor, file=file, filing_key="", request_id=request_id)


def cards_for(world: World, request_id: str) -> list[intake.Card]:
    with world.database.reading() as session:
        return intake.cards_of(session, world.teacher, request_id)


def give(world: World, request_id: str, *shown: Shown) -> Saved:
    with world.database.unit_of_work() as session:
        return intake.save_batch(
            session, actor=world.teacher, shown=shown, facts=ItemFacts(programmes=("DP",)), request_id=request_id
        )


def set_state(world: World, request_id: str, *, is_closed: bool) -> None:
    with world.database.unit_of_work() as session:
        act = requests.close if is_closed else requests.reopen
        act(session, actor=world.coordinator, request_id=request_id)


def test_an_answer_has_a_batch_of_its_own_with_programme_and_purpose_of_the_request(world: World) -> None:
    request_id = ask(world)
    other, mine = put(world, world.teacher, "other.txt"), put_for(world, request_id)
    assert cards_for(world, ask(world)) == [], "each request has its own"

    assert (mine.programmes, mine.purpose) == (("DP",), "One page of minutes")
    [card] = cards_for(world, request_id)
    assert (card.item.id, card.asked and card.asked.id) == (mine.id, request_id)
    assert [card.item.id for card in cards(world, world.teacher)] == [other.id]
    with world.database.reading() as session:
        assert intake.answers_begun(session, world.teacher) == {request_id: "One page of minutes"}
        assert intake.count_in_batch(session, world.teacher) == 1


def test_one_save_files_tags_and_answers(world: World) -> None:
    request_id = ask(world)
    first, second = put_for(world, request_id, "a.txt"), put_for(world, request_id, "b.txt")

    assert give(world, request_id, Shown(first.id, (OTHER,), "Page 1."), Shown(second.id)).count == 2

    assert cards_for(world, request_id) == []
    with world.database.reading() as session:
        line = requests.request_line(session, world.coordinator, request_id)
        tags = {(tag.node_key, tag.note) for tag in tagging.tags_of(session, world.coordinator, first.id)}
    assert {given.item.id for given in line.answers} == {first.id, second.id}
    assert line.request.state == RequestState.ANSWERED
    assert tags == {(PRACTICE, "Page 1."), (OTHER, "Page 1.")}


def test_what_is_here_already_is_given_with_its_own_facts(world: World) -> None:
    request_id = ask(world)
    there = put(world, world.coordinator, "policy.txt")
    save(world, world.coordinator, Shown(there.id), facts=ItemFacts(programmes=("PYP",)))

    with world.database.unit_of_work() as session:
        intake.choose_known(session, actor=world.teacher, item_id=there.id, request_id=request_id)
    [card] = cards_for(world, request_id)
    assert card.entry_state == EntryState.KNOWN
    give(world, request_id, Shown(there.id, title="Another name"))

    with world.database.reading() as session:
        kept = evidence.item(session, world.coordinator, there.id)
        line = requests.request_line(session, world.coordinator, request_id)
    assert (kept.programmes, kept.title) == (("PYP",), "policy")
    assert [given.item.id for given in line.answers] == [there.id]


def test_what_is_chosen_twice_at_once_is_there_once(world: World) -> None:
    request_id = ask(world)
    there = put(world, world.coordinator, "policy.txt")
    save(world, world.coordinator, Shown(there.id))
    start = threading.Barrier(3)

    def choose(_press: int) -> str:
        start.wait(10)
        with world.database.unit_of_work() as session:
            return intake.choose_known(session, actor=world.teacher, item_id=there.id, request_id=request_id).id

    with ThreadPoolExecutor(3) as presses:
        assert set(presses.map(choose, range(3))) == {there.id}
    assert [card.item.id for card in cards_for(world, request_id)] == [there.id]


def test_what_i_am_filing_can_be_the_answer(world: World) -> None:
    request_id, mine = ask(world), put(world, world.teacher, "plan.txt")

    with world.database.unit_of_work() as session:
        intake.choose_known(session, actor=world.teacher, item_id=mine.id, request_id=request_id)

    assert [card.entry_state for card in cards_for(world, request_id)] == [EntryState.FILED]
    assert cards(world, world.teacher) == []


def test_nobody_files_for_a_request_that_does_not_concern_them(world: World) -> None:
    request_id = ask(world)
    with pytest.raises(NotFound):
        put_for(world, request_id, actor=world.learning_support)
    theirs = put(world, world.learning_support, "plan.txt")
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        intake.choose_known(session, actor=world.learning_support, item_id=theirs.id, request_id=request_id)


def test_what_was_begun_for_a_request_that_is_closed_can_still_be_filed(world: World) -> None:
    request_id = ask(world)
    mine = put_for(world, request_id)
    set_state(world, request_id, is_closed=True)

    with pytest.raises(Conflict):
        give(world, request_id, Shown(mine.id))
    assert [(card.item.id, card.asked) for card in cards(world, world.teacher)] == [(mine.id, None)]
    with world.database.reading() as session:
        assert intake.answers_begun(session, world.teacher) == {}

    set_state(world, request_id, is_closed=False)
    assert cards(world, world.teacher) == []
    assert len(cards_for(world, request_id)) == 1


def test_what_was_begun_for_several_requests_and_is_one_item_answers_each(world: World) -> None:
    first, second, closed = ask(world), ask(world), ask(world)
    items = [put_for(world, id, f"{number}.txt") for number, id in enumerate((closed, first, second))]
    set_state(world, closed, is_closed=True)
    with world.database.unit_of_work() as session:
        ids = [one.id for one in items]
        listed = evidence.list_of(evidence.files_of_items(session, world.teacher, ids))
        blob = Blob(hashlib.sha256(listed).hexdigest(), len(listed))
        joined = intake.join_batch(session, actor=world.teacher, item_ids=ids, blob=blob, title="Wall")
    [card] = cards_for(world, first)
    assert (card.item.id, [one.id for one in card.also_asked]) == (joined.id, [second])

    give(world, first, Shown(joined.id))

    assert [given_to(world, id) for id in (first, second, closed)] == [[joined.id], [joined.id], []]


def test_what_answers_one_request_and_is_used_for_another_answers_both(world: World) -> None:
    first, second = ask(world), ask(world)
    mine = put_for(world, first)

    with world.database.unit_of_work() as session:
        intake.choose_known(session, actor=world.teacher, item_id=mine.id, request_id=second)
    give(world, second, Shown(mine.id))

    assert [given_to(world, id) for id in (first, second)] == [[mine.id], [mine.id]]


def given_to(world: World, request_id: str) -> list[str]:
    """The ids of the items given in answer to a request."""
    with world.database.reading() as session:
        line = requests.request_line(session, world.coordinator, request_id)
    return [given.item.id for given in line.answers]
