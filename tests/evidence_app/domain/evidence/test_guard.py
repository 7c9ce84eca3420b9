"""No way leads an item with an open question about pupils' data out of the school; each way is tried here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Hold, Item, ItemFacts, Settled, Visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.errors import Invalid, NotAllowed, NotFound
from storage_adapters import Blob
from tests.fixtures import World, member

PLAN = "IEP Marco Rossi.pdf"
ESSAY = "Marco Rossi 3B essay.docx"
ABOUT_ONE = "Marco Rossi (3B) has a diagnosis of dyslexia."
NAMES_ONE = "Wei Zhang (7A) won the prize."
HARMLESS = "The team met on Tuesday and looked at the unit planner again."
OPEN = (Visibility.STAFF, Visibility.SHAREABLE, Visibility.PUBLIC)


def support_group(world: World, *people: Actor) -> str:
    """The id of the learning support team, named as such, with these people or the learning support coordinator."""
    with world.database.unit_of_work() as session:
        ids = [person.person_id for person in people or (world.learning_support,)]
        group = accounts.add_group(session, actor=world.administrator, name="Learning support", person_ids=ids)
        session.flush()
        accounts.name_learning_support(session, actor=world.administrator, group_id=group.id, is_it=True)
        return group.id


def read(world: World, item: Item, text: str, version_id: str = "") -> None:
    """Keep what a reader read, as the worker does."""
    with world.database.unit_of_work() as session:
        reading = Reading("text/plain", ReadingState.TEXT_FOUND, text=text, language="en")
        keep_readings(session, school_id=item.school_id, readings={version_id or item.current_version_id: reading})


def now_of(world: World, item: Item) -> Item:
    """The item as the rows say now, whoever may see it."""
    with world.database.reading() as session:
        found = session.get_one(Item, (item.school_id, item.id))
        session.expunge_all()
        return found


def sees(world: World, actor: Actor, item: Item) -> bool:
    with world.database.reading() as session:
        fresh = accounts.actor_in(session, actor.person_id, actor.school_id)
        return item.id in {found.id for found in session.scalars(evidence.visible_items(fresh))}


def settle(world: World, actor: Actor, item: Item, answer: Settled = Settled.HARMLESS, **more: str) -> None:
    with world.database.unit_of_work() as session:
        note = more.pop("note", "looked at it")
        evidence.settle(session, actor=actor, item_id=item.id, answer=answer, note=note, **more)


def show(world: World, actor: Actor, item: Item, visibility: Visibility) -> None:
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=actor, item_ids=[item.id], visibility=visibility)


def edit(world: World, actor: Actor, item: Item, visibility: Visibility) -> None:
    with world.database.unit_of_work() as session:
        facts = evidence.facts_of(evidence.item(session, actor, item.id))
        evidence.update_facts(session, actor=actor, item_id=item.id, facts=replace(facts, visibility=visibility))


@pytest.mark.parametrize("asked", OPEN)
def test_what_its_name_calls_a_plan_arrives_private_whatever_was_asked(world: World, asked: Visibility) -> None:
    support_group(world)
    item = world.file_item(world.coordinator, name=PLAN, visibility=asked)
    assert (item.visibility, item.held) == (Visibility.PRIVATE, Hold.PRIVATE)
    assert sees(world, world.coordinator, item)
    assert sees(world, world.learning_support, item)
    assert not any(sees(world, world.actors[role], item) for role in (Role.ADMINISTRATOR, Role.HEAD, Role.TEACHER))


@pytest.mark.parametrize("asked", OPEN)
def test_what_its_text_shows_to_be_an_individuals_goes_private_when_it_is_read(world: World, asked: Visibility) -> None:
    support_group(world)
    item = world.file_item(world.coordinator, name="scan001.txt", visibility=asked)
    assert sees(world, world.head, item)
    read(world, item, ABOUT_ONE)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.PRIVATE, Hold.PRIVATE)
    assert not sees(world, world.head, item)
    assert sees(world, world.learning_support, item)


@pytest.mark.parametrize("asked", OPEN)
def test_what_names_pupils_goes_private_too_until_somebody_has_answered(world: World, asked: Visibility) -> None:
    support_group(world)
    by_text, by_name = (world.file_item(world.coordinator, name=n, visibility=asked) for n in ("minutes.txt", ESSAY))
    read(world, by_text, NAMES_ONE)
    for item in (by_text, by_name):
        assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.PRIVATE, Hold.PRIVATE)
        assert sees(world, world.learning_support, item)
        assert not sees(world, world.head, item)


def test_what_is_answered_to_be_for_colleagues_opens_to_the_staff_and_no_further(world: World) -> None:
    item = world.file_item(name=ESSAY)
    settle(world, world.teacher, item, Settled.INTERNAL, note="the list of a class, for its teachers")
    assert now_of(world, item).held == Hold.RELEASE
    show(world, world.teacher, item, Visibility.STAFF)
    with pytest.raises(Invalid):
        show(world, world.teacher, item, Visibility.SHAREABLE)
    plan = world.file_item(name=PLAN)
    with pytest.raises(Invalid):
        settle(world, world.teacher, plan, Settled.INTERNAL)


@pytest.mark.parametrize("asked", OPEN)
def test_a_live_examination_paper_arrives_private_and_is_a_past_one_or_withdrawn(
    world: World, asked: Visibility
) -> None:
    item = world.file_item(world.coordinator, name="Mock exam Biology SL.docx", visibility=asked)
    assert (item.visibility, item.held) == (Visibility.PRIVATE, Hold.PRIVATE)
    with pytest.raises(Invalid) as refusal:
        show(world, world.coordinator, item, Visibility.STAFF)
    assert "still live" in str(refusal.value)
    for answer in (Settled.CONSENT, Settled.REDACTED, Settled.INTERNAL):
        with pytest.raises(Invalid) as refusal:
            settle(world, world.coordinator, item, answer)
        assert "examinations coordinator" in str(refusal.value)
    settle(world, world.coordinator, item, note="sat last year")
    show(world, world.coordinator, item, Visibility.STAFF)


def test_what_shows_nothing_stays_as_it_was_asked(world: World) -> None:
    item = world.file_item(name="minutes.txt", visibility=Visibility.SHAREABLE)
    read(world, item, HARMLESS)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.SHAREABLE, Hold.NONE)


@pytest.mark.parametrize("how", [show, edit])
@pytest.mark.parametrize(("name", "wider"), [(PLAN, OPEN), (ESSAY, OPEN)])
def test_no_act_opens_further_what_waits_for_an_answer(
    world: World, how: Callable[[World, Actor, Item, Visibility], None], name: str, wider: tuple[Visibility, ...]
) -> None:
    item = world.file_item(world.coordinator, name=name)
    for visibility in wider:
        with pytest.raises(Invalid) as refusal:
            how(world, world.coordinator, item, visibility)
        assert refusal.value.field == "visibility"
        assert item.title in str(refusal.value)
    how(world, world.coordinator, item, Visibility.PRIVATE)
    assert now_of(world, item).visibility == Visibility.PRIVATE


def test_a_bulk_act_changes_none_where_one_is_held_back(world: World) -> None:
    items = [world.file_item(name=name) for name in ("plan.txt", ESSAY)]
    ids = [item.id for item in items]
    with pytest.raises(Invalid), world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.teacher, item_ids=ids, visibility=Visibility.SHAREABLE)
    assert [now_of(world, item).visibility for item in items] == [Visibility.STAFF, Visibility.PRIVATE]


def test_the_database_itself_refuses_to_open_what_is_held(world: World) -> None:
    item = world.file_item(name=ESSAY)
    with pytest.raises(IntegrityError), world.database.unit_of_work() as session:
        session.execute(update(Item).where(Item.id == item.id).values(visibility=Visibility.SHAREABLE))
    plan = world.file_item(name=PLAN)
    with pytest.raises(IntegrityError), world.database.unit_of_work() as session:
        session.execute(update(Item).where(Item.id == plan.id).values(visibility=Visibility.STAFF))


def test_out_of_the_bin_it_comes_as_held_as_it_went_in(world: World) -> None:
    item = world.file_item(name=ESSAY, visibility=Visibility.SHAREABLE)
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[item.id])
    with world.database.unit_of_work() as session:
        evidence.restore(session, actor=world.teacher, item_id=item.id)
    with pytest.raises(Invalid):
        show(world, world.teacher, item, Visibility.SHAREABLE)


def test_once_answered_it_opens_and_who_when_and_why_are_kept(world: World) -> None:
    item = world.file_item(name=ESSAY)
    settle(world, world.teacher, item, Settled.CONSENT, note="form in the office, May 2026")
    show(world, world.teacher, item, Visibility.SHAREABLE)
    with world.database.reading() as session:
        [flag] = evidence.flags_of(session, world.head, item.id)
        assert (flag.settled_as, flag.settled_by, flag.note) == (
            "consent",
            world.teacher.person_id,
            "form in the office, May 2026",
        )
        assert flag.settled_at is not None
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence.settle"))
        assert "office" not in str(entry.facts)


def test_an_answer_needs_a_note_and_somebody_who_may_open_it(world: World) -> None:
    item = world.file_item(name=ESSAY)
    with pytest.raises(Invalid) as refusal:
        settle(world, world.teacher, item, note="  ")
    assert refusal.value.field == "note"
    for role in (Role.HEAD, Role.LEARNING_SUPPORT, Role.COORDINATOR):
        with pytest.raises(NotFound):
            settle(world, world.actors[role], item)
    with pytest.raises(NotAllowed):
        settle(world, world.reader, item)
    settle(world, world.teacher, item)
    with pytest.raises(NotFound):
        settle(world, world.teacher, world.file_item(name="plain.txt"))


def test_a_private_one_is_answered_by_its_custodians_only(world: World) -> None:
    support_group(world, world.learning_support, world.head)
    item = world.file_item(name=PLAN)
    with pytest.raises(NotFound):
        settle(world, world.coordinator, item)
    head = fresh(world, world.head)
    with pytest.raises(NotAllowed):
        settle(world, head, item)
    settle(world, fresh(world, world.learning_support), item)
    assert now_of(world, item).visibility == Visibility.PRIVATE
    show(world, world.teacher, item, Visibility.STAFF)


def test_an_individuals_plan_is_never_given_out_by_consent(world: World) -> None:
    item = world.file_item(name=PLAN)
    with pytest.raises(Invalid) as refusal:
        settle(world, world.teacher, item, Settled.CONSENT)
    assert refusal.value.field == "answer"


def test_with_a_redacted_copy_the_paper_itself_stays_held(world: World) -> None:
    item, copy = world.file_item(name=ESSAY), world.file_item(name="essay without names.docx")
    for wrong in ("", item.id):
        with pytest.raises(Invalid) as refusal:
            settle(world, world.teacher, item, Settled.REDACTED, copy_item_id=wrong)
        assert refusal.value.field == "copy"
    private = world.file_item(world.learning_support, name="other.txt", visibility=Visibility.PRIVATE)
    with pytest.raises(NotFound):
        settle(world, world.teacher, item, Settled.REDACTED, copy_item_id=private.id)
    settle(world, world.teacher, item, Settled.REDACTED, copy_item_id=copy.id)
    with pytest.raises(Invalid):
        show(world, world.teacher, item, Visibility.SHAREABLE)
    show(world, world.teacher, copy, Visibility.SHAREABLE)


def put(world: World, item: Item, name: str = "v2.txt") -> str:
    """The id of a newer version."""
    with world.database.unit_of_work() as session:
        blob = Blob("c" * 64, 12)
        return evidence.replace(
            session, actor=world.teacher, item_id=item.id, blob=blob, file_name=name, media_type="text/plain"
        ).id


def test_a_new_version_is_looked_at_again_whatever_was_answered_before(world: World) -> None:
    item = world.file_item(name="minutes.txt")
    read(world, item, NAMES_ONE)
    settle(world, world.teacher, item)
    show(world, world.teacher, item, Visibility.SHAREABLE)
    second = put(world, item)
    read(world, item, NAMES_ONE, second)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.PRIVATE, Hold.PRIVATE)


def test_an_earlier_version_that_is_an_individuals_keeps_the_item_private(world: World) -> None:
    item = world.file_item(name=PLAN, title="Paper")
    second = put(world, item)
    read(world, item, HARMLESS, second)
    assert now_of(world, item).held == Hold.PRIVATE
    settle(world, world.teacher, item, version_id=item.current_version_id)
    assert now_of(world, item).held == Hold.NONE


def test_a_lighter_question_about_an_earlier_version_does_not_hold_the_new_one(world: World) -> None:
    item = world.file_item(name=ESSAY, title="Essay", visibility=Visibility.SHAREABLE)
    second = put(world, item, "essay.txt")
    read(world, item, HARMLESS, second)
    assert {flag.version_id for flag in flags(world, item)} == {item.current_version_id}
    assert now_of(world, item).held == Hold.NONE


def test_reading_again_leaves_an_answer_alone_unless_something_new_is_seen(world: World) -> None:
    item = world.file_item(name="minutes.txt")
    read(world, item, NAMES_ONE)
    settle(world, world.teacher, item)
    read(world, item, NAMES_ONE)
    assert now_of(world, item).held == Hold.NONE
    read(world, item, f"{NAMES_ONE} {ABOUT_ONE}")
    assert now_of(world, item).held == Hold.PRIVATE


def test_what_is_said_of_an_item_is_looked_at_too(world: World) -> None:
    item = world.file_item(name="plain.txt", visibility=Visibility.SHAREABLE)
    with world.database.unit_of_work() as session:
        facts = replace(evidence.facts_of(evidence.item(session, world.teacher, item.id)), purpose=NAMES_ONE)
        evidence.update_facts(session, actor=world.teacher, item_id=item.id, facts=facts)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.PRIVATE, Hold.PRIVATE)
    noted = ItemFacts(title="Note", description=ABOUT_ONE)
    with world.database.unit_of_work() as session:
        note = evidence.add_note(session, actor=world.teacher, blob=Blob("d" * 64, 9), facts=noted)
        assert note.held == Hold.PRIVATE


def test_without_a_learning_support_team_the_importer_alone_opens_it(world: World) -> None:
    item = world.file_item(name=PLAN)
    assert sees(world, world.teacher, item)
    assert not sees(world, world.learning_support, item)


def test_what_nobody_could_open_stays_open_to_staff_and_in_the_school(world: World) -> None:
    leaver = member(world.database, world.school, Role.TEACHER, "leaver@alder.example")
    item = world.file_item(leaver, name="scan.txt", visibility=Visibility.SHAREABLE)
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=leaver.person_id)
    read(world, item, ABOUT_ONE)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.STAFF, Hold.RELEASE)
    with world.database.reading() as session:
        assert [one.item.id for one in evidence.questions_for(session, world.coordinator)] == [item.id]


def test_everybody_is_asked_what_they_may_answer_and_counts_tell_no_more(world: World) -> None:
    support_group(world)
    essay, plan = world.file_item(name=ESSAY), world.file_item(name=PLAN)
    expected = {
        world.teacher: {essay.id, plan.id},
        world.coordinator: set(),
        world.learning_support: {essay.id, plan.id},
        world.head: set(),
        world.stranger: set(),
    }
    with world.database.reading() as session:
        for actor, ids in expected.items():
            now = accounts.actor_in(session, actor.person_id, actor.school_id)
            assert {one.item.id for one in evidence.questions_for(session, now)} == ids
            assert evidence.count_questions(session, now) == len(ids)


def test_nothing_that_is_kept_holds_the_words_that_were_seen(world: World) -> None:
    item = world.file_item(name="scan.txt")
    read(world, item, ABOUT_ONE)
    [flag] = flags(world, item)
    assert "Rossi" not in str(flag.signs)
    assert "dyslexia" not in str(flag.signs)


def test_another_team_is_named_only_by_somebody_of_the_one_there_is(world: World) -> None:
    team = support_group(world)
    world.file_item(name=PLAN)
    with world.database.unit_of_work() as session:
        mine = accounts.add_group(
            session, actor=world.administrator, name="Mine", person_ids=[world.administrator.person_id]
        ).id
    for group_id, is_it in ((mine, True), (team, False)):
        with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
            accounts.name_learning_support(session, actor=world.administrator, group_id=group_id, is_it=is_it)
    with world.database.unit_of_work() as session:
        accounts.change_group(
            session,
            actor=world.administrator,
            group_id=team,
            name="Learning support",
            person_ids=[world.learning_support.person_id, world.administrator.person_id],
        )
    later = world.file_item(name="PEI Bianchi 3B.pdf")
    assert not sees(world, world.administrator, later)
    assert sees(world, world.learning_support, later)


def flags(world: World, item: Item) -> list[evidence.Flag]:
    with world.database.reading() as session:
        return evidence.flags_of(session, world.teacher, item.id)


def fresh(world: World, actor: Actor) -> Actor:
    """The actor with the groups they are in by now."""
    with world.database.reading() as session:
        return accounts.actor_in(session, actor.person_id, actor.school_id)


def test_an_earlier_version_used_again_keeps_its_answer(world: World) -> None:
    item = world.file_item(name="minutes.txt")
    read(world, item, NAMES_ONE)
    settle(world, world.teacher, item)
    read(world, item, HARMLESS, put(world, item))
    with world.database.unit_of_work() as session:
        again = evidence.bring_back(
            session, actor=world.teacher, item_id=item.id, version_id=item.current_version_id
        ).id
    read(world, item, NAMES_ONE, again)
    assert now_of(world, item).held == Hold.NONE


def test_bytes_that_are_asked_about_are_so_as_a_version_of_something_else_at_once(world: World) -> None:
    asked = world.file_item(name="minutes.txt", content=b"bytes")
    read(world, asked, NAMES_ONE)
    item = world.file_item(name="other.txt", visibility=Visibility.SHAREABLE)
    with world.database.reading() as session:
        version = evidence.versions_of(session, world.teacher, asked.id)[0]
    with world.database.unit_of_work() as session:
        evidence.replace(
            session,
            actor=world.teacher,
            item_id=item.id,
            blob=version,
            file_name="new.txt",
            media_type="text/plain",
        )
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.PRIVATE, Hold.PRIVATE)
