"""Every part, in both themes and at three widths: axe finds nothing, nothing scrolls sideways, nothing is blocked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import WIDTHS, Theme, axe_violations, listen, new_context, scrolls_sideways
from tests.journeys.styleguide import PAGES

pytestmark = pytest.mark.browser
RINGLESS = """() => {
    const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const ringed = (element) => element && drawn(getComputedStyle(element));
    const e = document.activeElement;
    if (e === document.body) return '';
    const around = e.closest('.chip, .rate label, .levels label');
    return ringed(e) || ringed(around) || ringed(e.nextElementSibling) ? '' : e.outerHTML.slice(0, 120);
}"""
"""What has the focus and shows no ring, nor do its label or frame; an empty text when all is well."""


# The pages that are made of the parts are looked at each time, in both themes.
@pytest.mark.soak
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_parts_are_accessible_at_every_width(browser: Browser, styleguide: str, width: int, theme: Theme) -> None:
    context = new_context(browser, width=width, theme=theme, base_url=styleguide)
    found: dict[str, list[str]] = {}
    for name in PAGES:
        page = context.new_page()
        complaints = listen(page)
        answer = page.goto(f"/{name}?theme={theme}")
        assert answer is not None
        assert answer.status == 200, name
        faults = [*axe_violations(page), *complaints.all()]
        if scrolls_sideways(page):
            faults.append("scrolls sideways")
        if faults:
            found[name] = faults
        page.close()
    context.close()
    assert found == {}


def test_axe_sees_a_planted_fault(browser: Browser, styleguide: str) -> None:
    context = new_context(browser, base_url=styleguide)
    page = context.new_page()
    page.goto("/form")
    page.evaluate("document.querySelector('label.form-label').remove()")
    assert any(fault.startswith("label:") for fault in axe_violations(page))
    context.close()


@pytest.mark.parametrize("name", ["home-teacher", "coverage", "study", "room"])
def test_pages_fit_the_narrowest_phone(browser: Browser, styleguide: str, name: str) -> None:
    context = new_context(browser, width=320, base_url=styleguide)
    page = context.new_page()
    page.goto(f"/{name}")
    assert not scrolls_sideways(page)
    context.close()


def test_every_stop_of_the_tab_key_shows_where_it_is(browser: Browser, styleguide: str) -> None:
    context = new_context(browser, base_url=styleguide)
    page = context.new_page()
    page.goto("/home-teacher")
    unseen = []
    for _step in range(30):
        page.keyboard.press("Tab")
        ring = page.evaluate(RINGLESS)
        if ring:
            unseen.append(ring)
    context.close()
    assert unseen == []


@pytest.mark.parametrize("name", ["home-teacher", "library", "review", "study", "room"])
def test_pages_read_the_same_without_scripts(browser: Browser, styleguide: str, name: str) -> None:
    context = new_context(browser, scripts=False, base_url=styleguide)
    page = context.new_page()
    complaints = listen(page)
    page.goto(f"/{name}")
    assert page.get_by_role("heading").first.is_visible()
    assert complaints.all() == []
    context.close()
