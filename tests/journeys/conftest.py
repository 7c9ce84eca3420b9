"""A browser for the whole session, and a clean window for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from evidence_app.domain.access import Role
from tests.journeys.browser import Complaints, Theme, chromium, listen, new_context, served
from tests.journeys.school import LivingSchool, living_school
from tests.journeys.styleguide import create_styleguide


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the session."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def styleguide() -> Iterator[str]:
    """The address of the app that draws every part."""
    with served(create_styleguide()) as address:
        yield address


@pytest.fixture
def complaints() -> Complaints:
    """What the browser complained about; a test that makes trouble on purpose forgets it."""
    return Complaints()


@pytest.fixture
def parts(browser: Browser, styleguide: str, complaints: Complaints) -> Iterator[Page]:
    """A window on the style guide; the browser must not have complained when the test ends."""
    context = new_context(browser, base_url=styleguide)
    page = context.new_page()
    listen(page, complaints)
    yield page
    context.close()
    assert complaints.all() == []


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingSchool]:
    """One living school for all journeys of the session; a journey changes only what it made itself."""
    with living_school(tmp_path_factory.mktemp("journeys")) as school:
        yield school


class PageFor(Protocol):
    """Opens a window for the person with a role; an address below the school ("/evidence") is opened at once."""

    def __call__(
        self, role: Role, address: str = ..., *, width: int = ..., theme: Theme = ..., scripts: bool = ...
    ) -> Page: ...


@pytest.fixture
def page_for(browser: Browser, school: LivingSchool, complaints: Complaints) -> Iterator[PageFor]:
    """Windows of people of the living school; the browser must not have complained in any of them."""
    contexts: list[BrowserContext] = []

    def open_page(
        role: Role, address: str = "", *, width: int = 1440, theme: Theme = "light", scripts: bool = True
    ) -> Page:
        context = new_context(browser, width=width, theme=theme, scripts=scripts, base_url=school.address)
        contexts.append(context)
        school.sign_in(context, role, theme)
        page = context.new_page()
        listen(page, complaints)
        if address:
            page.goto(school.home + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints.all() == []
