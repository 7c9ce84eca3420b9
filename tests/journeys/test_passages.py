"""Choosing words in the text of an item: the practices they show are found, and the item is tagged with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from evidence_app.domain import tagging
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import add_file
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool, do_work

pytestmark = pytest.mark.browser

SENTENCE = "Teachers meet every week to plan together across subjects."
CHOOSE = """(words) => {
    const found = [...document.querySelectorAll('#preview .paper p')].find((p) => p.textContent.includes(words));
    const text = found.firstChild, begin = text.data.indexOf(words);
    getSelection().setBaseAndExtent(text, begin, text, begin + words.length);
}"""


def test_chosen_words_name_their_practices_and_become_the_note(school: LivingSchool, page_for: PageFor) -> None:
    teacher, text = school.actors[Role.TEACHER], f"Autumn\n\n{SENTENCE} The bus leaves at eight."
    blob = school.backends.blobs.put(school.school.id, [text.encode()])
    with school.backends.database.unit_of_work() as session:
        item = add_file(session, actor=teacher, blob=blob, file_name="autumn.txt", media_type="text/plain")
    do_work(school)

    page = page_for(Role.TEACHER, f"/evidence/{item.id}?view=text")
    page.evaluate(CHOOSE, SENTENCE)
    page.get_by_role("button", name="Which practice is this?").click()
    answer = page.locator("#passage-found")
    expect(answer).to_be_focused()
    expect(page.get_by_label("A sentence of the text")).to_have_value(SENTENCE)
    answer.get_by_role("button", name="Add with these words").first.click()
    expect(page.get_by_text("Added. A coordinator looks at it next.")).to_be_visible()
    with school.backends.database.reading() as session:
        (tag,) = tagging.tags_of(session, teacher, item.id)
    assert tag.note == f"“{SENTENCE}”"
    assert tag.node_key in ("ib-psp-2020/0401-02", "ib-psp-2020/0203-03")
