"""Writing the self-study in a real browser: words keep themselves, exhibits come in with a key, colleagues are seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import expect

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Role
from tests.journeys.browser import Complaints, axe_violations, scrolls_sideways
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool, do_work

pytestmark = pytest.mark.browser
CITE = re.compile("Cite.*Inclusion policy")
PRACTICE = "ib-psp-2020/0301-02"


@dataclass(frozen=True)
class Desk:
    """An evaluation of one journey, and the answer to one practice in it."""

    school: LivingSchool
    evaluation_id: str
    response_id: str

    @property
    def address(self) -> str:
        """The page of the answer, below the school."""
        return f"/study/{self.evaluation_id}/answers/{self.response_id}"

    @property
    def saved(self) -> str:
        """The narrative as it is saved."""
        with self.school.backends.database.reading() as session:
            reader = self.school.actors[Role.READER]
            return selfstudy.response(session, reader, self.response_id).narrative


@pytest.fixture
def desk(school: LivingSchool) -> Desk:
    """An evaluation of this journey's own."""
    who = school.actors[Role.COORDINATOR]
    with school.backends.database.unit_of_work() as session:
        opened = selfstudy.open_evaluation(
            session, actor=who, framework_key="ib-psp-2020", programmes=["PYP"], visit_on=date(2027, 10, 12)
        )
        session.flush()
        found = selfstudy.response_at(session, who, opened.id, PRACTICE, "PYP")
        assert found is not None
        return Desk(school, opened.id, found.id)


def test_words_keep_themselves_and_a_colleague_sees_that_somebody_writes(desk: Desk, page_for: PageFor) -> None:
    mine = page_for(Role.COORDINATOR, desk.address)
    text = mine.locator("[data-editor-text]")
    text.fill("We plan **together**.")
    expect(mine.locator('[data-keeping="saved"]')).to_contain_text("Draft kept")
    expect(mine.get_by_role("region", name="Preview").locator("strong")).to_have_text("together")
    expect(mine.locator("[data-editor-words]")).to_have_text("3")
    theirs = page_for(Role.HEAD, desk.address)
    expect(theirs.get_by_text("Amara Osei has words here that are not saved yet")).to_be_visible()
    expect(theirs.locator("[data-editor-text]")).to_have_value("")
    mine.reload()
    expect(text).to_have_value("We plan **together**.")
    mine.get_by_label("Developed", exact=False).first.check()
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_text("Saved.")).to_be_visible()
    assert desk.saved == "We plan **together**."


@pytest.mark.soak
def test_somebody_who_was_faster_is_named_and_both_texts_are_compared(
    desk: Desk, page_for: PageFor, complaints: Complaints
) -> None:
    mine, theirs = page_for(Role.COORDINATOR, desk.address), page_for(Role.HEAD, desk.address)
    theirs.locator("[data-editor-text]").fill("The head's words.")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("Saved.")).to_be_visible()
    with mine.expect_console_message(lambda message: "409" in message.text):
        mine.locator("[data-editor-text]").fill("My words.")
    alert = mine.get_by_role("alert")
    expect(alert).to_contain_text("Peter Okafor saved other words meanwhile")
    alert.get_by_role("link", name="Compare both").click()
    expect(mine.get_by_label("What should stand")).to_have_value("My words.")
    expect(mine.get_by_label("Saved now")).to_have_value("The head's words.")
    assert axe_violations(mine) == []
    mine.get_by_label("What should stand").fill("The head's words. My words.")
    mine.get_by_role("button", name="Save this").click()
    expect(mine.get_by_text("Saved.")).to_be_visible()
    assert desk.saved == "The head's words. My words."
    complaints.forget()


@pytest.mark.soak
def test_the_road_to_the_visit_fits_every_window(desk: Desk, page_for: PageFor) -> None:
    for width in (390, 768, 900, 1024, 1280):
        page = page_for(Role.COORDINATOR, "/", width=width)
        expect(page.locator(".road")).to_contain_text("The visit")
        assert (width, scrolls_sideways(page)) == (width, False)


@pytest.mark.soak
def test_words_saved_into_a_dead_network_stay_on_the_page(
    desk: Desk, page_for: PageFor, complaints: Complaints
) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    text = page.locator("[data-editor-text]")
    page.context.set_offline(True)
    text.fill("Written in a tunnel.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet. The server does not answer")
    expect(text).to_have_value("Written in a tunnel.")
    assert axe_violations(page) == []
    page.context.set_offline(False)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert desk.saved == "Written in a tunnel."
    complaints.forget()


def test_two_brackets_cite_what_was_accepted_and_the_list_beside_it_follows(desk: Desk, page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    text = page.locator("[data-editor-text]")
    text.fill("As in ")
    text.press("End")
    text.press_sequentially("[[")
    box = page.get_by_label("Find an exhibit to cite")
    expect(box).to_be_focused()
    expect(page.locator(".pick").first).to_contain_text("Inclusion policy")
    box.press("Enter")
    expect(text).to_have_value("As in [[E-0301-02-01]]")
    expect(page.locator("#exhibits .ex").first).to_contain_text("E-0301-02-01")
    expect(page.get_by_role("region", name="Preview").locator(".cite")).to_have_text("E-0301-02-01")
    text.press("End")
    page.get_by_role("button", name=re.compile("Insert.*E-0301-02-01")).click()
    expect(text).to_have_value("As in [[E-0301-02-01]] [[E-0301-02-01]]")
    text.evaluate("t => t.setSelectionRange(6, 6)")
    text.press_sequentially("well,")
    page.get_by_role("button", name=re.compile("Insert.*E-0301-02-01")).click()
    expect(text).to_have_value("As in well, [[E-0301-02-01]] [[E-0301-02-01]] [[E-0301-02-01]]")


def test_one_click_beside_the_text_cites_and_writes_the_number(
    desk: Desk, page_for: PageFor, complaints: Complaints
) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    expect(page.locator("#cited-count")).to_have_text("0 exhibits")
    page.locator("[data-editor-text]").fill("See ")
    page.context.set_offline(True)
    page.get_by_role("button", name=CITE).click()
    expect(page.get_by_text("The server did not answer as it should. Nothing was changed")).to_be_visible()
    page.context.set_offline(False)
    complaints.forget()
    page.get_by_role("button", name=CITE).click()
    expect(page.locator("[data-editor-text]")).to_have_value("See [[E-0301-02-01]]")
    expect(page.locator("#exhibits .cite")).to_have_text("E-0301-02-01")
    expect(page.locator("#cited-count")).to_have_text("1 exhibit")
    assert page.url.endswith(desk.response_id)


@pytest.mark.soak
def test_who_set_no_caret_cites_at_the_end_of_what_is_written(desk: Desk, page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    text = page.locator("[data-editor-text]")
    expect(page.get_by_text("Nothing written yet")).to_be_visible()
    expect(page.locator('[data-keeping="saved"]')).to_be_hidden()
    text.fill("We learn together.")
    expect(page.locator('[data-keeping="saved"]')).to_contain_text("Draft kept")
    expect(page.get_by_text("Nothing written yet")).to_be_hidden()
    page.reload()
    page.get_by_role("button", name=CITE).click()
    expect(text).to_have_value("We learn together. [[E-0301-02-01]]")
    text.evaluate("t => t.setSelectionRange(0, 0)")
    page.get_by_role("button", name=re.compile("Insert.*E-0301-02-01")).click()
    expect(text).to_have_value("[[E-0301-02-01]] We learn together. [[E-0301-02-01]]")


@pytest.mark.soak
def test_brackets_that_cited_nothing_take_no_letters_elsewhere(desk: Desk, page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    text = page.locator("[data-editor-text]")
    text.press_sequentially("Together [[")
    page.get_by_label("Find an exhibit to cite").press("Escape")
    text.evaluate("t => t.setSelectionRange(8, 8)")
    page.get_by_role("button", name=CITE).click()
    expect(text).to_have_value("Together [[E-0301-02-01]] [[")


def test_a_requirement_is_kept_at_a_touch(desk: Desk, page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    row = page.locator(".req").first
    row.get_by_role("radio", name="Partly").check()
    expect(row.get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(page.locator(".req").first.get_by_role("radio", name="Partly")).to_be_checked()


def test_everything_can_be_written_without_scripts(desk: Desk, page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, desk.address, scripts=False)
    page.locator("[data-editor-text]").fill("Plain forms.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name=CITE).click()
    expect(page.get_by_text("Cited as E-0301-02-01")).to_be_visible()
    page.locator(".req").first.get_by_role("radio", name="Met", exact=True).check()
    page.locator(".req").first.get_by_role("button", name="Keep").click()
    expect(page.locator(".req").first.get_by_role("radio", name="Met", exact=True)).to_be_checked()
    assert desk.saved == "Plain forms."


def test_the_desk_can_be_used_by_keyboard_alone(desk: Desk, page_for: PageFor) -> None:
    page = page_for(Role.COORDINATOR, desk.address)
    page.get_by_role("radio", name="Developing").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Developed", exact=False).first).to_be_checked()
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getAttribute('name') ?? document.activeElement.textContent")
        )
    assert "text" in reached
    assert "strengths" in reached


def test_evidence_for_the_chosen_sentence_is_cited_behind_it(desk: Desk, page_for: PageFor) -> None:
    do_work(desk.school)
    page = page_for(Role.COORDINATOR, desk.address)
    text = page.locator("[data-editor-text]")
    text.fill("All pupils learn together, as our inclusion policy says. More to come.")
    text.evaluate("t => t.setSelectionRange(0, 56)")
    page.get_by_role("button", name="Evidence for this").click()
    said = page.locator("[data-fitting]")
    expect(said).to_contain_text("speak")
    expect(said).to_be_focused()
    expect(page.locator("#found .because").first).to_contain_text("It speaks of:")
    assert axe_violations(page) == []
    page.get_by_role("button", name=CITE).first.click()
    expect(text).to_have_value(
        "All pupils learn together, as our inclusion policy says. [[E-0301-02-01]] More to come."
    )


@pytest.mark.soak
def test_evidence_is_found_for_the_sentence_at_the_caret_and_told_across_the_panel(
    desk: Desk, page_for: PageFor
) -> None:
    do_work(desk.school)
    page = page_for(Role.COORDINATOR, desk.address)
    text, asked = page.locator("[data-editor-text]"), page.locator("form[data-sentence-form] textarea")
    open_it = page.get_by_role("button", name="Evidence for this")
    open_it.click()
    expect(asked).to_be_focused()
    expect(page.get_by_text("Your answer holds no sentence yet.")).to_be_visible()
    text.fill("Our day is long. All pupils learn together, as our inclusion policy says. [[E-0301-02-01]]")
    open_it.click()
    expect(page.locator("[data-fitting]")).to_be_focused()
    expect(page.get_by_text("Your answer holds no sentence yet.")).to_be_hidden()
    expect(asked).to_have_value("All pupils learn together, as our inclusion policy says.")
    expect(page.locator("[data-fitting]")).to_contain_text("speak")
    panel, told = page.locator("#found").bounding_box(), page.locator("#found .because").first.bounding_box()
    assert panel is not None
    assert told is not None
    assert told["width"] > 0.9 * panel["width"]
    text.evaluate("t => t.setSelectionRange(4, 4)")
    open_it.click()
    expect(asked).to_have_value("Our day is long.")
    text.evaluate("t => t.setSelectionRange(44, 80)")
    open_it.click()
    expect(asked).to_have_value("as our inclusion policy says.")
    text.fill("We learn together " * 60)
    open_it.click()
    expect(asked).to_have_value(("We learn together " * 60)[:600])
