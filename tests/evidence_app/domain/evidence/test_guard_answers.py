"""Questions about pupils' data: who answers them, with what, and what the answer opens."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Role
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Hold, Settled, Visibility
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.evidence.guarded import (
    ABOUT_ONE,
    ESSAY,
    NAMES_ONE,
    OPEN,
    PLAN,
    flags,
    fresh,
    now_of,
    read,
    settle,
    show,
    support_group,
)
from tests.fixtures import World


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


def test_reading_again_leaves_an_answer_alone_unless_something_new_is_seen(world: World) -> None:
    item = world.file_item(name="minutes.txt")
    read(world, item, NAMES_ONE)
    settle(world, world.teacher, item)
    read(world, item, NAMES_ONE)
    assert now_of(world, item).held == Hold.NONE
    read(world, item, f"{NAMES_ONE} {ABOUT_ONE}")
    assert now_of(world, item).held == Hold.PRIVATE


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


def test_nobody_answers_what_they_were_not_shown(world: World) -> None:
    item = world.file_item(name=ESSAY)
    [shown] = flags(world, item)
    read(world, item, ABOUT_ONE)
    with pytest.raises(Conflict):
        settle(world, world.teacher, item, as_seen=shown.mark)
    [shown] = flags(world, item)
    settle(world, world.teacher, item, as_seen=shown.mark)
    with pytest.raises(Conflict):
        settle(world, world.teacher, item, Settled.REDACTED, as_seen=shown.mark)


def test_what_was_asked_for_many_is_remembered_for_the_one_that_waits(world: World) -> None:
    item = world.file_item(name=ESSAY)
    with world.database.unit_of_work() as session:
        found = evidence.item(session, world.teacher, item.id)
        assert evidence.within_hold(session, found, Visibility.SHAREABLE) == Visibility.PRIVATE
    [flag] = flags(world, item)
    assert flag.asked == Visibility.SHAREABLE


def test_the_same_bytes_are_no_redacted_copy(world: World) -> None:
    item = world.file_item(name=ESSAY, content=b"an essay")
    same = world.file_item(name="black.docx", content=b"an essay")
    with pytest.raises(Invalid) as refusal:
        settle(world, world.teacher, item, Settled.REDACTED, copy_item_id=same.id)
    assert refusal.value.field == "copy"
    assert now_of(world, item).held == Hold.PRIVATE
