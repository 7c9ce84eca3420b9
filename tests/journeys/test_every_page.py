"""Every page of the application, for those who may open it: sound, accessible, within its window.

The pages are read from the application itself, so that a new one is looked at without anybody remembering to: one whose
address needs an id that is not known here fails the first test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page
from werkzeug.routing import Rule

from evidence_app.domain.access import Role
from tests.journeys.browser import (
    Complaints,
    Theme,
    axe_violations,
    hidden_headings,
    listen,
    new_context,
    scrolls_sideways,
)
from tests.journeys.known import Ids, known
from tests.journeys.pictures import LEADS_ON, page_rules, pictured
from tests.journeys.school import LivingSchool

pytestmark = pytest.mark.browser

ELSEWHERE = "visitor."
"""The visitor's room is walked in test_room: it opens to a passcode only."""
OF_ENDPOINT = {
    "evidence.write": {"part": "link"},
    "practice.practice": {"code": "0301-02"},
    "study.standard": {"code": "0301"},
    "milestones.path": {"plan_id": "path_id"},
    "milestones.step": {"plan_id": "path_id"},
    "account.invitation": {"token": "invitation"},
    "setup.first_administrator": {"token": "setup"},
    "admin.framework": {"framework_key": "ib-psp-2020"},
}
"""What an argument stands for on one page only: a value, or the name of a known id."""
TEACHERS_OWN = ("home.", "evidence.", "requests.request_page", "study.answer", "study.overview", "plan.action")


@pytest.fixture(scope="module")
def ids(school: LivingSchool) -> Iterator[Ids]:
    """One of everything that has a page of its own."""
    with known(school) as ids:
        yield ids


def rules_of(school: LivingSchool) -> list[Rule]:
    """The routes of all pages that are looked at here."""
    return [rule for rule in page_rules(school.app) if not rule.endpoint.startswith(ELSEWHERE)]


def values_of(school: LivingSchool, ids: Ids, rule: Rule) -> dict[str, str]:
    """What stands in a route's address; an argument nobody knows is left out."""
    own = {name: ids.get(value, value) for name, value in OF_ENDPOINT.get(rule.endpoint, {}).items()}
    known_values = {"school_key": school.school.key, **ids, **own}
    return {name: known_values[name] for name in rule.arguments if name in known_values}


def pages_of(school: LivingSchool, ids: Ids) -> dict[str, str]:
    """Endpoint -> address of every page whose ids are known."""
    adapter = school.app.url_map.bind("localhost")
    return {rule.endpoint: adapter.build(rule.endpoint, values_of(school, ids, rule)) for rule in rules_of(school)}


def test_every_page_can_be_reached_here(school: LivingSchool, ids: Ids) -> None:
    unknown = {rule.endpoint: rule.arguments - values_of(school, ids, rule).keys() for rule in rules_of(school)}
    assert {endpoint: missing for endpoint, missing in unknown.items() if missing} == {}


def test_every_page_has_its_picture(school: LivingSchool) -> None:
    pages = {rule.endpoint for rule in page_rules(school.app)}
    assert pages - LEADS_ON - pictured(school.app) == set()
    assert LEADS_ON - pages == set()


def faults_of(page: Page, complaints: Complaints, address: str) -> list[str]:
    """What is wrong with the page at an address; nothing for one that this person may not open, or that is no page."""
    complaints.forget()
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return []
        raise
    assert answer is not None, address
    if answer.status in (403, 404) or not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    if answer.status != 200:
        return [f"status {answer.status}"]
    faults = [*axe_violations(page), *complaints.all()]
    if scrolls_sideways(page):
        faults.append("scrolls sideways")
    faults += [f"nobody sees {heading!r}" for heading in hidden_headings(page)]
    headings = page.evaluate("document.querySelectorAll('h1').length")
    if headings != 1:
        faults.append(f"{headings} headings of the first level")
    return faults


@pytest.mark.parametrize(
    ("role", "width", "theme", "language", "endpoints"),
    [
        (Role.ADMINISTRATOR, 1440, "light", "en", ("",)),
        # French has the longest words of our languages, and a phone the least room for them.
        (Role.ADMINISTRATOR, 390, "dark", "fr", ("",)),
        pytest.param(Role.TEACHER, 1024, "light", "es", TEACHERS_OWN, marks=pytest.mark.soak),
        (None, 390, "light", "en", ("account.", "setup.")),
    ],
)
def test_every_page_is_sound_and_accessible(
    browser: Browser,
    school: LivingSchool,
    ids: Ids,
    role: Role | None,
    width: int,
    theme: Theme,
    language: str,
    endpoints: tuple[str, ...],
) -> None:
    context = new_context(browser, width=width, theme=theme, base_url=school.address)
    if role is not None:
        school.sign_in(context, role, theme, language)
    page = context.new_page()
    complaints = listen(page)
    found = {}
    for endpoint, address in pages_of(school, ids).items():
        if endpoint.startswith(endpoints) and (faults := faults_of(page, complaints, address)):
            found[address] = faults
    context.close()
    assert found == {}


def test_a_page_that_says_no_is_accessible(browser: Browser, school: LivingSchool) -> None:
    context = new_context(browser, width=390, theme="dark", base_url=school.address)
    school.sign_in(context, Role.TEACHER, "dark")
    page = context.new_page()
    for address in (f"{school.home}/evidence/nothing", f"{school.home}/admin/", "/nowhere"):
        page.goto(address)
        assert axe_violations(page) == [], address
    context.close()
