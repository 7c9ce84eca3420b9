"""Insight: how filing, coverage and the self-study go over time, of what the asker may know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from evidence_app.domain import accounts, insight, selfstudy
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Item, Visibility, withdraw
from evidence_app.domain.insight import MonthFiled, Pace
from evidence_app.domain.selfstudy import DeadlineKind, Evaluation, Response, ResponseStatus
from evidence_app.domain.tagging import Tag, TagState, attach
from evidence_app.errors import NotAllowed
from tests.evidence_app.domain.studies import PRACTICE, PSP, Study
from tests.fixtures import World, member

TODAY = date(2027, 3, 10)


def received(world: World, item: Item, day: date, *, in_bulk: bool = False) -> None:
    with world.database.unit_of_work() as session:
        kept = session.get_one(Item, (item.school_id, item.id))
        kept.received_at, kept.came_in_bulk = datetime(day.year, day.month, day.day, 9, tzinfo=UTC), in_bulk


def shows(study: Study, item: Item, node_key: str, accepted_on: date, state: TagState = TagState.ACCEPTED) -> None:
    with study.acting() as session:
        tag = attach(session, actor=study.world.coordinator, item_id=item.id, node_key=node_key)
        session.flush()
        kept = session.get_one(Tag, (tag.school_id, tag.id))
        kept.state = state
        kept.decided_at = datetime(accepted_on.year, accepted_on.month, accepted_on.day, 9, tzinfo=UTC)


def approve(study: Study, node_key: str, day: date, programme: str = "DP") -> None:
    study.write(node_key=node_key, programme=programme, narrative="Done.")
    with study.acting() as session:
        response = session.get_one(Response, (study.world.school.id, study.response(node_key, programme).id))
        response.status = ResponseStatus.APPROVED
        response.approved_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def pace_of(study: Study) -> Pace:
    with study.reading() as session:
        found = insight.pace_to_visit(session, study.world.coordinator, today=TODAY)
    assert found is not None
    return found


def test_each_month_says_what_came_one_by_one_and_in_bulk(world: World) -> None:
    for number, (day, in_bulk) in enumerate(
        [(TODAY, False), (date(2027, 3, 1), True), (date(2026, 4, 1), False), (date(2026, 3, 31), False)]
    ):
        received(world, world.file_item(name=f"{number}.txt"), day, in_bulk=in_bulk)
    gone, hidden = world.file_item(name="gone"), world.file_item(name="hidden", visibility=Visibility.PRIVATE)
    for item in (gone, hidden):
        received(world, item, TODAY)
    with world.database.unit_of_work() as session:
        withdraw(session, actor=world.coordinator, item_ids=[gone.id])
    with world.database.reading() as session:
        months = insight.filed_by_month(session, world.coordinator, today=TODAY)
    assert len(months) == insight.MONTHS_SHOWN
    assert months[-1] == MonthFiled(date(2027, 3, 1), by_hand=1, in_bulk=1)
    assert months[0] == MonthFiled(date(2026, 4, 1), by_hand=1)
    assert sum(month.by_hand + month.in_bulk for month in months) == 3, "not what is older, withdrawn or closed"


def test_practices_count_from_the_day_their_first_evidence_was_accepted(study: Study) -> None:
    world = study.world
    early, late = world.file_item(name="a", programmes=("DP",)), world.file_item(name="b", programmes=("DP",))
    shows(study, late, PRACTICE, date(2027, 3, 2))
    shows(study, early, f"{PSP}/0301-02-0100", date(2026, 12, 31))
    shows(study, world.file_item(name="all"), f"{PSP}/0202-01", date(2020, 1, 1))
    shows(study, early, f"{PSP}/0202-02", date(2027, 1, 1), TagState.PROPOSED)
    with study.reading() as session:
        months, total = insight.covered_by_month(session, world.coordinator, today=TODAY)
        limited = member(world.database, world.school, Role.COORDINATOR, "pyp@alder.example", programmes=("PYP",))
        of_pyp, total_of_pyp = insight.covered_by_month(session, limited, today=TODAY)
    assert total == 41 * 3
    assert [first for first, _ in months][:2] == [date(2026, 4, 1), date(2026, 5, 1)]
    assert [number for _, number in months] == [3] * 8 + [4] * 4, "for the whole school: once for each programme"
    assert total_of_pyp == 41
    assert of_pyp[-1] == (date(2027, 3, 1), 1)


def test_the_pace_of_late_is_set_against_what_is_left(study: Study) -> None:
    quiet = pace_of(study)
    assert (quiet.total, quiet.begun, quiet.approved, quiet.a_week) == (82, 0, 0, 0)
    assert quiet.done_on is None
    assert not quiet.is_enough
    for number, day in enumerate([TODAY, TODAY - timedelta(days=55), TODAY - timedelta(days=56), date(2026, 1, 1)]):
        approve(study, f"{PSP}/020{1 + number // 2}-0{1 + number % 2}", day)
    study.write(narrative="Begun.")
    found = pace_of(study)
    assert (found.begun, found.approved, found.left, found.a_week) == (5, 4, 78, 0.25)
    assert found.by_week[-1] == (date(2027, 3, 14), 4)
    assert found.by_week[0][1] == 1
    assert found.due_on == date(2027, 8, 31), "six weeks before the visit"
    assert found.needed_a_week == 4
    assert found.done_on == TODAY + timedelta(weeks=78 * 4)
    assert not found.is_enough


def test_without_a_date_any_pace_will_do_and_after_it_none(study: Study) -> None:
    def pace(approved: int, a_week: float, due_on: date | None) -> Pace:
        return Pace(Evaluation(), 10, approved, approved, (), a_week, due_on, TODAY)

    assert pace(5, 1, None).is_enough
    assert pace(5, 1, None).needed_a_week is None
    assert pace(5, 1, TODAY).needed_a_week is None
    assert not pace(5, 1, TODAY).is_enough
    assert pace(10, 0, TODAY - timedelta(days=3)).done_on == TODAY
    assert pace(5, 1, TODAY + timedelta(days=3)).needed_a_week == 5, "a day less than a week is a week"
    assert pace(5, 1e-9, None).done_on is None
    coordinator = study.world.coordinator
    with study.acting() as session:
        dates = selfstudy.deadlines_of(session, coordinator, study.evaluation_id)
        selfstudy.remove_deadline(
            session,
            actor=coordinator,
            evaluation_id=study.evaluation_id,
            key=next(row.key for row in dates if row.key == DeadlineKind.QUESTIONNAIRE),
        )
    assert pace_of(study).due_on == date(2027, 10, 12), "the visit itself"
    with study.acting() as session:
        selfstudy.close_evaluation(session, actor=coordinator, evaluation_id=study.evaluation_id)
    with study.reading() as session:
        assert insight.pace_to_visit(session, coordinator, today=TODAY) is None


def test_teams_are_groups_with_members_who_are_still_there(world: World) -> None:
    with world.database.unit_of_work() as session:
        for name, people in (("Zoo", [world.teacher, world.head]), ("Arts", [world.reader]), ("Empty", [])):
            accounts.add_group(
                session, actor=world.administrator, name=name, person_ids=[one.person_id for one in people]
            )
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.head.person_id)
    with world.database.reading() as session:
        teams = insight.teams_of(session, world.coordinator)
    assert [(team.group.name, team.person_ids) for team in teams] == [
        ("Arts", (world.reader.person_id,)),
        ("Zoo", (world.teacher.person_id,)),
    ]


def test_insight_is_for_those_who_read_coverage(world: World) -> None:
    with world.database.reading() as session:
        for ask in (insight.filed_by_month, insight.covered_by_month, insight.pace_to_visit):
            with pytest.raises(NotAllowed):
                ask(session, world.teacher, today=TODAY)
        with pytest.raises(NotAllowed):
            insight.teams_of(session, world.teacher)
