"""Everybody's way in and around: signing in, the places of each role, the theme, signing out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from evidence_app.domain.access import Role
from tests.journeys.browser import axe_violations
from tests.journeys.conftest import PageFor

pytestmark = pytest.mark.browser


def test_a_teacher_sees_only_a_teachers_places(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/")
    places = page.get_by_role("navigation", name="Main")
    expect(places.get_by_role("link", name="Evidence")).to_be_visible()
    expect(places.get_by_role("link", name="Admin")).to_have_count(0)


def test_an_administrator_finds_the_administration_with_the_keyboard_alone(page_for: PageFor) -> None:
    page = page_for(Role.ADMINISTRATOR, "/")
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Admin":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin**")


def test_signing_out_from_the_menu_ends_at_the_door(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/")
    page.locator(".me-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert axe_violations(page) == []


def test_a_phone_has_five_things_at_its_thumb(page_for: PageFor) -> None:
    page = page_for(Role.ADMINISTRATOR, "/", width=390)
    tabs = page.get_by_role("navigation", name="Quick")
    expect(tabs.get_by_role("link", name="Home")).to_be_visible()
    tabs.locator("summary").click()
    expect(tabs.get_by_role("link", name="Admin")).to_be_visible()
    assert axe_violations(page) == []


def test_a_narrow_window_keeps_every_place_in_its_rail(page_for: PageFor) -> None:
    page = page_for(Role.ADMINISTRATOR, "/", width=900)
    rail = page.get_by_role("navigation").filter(has=page.get_by_role("link", name="Coverage")).first
    for place in ("Milestones", "Reports", "Shares", "Admin", "Help"):
        expect(rail.get_by_role("link", name=place)).to_be_visible()
    assert axe_violations(page) == []
