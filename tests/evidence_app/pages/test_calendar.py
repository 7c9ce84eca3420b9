"""The calendar page, and the address under which one's own calendar reads what is due."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import icalendar
from sqlalchemy import select

from evidence_app.database import now
from evidence_app.domain import accounts, planning, requests
from evidence_app.domain.access import Actor
from evidence_app.domain.calendar import CalendarFeed
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.planning import FindingFacts, FindingKind
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.frozen import desk as desk
from tests.evidence_app.domain.planning.plans import Planning
from tests.evidence_app.domain.studies import CANARY, PRACTICE, Study
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
PAGE = "/alder-bay/calendar/"
DAY = timedelta(days=1)
TODAY = now().date()
PASSWORD = "four plain words here"


def look_again(world: World, item: Item, day: date) -> None:
    with world.database.unit_of_work() as session:
        session.get_one(Item, (item.school_id, item.id)).review_by = day


def ask(world: World, title: str, day: date) -> str:
    with world.database.unit_of_work() as session:
        return requests.ask(
            session,
            actor=world.coordinator,
            node_key=PRACTICE,
            due_on=day,
            person_id=world.teacher.person_id,
            title=title,
        ).id


def address_of(client: Browser) -> str:
    """A new address of this person's calendar, as the page shows it, without the host."""
    found = re.search(r'value="http://localhost(/alder-bay/calendar/[\w-]+\.ics)"', client.post(f"{PAGE}address").text)
    assert found
    return found[1]


def summaries(client: Browser, address: str) -> list[str]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return [str(event["summary"]) for event in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")]


def test_a_school_with_nothing_due_is_told_what_will_stand_here(client_for: Open, world: World) -> None:
    assert "Nothing is due" in client_for(world.teacher).get(PAGE).text
    assert client_for(world.reader).get(PAGE).status_code == 200
    assert client_for(None).get(PAGE).status_code == 302


def test_what_is_late_stands_before_the_months(
    client_for: Open, world: World, filed: FileItem, study: Study, plan: Planning, desk: Desk
) -> None:
    item = filed("Rules.txt")
    look_again(world, item, TODAY - 3 * DAY)
    request_id = ask(world, "Minutes of planning", TODAY + 40 * DAY)
    with world.database.unit_of_work() as session:
        facts = FindingFacts(FindingKind.MATTER, "See to the labs", due_on=TODAY + DAY)
        planning.add_finding(session, actor=world.coordinator, facts=facts)
    share = desk.share().share
    client = client_for(world.coordinator)
    page = client.get(PAGE).text
    later = f"m-{TODAY + 40 * DAY:%Y-%m}"
    assert page.index('aria-labelledby="late"') < page.index(f'href="/alder-bay/evidence/{item.id}"')
    assert page.index(f'href="/alder-bay/evidence/{item.id}"') < page.index(f'id="{later}"')
    assert page.index(f'id="{later}"') < page.index(f'href="/alder-bay/requests/{request_id}"')
    assert f'href="#{later}"' in page
    for address in (
        f"/alder-bay/plan/{plan.plan_id}/actions/{plan.action_id}",
        f"/alder-bay/shares/{share.id}",
        "/alder-bay/plan/findings",
        f"/alder-bay/study/{study.evaluation_id}/dates",
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_a_teacher_sees_what_is_theirs_first_and_all_they_may_know_when_asked(
    client_for: Open, world: World, filed: FileItem
) -> None:
    look_again(world, filed("Mine.txt", title="Mine"), TODAY)
    look_again(world, filed("Other.txt", b"Others", title="Other", actor=world.coordinator), TODAY)
    hidden = filed("Hidden.txt", b"Hidden", title=CANARY, actor=world.coordinator, visibility=Visibility.PRIVATE)
    look_again(world, hidden, TODAY)
    teacher, coordinator = client_for(world.teacher), client_for(world.coordinator)

    def shown(client: Browser, address: str) -> set[str]:
        page = client.get(address).text
        return {title for title in ("Mine", "Other", CANARY) if re.search(rf"<h3[^>]*><a[^>]*>{title}</a>", page)}

    assert shown(teacher, PAGE) == {"Mine"}
    assert shown(teacher, f"{PAGE}?show=all") == {"Mine", "Other"}
    assert shown(coordinator, PAGE) == {"Mine", "Other", CANARY}
    assert shown(coordinator, f"{PAGE}?show=mine") == {"Other", CANARY}
    assert shown(coordinator, f"{PAGE}?show=nonsense") == shown(coordinator, PAGE)
    nothing = client_for(world.head).get(f"{PAGE}?show=mine").text
    assert "Nothing is due of yours" in nothing


def test_a_calendar_reads_by_its_address_what_is_its_owners_and_not_private(
    client_for: Open, world: World, filed: FileItem, study: Study
) -> None:
    look_again(world, filed("Mine.txt", title="Mine"), TODAY)
    look_again(world, filed("P.txt", b"Private", title=CANARY, visibility=Visibility.PRIVATE), TODAY)
    look_again(world, filed("O.txt", b"Others", title="Other", actor=world.coordinator), TODAY)
    request_id = ask(world, "Minutes, crossed out", TODAY + DAY)
    teacher, stranger = client_for(world.teacher), client_for(None)
    assert "Make the address" in teacher.get(PAGE).text
    address = address_of(teacher)
    assert address not in teacher.get(PAGE).text, "shown once"
    assert "Not read yet" in teacher.get(PAGE).text
    found = summaries(stranger, address)
    assert found[:2] == ["Mine", "Minutes, crossed out"]
    assert CANARY not in stranger.get(address).text
    assert "Other" not in found
    event = icalendar.Calendar.from_ical(stranger.get(address).data).walk("VEVENT")[1]
    assert event["url"] == f"http://localhost/alder-bay/requests/{request_id}"
    assert event["dtstart"].dt == TODAY + DAY
    assert "Last read" in teacher.get(PAGE).text
    assert "set-cookie" not in stranger.get(address).headers, "an address signs nobody in"
    assert "no-store" in stranger.get(address).headers["Cache-Control"]


def test_an_address_that_opens_nothing_says_no_more(client_for: Open, world: World) -> None:
    teacher, stranger = client_for(world.teacher), client_for(None)
    ask(world, "Minutes", TODAY)
    first = address_of(teacher)
    second = address_of(teacher)
    assert summaries(stranger, second)
    for gone in (first, f"{PAGE}nothing.ics", second.replace("alder-bay", "harbour-side")):
        assert stranger.get(gone).status_code == 404
    assert teacher.post(f"{PAGE}address/end").location == PAGE
    assert "taken away" in teacher.get(PAGE).text
    assert stranger.get(second).status_code == 404


def test_a_new_password_ends_the_address_and_says_so(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        session.get_one(accounts.Person, world.teacher.person_id).password_hash = accounts.hash_password(PASSWORD)
    ask(world, "Minutes", TODAY)
    teacher, stranger = client_for(world.teacher), client_for(None)
    address = address_of(teacher)
    form = {"pw-current": PASSWORD, "pw-password": "five other plain words"}
    assert teacher.post("/me/password", data=form).status_code == 302
    assert "The address of your calendar ended" in teacher.get("/me").text
    assert stranger.get(address).status_code == 404
    with world.database.reading() as session:
        assert session.scalar(select(CalendarFeed)) is None


def test_a_calendar_speaks_its_owners_language(client_for: Open, world: World, study: Study) -> None:
    with world.database.unit_of_work() as session:
        session.get_one(accounts.Person, world.teacher.person_id).language = "fr"
    address = address_of(client_for(world.teacher))
    answer = client_for(None).get(address, headers={"Accept-Language": "it"})
    read = icalendar.Calendar.from_ical(answer.data)
    assert "échéances" in str(read["x-wr-calname"])
    kinds = {category for event in read.walk("VEVENT") for category in event["categories"].cats}
    assert kinds
    assert "On the way to the visit" not in kinds
