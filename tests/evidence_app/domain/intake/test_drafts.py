"""What is ticked and typed while filing is kept before it is saved, with its item and for its person alone."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from evidence_app.database import now
from evidence_app.domain import evidence, intake, requests
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import ItemFacts
from evidence_app.domain.intake import DraftPart, Shown
from evidence_app.domain.intake.models import FilingDraft
from evidence_app.errors import Invalid
from storage_adapters import open_store
from tests.evidence_app.domain.intake.test_batch import OTHER, PRACTICE, cards, put, save
from tests.fixtures import World

THIRD = "ib-psp-2020/0202-01"


def keep(world: World, actor: Actor, *shown: Shown) -> None:
    with world.database.unit_of_work() as session:
        intake.keep_said(session, actor=actor, shown=shown)


def card_of(world: World, actor: Actor) -> intake.Card:
    [card] = cards(world, actor)
    return card


def keep_typed(world: World, part: DraftPart, request_id: str = "", **said: str) -> None:
    with world.database.unit_of_work() as session:
        intake.keep_draft(session, actor=world.teacher, part=part, said=said, request_id=request_id)


def typed(world: World, actor: Actor, part: DraftPart, request_id: str = "") -> dict[str, str]:
    with world.database.reading() as session:
        return intake.draft_of(session, actor, part, request_id)


def asked_of_teacher(world: World) -> str:
    with world.database.unit_of_work() as session:
        return requests.ask(
            session,
            actor=world.coordinator,
            node_key=PRACTICE,
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
        ).id


def test_a_draft_is_kept_whole_and_one_that_could_not_be_filed_is_refused(world: World) -> None:
    words = "Long. " * 150_000
    keep_typed(world, DraftPart.NOTE, title="Assembly", text=words)
    assert typed(world, world.teacher, DraftPart.NOTE)["text"] == words

    with pytest.raises(Invalid, match="longer than a note can be"):
        keep_typed(world, DraftPart.NOTE, title="Assembly", text="é" * 600_000)
    assert typed(world, world.teacher, DraftPart.NOTE)["text"] == words


def test_what_is_ticked_and_typed_stands_on_the_card_again(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    said = Shown(mine.id, (PRACTICE,), "Week 3.", (OTHER,), "The plan of Grade 4", "What we changed")
    assert card_of(world, world.teacher).said is None

    keep(world, world.teacher, Shown(mine.id, (OTHER,), "We"))
    keep(world, world.teacher, said)

    assert card_of(world, world.teacher).said == said


def test_only_the_items_named_are_kept_anew_and_nothing_is_filed_by_it(world: World) -> None:
    first, second = put(world, world.teacher, "a.txt", b"a"), put(world, world.teacher, "b.txt", b"b")
    keep(world, world.teacher, Shown(first.id, (PRACTICE,)), Shown(second.id, note="Two."))

    keep(world, world.teacher, Shown(second.id, note="Three."))

    said = {card.item.id: card.said for card in cards(world, world.teacher)}
    assert (said[first.id], said[second.id]) == (Shown(first.id, (PRACTICE,)), Shown(second.id, note="Three."))
    assert [card.tags for card in cards(world, world.teacher)] == [(), ()]


def test_what_left_the_batch_or_is_not_mine_is_passed_over(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    keep(world, world.coordinator, Shown(mine.id, note="Not mine."))
    assert card_of(world, world.teacher).said is None
    save(world, world.teacher, Shown(mine.id))

    keep(world, world.teacher, Shown(mine.id, note="Too late."))

    assert cards(world, world.teacher) == []


def test_saving_takes_title_and_purpose_and_an_empty_title_stays(world: World) -> None:
    first, second = put(world, world.teacher, "IMG 1.txt", b"a"), put(world, world.teacher, "b.txt", b"b")

    save(
        world,
        world.teacher,
        Shown(first.id, title="The wall on rivers", purpose="What Grade 4 made"),
        Shown(second.id, title="  ", purpose=""),
    )

    with world.database.reading() as session:
        kept = [evidence.item(session, world.teacher, one.id) for one in (first, second)]
    assert [(one.title, one.purpose) for one in kept] == [("The wall on rivers", "What Grade 4 made"), ("b", "")]


def test_what_was_said_goes_with_the_item_that_takes_its_place(world: World) -> None:
    theirs = put(world, world.coordinator, "plan.txt")
    save(world, world.coordinator, Shown(theirs.id))
    mine = put(world, world.teacher, "again.txt")
    keep(world, world.teacher, Shown(mine.id, (PRACTICE,), "Page 2."))

    with world.database.unit_of_work() as session:
        intake.use_known(session, actor=world.teacher, item_id=mine.id, known_id=theirs.id)

    assert card_of(world, world.teacher).said == Shown(theirs.id, (PRACTICE,), "Page 2.")


def test_what_was_said_of_either_is_said_of_the_one_that_stays(world: World) -> None:
    request_id = asked_of_teacher(world)
    first, second = put(world, world.teacher, "plan.txt", b"one"), put(world, world.teacher, "plan 2.txt", b"two")
    with world.database.unit_of_work() as session:
        intake.choose_known(session, actor=world.teacher, item_id=second.id, request_id=request_id)
    keep(world, world.teacher, Shown(first.id, (PRACTICE,), "Page 2.", (OTHER, THIRD), title="The plan"))
    keep(world, world.teacher, Shown(second.id, (OTHER,), "Newer."))

    with world.database.unit_of_work() as session:
        intake.make_version(session, actor=world.teacher, item_id=second.id, of_id=first.id, is_chosen=True)
    with world.database.reading() as session:
        card = intake.card_of(session, world.teacher, first.id)

    assert card.said == Shown(first.id, (PRACTICE, OTHER), "Page 2. Newer.", (THIRD,), title="The plan")
    assert card.asked is not None
    assert card.asked.id == request_id


def test_what_was_said_of_files_made_one_is_said_of_that(world: World) -> None:
    first, second = put(world, world.teacher, "a.txt", b"a"), put(world, world.teacher, "b.txt", b"b")
    keep(world, world.teacher, Shown(first.id, (PRACTICE,), "Left.", purpose="The wall"))
    keep(world, world.teacher, Shown(second.id, (PRACTICE, OTHER), "Right."))
    with world.database.unit_of_work() as session:
        files = evidence.files_of_items(session, world.teacher, [first.id, second.id])
        blob = open_store("memory:").put(world.school.id, io.BytesIO(evidence.list_of(files)))
        joined = intake.join_batch(session, actor=world.teacher, item_ids=[first.id, second.id], blob=blob)

    said = card_of(world, world.teacher).said
    assert said == Shown(joined.id, (PRACTICE, OTHER), "Left. Right.", purpose="The wall")


def test_a_note_that_is_being_written_is_there_until_it_is_filed(world: World) -> None:
    keep_typed(world, DraftPart.NOTE, title="Assem", text="We")
    keep_typed(world, DraftPart.NOTE, title="Assembly", text="We sang.\n\nIn three languages.")
    request_id = asked_of_teacher(world)
    keep_typed(world, DraftPart.NOTE, request_id, title="Another", text="Other words.")
    assert typed(world, world.coordinator, DraftPart.NOTE) == {}
    assert typed(world, world.teacher, DraftPart.NOTE) == {
        "title": "Assembly",
        "text": "We sang.\n\nIn three languages.",
    }

    blob = open_store("memory:").put(world.school.id, io.BytesIO(b"We sang."))
    with world.database.unit_of_work() as session:
        intake.add_note_to_batch(session, actor=world.teacher, blob=blob, title="Assembly")

    assert typed(world, world.teacher, DraftPart.NOTE) == {}
    assert typed(world, world.teacher, DraftPart.NOTE, request_id)["title"] == "Another"


def test_what_was_typed_for_a_request_that_is_closed_by_now_answers_none_and_pushes_nothing_out(world: World) -> None:
    request_id = asked_of_teacher(world)
    keep_typed(world, DraftPart.NOTE, title="My own")
    keep_typed(world, DraftPart.NOTE, request_id, title="The answer")
    with world.database.unit_of_work() as session:
        requests.close(session, actor=world.coordinator, request_id=request_id)
    assert typed(world, world.teacher, DraftPart.NOTE) == {"title": "The answer"}

    with world.database.reading() as session:
        assert intake.draft_id_of(session, world.teacher, DraftPart.NOTE) == request_id
    keep_typed(world, DraftPart.NOTE, request_id, title="The answer, longer")
    blob = open_store("memory:").put(world.school.id, io.BytesIO(b"We sang."))
    with world.database.unit_of_work() as session:
        intake.add_note_to_batch(
            session, actor=world.teacher, blob=blob, title="The answer, longer", draft_id=request_id
        )

    assert typed(world, world.teacher, DraftPart.NOTE) == {"title": "My own"}


def test_a_note_that_was_emptied_hides_no_other(world: World) -> None:
    request_id = asked_of_teacher(world)
    keep_typed(world, DraftPart.NOTE, title="My own", text="")
    keep_typed(world, DraftPart.NOTE, request_id, title="The answer", text="")
    with world.database.unit_of_work() as session:
        requests.close(session, actor=world.coordinator, request_id=request_id)

    keep_typed(world, DraftPart.NOTE, request_id, title="", text="")

    assert typed(world, world.teacher, DraftPart.NOTE) == {"title": "My own", "text": ""}


def test_a_note_of_ones_own_goes_on_beside_one_for_a_request_that_is_closed_by_now(world: World) -> None:
    request_id = asked_of_teacher(world)
    keep_typed(world, DraftPart.NOTE, title="My own")
    keep_typed(world, DraftPart.NOTE, request_id, title="The answer")
    with world.database.unit_of_work() as session:
        requests.close(session, actor=world.coordinator, request_id=request_id)

    keep_typed(world, DraftPart.NOTE, title="My own, longer")
    assert typed(world, world.teacher, DraftPart.NOTE, request_id) == {"title": "The answer"}
    blob = open_store("memory:").put(world.school.id, io.BytesIO(b"We sang."))
    with world.database.unit_of_work() as session:
        intake.add_note_to_batch(session, actor=world.teacher, blob=blob, title="My own, longer")

    assert typed(world, world.teacher, DraftPart.NOTE) == {"title": "The answer"}


def test_what_goes_with_every_file_is_kept_until_the_last_of_them_is_saved(world: World) -> None:
    first, second = put(world, world.teacher, "a.txt", b"a"), put(world, world.teacher, "b.txt", b"b")
    keep_typed(world, DraftPart.FACTS, visibility="private")

    save(world, world.teacher, Shown(first.id), facts=replace(ItemFacts(), school_year="2025-26"))
    assert typed(world, world.teacher, DraftPart.FACTS) == {"visibility": "private"}
    save(world, world.teacher, Shown(second.id))

    assert typed(world, world.teacher, DraftPart.FACTS) == {}


def test_what_nobody_touched_for_long_is_forgotten(world: World) -> None:
    keep_typed(world, DraftPart.NOTE, text="Begun and left.")
    keep_typed(world, DraftPart.LINK, url="https://example.org")
    with world.database.unit_of_work() as session:
        long_ago = now() - timedelta(days=91)
        session.execute(update(FilingDraft).where(FilingDraft.part == DraftPart.NOTE).values(kept_at=long_ago))
    with world.database.unit_of_work() as session:
        assert intake.forget_old_drafts(session) == 1
    assert typed(world, world.teacher, DraftPart.NOTE) == {}
    assert typed(world, world.teacher, DraftPart.LINK) == {"url": "https://example.org"}
    with world.database.unit_of_work() as session:
        session.execute(update(FilingDraft).values(kept_at=long_ago))
    keep_typed(world, DraftPart.LINK, url="https://example.org/2")
    with world.database.unit_of_work() as session:
        assert intake.forget_old_drafts(session) == 0


def test_two_tabs_that_keep_the_same_at_once_both_succeed(world: World) -> None:
    start = threading.Barrier(4)

    def keep_at_once(text: str) -> str:
        start.wait(10)
        keep_typed(world, DraftPart.NOTE, text=text)
        return text

    with ThreadPoolExecutor(4) as tabs:
        kept = list(tabs.map(keep_at_once, "abcd"))
    assert typed(world, world.teacher, DraftPart.NOTE)["text"] in kept
