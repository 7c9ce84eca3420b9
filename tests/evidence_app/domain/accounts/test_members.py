"""Members of a school: one account in several, limits, groups, and what cannot be."""

from __future__ import annotations

import pytest

from evidence_app.domain import accounts
from evidence_app.domain.access import Actor, Role
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.accounts.test_people import EMAIL
from tests.fixtures import World


def test_one_person_in_two_schools_keeps_one_account(world: World) -> None:
    with world.database.unit_of_work() as session:
        other = accounts.add_person(
            session,
            actor=Actor(person_id="", school_id=world.neighbour.id, role=Role.ADMINISTRATOR),
            email=world.teacher.email.upper(),
            role=Role.COORDINATOR,
        )
        assert other.person_id == world.teacher.person_id
    with world.database.reading() as session:
        assert [s.key for s in accounts.schools_of(session, world.teacher.person_id)] == ["alder-bay", "birch-hill"]
        with pytest.raises(Invalid, match="alder-bay, birch-hill"):
            accounts.actor_by_email(session, world.teacher.email)
        assert accounts.actor_by_email(session, world.teacher.email, "birch-hill").role == Role.COORDINATOR


def test_the_last_administrator_stays(world: World) -> None:
    for act in (accounts.remove_member, lambda s, **k: accounts.change_role(s, role=Role.HEAD, **k)):
        with world.database.unit_of_work() as session, pytest.raises(Conflict, match="only administrator"):
            act(session, actor=world.administrator, person_id=world.administrator.person_id)


def test_limits_follow_the_membership_into_the_actor(world: World) -> None:
    with world.database.unit_of_work() as session:
        accounts.change_role(
            session,
            actor=world.administrator,
            person_id=world.teacher.person_id,
            role=Role.TEACHER,
            programmes=["PYP", "DP"],
        )
        accounts.change_role(
            session,
            actor=world.administrator,
            person_id=world.teacher.person_id,
            role=Role.TEACHER,
            programmes=["DP"],
        )
    with world.database.reading() as session:
        assert accounts.actor_in(session, world.teacher.person_id, world.school.id).programmes == {"DP"}


def test_people_of_another_school_do_not_exist_here(world: World) -> None:
    with world.database.reading() as session:
        assert all("canary" not in m.person.email for m in accounts.members_of(session, world.administrator))
        with pytest.raises(NotFound):
            accounts.managed_member(session, world.administrator, world.stranger.person_id)
        with pytest.raises(NotFound):
            accounts.actor_in(session, world.stranger.person_id, world.school.id)
    with world.database.unit_of_work() as session, pytest.raises(NotFound):
        accounts.change_role(session, actor=world.administrator, person_id=world.stranger.person_id, role=Role.READER)


def test_names_are_those_of_this_schools_people_and_of_those_who_left_it(world: World) -> None:
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.teacher.person_id)
    asked = {world.head.person_id, world.teacher.person_id, world.stranger.person_id}
    with world.database.reading() as session:
        assert accounts.names_of(session, world.school.id, asked) == {
            world.head.person_id: "Head",
            world.teacher.person_id: "Teacher",
        }
        assert accounts.names_of(session, world.neighbour.id, asked).keys() == {world.stranger.person_id}


def test_a_coordinator_does_not_add_people(world: World) -> None:
    with world.database.unit_of_work() as session, pytest.raises(NotAllowed):
        accounts.add_person(session, actor=world.coordinator, email=EMAIL, role=Role.TEACHER)


@pytest.mark.parametrize("email", ["", "no-at-sign", "two@@x.org", "a b@x.org", "x@y,z@q.org"])
def test_what_is_no_address_is_refused(world: World, email: str) -> None:
    with world.database.unit_of_work() as session, pytest.raises(Invalid, match="not an e-mail address"):
        accounts.add_person(session, actor=world.administrator, email=email, role=Role.TEACHER)


def test_nobody_is_added_twice_and_nobody_is_not_a_role(world: World) -> None:
    with world.database.unit_of_work() as session:
        with pytest.raises(Conflict, match="already a member"):
            accounts.add_person(session, actor=world.administrator, email=world.teacher.email, role=Role.TEACHER)
        with pytest.raises(Invalid, match="not a role"):
            accounts.add_person(session, actor=world.administrator, email=EMAIL, role=Role.NOBODY)


def test_a_group_holds_members_and_follows_into_the_actor(world: World) -> None:
    with world.database.unit_of_work() as session:
        group = accounts.add_group(
            session, actor=world.administrator, name="Learning support", person_ids=[world.teacher.person_id]
        )
        with pytest.raises(Conflict):
            accounts.add_group(session, actor=world.administrator, name="Learning  support", person_ids=[])
        with pytest.raises(Invalid):
            accounts.add_group(
                session, actor=world.administrator, name="Strangers", person_ids=[world.stranger.person_id]
            )
    with world.database.reading() as session:
        assert accounts.actor_in(session, world.teacher.person_id, world.school.id).group_ids == {group.id}
        assert [g.name for g in accounts.groups_of_school(session, world.stranger)] == []


def test_a_group_changes_its_name_and_members(world: World) -> None:
    boss, teacher, head = world.administrator, world.teacher.person_id, world.head.person_id
    with world.database.unit_of_work() as session:
        other = accounts.add_group(session, actor=boss, name="Office", person_ids=[])
        group = accounts.add_group(session, actor=boss, name="PYP team", person_ids=[teacher])
        accounts.change_group(session, actor=boss, group_id=group.id, name="PYP team", person_ids=[head, head])
    with world.database.reading() as session:
        assert accounts.members_by_group(session, boss) == {group.id: {head}}
        assert accounts.actor_in(session, teacher, world.school.id).group_ids == frozenset()
    for actor, name, people, error in (
        (boss, "Office", [], Conflict),
        (boss, " ", [], Invalid),
        (boss, "PYP team", [world.stranger.person_id], Invalid),
        (world.teacher, "PYP team", [], NotAllowed),
        (world.stranger, "PYP team", [], NotAllowed),
    ):
        with pytest.raises(error), world.database.unit_of_work() as session:
            accounts.change_group(session, actor=actor, group_id=group.id, name=name, person_ids=people)
    foreign_boss = Actor(person_id="", school_id=world.neighbour.id, role=Role.ADMINISTRATOR)
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        accounts.change_group(session, actor=foreign_boss, group_id=other.id, name="Mine", person_ids=[])


def test_a_limit_names_what_the_school_has(world: World) -> None:
    for limits in ({"programmes": ["XYZ"]}, {"campus_ids": ["not-a-campus"]}):
        with pytest.raises(Invalid), world.database.unit_of_work() as session:
            accounts.change_role(
                session,
                actor=world.administrator,
                person_id=world.teacher.person_id,
                role=Role.TEACHER,
                **limits,
            )
