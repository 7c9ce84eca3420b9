"""Questions about pupils' data follow versions, and bytes: what was asked and answered of them before counts."""

from __future__ import annotations

from evidence_app.domain import evidence
from evidence_app.domain.evidence import Hold, Item, Settled, Visibility
from storage_adapters import Blob
from tests.evidence_app.domain.evidence.guarded import (
    ESSAY,
    HARMLESS,
    NAMES_ONE,
    PLAN,
    flags,
    now_of,
    put,
    read,
    settle,
    show,
)
from tests.fixtures import World


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


def bring_back(world: World, item: Item, version_id: str) -> str:
    """The id of the newest version, which is the same as an earlier one."""
    with world.database.unit_of_work() as session:
        return evidence.bring_back(session, actor=world.teacher, item_id=item.id, version_id=version_id).id


def test_one_used_again_leaves_the_item_as_open_as_its_answer_lets_it_be(world: World) -> None:
    item = world.file_item(name="minutes.txt")
    read(world, item, NAMES_ONE)
    settle(world, world.teacher, item)
    show(world, world.teacher, item, Visibility.SHAREABLE)
    read(world, item, HARMLESS, put(world, item))
    bring_back(world, item, item.current_version_id)
    assert (now_of(world, item).visibility, now_of(world, item).held) == (Visibility.SHAREABLE, Hold.NONE)


def test_no_earlier_answer_lets_out_what_a_later_one_keeps_in(world: World) -> None:
    item = world.file_item(name="minutes.txt")
    read(world, item, NAMES_ONE)
    settle(world, world.teacher, item)
    put(world, item)
    third = bring_back(world, item, item.current_version_id)
    settle(world, world.teacher, item, Settled.INTERNAL)
    put(world, item, blob=Blob("d" * 64, 12))
    bring_back(world, item, third)
    assert now_of(world, item).held == Hold.PRIVATE


def test_filed_once_more_under_another_name_it_is_the_same_paper(world: World) -> None:
    plan = world.file_item(name=PLAN, content=b"a scan")
    again = world.file_item(name="scan.pdf", content=b"a scan", visibility=Visibility.SHAREABLE)
    assert (again.visibility, again.held) == (Visibility.PRIVATE, Hold.PRIVATE)
    settle(world, world.teacher, plan)
    settle(world, world.teacher, again)
    third = world.file_item(name="form.pdf", content=b"a scan", visibility=Visibility.SHAREABLE)
    assert (third.visibility, third.held) == (Visibility.SHAREABLE, Hold.NONE)


def test_what_others_hold_privately_is_told_to_nobody_who_files_the_same_bytes(world: World) -> None:
    world.file_item(name=PLAN, content=b"a scan")
    theirs = world.file_item(world.coordinator, name="scan.pdf", content=b"a scan")
    assert (theirs.visibility, theirs.held, flags(world, theirs)) == (Visibility.STAFF, Hold.NONE, [])


def test_another_place_of_a_copy_counts_for_who_may_change_the_item(world: World) -> None:
    item = world.file_item(world.coordinator, name="scan.pdf")
    for actor, asked in ((world.teacher, 0), (world.coordinator, 1)):
        with world.database.unit_of_work() as session:
            found = evidence.item(session, actor, item.id)
            evidence.flag_by_place(session, actor, found, "Learning support/IEPs/scan Marco Rossi.pdf")
        with world.database.reading() as session:
            assert len(evidence.flags_of(session, world.coordinator, item.id)) == asked
