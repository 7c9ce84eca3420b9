"""Every page that needs nothing but a school, for every role that may open it: sound, accessible, within its window.

The pages are read from the application itself, so that a new one is looked at without anybody remembering to.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from evidence_app.domain.access import Role
from tests.journeys.browser import Theme, axe_violations, listen, new_context, scrolls_sideways
from tests.journeys.school import LivingSchool

pytestmark = pytest.mark.browser


def pages_of(school: LivingSchool) -> list[str]:
    """The addresses of all routes that can be read and ask for no more than the school's key."""
    adapter = school.app.url_map.bind("localhost")
    return sorted(
        adapter.build(rule.endpoint, {"school_key": school.school.key} if rule.arguments else {})
        for rule in school.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments <= {"school_key"} and rule.endpoint != "static"
    )


def faults_of(page: Page, address: str) -> list[str]:
    """What is wrong with the page at an address; nothing for a page this person may not open, or that is no page."""
    answer = page.request.get(address)
    if answer.status in (403, 404) or not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    if answer.status != 200:
        return [f"status {answer.status}"]
    complaints = listen(page)
    page.goto(address)
    faults = [*axe_violations(page), *complaints.all()]
    if scrolls_sideways(page):
        faults.append("scrolls sideways")
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} headings of the first level")
    return faults


@pytest.mark.parametrize(
    ("role", "width", "theme"),
    [
        (Role.COORDINATOR, 1440, "light"),
        (Role.COORDINATOR, 390, "dark"),
        (Role.TEACHER, 390, "light"),
        (Role.ADMINISTRATOR, 1024, "dark"),
    ],
)
def test_every_page_is_sound_and_accessible(
    browser: Browser, school: LivingSchool, role: Role, width: int, theme: Theme
) -> None:
    context = new_context(browser, width=width, theme=theme, base_url=school.address)
    school.sign_in(context, role, theme)
    found = {}
    for address in pages_of(school):
        page = context.new_page()
        faults = faults_of(page, address)
        if faults:
            found[address] = faults
        page.close()
    context.close()
    assert found == {}
