"""Private items stay closed to accounts and groups that an administrator could have got into."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts.standing import standings_of
from evidence_app.domain.evidence import Item, Opens, Visibility
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.fixtures import World

PASSWORD = "four plain words here"


def now_acting(world: World, actor: Actor) -> Actor:
    """The same person as the next request sees them."""
    with world.database.reading() as session:
        return accounts.actor_in(session, actor.person_id, world.school.id)


def opens(world: World, actor: Actor, item: Item) -> bool:
    with world.database.reading() as session:
        who = accounts.actor_in(session, actor.person_id, world.school.id)
        try:
            evidence.item(session, who, item.id)
        except NotFound:
            return False
        return True


def name(world: World, item: Item, by: Actor, people: list[Actor], custodians: list[Actor], *groups: str) -> None:
    with world.database.unit_of_work() as session:
        evidence.name_access(
            session,
            actor=now_acting(world, by),
            item_id=item.id,
            person_ids=[one.person_id for one in people],
            group_ids=groups,
            custodian_ids=[one.person_id for one in custodians],
        )


def enter_by_link(world: World, actor: Actor) -> None:
    """What an administrator can do to a colleague's account: make a link, and choose a password with it."""
    with world.database.unit_of_work() as session:
        token = accounts.invite(session, actor=world.administrator, person_id=actor.person_id)
        accounts.accept_invitation(session, token=token, name="", password=PASSWORD)


def standing_of(session: Session, person: Actor) -> str:
    """What the page that asks for a confirmation shows of this person."""
    return standings_of(session, person.school_id).get(person.person_id, "")


def confirm(world: World, by: Actor, person: Actor) -> None:
    with world.database.unit_of_work() as session:
        shown = standing_of(session, person)
        evidence.confirm(session, actor=now_acting(world, by), person_id=person.person_id, standing=shown)


def waiting(world: World, actor: Actor) -> list[tuple[str, int, tuple[str, ...]]]:
    with world.database.reading() as session:
        who = accounts.actor_in(session, actor.person_id, world.school.id)
        return [(one.person_id, one.items, one.groups) for one in evidence.unconfirmed_for(session, who)]


def group_of(world: World, *people: Actor, named: str = "Learning support") -> str:
    with world.database.unit_of_work() as session:
        added = accounts.add_group(
            session, actor=world.administrator, name=named, person_ids=[one.person_id for one in people]
        )
        return added.id


def set_group(world: World, group_id: str, *people: Actor) -> None:
    with world.database.unit_of_work() as session:
        accounts.change_group(
            session,
            actor=world.administrator,
            group_id=group_id,
            name="Learning support",
            person_ids=[one.person_id for one in people],
        )


def test_an_account_entered_by_a_link_opens_nothing_private_until_a_custodian_confirms(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    open_one = world.file_item(name="open.txt")
    name(world, item, world.teacher, [], [world.teacher, world.learning_support])
    enter_by_link(world, world.teacher)
    assert not opens(world, world.teacher, item)
    assert opens(world, world.teacher, open_one)
    assert waiting(world, world.learning_support) == [(world.teacher.person_id, 1, ())]
    confirm(world, world.learning_support, world.teacher)
    assert opens(world, world.teacher, item)
    assert waiting(world, world.learning_support) == []
    with pytest.raises(NotFound):
        confirm(world, world.learning_support, world.teacher)


def test_a_confirmation_is_about_the_link_it_was_asked_for(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [], [world.teacher, world.learning_support])
    enter_by_link(world, world.teacher)
    with world.database.reading() as session:
        shown = evidence.unconfirmed_for(session, now_acting(world, world.learning_support))[0].standing
    enter_by_link(world, world.teacher)
    who = now_acting(world, world.learning_support)
    with pytest.raises(Conflict), world.database.unit_of_work() as session:
        evidence.confirm(session, actor=who, person_id=world.teacher.person_id, standing=shown)
    assert not opens(world, world.teacher, item)


def test_nobody_confirms_themselves_nor_an_administrator_anybody(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [], [world.teacher, world.learning_support])
    enter_by_link(world, world.teacher)
    for actor in (world.teacher, world.administrator, world.head, world.coordinator, world.stranger):
        who = actor if actor is world.stranger else now_acting(world, actor)
        with world.database.reading() as session:
            shown = standing_of(session, world.teacher)
        with pytest.raises(NotFound), world.database.unit_of_work() as session:
            evidence.confirm(session, actor=who, person_id=world.teacher.person_id, standing=shown)
        assert not opens(world, world.teacher, item)


def test_who_only_reads_an_item_confirms_nobody(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [world.head], [world.teacher])
    enter_by_link(world, world.teacher)
    with pytest.raises(NotFound):
        confirm(world, world.head, world.teacher)


def test_an_entered_custodian_cannot_be_confirmed_by_another_entered_account(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [], [world.teacher, world.learning_support])
    enter_by_link(world, world.teacher)
    enter_by_link(world, world.learning_support)
    with pytest.raises(NotFound):
        confirm(world, world.learning_support, world.teacher)
    assert not opens(world, world.teacher, item)


def test_whoever_runs_the_machine_confirms_the_only_custodian(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    enter_by_link(world, world.teacher)
    assert not opens(world, world.teacher, item)
    with world.database.unit_of_work() as session:
        operator = Actor(person_id="", school_id=world.school.id, role=Role.ADMINISTRATOR)
        assert evidence.confirm_everywhere(session, actor=operator, person_id=world.teacher.person_id) == 1
    assert opens(world, world.teacher, item)


def test_an_entered_custodian_who_still_reads_through_a_group_keeps_nothing(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    group = group_of(world, world.teacher, world.head)
    name(world, item, world.teacher, [], [world.teacher], group)
    enter_by_link(world, world.teacher)
    confirm(world, world.head, world.teacher)
    assert opens(world, world.teacher, item)
    with pytest.raises(NotAllowed, match="custodian"):
        name(world, item, world.teacher, [world.administrator], [world.teacher])


def test_one_s_own_new_password_changes_nothing(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    with world.database.unit_of_work() as session:
        accounts.change_password(session, person_id=world.teacher.person_id, password=PASSWORD)
    assert opens(world, world.teacher, item)


def test_who_comes_back_to_the_school_opens_nothing_they_opened_before(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [world.head], [world.teacher])
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.head.person_id)
        accounts.add_person(session, actor=world.administrator, email=world.head.email, role=Role.HEAD)
    assert not opens(world, world.head, item)
    assert waiting(world, world.teacher) == [(world.head.person_id, 1, ())]
    confirm(world, world.teacher, world.head)
    assert opens(world, world.head, item)


def test_a_limited_place_opens_private_items_within_it_only(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE, programmes=("DP",))
    name(world, item, world.teacher, [world.head], [world.teacher])
    for programmes, is_open in ((["MYP"], False), (["DP", "MYP"], True)):
        with world.database.unit_of_work() as session:
            accounts.change_role(
                session,
                actor=world.administrator,
                person_id=world.head.person_id,
                role=Role.HEAD,
                programmes=programmes,
            )
        assert opens(world, world.head, item) == is_open
        with world.database.reading() as session:
            openers = evidence.openers_of(session, world.teacher, item.id)
        wanted = Opens.YES if is_open else Opens.LIMITED
        assert {one.person_id: one.opens for one in openers}[world.head.person_id] == wanted


def test_an_administrator_who_joins_a_named_group_waits_for_somebody_in_it(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    group = group_of(world, world.learning_support)
    name(world, item, world.teacher, [], [world.teacher], group)
    assert opens(world, world.learning_support, item)
    set_group(world, group, world.learning_support, world.administrator)
    assert not opens(world, world.administrator, item)
    assert waiting(world, world.learning_support) == [(world.administrator.person_id, 0, ("Learning support",))]
    with pytest.raises(NotFound):
        confirm(world, world.administrator, world.administrator)
    with pytest.raises(NotFound):
        confirm(world, world.teacher, world.administrator)
    confirm(world, world.learning_support, world.administrator)
    assert opens(world, world.administrator, item)


def test_a_group_that_was_emptied_lets_its_new_people_in_nowhere(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    group = group_of(world, world.learning_support)
    name(world, item, world.teacher, [], [world.teacher], group)
    set_group(world, group, world.administrator)
    assert not opens(world, world.administrator, item)
    set_group(world, group, world.administrator, world.learning_support)
    assert not opens(world, world.learning_support, item)


def test_an_item_of_one_s_own_confirms_nobody_in_a_group_that_others_named(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    group = group_of(world, world.learning_support)
    name(world, item, world.teacher, [], [world.teacher], group)
    set_group(world, group, world.learning_support, world.administrator)
    bait = world.file_item(world.administrator, name="bait.txt", visibility=Visibility.PRIVATE)
    name(world, bait, world.administrator, [], [world.administrator], group)
    assert not opens(world, world.administrator, item)
    assert waiting(world, world.administrator) == []


def test_a_group_nobody_named_on_an_item_waits_for_nobody(world: World) -> None:
    group_of(world, world.learning_support, world.head)
    assert waiting(world, world.learning_support) == []


def test_saving_the_names_again_confirms_nobody(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    group = group_of(world, world.learning_support)
    name(world, item, world.teacher, [world.head], [world.teacher], group)
    enter_by_link(world, world.head)
    set_group(world, group, world.learning_support, world.administrator)
    name(world, item, world.teacher, [world.head], [world.teacher], group)
    assert not opens(world, world.head, item)
    assert not opens(world, world.administrator, item)


def test_the_openers_of_an_item_are_told_with_why_some_do_not(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    group = group_of(world, world.learning_support, world.teacher)
    name(world, item, world.teacher, [world.head, world.reader], [world.teacher], group)
    enter_by_link(world, world.head)
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.reader.person_id)
    with world.database.reading() as session:
        told = evidence.openers_of(session, world.teacher, item.id)
    assert [(one.person_id, one.opens, one.is_custodian, one.group) for one in told[:2]] == [
        (world.teacher.person_id, Opens.YES, True, ""),
        (world.learning_support.person_id, Opens.YES, False, "Learning support"),
    ]
    assert {one.person_id: one.opens for one in told[2:]} == {
        world.head.person_id: Opens.UNCONFIRMED,
        world.reader.person_id: Opens.LEFT,
    }


def test_an_item_whose_owner_left_goes_private_to_who_closes_it(world: World) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.teacher.person_id)
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=Visibility.PRIVATE)
    assert opens(world, world.coordinator, item)


def test_who_only_reads_an_item_makes_nobody_its_custodian_by_saying_again_that_it_is_private(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [world.coordinator], [world.teacher])
    enter_by_link(world, world.teacher)
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=Visibility.PRIVATE)
        evidence.update_facts(session, actor=world.coordinator, item_id=item.id, facts=evidence.facts_of(item))
    assert not opens(world, world.teacher, item)
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.teacher.person_id)
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=Visibility.PRIVATE)
    with world.database.reading() as session:
        assert (
            world.coordinator.person_id not in evidence.access_names(session, world.coordinator, item.id).custodian_ids
        )


def test_nothing_goes_private_that_nobody_could_open(world: World) -> None:
    item = world.file_item(programmes=("DP",))
    with world.database.unit_of_work() as session:
        accounts.change_role(
            session,
            actor=world.administrator,
            person_id=world.teacher.person_id,
            role=Role.TEACHER,
            programmes=["PYP"],
        )
    limited = now_acting(world, world.teacher)
    with pytest.raises(Invalid, match="nobody could open it"), world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=limited, item_ids=[item.id], visibility=Visibility.PRIVATE)
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=Visibility.PRIVATE)
    assert opens(world, world.coordinator, item)
    assert not opens(world, world.teacher, item)


def test_who_has_left_is_confirmed_by_nobody(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    name(world, item, world.teacher, [world.head], [world.teacher])
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.head.person_id)
    with pytest.raises(NotFound):
        confirm(world, world.teacher, world.head)
