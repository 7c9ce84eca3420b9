"""Finding in a real browser by keys alone: results as one types, completions, into the results and back."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from evidence_app.domain.access import Role
from tests.journeys.browser import axe_violations, scrolls_sideways
from tests.journeys.conftest import PageFor

# What shows of a button beneath an open list may be too small to touch, and nobody touches it
# before the list is closed.
OPEN_LIST = "form:has(.offers:not([hidden]))"

pytestmark = pytest.mark.browser


def ready(page: Page) -> None:
    """The page's scripts listen, those that came later too."""
    page.locator("html.scripted").wait_for(state="attached")


def test_results_come_as_one_types_and_the_address_says_what_was_asked(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/evidence/")
    ready(page)
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search titles")
    expect(box).to_be_focused()
    page.evaluate("window.stayed = true")
    everything = page.locator("#found .hit").count()
    page.keyboard.type("counc", delay=20)
    expect(page.locator("#found .hit")).to_have_count(1)
    expect(page.locator("#found-said")).to_have_text("1 found")
    expect(page).to_have_url(re.compile("q=counc"))
    assert page.evaluate("window.stayed") is True
    page.keyboard.type("xyz")
    expect(page.locator("#found-said")).to_contain_text("0 found")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(page.locator("#found .hit")).to_have_count(everything)


@pytest.mark.soak
def test_a_slow_answer_never_comes_over_a_newer_one(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/evidence/")
    ready(page)

    def slow(route: Route) -> None:
        time.sleep(0.8)
        route.continue_()

    page.route("**/evidence/?q=inc*", slow)
    box = page.get_by_role("combobox", name="Search titles")
    box.press_sequentially("inc", delay=10)
    page.wait_for_timeout(300)
    box.fill("council")
    expect(page.locator("#found .hit")).to_have_count(1)
    expect(page.locator("#found .hit h2")).to_contain_text("Water council wall")
    page.wait_for_timeout(1_000)
    expect(page.locator("#found .hit h2")).to_contain_text("Water council wall")


def test_arrow_keys_lead_through_choices_and_results(page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, "/evidence/")
    ready(page)
    box = page.get_by_role("combobox", name="Search titles")
    box.press_sequentially("kind:l", delay=20)
    choices = page.get_by_role("listbox", name="Suggestions for the search").get_by_role("option")
    expect(choices).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(choices.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == choices.first.get_attribute("id")
    assert axe_violations(page, OPEN_LIST) == []
    page.keyboard.press("Enter")
    expect(box).to_have_value("kind:link ")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.fill("")
    page.keyboard.type("octob", delay=20)
    expect(page.locator("#found .hit")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found .hit h2 a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Planning together")


def test_the_search_works_without_scripts_and_fits_a_phone(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/evidence/", scripts=False)
    box = page.get_by_role("searchbox", name="Search titles")
    box.fill("council")
    box.press("Enter")
    expect(page.locator("#found .hit")).to_have_count(1)
    phone = page_for(Role.TEACHER, "/evidence/", width=390, theme="dark")
    ready(phone)
    phone.get_by_role("combobox", name="Search titles").press_sequentially("in", delay=20)
    expect(phone.get_by_role("option").first).to_be_visible()
    assert not scrolls_sideways(phone)
    assert axe_violations(phone, OPEN_LIST) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_filters_are_a_tap_away_on_a_phone_and_put_away_again(page_for: PageFor, scripts: bool) -> None:
    page = page_for(Role.COORDINATOR, "/evidence/", width=390, scripts=scripts)
    filters = page.get_by_role("form", name="Filters")
    expect(filters).to_be_hidden()
    page.get_by_role("link", name="Filters").click()
    expect(filters).to_be_in_viewport()
    assert not scrolls_sideways(page)
    filters.get_by_role("link", name="Hide").click()
    expect(filters).to_be_hidden()
    page.get_by_role("link", name="Filters").click()
    filters.get_by_text("Filed as").click()
    filters.get_by_label("File", exact=False).first.check()
    if not scripts:
        filters.get_by_role("button", name="Filter").click()
    page.wait_for_url("**kind=file**")
    expect(filters).to_be_hidden()
    expect(page.get_by_role("link", name="Filters")).to_contain_text("1 on")
