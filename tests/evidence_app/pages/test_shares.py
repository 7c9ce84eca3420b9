"""The page Shares: making a link, seeing who opened what, ending it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from evidence_app.backends import Backends
from evidence_app.domain import reports, selfstudy, sharing
from evidence_app.domain.access import Actor
from evidence_app.domain.sharing.entering import MOST_GUESSES
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

HOME = "/alder-bay/shares"
OpenBrowser = Callable[[Actor | None], Browser]


@pytest.fixture
def evaluation_id(world: World, backends: Backends) -> str:
    """A self-study to share."""
    with backends.database.unit_of_work() as session:
        return selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key="ib-psp-2020",
            programmes=["DP"],
            visit_on=date(2027, 10, 12),
        ).id


def _make(browser: Browser, evaluation_id: str, **said: str) -> str:
    """The page that shows the link and the passcodes."""
    last_day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    fields = {"what": f"now:{evaluation_id}", "expires": last_day, "may_download": "y", "names": "", "note": ""} | said
    answer = browser.post(f"{HOME}/new", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def _link(page: str) -> str:
    found = re.search(r"/s/[\w-]{40,}", page)
    assert found, page
    return found[0]


def test_a_share_is_made_with_a_passcode_for_each_name_and_opens(
    world: World, client_for: OpenBrowser, evaluation_id: str
) -> None:
    page = _make(client_for(world.coordinator), evaluation_id, names="Ana Lima\n\nBo Chen\n")
    codes = re.findall(r'class="passcode">([^<]+)<', page)
    assert len(codes) == 2
    assert "Ana Lima" in page
    visitor = client_for(None)
    door = visitor.get(_link(page)).headers["Location"]
    assert visitor.post(door, data={"passcode": codes[1]}).status_code == 303


def test_page_that_shows_the_passcodes_loaded_again_makes_no_second_share(
    world: World, client_for: OpenBrowser, evaluation_id: str, backends: Backends
) -> None:
    browser = client_for(world.coordinator)
    key = re.search(r'name="key"[^>]*value="([^"]+)"', browser.get(f"{HOME}/new").text)
    assert key
    last_day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    sent = {"what": f"now:{evaluation_id}", "expires": last_day, "key": key[1]}
    first = browser.post(f"{HOME}/new", data=sent)
    assert "The share is open" in first.text
    with backends.database.unit_of_work() as session:
        selfstudy.write_response(
            session,
            actor=world.coordinator,
            evaluation_id=evaluation_id,
            node_key="ib-psp-2020/0301-02",
            programme="DP",
            narrative="Written meanwhile.",
        )
    again = browser.post(f"{HOME}/new", data=sent)

    with backends.database.reading() as session:
        [line] = sharing.shares_of(session, world.coordinator)
        assert session.scalar(select(func.count()).select_from(reports.Snapshot)) == 1, "nor is anything frozen again"
    assert again.headers["Location"].endswith(f"{HOME}/{line.share.id}")
    page = browser.get(again.headers["Location"]).text
    assert "its link and passcodes were shown once" in page
    _make(browser, evaluation_id, key="another form")
    assert "2 links are open" in browser.get(f"{HOME}/").text


def test_the_link_is_shown_once_and_never_again(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    browser = client_for(world.coordinator)
    token = _link(_make(browser, evaluation_id)).rpartition("/")[2]
    assert token not in browser.get(f"{HOME}/").text


def test_the_list_shows_state_visitors_and_use_and_ends_a_share(
    world: World, client_for: OpenBrowser, evaluation_id: str, backends: Backends
) -> None:
    browser = client_for(world.coordinator)
    _make(browser, evaluation_id, names="Ana Lima", note="For March")
    page = browser.get(f"{HOME}/").text
    for words in ("Ana Lima", "For March", "1 link is open", "never"):
        assert words in page
    with backends.database.reading() as session:
        (line,) = sharing.shares_of(session, world.coordinator)
    assert "Nobody has come in yet" in browser.get(f"{HOME}/{line.share.id}").text
    browser.post(f"{HOME}/{line.share.id}/revoke")
    after = browser.get(f"{HOME}/").text
    assert "0 links are open" in after
    assert "The share is ended" in after


def test_all_links_are_ended_at_once(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    browser = client_for(world.coordinator)
    links = [_link(_make(browser, evaluation_id)) for _ in range(2)]
    browser.post(f"{HOME}/revoke-all")
    assert [client_for(None).get(link).status_code for link in links] == [404, 404]


@pytest.mark.parametrize(("days", "words"), [(-2, "has passed"), (181, "180 days at most")])
def test_a_day_that_cannot_be_is_told_and_nothing_is_made(
    world: World, client_for: OpenBrowser, evaluation_id: str, days: int, words: str
) -> None:
    browser = client_for(world.coordinator)
    day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    answer = browser.post(f"{HOME}/new", data={"what": f"now:{evaluation_id}", "expires": day})
    assert answer.status_code == 422
    assert words in answer.text
    told = min(datetime.now(UTC) + timedelta(days=days), datetime.now(UTC) + sharing.LONGEST)
    assert f"{told.day}\xa0{told:%B}\xa0{told.year}" in answer.text, "the day is said as days are said"
    assert "Nobody reads from outside yet" in browser.get(f"{HOME}/").text


def test_the_last_day_that_is_told_can_be_chosen(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    last = (datetime.now(UTC) + sharing.LONGEST).date()
    _make(client_for(world.coordinator), evaluation_id, expires=last.isoformat())


def test_without_anything_to_share_the_pages_say_what_to_do(world: World, client_for: OpenBrowser) -> None:
    browser = client_for(world.coordinator)
    assert "Nobody reads from outside yet" in browser.get(f"{HOME}/").text
    assert "No self-study to share yet" in browser.get(f"{HOME}/new").text


def test_only_those_who_share_get_in(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    for actor in (world.teacher, world.head, world.reader):
        assert client_for(actor).get(f"{HOME}/").status_code == 403
    _make(client_for(world.coordinator), evaluation_id)
    assert "Nobody reads from outside yet" in client_for(world.stranger).get("/birch-hill/shares/").text


def test_the_last_day_is_the_one_that_was_chosen(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    browser = client_for(world.coordinator)
    chosen = (datetime.now(UTC) + timedelta(days=20)).date()
    words = f"{chosen.day}\xa0{chosen:%B}\xa0{chosen.year}"
    assert f"Open until the end of {words}." in _make(browser, evaluation_id)
    assert f"</span>{words}</td>" in browser.get(f"{HOME}/").text


def test_a_link_that_locked_itself_is_told_on_home_and_shares_until_it_is_ended(
    world: World, client_for: OpenBrowser, evaluation_id: str, backends: Backends
) -> None:
    browser = client_for(world.coordinator)
    link = _link(_make(browser, evaluation_id, names="Ana Lima"))
    with backends.database.unit_of_work() as session:
        [line] = sharing.shares_of(session, world.coordinator)
        session.get_one(sharing.Share, (line.share.school_id, line.share.id)).wrong_guesses = MOST_GUESSES - 1
    assert "locked itself" not in browser.get("/alder-bay/").text
    visitor = client_for(None)
    visitor.post(visitor.get(link).headers["Location"], data={"passcode": "aaaa-bbbb-cccc"})

    for address in ("/alder-bay/", f"{HOME}/"):
        page = browser.get(address).text
        assert "A link has locked itself" in page
        assert "Tell Ana Lima" in page
    assert "locked itself" not in client_for(world.teacher).get("/alder-bay/").text
    assert visitor.get(link).status_code == 404
    browser.post(f"{HOME}/{line.share.id}/revoke")
    assert "locked itself" not in browser.get("/alder-bay/").text
