"""What document control says of the answers and who approved them, and the sentences on requests."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from exports import (
    LANGUAGES,
    WRITERS,
    Approval,
    Category,
    Cover,
    Edition,
    Practice,
    Process,
    Report,
    Response,
    Standard,
    report_from_json,
    report_to_json,
)
from tests.exports.factory import Bytes

HEAD, LEAD = "Helena Brightwater", "Amara Castellani"


def report_of(*responses: Response, language: str = "en") -> Report:
    """A report on one practice in as many programmes as there are responses."""
    practice = Practice(code="0301-02", name="Inclusion policy", responses=responses)
    standard = Standard(code="0301", name="Policies", practices=(practice,))
    categories = (Category(code="03", name="Culture", standards=(standard,)),)
    return Report(language=language, cover=Cover(school="A"), categories=categories)


def answer(programme: str, status: str = "draft", by: str = "", on: str = "") -> Response:
    words = "" if status == "not_started" else "We plan together."
    return Response(programme=programme, status=status, narrative=words, approved_by=by, status_on=on)


def text_of(name: str, report: Report) -> str:
    """The document's words, each run of spaces as one."""
    out = io.BytesIO()
    WRITERS[name].write(report, Edition(), out, open_exhibit=Bytes().open)
    if name == "docx":
        with zipfile.ZipFile(out) as archive:
            markup = archive.read("word/document.xml").decode()
        return re.sub(r"<[^>]+>", " ", re.sub(r"</w:t></w:r><w:r\b", "<", markup))
    return " ".join(re.sub(r"<[^>]+>", " ", out.getvalue().decode()).split())


@pytest.fixture(params=["docx", "html"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_answers_are_counted_for_each_programme_and_unwritten_ones_are_not_called_answered(name: str) -> None:
    text = text_of(name, report_of(answer("PYP"), answer("MYP", "submitted"), answer("DP", "not_started")))

    assert "Written: 2 of 3. One answer is one practice in one programme." in text
    assert "Not yet approved" in text


def test_who_approved_and_when_or_how_many_of_them(name: str) -> None:
    pyp, myp = answer("PYP", "approved", HEAD, "2026-11-12"), answer("MYP", "approved", LEAD, "2026-10-01")

    whole = text_of(name, report_of(pyp, myp))
    partly = text_of(name, report_of(pyp, answer("DP", "not_started")))
    nameless = text_of(name, report_of(replace(pyp, approved_by="")))

    assert f"{HEAD} and {LEAD}; the last answer on 12 November 2026" in whole
    assert "Not yet" not in whole
    assert f"Not yet as a whole: 1 of 2 answers, by {HEAD}; the last on 12 November 2026" in partly
    assert "1 of 1 answers, the last on 12 November 2026" in nameless, "frozen before names were"


def test_each_part_says_who_approved_it_or_that_nobody_did(name: str) -> None:
    parts = (
        Approval(part="0301", written_by=LEAD, approved_by=HEAD, approved_on="2026-11-12", answers=2, approved=2),
        Approval(part="0302", written_by=LEAD, approved_by=LEAD, approved_on="2026-11-13", answers=3, approved=1),
        Approval(part="0303", written_by=LEAD, answers=1, approved=0),
    )
    text = text_of(name, replace(report_of(answer("PYP", "approved", HEAD, "2026-11-12")), approvals=parts))

    assert f"1 of 3 answers, by {LEAD}" in text
    assert f"2 of 2 answers, by {HEAD}" not in text
    assert text.count("Not yet approved") == 1


@pytest.mark.parametrize(
    ("sent", "answered", "words"),
    [
        (1, 0, "1 request for evidence was sent. It has not been answered yet."),
        (3, 0, "3 requests for evidence were sent. None of them has been answered yet."),
        (1, 1, "1 request for evidence was sent. It was answered."),
        (3, 3, "3 requests for evidence were sent. All of them were answered."),
        (3, 2, "3 requests for evidence were sent. 2 of them were answered."),
    ],
)
def test_requests_are_told_in_sentences(sent: int, answered: int, words: str) -> None:
    report = replace(report_of(), process=Process(requests_sent=sent, requests_answered=answered))
    assert words in text_of("html", report)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_approved_report_is_told_in_every_language_and_comes_back_whole(language: str) -> None:
    report = report_of(answer("PYP", "approved", HEAD, "2026-11-12"), answer("DP"), language=language)
    report = replace(report, process=Process(requests_sent=2, requests_answered=0))
    assert report_from_json(report_to_json(report)) == report
    text = text_of("html", report)
    assert HEAD in text
    assert text == text_of("html", report_from_json(report_to_json(report)))
