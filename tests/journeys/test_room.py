"""A visitor's way: link, passcode, reading, an exhibit beside the text, search, larger type; at every width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from evidence_app.domain import reports, selfstudy, sharing
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import ItemFacts, Visibility, add_file
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from tests.journeys.browser import Theme, axe_violations, listen, new_context, scrolls_sideways
from tests.journeys.school import LivingSchool

pytestmark = pytest.mark.browser

TEXT = """The policy was rewritten with families [[E-0301-02-01]].

## What changed

- Adjustments are tried for six weeks.

| Group | Before | Now |
|---|---|---|
| Grade 4 | 3 | 9 |
"""


@dataclass(frozen=True)
class Invited:
    """A link with its passcode."""

    link: str
    passcode: str


@pytest.fixture(scope="module")
def invited(school: LivingSchool) -> Iterator[Invited]:
    """A share of a self-study with one exhibit; it ends with the module."""
    actor, database, blobs = school.actors[Role.COORDINATOR], school.backends.database, school.backends.blobs
    blob = blobs.put(school.school.id, [b"How every student belongs."])
    with database.unit_of_work() as session:
        evaluation_id = selfstudy.open_evaluation(
            session, actor=actor, framework_key="ib-psp-2020", programmes=["PYP", "DP"], visit_on=date(2027, 3, 9)
        ).id
        item = add_file(
            session,
            actor=actor,
            blob=blob,
            file_name="Inclusion policy.txt",
            media_type="text/plain",
            facts=ItemFacts(title="Inclusion policy", visibility=Visibility.SHAREABLE, purpose="Says who belongs."),
        )
        text = "How every student belongs, and who answers a referral."
        reading = Reading(media_type="text/plain", state=ReadingState.TEXT_FOUND, text=text, language="en")
        keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})
        written = selfstudy.write_response(
            session,
            actor=actor,
            evaluation_id=evaluation_id,
            node_key="ib-psp-2020/0301-02",
            programme="PYP",
            rating=2,
            narrative=TEXT,
        )
        selfstudy.cite(session, actor=actor, response_id=written.response.id, item_id=item.id)
    frozen = reports.freeze(database, blobs, actor=actor, evaluation_id=evaluation_id, keep_texts=True)
    with database.unit_of_work() as session:
        issued = sharing.issue(session, actor=actor, snapshot_id=frozen.snapshot.id)
    yield Invited(f"/s/{issued.token}", issued.passcodes[0][1])
    with database.unit_of_work() as session:
        sharing.revoke(session, actor=actor, share_id=issued.share.id)
        selfstudy.close_evaluation(session, actor=actor, evaluation_id=evaluation_id)


def come_in(page: Page, invited: Invited) -> str:
    """The address of the room's parts, once the passcode was typed."""
    page.goto(invited.link)
    page.get_by_label("Passcode").fill(invited.passcode)
    page.get_by_label("Passcode").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    return page.url.rpartition("/")[0]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_every_page_of_the_room_is_sound_and_accessible(
    browser: Browser, school: LivingSchool, invited: Invited, width: int, theme: Theme
) -> None:
    context = new_context(browser, width=width, theme=theme, base_url=school.address)
    page = context.new_page()
    complaints = listen(page)
    page.goto(invited.link)
    faults = {"door": axe_violations(page)}
    parts = come_in(page, invited)
    room = parts.rpartition("/")[0]
    for address in (
        f"{parts}/overview",
        f"{parts}/how-to-read",
        f"{parts}/P_03",
        f"{parts}/P_0301_02",
        f"{parts}/P_0301_02?exhibit=E-0301-02-01",
        f"{room}/exhibits",
        f"{room}/search?q=belongs",
    ):
        page.goto(address)
        faults[address] = [*axe_violations(page), *(["scrolls sideways"] if scrolls_sideways(page) else [])]
    context.close()
    assert {address: found for address, found in faults.items() if found} == {}
    assert complaints.all() == []


def test_a_visitor_reads_a_practice_and_its_exhibit_without_scripts(
    browser: Browser, school: LivingSchool, invited: Invited
) -> None:
    context = new_context(browser, scripts=False, base_url=school.address)
    page = context.new_page()
    come_in(page, invited)
    contents = page.get_by_role("navigation", name="Contents", exact=True)
    contents.get_by_role("link", name="Culture").click()
    contents.get_by_role("link", name="Inclusion policy").click()
    page.get_by_role("article").get_by_role("link", name="E-0301-02-01").first.click()
    exhibit = page.get_by_role("complementary", name="Exhibit")
    expect(exhibit.get_by_role("heading", name="Inclusion policy")).to_be_visible()
    expect(exhibit.get_by_text("who answers a referral")).to_be_visible()
    exhibit.get_by_role("link", name="Close the exhibit").click()
    expect(page.get_by_role("complementary", name="Exhibit")).to_have_count(0)
    page.get_by_role("searchbox", name="Search this self-study").fill("families")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Inclusion policy").last).to_be_visible()
    page.get_by_role("link", name="Larger type").click()
    expect(page.locator(".room.large-type")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="You have left the reading room")).to_be_visible()
    context.close()


def test_on_paper_only_the_text_is_left(browser: Browser, school: LivingSchool, invited: Invited) -> None:
    context = new_context(browser, base_url=school.address)
    page = context.new_page()
    parts = come_in(page, invited)
    page.goto(f"{parts}/P_0301_02?exhibit=E-0301-02-01")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1, name="Inclusion policy")).to_be_visible()
    expect(page.locator(".toc-wide")).to_be_hidden()
    expect(page.locator("aside.exhibit")).to_be_hidden()
    context.close()
