"""Help: what each role is led to, and what everybody is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from evidence_app.domain.access import Actor, Role
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
ROLES = [role for role in Role if role is not Role.NOBODY]


@pytest.mark.parametrize("role", ROLES)
def test_every_step_leads_to_a_page_that_opens(client_for: Open, world: World, role: Role) -> None:
    client = client_for(world.actors[role])
    page = client.get("/alder-bay/help/")
    assert page.status_code == 200
    steps = page.text.partition('<section id="begin"')[2].partition("</section>")[0]
    addresses = re.findall(r'<a [^>]*href="([^"]+)"', steps)
    assert addresses
    for address in addresses:
        assert client.get(address, follow_redirects=True).status_code == 200, address


def test_help_says_the_words_and_what_does_not_belong_here(client_for: Open, world: World) -> None:
    page = client_for(world.reader).get("/alder-bay/help/").text
    for words in ("No role opens it", "Shareable", "Adequate", "Waiting for review", "In review", "Approved"):
        assert words in page
    assert 'id="not-here"' in page
    assert "safeguarding lead" in page


def test_help_shows_administration_and_review_keys_to_those_who_have_them(client_for: Open, world: World) -> None:
    administrator, teacher = (client_for(a).get("/alder-bay/help/").text for a in (world.administrator, world.teacher))
    assert "Describe the school" in administrator
    assert "Describe the school" not in teacher
    assert "choose another practice" in administrator
    assert "choose another practice" not in teacher


def test_help_stands_in_the_navigation_and_is_closed_to_strangers(client_for: Open, world: World) -> None:
    assert 'href="/alder-bay/help"' in client_for(world.teacher).get("/alder-bay/").text
    assert client_for(world.stranger).get("/alder-bay/help/").status_code == 404
    assert client_for(None).get("/alder-bay/help/").status_code == 302
