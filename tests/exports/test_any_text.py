"""Whatever people write, the document is sound and the page is well formed (R28, S21)."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from exports import (
    WRITERS,
    Category,
    Citation,
    Cover,
    Edition,
    Practice,
    Programme,
    Report,
    Response,
    Standard,
    Step,
    check_docx,
)
from exports.model import Milestone, Path
from tests.exports.factory import Bytes, exhibit, picture
from tests.exports.test_html import Page

STORE = Bytes()
EXHIBITS = (
    exhibit(STORE, "E-0301-02-01", "Policy"),
    exhibit(STORE, "E-0301-02-02", "Plan", picture(60, 40), media_type="image/png"),
)
MARKS = ["# ", "## ", "- ", "1. ", "    ", "> ", "```\n", "---\n", "\n", "\n\n", "**", "*", "`", "[", "](", ")", "!["]
MARKS += ["<b>", "&amp;", "\\", "word ", "— ", "é\u0301", "\x00", "0301-02 ", "\t"]
MARKS += [
    "|",
    "| a | b |\n| - | - |\n| ",
    "[[E-0301-02-01]]",
    "](E-0301-02-02)",
    "https://a.example ",
    "[^1]",
    "\n\n[^1]: ",
]
PARTS = st.sampled_from(MARKS)
TEXT = st.lists(PARTS, max_size=40).map("".join)


@settings(max_examples=30, deadline=None)
@given(TEXT, TEXT)
def test_any_text_gives_a_sound_document_and_a_well_formed_page(one: str, two: str) -> None:
    report = report_of(one, two)
    word, page = io.BytesIO(), io.BytesIO()
    WRITERS["docx"].write(report, Edition(), word, open_exhibit=STORE.open)
    assert check_docx(word.getvalue()) == []
    WRITERS["html"].write(report, Edition(), page, open_exhibit=STORE.open)
    read = Page(page.getvalue().decode())
    assert [name for name, count in read.ids.items() if count > 1] == []
    assert [link for link in read.links if link.startswith("#") and link[1:] not in read.ids] == []


def report_of(one: str, two: str) -> Report:
    """A report with one text in every place that takes Markdown, and the other beside it."""
    responses = (
        Response(
            programme="MYP", narrative=one, strengths=two, next_steps=one, exhibits=(Citation(number="E-0301-02-01"),)
        ),
        Response(programme="DP", narrative=two, strengths=one),
    )
    practice = Practice(code="0301-02", name="Inclusion policy", responses=responses)
    standard = Standard(code="0301", name="Culture", introduction=two, practices=(practice,))
    step = Step(code="1.1", name="Needs", reflection=one)
    return Report(
        language="en",
        cover=Cover(school="A"),
        programmes=(Programme(key="MYP", name="MYP"), Programme(key="DP", name="DP")),
        categories=(Category(code="03", name="Culture", introduction=one, standards=(standard,)),),
        paths=(Path(name="p", milestones=(Milestone(code="M1", name="m", steps=(step,)),)),),
        exhibits=EXHIBITS,
    )
