"""No way leads an item with an open question about pupils' data out of the school; each way is tried here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Hold, Item, ItemFacts, Visibility
from evidence_app.errors import Invalid, NotAllowed
from storage_adapters import Blob
from tests.evidence_app.domain.evidence.guarded import (
    ABOUT_ONE,
    ESSAY,
    HARMLESS,
    NAMES_ONE,
    OPEN,
    PLAN,
    edit,
    flags,
    now_of,
    read,
    sees,
    show,
    support_group,
)
from tests.fixtures import World, member


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


def test_of_the_team_only_who_is_not_kept_from_the_item_looks_after_it(world: World) -> None:
    of_pyp = member(world.database, world.school, Role.LEARNING_SUPPORT, "pyp@alder.example", programmes=["PYP"])
    support_group(world, of_pyp, world.learning_support)
    item = world.file_item(name=PLAN, programmes=("DP",))
    with world.database.reading() as session:
        names = evidence.access_names(session, world.teacher, item.id)
    assert set(names.custodian_ids) == {world.teacher.person_id, world.learning_support.person_id}


def test_what_nobody_could_open_stays_open_to_staff_and_in_the_school(world: World) -> None:
    leaver = member(world.database, world.school, Role.TEACHER, "leaver@alder.example")
    item = world.file_item(leaver, name="scan.txt", visibility=Visibility.SHAREABLE)
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=leaver.person_id)
    read(world, item, ABOUT_ONE)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.STAFF, Hold.RELEASE)
    with world.database.reading() as session:
        assert [one.item.id for one in evidence.questions_for(session, world.coordinator)] == [item.id]


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
