"""Practices for a passage of an item: found, said why, added with these words; and for nobody who may not tag."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import suggesting, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
SENTENCE = "Teachers meet every week to plan <together> across subjects."
AS_A_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def item(filed: FileItem, work: Callable[[], None]) -> Item:
    """Minutes that have been read."""
    found = filed("minutes.txt", f"Minutes\n\n{SENTENCE}\n\nThe bus leaves at eight.".encode())
    work()
    return found


def ask(browser: Browser, item: Item, words: str, **headers: str) -> str:
    answer = browser.post(f"/alder-bay/evidence/{item.id}/passage", data={"passage": words}, headers=headers)
    assert answer.status_code == 200
    return answer.text


def test_practices_are_found_and_added_with_the_words_that_show_them(
    client_for: Open, world: World, item: Item, backends: Backends
) -> None:
    browser = client_for(world.teacher)
    found = ask(browser, item, f"  {SENTENCE}\n", **AS_A_SCRIPT)
    assert "<html" not in found
    assert 'value="ib-psp-2020/0203-03"' in found
    assert "Perhaps:" in found
    assert "plan &lt;together&gt; across" in found

    note = f"“{SENTENCE}”"
    browser.post(f"/alder-bay/evidence/{item.id}/tags", data={"node_key": "ib-psp-2020/0203-03", "note": note})
    with backends.database.reading() as session:
        (tag,) = tagging.tags_of(session, world.teacher, item.id)
    assert (tag.node_key, tag.note) == ("ib-psp-2020/0203-03", note)
    assert "Tagged" in ask(browser, item, SENTENCE, **AS_A_SCRIPT)


def test_without_scripts_the_answer_stands_on_the_page_of_the_item(client_for: Open, world: World, item: Item) -> None:
    page = ask(client_for(world.teacher), item, SENTENCE)
    assert "<h1" in page
    assert "plan &lt;together&gt; across subjects.</textarea>" in page
    assert "Add with these words" in page


def test_words_that_speak_for_nothing_are_told_so(client_for: Open, world: World, item: Item) -> None:
    assert "speak for no practice" in ask(client_for(world.teacher), item, "The bus leaves at eight.", **AS_A_SCRIPT)
    assert "speak for no practice" in ask(client_for(world.teacher), item, "", **AS_A_SCRIPT)


def test_a_long_passage_is_quoted_as_far_as_it_fits(client_for: Open, world: World, item: Item) -> None:
    found = ask(client_for(world.teacher), item, f"{SENTENCE} " * 40, **AS_A_SCRIPT)
    (quoted, *_others) = found.split('name="note" value="')[1:]
    assert len(quoted.partition('"')[0].replace("&lt;", "<").replace("&gt;", ">")) < 500
    assert " …”" in quoted


def test_who_may_not_tag_or_see_it_learns_nothing(client_for: Open, world: World, filed: FileItem) -> None:
    private = filed("plan.txt", SENTENCE.encode(), visibility=Visibility.PRIVATE)
    address = f"/alder-bay/evidence/{private.id}/passage"
    assert client_for(world.reader).post(address, data={"passage": SENTENCE}).status_code == 403
    assert client_for(world.coordinator).post(address, data={"passage": SENTENCE}).status_code == 404


def test_the_box_and_its_answer_are_closed_where_suggestions_are_turned_off(
    client_for: Open, world: World, item: Item, backends: Backends
) -> None:
    browser = client_for(world.teacher)
    place = f"/alder-bay/evidence/{item.id}"
    assert "data-passage-form" in browser.get(place).text
    assert "data-passage-open" in browser.get(place, query_string={"view": "text"}).text
    with backends.database.unit_of_work() as session:
        suggesting.switch_suggestions(session, actor=world.administrator, on=False)
    for page in (browser.get(place).text, browser.get(place, query_string={"view": "text"}).text):
        assert "data-passage-" not in page
    assert browser.post(f"{place}/passage", data={"passage": SENTENCE}).status_code == 403
