"""What the scripts add, in a real browser under the real Content-Security-Policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.browser import Complaints

pytestmark = pytest.mark.browser
FILE: FilePayload = {"name": "Minutes.txt", "mimeType": "text/plain", "buffer": b"x" * 1234}
SECOND: FilePayload = {"name": "Second.txt", "mimeType": "text/plain", "buffer": b"x" * 1240}
LATE: FilePayload = {"name": "too-late.txt", "mimeType": "text/plain", "buffer": b"y"}


def test_many_files_are_sent_each_on_its_own_and_become_the_servers_cards(parts: Page) -> None:
    parts.goto("/filing")
    before = parts.locator(".filing").count()
    parts.locator("#drop-files").set_input_files([FILE, SECOND])
    expect(parts.locator(".filing", has_text="Reading the text").filter(has_text="1.2")).to_have_count(2)
    expect(parts.locator(".filing")).to_have_count(before + 2)


def test_a_file_that_failed_says_why_and_is_sent_again_under_the_same_key(parts: Page, complaints: Complaints) -> None:
    parts.goto("/filing")
    keys: list[str] = []
    parts.on("request", lambda r: keys.append(r.headers["idempotency-key"]) if r.method == "POST" else None)
    with parts.expect_console_message(lambda message: "507" in message.text):
        parts.locator("#drop-files").set_input_files([LATE])
    card = parts.locator(".filing", has_text="too-late.txt")
    expect(card).to_contain_text("Stopped")
    expect(card).to_contain_text("The disk is full. Nothing was kept.")
    card.get_by_role("button", name="Try again").click()
    expect(parts.locator(".filing", has_text="too-late.txt")).to_contain_text("Reading the text")
    assert len(keys) == 2
    assert keys[0] == keys[1]
    complaints.forget()


def test_files_chosen_at_home_are_sent_and_then_the_page_of_filing_opens(parts: Page) -> None:
    parts.goto("/home-teacher")
    parts.locator("#drop-files").set_input_files([FILE, SECOND])
    parts.wait_for_url("**/filing")


def test_a_dropped_and_a_pasted_file_are_taken(parts: Page) -> None:
    parts.goto("/filing")
    for kind in ("drop", "paste"):
        parts.evaluate(
            """kind => {
                const bag = new DataTransfer();
                bag.items.add(new File(['z'], kind === 'paste' ? 'image.png' : 'dropped.txt', {type: 'image/png'}));
                const options = {bubbles: true, cancelable: true};
                const event = kind === 'drop' ? new DragEvent('drop', {...options, dataTransfer: bag})
                                              : new ClipboardEvent('paste', {...options, clipboardData: bag});
                document.querySelector('#main').dispatchEvent(event);
            }""",
            kind,
        )
    expect(parts.locator(".filing", has_text="dropped.txt")).to_contain_text("Reading the text")
    expect(parts.locator(".filing", has_text="Screenshot 20")).to_contain_text("Reading the text")


def test_single_keys_decide_and_can_be_switched_off(parts: Page) -> None:
    parts.goto("/review")
    parts.keyboard.press("1")
    expect(parts.get_by_role("radio", name="Weak")).to_be_checked()
    parts.keyboard.press("j")
    parts.wait_for_url("**/review#q2")
    parts.get_by_label("A word to Noor").fill("")
    parts.keyboard.type("2")
    expect(parts.get_by_label("A word to Noor")).to_have_value("2")
    parts.get_by_label("keys on").uncheck()
    parts.locator("h1").click()
    parts.keyboard.press("3")
    expect(parts.get_by_role("radio", name="Weak")).to_be_checked()
    parts.reload()
    expect(parts.get_by_label("keys on")).not_to_be_checked()


def test_slash_goes_to_the_search_box(parts: Page) -> None:
    parts.goto("/home-teacher")
    parts.keyboard.press("/")
    expect(parts.get_by_role("searchbox", name="Search evidence")).to_be_focused()
    assert parts.get_by_role("searchbox", name="Search evidence").input_value() == ""


def test_writing_saves_itself_and_shows_the_servers_preview(parts: Page) -> None:
    parts.goto("/study")
    text = parts.get_by_label("Narrative in Markdown")
    text.fill("Three words here")
    expect(parts.locator('input[name="revision"]')).to_have_value("13")
    expect(parts.locator('[data-keeping="saved"]')).to_be_visible()
    expect(parts.get_by_role("region", name="Preview")).to_have_text("Three words here")
    expect(parts.locator("[data-editor-words]")).to_have_text("3")


def test_a_conflict_stops_saving_and_says_who_was_faster(parts: Page, complaints: Complaints) -> None:
    parts.goto("/study")
    with parts.expect_console_message(lambda message: "409" in message.text):
        parts.get_by_label("Narrative in Markdown").fill("a clash")
    expect(parts.get_by_role("alert")).to_contain_text("Sofia saved at 10:24.")
    expect(parts.get_by_role("link", name="Compare both")).to_have_attribute("href", "/trouble")
    expect(parts.locator('[data-keeping="conflict"]')).to_be_visible()
    complaints.forget()


def test_what_could_not_be_saved_survives_a_reload(parts: Page, complaints: Complaints) -> None:
    parts.goto("/study")
    parts.route("**/study/save", lambda route: route.abort())
    with parts.expect_console_message(lambda message: "ERR_FAILED" in message.text):
        parts.get_by_label("Narrative in Markdown").fill("Written on a train")
    expect(parts.locator('[data-keeping="offline"]')).to_be_visible()
    parts.unroute("**/study/save")
    parts.reload()
    expect(parts.get_by_label("Narrative in Markdown")).to_have_value("Written on a train")
    expect(parts.locator('input[name="revision"]')).to_have_value("13")
    complaints.forget()


def test_two_brackets_open_the_list_of_exhibits_and_a_choice_is_written(parts: Page) -> None:
    parts.goto("/study")
    text = parts.get_by_label("Narrative in Markdown")
    text.fill("As in ")
    text.press("End")
    text.press_sequentially("[[")
    box = parts.get_by_label("Find an exhibit to cite")
    expect(box).to_be_focused()
    box.press_sequentially("policy")
    expect(parts.get_by_role("button", name="Found policy")).to_be_visible()
    box.press("Enter")
    expect(text).to_have_value("As in [[E-0301-02-07]]")
    expect(text).to_be_focused()


def test_marks_are_put_around_what_is_chosen_and_can_be_undone(parts: Page) -> None:
    parts.goto("/study")
    text = parts.get_by_label("Narrative in Markdown")
    text.fill("bold")
    text.select_text()
    parts.get_by_role("button", name="Bold").click()
    expect(text).to_have_value("**bold**")
    text.press("Control+z")
    expect(text).to_have_value("bold")


def test_filters_send_themselves_once_for_several_ticks(parts: Page) -> None:
    parts.goto("/library")
    asked: list[str] = []
    parts.on("request", lambda r: asked.append(r.url) if r.is_navigation_request() else None)
    # Both in one breath: a busy machine may take longer between two clicks than the page waits for a second tick.
    parts.evaluate("for (const one of ['PYP', 'MYP']) document.querySelector(`[value=${one.toLowerCase()}]`).click()")
    parts.wait_for_url("**programme=pyp&programme=myp**")
    assert len(asked) == 1


def test_a_toast_closes_and_a_menu_shuts_with_escape(parts: Page) -> None:
    parts.goto("/flash")
    expect(parts.locator(".toast-x")).to_have_count(1)
    parts.get_by_role("button", name="Close this message").click()
    expect(parts.locator(".toast-x")).to_have_count(0)
    menu = parts.locator(".me-menu")
    menu.locator("summary").click()
    expect(parts.get_by_role("link", name="Settings")).to_be_visible()
    parts.keyboard.press("Escape")
    expect(parts.get_by_role("link", name="Settings")).not_to_be_visible()
    expect(menu.locator("summary")).to_be_focused()


def test_how_long_a_text_may_be_is_said_as_it_comes_near(parts: Page) -> None:
    parts.goto("/form")
    message = parts.get_by_label("Message")
    said = parts.locator("[data-room-for='message']")
    message.fill("w" * 35)
    expect(said).to_have_text("")
    message.fill("w" * 36)
    expect(said).to_have_text("36 of 40 characters")
    message.fill("w" * 41)
    expect(said).to_have_text("41 of 40 characters")
