"""Suggestions of a whole school: by practice or by folder, taken or left in bulk, undone, and turned off."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select, update

from evidence_app.backends import Backends
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.suggesting.models import ItemSuggestion
from evidence_app.domain.tagging import Tag
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
ADDRESS = "/alder-bay/review/suggestions/"
INCLUSION = "ib-psp-2020/0301-02"
VALUE = re.compile(r'name="chosen" value="([^"]+)"')


@pytest.fixture
def policies(filed: FileItem, work: Callable[[], None], backends: Backends) -> list[Item]:
    """Two inclusion policies of which the product is sure, in folders, and a private one."""
    items = [filed(f"Inclusion policy {n}.txt", b"Inclusion policy of the school.", title=f"Paper {n}") for n in (1, 2)]
    items.append(filed("Inclusion policy 3.txt", b"Inclusion policy.", title="Secret", visibility=Visibility.PRIVATE))
    work()
    with backends.database.unit_of_work() as session:
        session.execute(update(Item).where(Item.id == items[0].id).values(folder="Policies/2025"))
    return items


def ticked(page: str, node: str = INCLUSION) -> list[str]:
    """What the boxes of this practice say."""
    return [value for value in VALUE.findall(page) if value.endswith(node)]


def tags_of(backends: Backends) -> dict[str, str]:
    """Item and node of every tag -> its state."""
    with backends.database.reading() as session:
        return {f"{tag.item_id} {tag.node_key}": tag.state for tag in session.scalars(select(Tag))}


def undo(browser: Browser, page: str) -> str:
    """Press the undo that stands on this page; the page afterwards."""
    form = re.search(r'action="([^"]+/suggestions/undo)">(.*?)</form>', page)
    assert form is not None
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form[2])
    said = {name: unescape(value) for name, value in fields if name != "csrf_token"}
    return browser.get(browser.post(form[1], data=said).location).text


def test_they_stand_by_practice_with_their_reasons_and_nothing_private(
    client_for: OpenBrowser, world: World, policies: list[Item]
) -> None:
    page = client_for(world.coordinator).get(ADDRESS, query_string={"group": INCLUSION}).text
    assert sorted(ticked(page)) == sorted(f"{item.id} {INCLUSION}" for item in policies[:2])
    assert "the name says" in page
    assert "Secret" not in page
    assert 'Inclusion policy <span class="code">0301-02</span></span><span class="num">2<' in page
    own = client_for(world.teacher).get(ADDRESS)
    assert own.status_code == 403


def test_they_are_taken_at_once_and_given_back(
    client_for: OpenBrowser, world: World, policies: list[Item], backends: Backends
) -> None:
    browser = client_for(world.coordinator)
    chosen = ticked(browser.get(ADDRESS, query_string={"group": INCLUSION}).text)
    answer = browser.post(ADDRESS, data={"do": "accept", "group": INCLUSION, "chosen": chosen})
    assert tags_of(backends) == dict.fromkeys(chosen, "accepted")
    assert ticked(browser.get(answer.location).text) == []
    again = browser.post(ADDRESS, data={"do": "accept", "group": INCLUSION, "chosen": chosen})
    assert "0 accepted" in browser.get(again.location).text
    assert len(tags_of(backends)) == 2
    answer = browser.post(ADDRESS, data={"do": "accept_sure", "group": INCLUSION})
    assert "Tick what you mean first." in browser.get(answer.location).text


def test_undo_takes_back_what_was_taken_and_what_was_left(
    client_for: OpenBrowser, world: World, policies: list[Item], backends: Backends, work: Callable[[], None]
) -> None:
    browser = client_for(world.coordinator)
    answer = browser.post(ADDRESS, data={"do": "accept_sure", "group": INCLUSION})
    assert len(tags_of(backends)) == 2
    assert len(ticked(undo(browser, browser.get(answer.location).text))) == 2
    assert tags_of(backends) == {}
    chosen = ticked(browser.get(ADDRESS, query_string={"group": INCLUSION}).text)
    answer = browser.post(ADDRESS, data={"do": "decline", "group": INCLUSION, "chosen": chosen})
    left = browser.get(answer.location).text
    assert ticked(left) == []
    work()
    assert sorted(ticked(undo(browser, left))) == sorted(chosen)
    assert tags_of(backends) == {}


def test_they_stand_by_folder_too(client_for: OpenBrowser, world: World, policies: list[Item]) -> None:
    browser = client_for(world.coordinator)
    page = browser.get(ADDRESS, query_string={"by": "folder", "group": "Policies/2025"}).text
    assert ticked(page) == [f"{policies[0].id} {INCLUSION}"]
    assert "In no folder" in page
    assert ticked(browser.get(ADDRESS, query_string={"by": "folder", "group": ""}).text) == [
        f"{policies[1].id} {INCLUSION}"
    ]


def test_what_one_may_not_see_is_taken_by_nobody(
    client_for: OpenBrowser, world: World, policies: list[Item], backends: Backends
) -> None:
    chosen = [f"{policies[2].id} {INCLUSION}", f"{policies[0].id} {INCLUSION}"]
    browser = client_for(world.coordinator)
    answer = browser.post(ADDRESS, data={"do": "accept", "chosen": chosen})
    assert "not open to you" in browser.get(answer.location).text
    assert tags_of(backends) == {}
    for odd in ("", "nonsense", f"{policies[0].id} ", f"{policies[0].id} no-such/node"):
        answer = browser.post(ADDRESS, data={"do": "decline", "chosen": odd})
        assert browser.get(answer.location).status_code == 200


def test_an_administrator_turns_them_off_and_on(
    client_for: OpenBrowser, world: World, policies: list[Item], backends: Backends, work: Callable[[], None]
) -> None:
    boss, browser = client_for(world.administrator), client_for(world.coordinator)
    switch = "/alder-bay/admin/suggestions"
    assert client_for(world.teacher).post(switch, data={"on": ""}).status_code == 403
    item_page = f"/alder-bay/evidence/{policies[0].id}"
    assert "It seems to show" in browser.get(item_page).text
    boss.post(switch, data={"on": ""})
    assert "turned off for this school" in browser.get(ADDRESS).text
    assert "It seems to show" not in browser.get(item_page).text
    assert "You may already have this" not in browser.get("/alder-bay/practice/0301-02").text
    boss.post(switch, data={"on": "yes"})
    work()
    assert len(ticked(browser.get(ADDRESS, query_string={"group": INCLUSION}).text)) == 2
    with backends.database.reading() as session:
        assert session.scalar(select(ItemSuggestion.item_id).limit(1)) is not None
