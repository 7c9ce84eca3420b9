"""Who sees and opens an item: private ones, limited roles, other schools."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Item, ItemFacts, Version, Visibility
from evidence_app.domain.schools import add_campus
from evidence_app.errors import Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.evidence.test_filing import BLOB, sees
from tests.fixtures import World


@pytest.mark.parametrize("role", ["administrator", "head", "coordinator", "learning_support", "reader"])
def test_no_role_opens_a_private_item(world: World, role: str) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    assert sees(world, world.teacher, item.id)
    assert not sees(world, getattr(world, role), item.id)
    with world.database.reading() as session:
        assert item.id in evidence.hidden_from(session, getattr(world, role))
        assert item.id not in evidence.hidden_from(session, world.teacher)


def test_hidden_is_whatever_is_not_seen(world: World) -> None:
    for number, owner in enumerate((world.teacher, world.coordinator)):
        for visibility in (Visibility.PRIVATE, Visibility.SHAREABLE, Visibility.STAFF):
            for programmes in ((), ("DP",)):
                name = f"{number} {visibility} {programmes}.txt"
                item = world.file_item(owner, name=name, visibility=visibility, programmes=programmes)
        leaving = world.file_item(owner, name=f"{number} leaving.txt")
        with world.database.unit_of_work() as session:
            evidence.withdraw(session, actor=owner, item_ids=[item.id])
            session.execute(update(Item).where(Item.id == leaving.id).values(leaving_at=leaving.received_at))
    limited = replace(world.reader, programmes=frozenset({"PYP"}))
    nowhere = replace(world.reader, campus_ids=frozenset({"another"}))
    roles = (world.head, world.coordinator, world.teacher, world.learning_support, world.reader)
    with world.database.reading() as session:
        everything = set(session.scalars(select(Item.id)))
        for actor in (*roles, limited, nowhere, replace(world.teacher, role=Role.NOBODY)):
            seen = set(session.scalars(evidence.visible_items(actor).with_only_columns(Item.id)))
            assert evidence.hidden_from(session, actor) == everything - seen
            assert evidence.count_items(session, actor) == len(seen)
            assert (seen == set()) == (actor.role == Role.NOBODY)


def test_a_private_item_opens_to_named_people_and_groups(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    with world.database.unit_of_work() as session:
        group = accounts.add_group(
            session, actor=world.administrator, name="Support", person_ids=[world.learning_support.person_id]
        )
        evidence.name_access(
            session,
            actor=world.teacher,
            item_id=item.id,
            person_ids=[world.head.person_id],
            group_ids=[group.id],
            custodian_ids=[world.teacher.person_id],
        )
    with world.database.reading() as session:
        support = accounts.actor_in(session, world.learning_support.person_id, world.school.id)
        names = evidence.access_names(session, world.head, item.id)
        assert names.custodian_ids == (world.teacher.person_id,)
        assert names.group_ids == (group.id,)
    assert sees(world, world.head, item.id)
    assert sees(world, support, item.id)
    assert not sees(world, world.coordinator, item.id)


def test_only_a_custodian_names_others_and_one_must_stay(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)

    def name(actor: Actor, people: list[str], custodians: list[str]) -> None:
        with world.database.unit_of_work() as session:
            evidence.name_access(
                session, actor=actor, item_id=item.id, person_ids=people, group_ids=[], custodian_ids=custodians
            )

    name(world.teacher, [world.head.person_id], [world.teacher.person_id])
    with pytest.raises(NotAllowed, match="custodian"):
        name(world.head, [], [world.head.person_id])
    with pytest.raises(Invalid, match="at least one custodian"):
        name(world.teacher, [world.head.person_id], [])
    with pytest.raises(Invalid, match="no member"):
        name(world.teacher, [world.stranger.person_id], [world.teacher.person_id])
    with pytest.raises(NotFound):
        name(world.coordinator, [], [world.coordinator.person_id])


def test_only_a_custodian_opens_a_private_item_to_more_people(world: World) -> None:
    item = world.file_item(visibility=Visibility.PRIVATE)
    coordinator = world.coordinator
    with world.database.unit_of_work() as session:
        evidence.name_access(
            session,
            actor=world.teacher,
            item_id=item.id,
            person_ids=[coordinator.person_id],
            group_ids=[],
            custodian_ids=[world.teacher.person_id],
        )
        facts = replace(evidence.facts_of(item), title="A better title")
        evidence.update_facts(session, actor=coordinator, item_id=item.id, facts=facts)
    for visibility in (Visibility.STAFF, Visibility.SHAREABLE, Visibility.PUBLIC):
        with pytest.raises(NotAllowed, match="custodian"), world.database.unit_of_work() as session:
            evidence.set_visibility(session, actor=coordinator, item_ids=[item.id], visibility=visibility)
        facts = replace(evidence.facts_of(item), visibility=visibility)
        with pytest.raises(NotAllowed, match="custodian"), world.database.unit_of_work() as session:
            evidence.update_facts(session, actor=coordinator, item_id=item.id, facts=facts)
    assert not sees(world, world.head, item.id)
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.teacher, item_ids=[item.id], visibility=Visibility.STAFF)
    assert sees(world, world.head, item.id)


def test_an_item_that_goes_private_stays_open_to_its_owner_alone(world: World) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=Visibility.PRIVATE)
    assert sees(world, world.teacher, item.id)
    assert not sees(world, world.coordinator, item.id)


def test_only_those_who_release_make_public(world: World) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session:
        with pytest.raises(NotAllowed):
            evidence.set_visibility(session, actor=world.teacher, item_ids=[item.id], visibility=Visibility.PUBLIC)
        assert (
            evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=Visibility.PUBLIC)
            == 1
        )


def test_a_role_limited_to_programmes_sees_theirs_and_the_whole_schools(world: World) -> None:
    items = {
        p: world.file_item(world.coordinator, name=f"{p}.txt", programmes=p) for p in [(), ("PYP",), ("MYP", "DP")]
    }
    limited = Actor(
        person_id=world.reader.person_id,
        school_id=world.school.id,
        role=world.reader.role,
        programmes=frozenset({"DP"}),
    )
    assert {p: sees(world, limited, i.id) for p, i in items.items()} == {(): True, ("PYP",): False, ("MYP", "DP"): True}


def test_a_role_limited_to_a_campus_sees_theirs_and_the_whole_schools(world: World) -> None:
    with world.database.unit_of_work() as session:
        north = add_campus(session, actor=world.administrator, name="North")
        south = add_campus(session, actor=world.administrator, name="South")
        session.flush()
        found = [
            evidence.add_file(
                session,
                actor=world.coordinator,
                blob=BLOB,
                file_name="a.txt",
                media_type="text/plain",
                facts=ItemFacts(campus_id=campus),
            ).id
            for campus in (None, north.id, south.id)
        ]
    limited = Actor(
        person_id=world.reader.person_id,
        school_id=world.school.id,
        role=world.reader.role,
        campus_ids=frozenset({south.id}),
    )
    assert [sees(world, limited, id) for id in found] == [True, False, True]


def test_another_school_sees_nothing(world: World) -> None:
    item = world.file_item(world.coordinator, visibility=Visibility.PUBLIC)
    assert not sees(world, world.stranger, item.id)
    with world.database.reading() as session:
        assert evidence.hidden_from(session, world.stranger) == frozenset()
        with pytest.raises(NotFound):
            evidence.version(session, world.stranger, item.current_version_id)
        assert evidence.items_by_bytes(session, world.stranger, [evidence.current_version(session, item).sha256]) == {}


def test_bytes_filed_privately_by_others_are_not_a_duplicate(world: World) -> None:
    world.file_item(world.head, content=b"same", visibility=Visibility.PRIVATE)
    open_one = world.file_item(world.head, content=b"open")
    with world.database.reading() as session:
        same = evidence.versions_of(session, world.head, open_one.id)[0].sha256
        hidden = session.scalars(select(Version.sha256).where(Version.sha256 != same)).one()
        assert evidence.items_by_bytes(session, world.teacher, [hidden]) == {}
        assert [i.id for i in evidence.items_by_bytes(session, world.teacher, [same])[same]] == [open_one.id]
