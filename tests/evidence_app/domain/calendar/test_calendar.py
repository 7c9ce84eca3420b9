"""The calendar: what is due, in whose eyes; and the address under which one's own calendar reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from evidence_app.database import now
from evidence_app.domain import accounts, calendar, evidence, planning, requests, selfstudy
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import actor_in
from evidence_app.domain.accounts.standing import renew_standing
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.calendar import Appointment, CalendarFeed, Due, DueKind, icalendar_file
from evidence_app.domain.calendar.queries import TITLE_CHARS
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.planning import ActionState, FindingFacts, FindingKind, FindingState
from evidence_app.errors import NotAllowed, NotFound
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.planning.plans import Planning
from tests.evidence_app.domain.studies import CANARY, PRACTICE, Study
from tests.fixtures import World, member

TODAY = date(2027, 9, 1)
DAY = timedelta(days=1)


def due(study: Study, actor: Actor, **how: bool) -> list[Due]:
    with study.reading() as session:
        found = calendar.everything_due(session, actor, today=TODAY, **how)
    assert not any(CANARY in str(one.title) for one in found)
    return found


def titles(found: list[Due], *kinds: DueKind) -> list[str]:
    return [str(one.title) for one in found if one.kind in kinds]


def look_again(world: World, item: Item, day: date) -> None:
    with world.database.unit_of_work() as session:
        session.get_one(Item, (item.school_id, item.id)).review_by = day


def test_everything_due_stands_in_one_list_by_its_day(study: Study, plan: Planning, desk: Desk) -> None:
    world = study.world
    item = world.file_item(title="Old rules")
    look_again(world, item, TODAY - 3 * DAY)
    with study.acting() as session:
        requests.ask(
            session, actor=world.coordinator, node_key=PRACTICE, due_on=TODAY, person_id=world.teacher.person_id
        )
        for state in (FindingState.OPEN, FindingState.CLOSED):
            facts = FindingFacts(FindingKind.MATTER, f"{state} matter " + "x" * 200, due_on=TODAY + DAY, state=state)
            planning.add_finding(session, actor=world.coordinator, facts=facts)
    issued = desk.share()
    found = due(study, world.coordinator)
    (ending,) = [one for one in found if one.kind == DueKind.SHARE]
    assert (ending.due_on, ending.subject_id) == (issued.share.last_day, issued.share.id)
    days = [one.due_on for one in found]
    assert days == sorted(days)
    before = [one for one in found if one.due_on < date(2027, 9, 7) and one is not ending]
    assert [one.kind for one in before] == [DueKind.ACTION, DueKind.REVIEW, DueKind.REQUEST, DueKind.FINDING]
    action, review, request, finding = before
    assert (str(action.title), action.within, action.within_id) == ("Ask the pupils", "Agency", plan.plan_id)
    assert (review.title, review.who, review.subject_id) == ("Old rules", world.teacher.name, item.id)
    assert (request.due_on, request.who) == (TODAY, world.teacher.name)
    assert str(finding.title).startswith("open matter")
    assert len(str(finding.title)) <= TITLE_CHARS
    last = found[-1]
    assert (last.kind, last.due_on, last.within_id) == (DueKind.DEADLINE, date(2027, 10, 12), study.evaluation_id)


def test_stops_before_today_and_what_is_done_are_not_due(study: Study, plan: Planning) -> None:
    coordinator = study.world.coordinator
    plan.add("Without a day")
    with study.acting() as session:
        planning.set_action_state(session, actor=coordinator, action_id=plan.action_id, state=ActionState.DONE)
        dates = selfstudy.deadlines_of(session, coordinator, study.evaluation_id)
        ahead = [row for row in dates if row.due_on >= TODAY]
        selfstudy.set_deadline(
            session,
            actor=coordinator,
            evaluation_id=study.evaluation_id,
            key=ahead[0].key,
            due_on=ahead[0].due_on,
            done_on=TODAY,
        )
    found = due(study, coordinator)
    assert titles(found, DueKind.ACTION) == []
    assert len(titles(found, DueKind.DEADLINE)) == len(ahead) - 1
    with study.acting() as session:
        selfstudy.close_evaluation(session, actor=coordinator, evaluation_id=study.evaluation_id)
    assert titles(due(study, coordinator), DueKind.DEADLINE) == []


def test_each_sees_what_they_may_know_and_which_of_it_is_theirs(study: Study, plan: Planning, desk: Desk) -> None:
    world = study.world
    look_again(world, world.file_item(title="Staff"), TODAY)
    look_again(world, world.file_item(name="b", title="Secret", visibility=Visibility.PRIVATE), TODAY)
    plan.add("Write", owner_id=world.teacher.person_id, due_on=TODAY)
    desk.share()
    with study.acting() as session:
        group = accounts.add_group(
            session, actor=world.administrator, name="Team", person_ids=[world.learning_support.person_id]
        )
        for who in ({"person_id": world.teacher.person_id}, {"group_id": group.id}):
            requests.ask(session, actor=world.coordinator, node_key=PRACTICE, due_on=TODAY, **who)
    teacher = due(study, world.teacher)
    assert set(titles(teacher, DueKind.REVIEW)) == {"Staff", "Secret"}
    assert titles(due(study, world.teacher, with_private=False), DueKind.REVIEW) == ["Staff"]
    assert len(titles(teacher, DueKind.REQUEST)) == 1
    assert titles(teacher, DueKind.SHARE) == []
    assert {str(one.title) for one in teacher if one.is_mine and one.kind != DueKind.DEADLINE} == {
        "Staff", "Secret", "Write", *titles(teacher, DueKind.REQUEST),
    }  # fmt: skip
    assert all(one.is_mine for one in teacher if one.kind == DueKind.DEADLINE)
    coordinator = due(study, world.coordinator)
    assert titles(coordinator, DueKind.REVIEW) == ["Staff"]
    assert len(titles(coordinator, DueKind.REQUEST)) == 2
    assert [one.is_mine for one in coordinator if one.kind == DueKind.SHARE] == [True]
    with study.reading() as session:
        supporter = actor_in(session, world.learning_support.person_id, world.school.id)
    assert [one.is_mine for one in due(study, supporter) if one.kind == DueKind.REQUEST] == [True]
    outside = member(world.database, world.school, Role.TEACHER, "pyp@alder.example", programmes=("PYP",))
    assert titles(due(study, outside), DueKind.DEADLINE, DueKind.ACTION) == []
    with pytest.raises(NotAllowed):
        due(study, Actor(person_id="", school_id=world.school.id, role=Role.NOBODY))


def test_an_address_is_made_once_and_ends_when_another_is_made_or_it_is_taken_away(world: World) -> None:
    teacher = world.teacher
    with world.database.unit_of_work() as session:
        first = calendar.make_feed(session, actor=teacher)
    with world.database.unit_of_work() as session:
        second = calendar.make_feed(session, actor=teacher)
    with world.database.reading() as session:
        kept = session.scalars(select(CalendarFeed)).one()
        assert second not in {kept.token_hash, kept.id}
        reader, feed = calendar.actor_of_feed(session, second)
        assert (reader, feed.id) == (teacher, kept.id)
        assert calendar.feed_of(session, teacher) is kept
        assert calendar.feed_of(session, world.coordinator) is None
        with pytest.raises(NotFound):
            calendar.actor_of_feed(session, first)
    for _ in range(2):
        with world.database.unit_of_work() as session:
            calendar.end_feed(session, actor=teacher)
    with world.database.reading() as session:
        with pytest.raises(NotFound):
            calendar.actor_of_feed(session, second)
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("calendar.%")))
        assert list(acts) == ["calendar.make_feed", "calendar.make_feed", "calendar.end_feed"]


@pytest.mark.parametrize("how", ["removed", "new standing", "password", "deactivated"])
def test_an_address_opens_nothing_once_its_owner_is_out_or_may_be_somebody_else(world: World, how: str) -> None:
    teacher, boss = world.teacher, world.administrator
    with world.database.unit_of_work() as session:
        token = calendar.make_feed(session, actor=teacher)
    with world.database.unit_of_work() as session:
        if how == "removed":
            accounts.remove_member(session, actor=boss, person_id=teacher.person_id)
        elif how == "new standing":
            renew_standing(session, teacher.person_id)
        elif how == "deactivated":
            session.get_one(accounts.Person, teacher.person_id).deactivated_at = now()
        else:
            assert calendar.end_feeds_of(session, teacher.person_id) == 1
            assert calendar.end_feeds_of(session, world.head.person_id) == 0
    with world.database.reading() as session, pytest.raises(NotFound) as told:
        calendar.actor_of_feed(session, token)
    assert told.value.message == calendar.NO_FEED


def test_a_reading_is_noted_once_an_hour(world: World) -> None:
    with world.database.unit_of_work() as session:
        token = calendar.make_feed(session, actor=world.teacher)
        calendar.note_read(session, "another")
        assert session.scalars(select(CalendarFeed.read_at)).one() is None
        calendar.note_read(session, token)
        first = session.scalars(select(CalendarFeed.read_at)).one()
        assert first is not None
        calendar.note_read(session, token)
        feed = session.scalars(select(CalendarFeed)).one()
        assert feed.read_at == first
        feed.read_at = first - timedelta(hours=2)
        assert calendar.is_due_to_be_noted(feed)


def test_a_calendar_file_holds_whole_days_with_their_words_and_pages() -> None:
    awkward = "Folgen; Komma, Zeile\nund ein langer Titel " + "ü" * 80
    made_at = datetime(2027, 9, 1, 12, tzinfo=UTC)
    written = icalendar_file(
        "Alder Bay: due",
        [
            Appointment(
                "review-1@evidence-app", date(2027, 9, 30), awkward, "Review", "Review · Ana", "https://x.example/a"
            )
        ],
        made_at=made_at,
    )
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    read = icalendar.Calendar.from_ical(written)
    assert read["x-wr-calname"] == "Alder Bay: due"
    (event,) = read.walk("VEVENT")
    said = {name: str(event[name]) for name in ("uid", "summary", "url", "transp")}
    assert said == {
        "uid": "review-1@evidence-app", "summary": awkward, "url": "https://x.example/a", "transp": "TRANSPARENT",
    }  # fmt: skip
    days = [event.decoded(name) for name in ("dtstart", "dtend", "dtstamp")]
    assert days == [date(2027, 9, 30), date(2027, 10, 1), made_at]


def test_no_day_of_a_withdrawn_document_is_due(study: Study) -> None:
    world = study.world
    item = world.file_item()
    look_again(world, item, TODAY)
    with study.acting() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[item.id])
    assert titles(due(study, world.teacher), DueKind.REVIEW) == []
