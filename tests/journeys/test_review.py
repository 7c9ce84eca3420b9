"""Reviewing by keyboard alone in a real browser: move, rate, accept, take back, choose another practice, return."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from evidence_app.domain.access import Role
from evidence_app.domain.evidence import add_file, withdraw
from evidence_app.domain.tagging import Tag, TagState, attach
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool

pytestmark = pytest.mark.browser
NODE = "ib-psp-2020/0402-06"


@pytest.fixture
def tags(school: LivingSchool) -> Iterator[list[Tag]]:
    """Three tags of this journey's own that wait for a decision; their items are withdrawn afterwards."""
    teacher = school.actors[Role.TEACHER]
    blobs = [school.backends.blobs.put(school.school.id, [f"Plan {n}".encode()]) for n in range(3)]
    with school.backends.database.unit_of_work() as session:
        items = [
            add_file(session, actor=teacher, blob=blob, file_name=f"Plan {n}.txt", media_type="text/plain")
            for n, blob in enumerate(blobs)
        ]
        made = [attach(session, actor=teacher, item_id=item.id, node_key=NODE, note="Week 3.") for item in items]
    yield made
    with school.backends.database.unit_of_work() as session:
        withdraw(session, actor=teacher, item_ids=[item.id for item in items])


def press(page: Page, key: str) -> None:
    """Press a key once the page's scripts listen."""
    page.locator("html.scripted").wait_for(state="attached")
    page.keyboard.press(key)


def state_of(school: LivingSchool, tag: Tag) -> tuple[str, int]:
    """The state and strength of a tag as they are kept."""
    with school.backends.database.reading() as session:
        row = session.get_one(Tag, (tag.school_id, tag.id))
        return row.state, row.strength


def test_the_queue_is_worked_by_keys(school: LivingSchool, tags: list[Tag], page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, f"/review/?tag={tags[0].id}")
    here = page.locator(".q-item[aria-current]")
    expect(here).to_contain_text("Plan 0")
    press(page, "j")
    expect(here).to_contain_text("Plan 1")
    press(page, "k")
    expect(here).to_contain_text("Plan 0")

    press(page, "2")
    expect(page.get_by_role("radio", name="Adequate")).to_be_checked()
    press(page, "a")
    expect(page.locator(".toast-x")).to_contain_text("Accepted “Plan 0”")
    expect(here).to_contain_text("Plan 1")
    assert state_of(school, tags[0]) == (TagState.ACCEPTED, 2)
    press(page, "u")
    expect(here).to_contain_text("Plan 0")
    assert state_of(school, tags[0]) == (TagState.PROPOSED, 2)

    press(page, "t")
    expect(page.get_by_role("combobox", name="Search the practices")).to_be_focused()
    page.keyboard.type("0401-02")
    expect(page.locator(".offers li")).to_have_count(1)
    page.keyboard.press("Enter")
    choice = page.get_by_label("It rather shows")
    expect(choice).to_be_focused()
    expect(choice).to_have_value("ib-psp-2020/0401-02")
    page.get_by_role("button", name="Move the tag").press("Enter")
    expect(page.locator(".toast-x")).to_contain_text("Decide on that.")
    expect(page.locator("#decide h2").first).to_contain_text("0401-02")

    press(page, "r")
    word = page.get_by_label("A word to")
    expect(word).to_be_focused()
    word.fill("Whose plan is it?")
    page.get_by_role("button", name="Return with a word").press("Enter")
    expect(page.locator(".toast-x")).to_contain_text("Returned “Plan 0” with your word")
    assert state_of(school, tags[0])[0] == TagState.RETURNED


def test_keys_can_be_turned_off(tags: list[Tag], page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, f"/review/?tag={tags[0].id}")
    page.get_by_label("keys on").uncheck()
    page.locator("h1").click()
    press(page, "j")
    expect(page.locator(".q-item[aria-current]")).to_contain_text("Plan 0")


def test_several_are_accepted_and_taken_back_at_once(school: LivingSchool, tags: list[Tag], page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, f"/review/?tag={tags[0].id}", scripts=False)
    for number in (1, 2):
        page.get_by_label(f"Tick Plan {number}").check()
    page.get_by_role("button", name="Accept the ticked").click()
    expect(page.locator(".toast-x")).to_contain_text("2 tags accepted")
    assert state_of(school, tags[1])[0] == TagState.ACCEPTED
    page.get_by_role("button", name="Undo").click()
    assert state_of(school, tags[1])[0] == TagState.PROPOSED
