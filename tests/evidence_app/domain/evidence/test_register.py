"""The register: what is to be looked at again, in whose eyes, and who sets the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Item, Listed, ReviewDay, Visibility
from evidence_app.errors import NotAllowed, NotFound
from tests.fixtures import World

TODAY = date(2026, 11, 24)
KINDS = ["inclusion_policy"]


def listed(world: World, actor: Actor, part: Listed = Listed.ALL, most: int = 10) -> list[str]:
    with world.database.reading() as session:
        found = evidence.register_of(session, actor, KINDS, listed=part, today=TODAY, most=most)
        assert evidence.count_register(session, actor, KINDS, today=TODAY)[part] >= len(found)
        return [item.title for item in found]


def change(world: World, item: Item, *, kind: str = "", day: date | None = None) -> Item:
    with world.database.unit_of_work() as session:
        kept = session.get_one(Item, (item.school_id, item.id))
        kept.document_kind, kept.review_by = kind, day
    return item


def test_policies_and_what_has_a_day_are_listed_the_longest_overdue_first(world: World) -> None:
    change(world, world.file_item(title="Undated"), kind=KINDS[0])
    change(world, world.file_item(name="b", title="Soon"), kind=KINDS[0], day=TODAY + timedelta(days=3))
    change(world, world.file_item(name="c", title="Late"), kind="minutes", day=TODAY - timedelta(days=30))
    world.file_item(name="d", title="Minutes")
    change(world, world.file_item(world.stranger, name="e", title="Next door"), kind=KINDS[0])
    gone = change(world, world.file_item(name="f", title="Withdrawn"), kind=KINDS[0])
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[gone.id])
    assert listed(world, world.reader) == ["Late", "Soon", "Undated"]
    assert listed(world, world.reader, most=2) == ["Late", "Soon"]
    assert listed(world, world.reader, Listed.LATE) == ["Late"]
    assert listed(world, world.reader, Listed.UNDATED) == ["Undated"]
    with world.database.reading() as session:
        counts = evidence.count_register(session, world.reader, KINDS, today=TODAY)
    assert counts == {Listed.ALL: 3, Listed.LATE: 1, Listed.UNDATED: 1}


def test_a_private_paper_is_listed_for_whoever_opens_it_alone(world: World) -> None:
    change(world, world.file_item(title="Mine", visibility=Visibility.PRIVATE), kind=KINDS[0], day=TODAY)
    assert listed(world, world.teacher) == ["Mine"]
    assert listed(world, world.coordinator) == []


def test_what_is_late_is_told_to_whoever_can_change_it(world: World) -> None:
    late = TODAY - timedelta(days=1)
    change(world, world.file_item(), day=late)
    change(world, world.file_item(world.coordinator, name="b"), day=late)
    change(world, world.file_item(name="c"), day=TODAY)
    with world.database.reading() as session:
        counts = [
            evidence.count_late_reviews(session, actor, TODAY)
            for actor in (world.teacher, world.coordinator, world.head, world.reader)
        ]
    assert counts == [1, 2, 0, 0]


def test_days_are_set_and_taken_away_and_only_what_differs_is_written_down(world: World) -> None:
    first, second = world.file_item(), change(world, world.file_item(name="b"), day=TODAY)
    with world.database.unit_of_work() as session:
        days = {first.id: ReviewDay(None, TODAY), second.id: ReviewDay(None, TODAY)}
        changed, left = evidence.set_review_days(session, actor=world.coordinator, days=days)
        assert ([item.id for item in changed], left) == ([first.id], [])
    with world.database.reading() as session:
        acts = select(AuditEntry.subject_id).where(AuditEntry.action == "evidence.update")
        assert list(session.scalars(acts)) == [first.id]
    with world.database.unit_of_work() as session:
        days = dict.fromkeys((first.id, second.id), ReviewDay(TODAY, None))
        assert len(evidence.set_review_days(session, actor=world.teacher, days=days)[0]) == 2
    with world.database.reading() as session:
        assert set(session.scalars(select(Item.review_by))) == {None}


def test_a_day_that_somebody_else_set_meanwhile_is_kept_and_named(world: World) -> None:
    theirs, mine = change(world, world.file_item(), day=TODAY), world.file_item(name="b")
    wanted = ReviewDay(None, TODAY + timedelta(days=9))
    with world.database.unit_of_work() as session:
        days = {theirs.id: wanted, mine.id: wanted}
        changed, left = evidence.set_review_days(session, actor=world.coordinator, days=days)
        assert [[item.id for item in items] for items in (changed, left)] == [[mine.id], [theirs.id]]
    with world.database.reading() as session:
        kept = {item.id: item.review_by for item in session.scalars(select(Item))}
    assert kept == {theirs.id: TODAY, mine.id: wanted.becomes}


def test_nobody_sets_the_day_of_what_is_not_theirs(world: World) -> None:
    mine, other = world.file_item(), world.file_item(world.coordinator, name="b")
    secret = world.file_item(name="c", visibility=Visibility.PRIVATE)
    for actor, ids in ((world.teacher, [mine.id, other.id]), (world.coordinator, [secret.id])):
        with pytest.raises((NotFound, NotAllowed)), world.database.unit_of_work() as session:
            evidence.set_review_days(session, actor=actor, days=dict.fromkeys(ids, ReviewDay(None, TODAY)))
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        evidence.set_review_days(session, actor=world.reader, days={mine.id: ReviewDay(None, TODAY)})
    with world.database.reading() as session:
        assert set(session.scalars(select(Item.review_by))) == {None}
