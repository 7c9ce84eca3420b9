"""What is ticked and typed while filing is never lost; a request is answered on its page, on a phone too."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Response, Route, expect

from evidence_app.domain import evidence, requests
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import ItemFacts
from tests.journeys.browser import Complaints, axe_violations, scrolls_sideways
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool, do_work

pytestmark = pytest.mark.browser

PRACTICE = "ib-psp-2020/0301-02"


def a_file(name: str) -> FilePayload:
    return FilePayload(name=name, mimeType="text/plain", buffer=name.encode())


def card_of(page: Page, name: str) -> Locator:
    return page.locator("article.filing", has_text=name)


def dropped(page: Page, school: LivingSchool, name: str) -> Locator:
    """The card of a file that was just dropped and has been read, its line still empty."""
    page.set_input_files("#drop-files", [a_file(name)])
    card = card_of(page, name)
    expect(card).to_contain_text("Safe with us")
    do_work(school)
    expect(card.get_by_label("How it shows it")).to_be_visible()
    return card


def write(page: Page, field: Locator, words: str) -> None:
    """Type these words and wait until they are kept."""

    def is_kept(answer: Response) -> bool:
        return answer.url.endswith("/kept") and words.encode() in (answer.request.post_data_buffer or b"")

    with page.expect_response(is_kept):
        field.fill(words)
        field.blur()


def leave_out(page: Page, name: str) -> None:
    card_of(page, name).get_by_role("button", name="Leave it out").click()
    expect(card_of(page, name)).to_have_count(0)


@pytest.mark.soak
def test_what_is_ticked_and_typed_survives_a_closed_tab_and_is_not_overwritten_by_one_that_lay_open(
    page_for: PageFor, school: LivingSchool
) -> None:
    old = page_for(Role.TEACHER, "/evidence/new")
    first, second = dropped(old, school, "First of two.txt"), card_of(old, "Second of two.txt")
    dropped(old, school, "Second of two.txt")
    first.locator("select").select_option(PRACTICE)
    expect(first.locator(".chip")).to_have_count(1)
    write(old, first.get_by_label("How it shows it"), "Week 3.")
    first.get_by_text("Called").click()
    write(old, first.get_by_label("In one line"), "What we changed")
    expect(old.locator('#savebar [data-keeping="saved"]')).to_contain_text("Draft kept")

    new = page_for(Role.TEACHER, "/evidence/new", width=390)
    card = card_of(new, "First of two.txt")
    expect(card.get_by_label("How it shows it")).to_have_value("Week 3.")
    expect(card.locator(".chip input")).to_be_checked()
    expect(card.locator("summary", has_text="Called")).to_contain_text("What we changed")
    assert axe_violations(new) == []
    assert not scrolls_sideways(new)
    write(new, card.get_by_label("How it shows it"), "Week 4.")
    write(old, second.get_by_label("How it shows it"), "Said in the old tab.")

    new.reload()
    expect(card.get_by_label("How it shows it")).to_have_value("Week 4.")
    expect(card_of(new, "Second of two.txt").get_by_label("How it shows it")).to_have_value("Said in the old tab.")
    leave_out(new, "First of two.txt")
    leave_out(new, "Second of two.txt")


@pytest.mark.soak
def test_signed_out_meanwhile_one_signs_in_in_another_tab_and_goes_on(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", width=390)
    line = dropped(page, school, "Signed out.txt").get_by_label("How it shows it")
    notice = page.locator("[data-token-url]")
    expect(notice).to_be_hidden()
    page.context.clear_cookies()
    line.fill("Typed too late.")
    page.get_by_role("button", name="Save what is ready").click()
    expect(notice).to_contain_text("You were signed out. Sign in as Noor")
    expect(line).to_have_value("Typed too late.")
    page.set_input_files("#drop-files", [a_file("Sent too late.txt")])
    expect(card_of(page, "Sent too late.txt")).to_contain_text("Stopped")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)

    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Sign in in a new tab").click()
    expect(opened.value.get_by_role("heading", name="Sign in")).to_be_visible()
    with page.expect_response("**/sign-in/token"):
        school.sign_in(page.context, Role.COORDINATOR)
        page.bring_to_front()
    expect(notice).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/new/kept") and answer.ok):
        school.sign_in(page.context, Role.TEACHER)
    expect(notice).to_be_hidden()
    expect(card_of(page, "Sent too late.txt")).to_contain_text("Reading the text")
    do_work(school)
    expect(page.locator("#savebar")).to_contain_text("2 ready")
    complaints.forget()
    page.get_by_role("button", name="Save what is ready").click()

    expect(page).to_have_url(re.compile("/evidence/$"))
    with school.backends.database.reading() as session:
        kept = evidence.recent_items(
            session, school.actors[Role.TEACHER], owner_id=school.actors[Role.TEACHER].person_id
        )
    assert "Sent too late" in [item.title for item in kept]


def test_a_form_that_keeps_nothing_itself_asks_before_it_takes_the_page_away(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    teacher = school.actors[Role.TEACHER]
    blob = school.backends.blobs.put(school.school.id, [b"We met."])
    with school.backends.database.unit_of_work() as session:
        item = evidence.add_note(session, actor=teacher, blob=blob, facts=ItemFacts(title="Open for long"))
    page = page_for(Role.TEACHER, width=390)
    page.clock.install()
    page.goto(f"{school.home}/evidence/{item.id}/edit")
    title = page.get_by_label("Title")
    title.fill("Typed in an hour")
    save = page.get_by_role("button", name="Save")
    page.context.clear_cookies()
    page.clock.fast_forward("01:00:00")
    save.click()
    expect(page.locator("[data-token-url]")).to_contain_text("You were signed out. Sign in as Noor")

    with page.expect_response("**/sign-in/token"):
        school.sign_in(page.context, Role.TEACHER)
        page.clock.run_for(4_000)
    expect(page.locator("[data-token-url]")).to_be_hidden()
    page.clock.fast_forward("01:00")
    toast = page.locator("#toasts .toast-x")
    # No network; then one that wants a word first, and answers in the server's place.
    for answer in (lambda route: route.abort(), lambda route: route.fulfill(body="<p>Welcome to our guests</p>")):
        page.route("**/sign-in/token", answer)
        save.click()
        expect(toast).to_contain_text("The server did not answer as it should.")
        toast.get_by_role("button").click()
        expect(title).to_have_value("Typed in an hour")
        page.unroute("**/sign-in/token")
    complaints.forget()
    save.click()
    expect(page.locator("h1")).to_contain_text("Typed in an hour")
    with school.backends.database.unit_of_work() as session:
        evidence.withdraw(session, actor=teacher, item_ids=[item.id])


@pytest.mark.soak
def test_what_the_server_refuses_is_said_in_its_words_and_stays_on_the_page(
    page_for: PageFor, complaints: Complaints
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new/note", width=390)
    text, keep = page.get_by_label("What happened, and what it shows"), page.get_by_role("button", name="Keep it")
    page.get_by_label("Title").fill("Assembly")
    lengthen = """(field, length) => {
        field.value = "x".repeat(length);
        field.dispatchEvent(new Event("change", {bubbles: true}));
    }"""
    text.evaluate(lengthen, 1_200_000)
    expect(page.locator('[data-keeping="refused"]')).to_have_text(
        "This is longer than a note can be. File it as a document."
    )
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)

    text.evaluate(lengthen, 5_000_000)
    keep.click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet. This is larger", use_inner_text=True)
    expect(page.get_by_role("alert")).not_to_contain_text("does not answer", use_inner_text=True)
    assert text.evaluate("field => field.value.length") == 5_000_000

    write(page, text, "We sang")
    expect(page.locator('[data-keeping="saved"]')).to_contain_text("Draft kept")
    page.get_by_label("Title").fill("")
    write(page, text, "")
    complaints.forget()


@pytest.mark.soak
def test_words_that_were_kept_outlive_a_form_that_went_astray(page_for: PageFor, complaints: Complaints) -> None:
    page = page_for(Role.TEACHER, "/evidence/new/note")
    text = page.get_by_label("What happened, and what it shows")
    page.get_by_label("Title").fill("Assembly")
    write(page, text, "We sang")
    expect(page.locator('[data-keeping="saved"]')).to_contain_text("Draft kept")
    page.route("**/new/note", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Keep it").click()
    page.unroute("**/new/note")
    complaints.forget()

    page = page_for(Role.TEACHER, "/evidence/new/note")
    expect(page.get_by_label("Title")).to_have_value("Assembly")
    text = page.get_by_label("What happened, and what it shows")
    expect(text).to_have_value("We sang")
    page.get_by_label("Title").fill("")
    write(page, text, "")


@pytest.mark.soak
def test_what_one_tab_still_knew_comes_back_to_its_own_card(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new")
    first, second = dropped(page, school, "One of a pair.txt"), card_of(page, "Other of a pair.txt")
    dropped(page, school, "Other of a pair.txt")
    page.route("**/new/kept", lambda route: route.abort())
    second.get_by_label("How it shows it").fill("Said of the other.")
    page.get_by_role("button", name="Save what is ready").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    page.unroute("**/new/kept")
    complaints.forget()

    page.reload()
    expect(page.locator('#savebar [data-keeping="saved"]')).to_contain_text("Draft kept")
    write(page, first.get_by_label("How it shows it"), "Said of the one.")
    page = page_for(Role.TEACHER, "/evidence/new")
    for name, words in ("One of a pair.txt", "Said of the one."), ("Other of a pair.txt", "Said of the other."):
        expect(card_of(page, name).get_by_label("How it shows it")).to_have_value(words)
        leave_out(page, name)


@pytest.mark.soak
def test_what_was_on_its_way_when_more_was_typed_is_known_too(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    page, under_way = page_for(Role.TEACHER, "/evidence/new"), list[Route]()

    def hold(route: Route) -> None:
        under_way.append(route)

    first, second = dropped(page, school, "Sent first.txt"), card_of(page, "Typed then.txt")
    dropped(page, school, "Typed then.txt")
    page.route("**/new/kept", hold)
    with page.expect_request("**/new/kept"):
        first.get_by_label("How it shows it").fill("Said first.")
        first.get_by_label("How it shows it").blur()
    second.get_by_label("How it shows it").fill("Said then.")
    under_way[0].abort()
    expect(page.locator('#savebar [data-keeping="offline"]')).to_be_visible()
    page.unroute("**/new/kept")
    page.route("**/new/kept", lambda route: route.abort())
    page.reload()
    for name, words in ("Sent first.txt", "Said first."), ("Typed then.txt", "Said then."):
        expect(card_of(page, name).get_by_label("How it shows it")).to_have_value(words)
    page.unroute("**/new/kept")
    complaints.forget()
    for name in ("Sent first.txt", "Typed then.txt"):
        leave_out(page, name)


def asked_of_the_teacher(school: LivingSchool, title: str) -> str:
    """The id of a new request."""
    with school.backends.database.unit_of_work() as session:
        return requests.ask(
            session,
            actor=school.actors[Role.COORDINATOR],
            node_key=PRACTICE,
            due_on=date(2030, 1, 1),
            person_id=school.actors[Role.TEACHER].person_id,
            title=title,
        ).id


@pytest.mark.soak
def test_what_one_tab_still_knew_of_an_answer_is_no_other_note_and_nobody_elses(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    request_id = asked_of_the_teacher(school, "Who sang?")
    page = page_for(Role.TEACHER, f"/evidence/new/note?request={request_id}")
    page.route("**/kept*", lambda route: route.abort())
    page.get_by_label("Title").fill("Grade 4 did")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    page.unroute("**/kept*")
    page.goto(school.home + "/evidence/new/note")
    expect(page.get_by_label("Title")).to_have_value("")
    complaints.forget()
    school.sign_in(page.context, Role.COORDINATOR)
    page.goto(school.home + f"/evidence/new/note?request={request_id}")
    expect(page.get_by_label("Title")).to_have_value("")
    school.sign_in(page.context, Role.TEACHER)
    page.goto(school.home + f"/evidence/new/note?request={request_id}")
    expect(page.get_by_label("Title")).to_have_value("Grade 4 did")
    expect(page.locator('[data-keeping="saved"]')).to_contain_text("Draft kept")


def test_a_request_is_answered_on_a_phone(page_for: PageFor, school: LivingSchool) -> None:
    request_id = asked_of_the_teacher(school, "A photo of the wall")
    page = page_for(Role.TEACHER, f"/requests/{request_id}", width=390)
    for way in ("Choose files", "Photo", "Link", "Note"):
        expect(page.locator("form.drop .ways").get_by_text(way, exact=True)).to_be_visible()
    assert not scrolls_sideways(page)
    page.set_input_files("#drop-photo", [a_file("The wall.txt")])
    card = card_of(page, "The wall.txt")
    expect(page.locator("#savebar")).to_contain_text("1 being read")
    do_work(school)
    expect(card).to_contain_text("Shows, as asked:")
    expect(card.locator("summary", has_text="Called")).to_contain_text("A photo of the wall")
    page.locator("summary", has_text="Or use something").click()
    page.get_by_role("searchbox", name="Search your documents").fill("inclusion")
    use = page.locator("#existing").get_by_role("button", name=re.compile("Use this.*Inclusion"))
    use.first.click()
    expect(page.locator("#filings article")).to_have_count(2)
    assert axe_violations(page) == []
    page.get_by_role("button", name="Give in answer").click()

    expect(page.get_by_text("Given in answer. Thank you.")).to_be_visible()
    answers = page.get_by_role("region", name="Answers")
    expect(answers.get_by_role("listitem")).to_have_count(2)
    assert not scrolls_sideways(page)


def test_whom_one_asks_finds_the_practice_by_a_word_and_the_keys_alone(page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, "/requests/new")
    box = page.get_by_role("combobox", name="Search the practices")
    box.fill("0301-02")
    expect(page.locator(".offers [role=option]").first).to_contain_text("Inclusion policy")
    assert axe_violations(page) == []
    box.press("Enter")
    expect(page.get_by_label("For which practice")).to_have_value(PRACTICE)
    expect(page.get_by_label("For which practice")).to_be_focused()
    assert not scrolls_sideways(page)
