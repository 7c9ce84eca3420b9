"""A leaver's handover: everything moves in one act, private items only to who is entitled or by a custodian's word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import Base, now
from evidence_app.domain import accounts, evidence, handover, requests
from evidence_app.domain.access import Role
from evidence_app.domain.accounts import Person, actor_in
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.handover import Kind
from evidence_app.domain.intake import BatchEntry
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.planning import PlanAction
from evidence_app.domain.requests import EvidenceRequest
from evidence_app.domain.search import SavedSearch
from evidence_app.domain.selfstudy import Response, TeamMember
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.planning.plans import Planning
from tests.evidence_app.domain.studies import PRACTICE, Study
from tests.fixtures import World, member

STAYS = {
    "added_by", "answered_by", "approved_by", "asked_by", "changed_by", "cited_by", "created_by", "decided_by",
    "declined_by", "entered_by", "frozen_by", "published_by", "requested_by", "settled_by", "tagged_by", "written_by",
}  # fmt: skip
"""Columns that say who did something once: that stays true."""
OWN = {
    "calendar_feeds.person_id", "drives.person_id", "filing_drafts.person_id", "filing_keys.person_id",
    "group_members.person_id",
    "handovers.from_id", "handovers.to_id",
    "invitations.person_id", "item_access.person_id", "mails.person_id", "memberships.person_id",
    "recent_searches.person_id", "response_drafts.person_id", "sign_in_sessions.person_id", "signatures.person_id",
}  # fmt: skip
"""Columns of a person's own: what they sign in with, what is theirs alone, what a custodian decides."""
MOVES = {
    "batch_entries.person_id", "evidence_requests.person_id", "items.owner_id", "plan_actions.owner_id",
    "responses.lead_id", "saved_searches.person_id", "team_members.person_id",
}  # fmt: skip


def test_every_column_that_names_a_person_moves_or_has_a_reason_to_stay() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "people.id" and column.name not in STAYS
    }
    assert named == OWN | MOVES


def test_everything_of_one_moves_to_another_and_can_be_taken_back(study: Study, plan: Planning) -> None:
    world = study.world
    leaver, successor, boss = world.teacher, world.coordinator, world.administrator
    mine, other = world.file_item(name="mine.txt"), world.file_item(world.head, name="other.txt")
    action_id = plan.add("Write it down", owner_id=leaver.person_id)
    plan.add("Do it", owner_id=world.head.person_id)
    with study.acting() as session:
        later = now().date() + timedelta(days=9)
        asked = requests.ask(session, actor=boss, node_key=PRACTICE, due_on=later, person_id=leaver.person_id)
        group = accounts.add_group(session, actor=boss, name="Team", person_ids=[leaver.person_id])
        response = session.get_one(Response, (mine.school_id, study.response().id))
        response.lead_id = leaver.person_id
    with study.reading() as session:
        found = handover.preview(session, boss, leaver.person_id, successor.person_id)
        moving = {kind for kind, count in found.counts.items() if count}
        assert moving == {Kind.ITEMS, Kind.GROUPS, Kind.ACTIONS, Kind.ASKED, Kind.LEADS}
        assert found.private == 0
        with pytest.raises(NotAllowed):
            handover.preview(session, successor, leaver.person_id, boss.person_id)
        for to in (leaver, world.reader):
            with pytest.raises(Invalid):
                handover.preview(session, boss, leaver.person_id, to.person_id)
        with pytest.raises(NotFound):
            handover.preview(session, boss, leaver.person_id, world.stranger.person_id)
    with study.acting() as session:
        done = handover.hand_over(session, actor=boss, from_id=leaver.person_id, to_id=successor.person_id)
    with study.reading() as session:
        assert session.get_one(Item, (mine.school_id, mine.id)).owner_id == successor.person_id
        assert session.get_one(Item, (other.school_id, other.id)).owner_id == world.head.person_id
        assert session.get_one(PlanAction, (mine.school_id, action_id)).owner_id == successor.person_id
        assert session.get_one(EvidenceRequest, (mine.school_id, asked.id)).person_id == successor.person_id
        assert session.get_one(Response, (mine.school_id, response.id)).lead_id == successor.person_id
        assert mine.id in unfinished_subjects(session, mine.school_id, JobKind.INDEX_ITEM)
        assert successor.person_id in accounts.members_by_group(session, boss)[group.id]
        assert group.id not in actor_in(session, successor.person_id, mine.school_id).confirmed_group_ids
    with study.acting() as session:
        handover.undo(session, actor=boss, handover_id=done.id)
    with study.reading() as session:
        assert session.get_one(Item, (mine.school_id, mine.id)).owner_id == leaver.person_id
        assert accounts.members_by_group(session, boss)[group.id] == {leaver.person_id}
    with study.acting() as session, pytest.raises(NotFound):
        handover.undo(session, actor=boss, handover_id=done.id)


def test_private_items_wait_for_another_custodian(world: World) -> None:
    leaver, successor, boss, custodian = world.teacher, world.head, world.administrator, world.learning_support
    alone, shared, open_to_both = (
        world.file_item(name=f"{name}.txt", visibility=Visibility.PRIVATE) for name in ("alone", "shared", "both")
    )
    with world.database.unit_of_work() as session:
        for item in (shared, open_to_both):
            session.add(
                BatchEntry(school_id=world.school.id, person_id=leaver.person_id, item_id=item.id, added_at=now())
            )
        for item, people in ((shared, []), (open_to_both, [successor.person_id])):
            evidence.name_access(
                session,
                actor=leaver,
                item_id=item.id,
                person_ids=people,
                group_ids=[],
                custodian_ids=[leaver.person_id, custodian.person_id],
            )
    with world.database.reading() as session:
        found = handover.preview(session, boss, leaver.person_id, successor.person_id)
        assert (found.counts[Kind.PRIVATE], found.private, found.only_theirs) == (1, 2, 1)
    with world.database.unit_of_work() as session, pytest.raises(Conflict):
        handover.hand_over(session, actor=boss, from_id=leaver.person_id, to_id=successor.person_id, end_access=True)
    with world.database.unit_of_work() as session:
        handover.hand_over(session, actor=boss, from_id=leaver.person_id, to_id=successor.person_id)
    with world.database.reading() as session:
        owners = {item.id: item.owner_id for item in session.scalars(select(Item))}
        assert owners == {
            alone.id: leaver.person_id,
            shared.id: leaver.person_id,
            open_to_both.id: successor.person_id,
        }
        filing = {entry.item_id: entry.person_id for entry in session.scalars(select(BatchEntry))}
        assert filing == {shared.id: leaver.person_id, open_to_both.id: successor.person_id}
        assert [one.item.id for one in handover.waiting_for(session, custodian)] == [shared.id]
        for nobody in (boss, successor, leaver, world.coordinator):
            assert handover.count_waiting(session, nobody) == 0
        with pytest.raises(NotFound):
            evidence.item(session, successor, shared.id)
    with world.database.unit_of_work() as session, pytest.raises(NotFound):
        handover.confirm_item(session, actor=successor, item_id=shared.id)
    with world.database.unit_of_work() as session, pytest.raises(NotFound):
        handover.confirm_item(session, actor=custodian, item_id=alone.id)
    with world.database.unit_of_work() as session:
        handover.confirm_item(session, actor=custodian, item_id=shared.id)
    with world.database.reading() as session:
        assert evidence.item(session, successor, shared.id).owner_id == successor.person_id
        assert successor.person_id in evidence.access_names(session, custodian, shared.id).custodian_ids
        assert handover.count_waiting(session, custodian) == 0


def test_who_is_named_but_kept_from_an_item_does_not_save_it_from_being_lost(world: World) -> None:
    leaver, reader = world.teacher, world.reader
    elsewhere = member(world.database, world.school, Role.TEACHER, "dp@alder.example", programmes=["DP"])
    kept, lost, by_group = (
        world.file_item(name=f"{name}.txt", visibility=Visibility.PRIVATE, programmes=("PYP",))
        for name in ("kept", "lost", "by group")
    )
    with world.database.unit_of_work() as session:
        group = accounts.add_group(session, actor=world.administrator, name="Year 4", person_ids=[elsewhere.person_id])
        for item, people, groups in (
            (kept, [reader.person_id, elsewhere.person_id], []),
            (lost, [elsewhere.person_id], []),
            (by_group, [], [group.id]),
        ):
            evidence.name_access(
                session,
                actor=leaver,
                item_id=item.id,
                person_ids=people,
                group_ids=groups,
                custodian_ids=[leaver.person_id],
            )
    with world.database.reading() as session:
        assert handover.preview(session, world.administrator, leaver.person_id, world.head.person_id).only_theirs == 2
    with world.database.unit_of_work() as session:
        session.get_one(Person, reader.person_id).deactivated_at = now()
    with world.database.reading() as session:
        assert handover.count_only_theirs(session, world.school.id, leaver.person_id) == 3
        for item in (lost, by_group):
            with pytest.raises(NotFound):
                evidence.item(session, actor_in(session, elsewhere.person_id, world.school.id), item.id)
    with world.database.unit_of_work() as session, pytest.raises(Conflict):
        handover.hand_over(
            session, actor=world.administrator, from_id=leaver.person_id, to_id=world.head.person_id, end_access=True
        )


def test_access_ends_with_the_handover_where_that_is_asked(world: World) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session:
        done = handover.hand_over(
            session,
            actor=world.administrator,
            from_id=world.teacher.person_id,
            to_id=world.head.person_id,
            end_access=True,
        )
    with world.database.reading() as session:
        assert world.teacher.person_id not in {m.person_id for m in accounts.members_of(session, world.administrator)}
        assert evidence.item(session, world.head, item.id).owner_id == world.head.person_id
    with world.database.unit_of_work() as session, pytest.raises(Conflict):
        handover.undo(session, actor=world.administrator, handover_id=done.id)


def test_a_place_in_a_group_that_a_colleague_confirmed_is_not_taken_back(world: World) -> None:
    leaver, successor, boss = world.teacher, world.head, world.administrator
    with world.database.unit_of_work() as session:
        people = [leaver.person_id, world.learning_support.person_id]
        groups = [accounts.add_group(session, actor=boss, name=name, person_ids=people).id for name in ("A", "B")]
    with world.database.unit_of_work() as session:
        done = handover.hand_over(session, actor=boss, from_id=leaver.person_id, to_id=successor.person_id)
        session.flush()
        confirmed = accounts.confirm_in_groups(session, world.school.id, groups[:1], successor.person_id)
        assert confirmed == groups[:1]
    with world.database.unit_of_work() as session:
        handover.undo(session, actor=boss, handover_id=done.id)
    with world.database.reading() as session:
        there = accounts.members_by_group(session, boss)
        assert [successor.person_id in there[group] for group in groups] == [True, False]


def test_what_the_leaver_has_again_by_then_is_not_taken_back(study: Study) -> None:
    world, school_id = study.world, study.world.school.id
    leaver, successor, boss = world.teacher, world.coordinator, world.administrator
    item, moment = world.file_item(), now()

    def give(session: Session) -> None:
        person = {"school_id": school_id, "person_id": leaver.person_id}
        session.add(TeamMember(**person, evaluation_id=study.evaluation_id, position=1))
        session.add(BatchEntry(**person, item_id=item.id, added_at=moment))
        session.add(SavedSearch(**person, name="Mine", asked="q=plan", is_shared=True, created_at=moment))

    def holders(session: Session) -> list[set[str]]:
        tables = (TeamMember, BatchEntry, SavedSearch)
        people = [select(table.person_id).where(table.school_id == school_id) for table in tables]
        return [set(session.scalars(chosen)) & {leaver.person_id, successor.person_id} for chosen in people]

    with study.acting() as session:
        session.execute(delete(TeamMember))
        give(session)
        session.flush()
        done = handover.hand_over(session, actor=boss, from_id=leaver.person_id, to_id=successor.person_id)
        assert holders(session) == [{successor.person_id}] * 3
        give(session)
    with study.acting() as session:
        handover.undo(session, actor=boss, handover_id=done.id)
        assert holders(session) == [{leaver.person_id, successor.person_id}] * 3
        assert session.get_one(Item, (school_id, item.id)).owner_id == leaver.person_id
