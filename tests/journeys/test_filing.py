"""Filing in a real browser: drop, wait for the reading, take and leave suggestions, save, find again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import FilePayload, Route, expect

from evidence_app.domain.access import Role
from tests.journeys.browser import WIDTHS, Complaints, axe_violations, scrolls_sideways
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool, do_work

pytestmark = pytest.mark.browser

WORDS = b"Inclusion policy. Barriers to learning are removed for every student; referrals are answered soon."
PLAN = FilePayload(name="Inclusion policy of our school.txt", mimeType="text/plain", buffer=WORDS)
PHONE = FilePayload(name="From a phone.txt", mimeType="text/plain", buffer=b"What we saw at the river. " * 9)
BARE = FilePayload(name="Without scripts.txt", mimeType="text/plain", buffer=b"Bare.")
SECOND_PIECE, THIRD_PIECE = str(8 * 1024 * 1024), str(16 * 1024 * 1024)
NOTE_FIELDS = """() => {
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {
    sessionStorage.fields = [...new FormData(this).keys()].join(" ");
    submit.call(this);
  };
}"""
CARD_SHOWS = """(name) => {
  const card = [...document.querySelectorAll("article.filing")].find((one) => one.textContent.includes(name));
  const bars = [...document.querySelectorAll(".savebar, .tabs")].map((bar) => bar.getBoundingClientRect());
  const above = Math.min(innerHeight, ...bars.filter((bar) => bar.height).map((bar) => bar.top));
  const { top } = card.getBoundingClientRect();
  return top >= document.querySelector(".top").getBoundingClientRect().bottom && top + 60 <= above;
}"""
BAR_SHOWS = """() => {
  const { top, bottom } = document.querySelector(".savebar").getBoundingClientRect();
  const tabs = document.querySelector(".tabs").getBoundingClientRect();
  return top < bottom && bottom <= (tabs.height ? tabs.top : innerHeight);
}"""
EMPTY = FilePayload(name="empty.txt", mimeType="text/plain", buffer=b"")


def test_a_dropped_file_is_read_tagged_and_found(page_for: PageFor, school: LivingSchool) -> None:
    page = page_for(Role.TEACHER, "/evidence/new")
    page.set_input_files("#drop-files", [PLAN])
    card = page.locator("article.filing", has_text="Inclusion policy of our school.txt")
    expect(card).to_contain_text("Reading the text")
    expect(page.locator("#savebar")).to_contain_text("1 being read")

    do_work(school)
    expect(card).to_contain_text("It seems to show")
    expect(page.locator("#savebar")).to_contain_text("1 ready")
    assert axe_violations(page) == []
    card.get_by_label("How it shows it").fill("Section 2 says who answers a referral.")
    card.get_by_text("Another practice", exact=True).click()
    card.locator("select").select_option("ib-learner-profile/caring")
    expect(card.locator(".chip", has_text="Caring")).to_be_visible()
    expect(card.get_by_label("How it shows it")).to_have_value("Section 2 says who answers a referral.")
    page.get_by_role("button", name="Save what is ready").click()

    expect(page).to_have_url(re.compile("/evidence/$"))
    do_work(school)
    page.get_by_role("combobox", name="Search titles").fill("referrals")
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_have_text("referrals")
    page.get_by_role("link", name="Inclusion policy of our school", exact=True).click()
    expect(page.locator(".side")).to_contain_text("Section 2 says who answers a referral.")


@pytest.mark.soak
def test_a_new_version_is_opened_as_far_as_the_form_says_when_the_button_is_pressed(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new")
    for number in (1, 2):
        words = f"Who cooks and who cleans the school kitchen, in version {number}.".encode()
        name = f"Kitchen rules v{number}.txt"
        page.set_input_files("#drop-files", [FilePayload(name=name, mimeType="text/plain", buffer=words)])
        expect(page.locator("#savebar")).to_contain_text("1 being read")
        do_work(school)
        expect(page.locator("article.filing", has_text=name)).to_contain_text("How it shows it")
        if number == 1:
            page.get_by_role("button", name="Save what is ready").click()
            expect(page).to_have_url(re.compile("/evidence/$"))
            page.goto(page.url + "new")
    make = page.get_by_role("button", name="Make it the newest version of that one")
    seen_by = page.get_by_label("Who can see it")
    page.get_by_text("Change for all").click()
    page.route("**/new/kept*", lambda route: route.abort())
    seen_by.select_option("private")
    make.click()
    expect(page.get_by_text("it would be opened to more people")).to_be_visible()
    complaints.forget()
    page.unroute("**/new/kept*")
    seen_by.select_option("staff")
    make.click()
    card = page.locator("article.filing", has_text="Kitchen rules")
    expect(card).to_contain_text("Reading the text")
    do_work(school)
    expect(card).to_contain_text("It was here already")
    card.get_by_role("button", name="Leave it out").click()
    expect(card).to_have_count(0)


@pytest.mark.soak
@pytest.mark.parametrize("width", [390, 1440])
def test_what_is_ticked_below_the_fold_is_named_at_the_button_until_it_was_seen(
    page_for: PageFor, school: LivingSchool, width: int
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", width=width)
    names = [f"Inclusion policy {width} part {letter}.txt" for letter in "abcdef"]
    files = [FilePayload(name=name, mimeType="text/plain", buffer=WORDS + name.encode()) for name in names]
    page.set_input_files("#drop-files", files)
    expect(page.locator("#savebar")).to_contain_text("6 being read")
    do_work(school)
    expect(page.locator("#savebar")).to_contain_text("6 ready")
    page.reload()
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate(BAR_SHOWS)
    told = page.locator("#savebar .ticked")
    expect(told).to_contain_text(f"{names[-1]}: Inclusion policy")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    for other, height in ((767, 700), (1024, 600)):
        page.set_viewport_size({"width": other, "height": height})
        page.evaluate("scrollTo(0, 0)")
        assert page.evaluate(BAR_SHOWS), other
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})

    # By its heading: a card names the documents its own is like, too.
    cards = {name: page.locator("article.filing", has=page.locator("h2", has_text=name)) for name in names}
    for name, card in cards.items():
        # Playwright's own scrolling takes what lies behind the bar for seen.
        card.locator(".chip").first.evaluate("chip => chip.scrollIntoView({block: 'center'})")
        expect(told.get_by_text(name)).to_be_hidden()
    expect(told).to_be_hidden()
    for card in cards.values():
        card.get_by_role("button", name="Leave it out").click()
        expect(card).to_have_count(0)


def test_what_is_dropped_at_home_goes_on_where_it_can_be_saved(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/", width=390)
    page.set_input_files("#drop-files", [BARE])
    expect(page).to_have_url(re.compile("/evidence/new#card-[0-9a-z]+$"))
    card = page.locator("article.filing", has_text="Without scripts.txt")
    page.wait_for_function(CARD_SHOWS, arg=BARE["name"])
    expect(card).to_have_count(1)
    expect(page.locator("#savebar")).to_contain_text("1 being read")
    assert not scrolls_sideways(page)
    card.get_by_role("button", name="Leave it out").click()
    expect(card).to_have_count(0)


@pytest.mark.parametrize("motion", ["reduce", pytest.param("no-preference", marks=pytest.mark.soak)])
def test_on_a_phone_what_was_taken_shows_above_the_bar_while_it_is_read_and_after(
    page_for: PageFor, school: LivingSchool, motion: Literal["reduce", "no-preference"]
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", width=390)
    page.emulate_media(reduced_motion=motion)
    page.set_input_files("#drop-files", [PHONE])
    card = page.locator("article.filing", has_text=PHONE["name"])
    expect(page.locator("#savebar")).to_contain_text("being read")
    page.wait_for_function(CARD_SHOWS, arg=PHONE["name"])
    expect(card).to_be_focused()

    do_work(school)
    expect(card).to_contain_text("How it shows it")
    page.wait_for_function(CARD_SHOWS, arg=PHONE["name"])
    expect(card).to_be_focused()
    assert axe_violations(page) == []
    card.get_by_label("How it shows it").focus()
    bar, line = page.locator("#savebar").bounding_box(), page.locator(":focus").bounding_box()
    assert bar
    assert line
    assert line["y"] + line["height"] <= bar["y"], "a line one writes in is not behind the bar"
    page.keyboard.press("Home")
    card.get_by_role("button", name="Leave it out").click()
    expect(card).to_have_count(0)


@pytest.mark.parametrize("width", [pytest.param(390, marks=pytest.mark.soak), 1440])
def test_a_practice_is_found_by_a_word_or_a_code_with_keys_alone(
    page_for: PageFor, school: LivingSchool, width: int
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", width=width)
    name = f"Nothing to say {width}.txt"
    page.set_input_files("#drop-files", [FilePayload(name=name, mimeType="text/plain", buffer=f"{width}".encode())])
    card = page.locator("article.filing", has_text=name)
    expect(card).to_contain_text("Reading the text")
    do_work(school)
    box = card.get_by_role("combobox", name="Search the practices")
    offers = card.locator(".offers").get_by_role("option")
    box.focus()
    page.keyboard.type("assess")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    page.keyboard.press("Escape")
    expect(offers).to_have_count(0)
    box.fill("")
    page.keyboard.type("0404")
    expect(offers).to_have_count(4)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card.locator(".chip", has_text="0404-02")).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.type("xyzzy")
    expect(offers).to_contain_text("None fits.")
    page.keyboard.press("Enter")
    expect(card.locator(".chip")).to_have_count(1)
    page.keyboard.press("Escape")
    card.get_by_role("button", name="Leave it out").click()
    expect(card).to_have_count(0)


def test_a_bad_file_says_why_and_can_be_left_out(page_for: PageFor, complaints: Complaints) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", width=390)
    page.set_input_files("#drop-files", [EMPTY])
    card = page.locator("article.filing", has_text="empty.txt")

    expect(card).to_contain_text("is empty. Nothing was kept.")
    complaints.forget()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    card.get_by_role("button", name="Leave it out").click()

    expect(card).to_have_count(0)


def test_a_large_file_goes_on_where_it_stopped(page_for: PageFor, complaints: Complaints, tmp_path: Path) -> None:
    """The answer to the second piece is lost, the third is refused once; then the card is lost on its way."""
    film = tmp_path / "Film of the exhibition.bin"
    film.write_bytes(b"film" * (5 * 1024 * 1024))
    page = page_for(Role.TEACHER, "/evidence/new")
    sent: list[str] = []

    def make_trouble(route: Route) -> None:
        sent.append(route.request.url.partition("at=")[2])
        if sent == ["0", SECOND_PIECE]:
            route.fetch()
            route.abort()
        elif sent.count(THIRD_PIECE) == 1:
            route.fulfill(status=507, content_type="text/html", body="<p data-message>There is no room left.</p>")
        else:
            route.continue_()

    def lose_the_card(route: Route) -> None:
        sent.append("the form" if b'name="uploaded"' in (route.request.post_data_buffer or b"") else "the file")
        if sent.count("the form") == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/pieces/*?at=*", make_trouble)
    page.route("**/new/files", lose_the_card)
    page.set_input_files("#drop-files", [film])
    card = page.locator("article.filing", has_text="Film of the exhibition")
    expect(card).to_contain_text("There is no room left.")
    card.get_by_role("button", name="Try again").click()
    expect(card).to_contain_text("The network went away")
    complaints.forget()
    card.get_by_role("button", name="Try again").click()

    expect(page.locator("#savebar")).to_contain_text("1 being read")
    assert sent == ["0", SECOND_PIECE, SECOND_PIECE, THIRD_PIECE, THIRD_PIECE, "the form", "the form"]
    card.get_by_role("button", name="Leave it out").click()
    expect(card).to_have_count(0)


@pytest.mark.soak
def test_a_large_new_version_goes_on_also_after_its_page_was_closed(
    page_for: PageFor, complaints: Complaints, tmp_path: Path
) -> None:
    film = tmp_path / "Longer film.bin"
    film.write_bytes(b"film" * (3 * 1024 * 1024))
    page = page_for(Role.TEACHER, "/evidence/new")
    page.set_input_files("#drop-files", [FilePayload(name="Film.bin", mimeType="", buffer=b"short")])
    card = page.locator("article.filing[id]", has_text="Film.bin")
    item_id = (card.get_attribute("id") or "").removeprefix("card-")
    sent: list[str] = []

    def make_trouble(route: Route) -> None:
        sent.append(route.request.url.partition("at=")[2])
        if sent == ["0", SECOND_PIECE]:
            route.fulfill(status=507, content_type="text/html", body="<p data-message>There is no room left.</p>")
        else:
            route.continue_()

    page.route("**/pieces/*?at=*", make_trouble)
    page.goto(page.url.replace("/new", f"/{item_id}/versions/new"))
    page.set_input_files("input[type=file]", [film])
    page.get_by_role("button", name="Put it in place").click()
    expect(page.get_by_role("alert")).to_have_text("There is no room left.")
    assert axe_violations(page) == []
    complaints.forget()
    page.reload()
    page.set_input_files("input[type=file]", [film])
    page.evaluate(NOTE_FIELDS)
    page.get_by_role("button", name="Put it in place").click()

    expect(page).to_have_url(re.compile(f"/evidence/{item_id}$"))
    expect(page.locator("main")).to_contain_text("Longer film.bin")
    assert sent == ["0", SECOND_PIECE, SECOND_PIECE]
    assert sorted(page.evaluate("sessionStorage.fields").split()) == ["comment", "csrf_token", "uploaded"]
    page.goto(page.url.replace(item_id, "new"))
    card.get_by_role("button", name="Leave it out").click()
    expect(card).to_have_count(0)


def test_filing_works_without_scripts(page_for: PageFor) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", scripts=False)
    page.set_input_files("#drop-files", [BARE])
    page.get_by_role("button", name="Send").click()

    card = page.locator("article.filing", has_text="Without scripts.txt")
    expect(card).to_be_visible()
    expect(page.get_by_label("Search the practices").first).to_be_hidden()
    card.get_by_role("button", name="Leave it out").click()
    expect(page.locator("article.filing", has_text="Without scripts.txt")).to_have_count(0)
