"""A browser for the whole session, and a clean window for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browser import Complaints, chromium, listen, new_context, served
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
