"""The DOCX document as a whole."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from docx import Document

from exports import (
    Category,
    Cover,
    Edition,
    Gap,
    Objective,
    Practice,
    Programme,
    RatingLevel,
    Report,
    Response,
    Standard,
    WordMeaning,
    check_docx,
)
from exports.blocks import Heading, Paragraph, Table
from exports.compose import compose
from exports.docx_writer.package import open_package
from tests.exports.awkward import TEXTS
from tests.exports.compiled import W, compiled, styles, words
from tests.exports.factory import SCALE, Bytes, edition, exhibit
from tests.exports.large import large_report


def test_the_sample_is_sound_and_opens(report: Report, store: Bytes) -> None:
    data = compiled(report, store)
    assert check_docx(data) == []
    opened = Document(io.BytesIO(data))
    assert opened.core_properties.title == "Valdoria International School: Self-study report, Edition 2"
    assert opened.core_properties.language == "en-GB"
    assert opened.core_properties.modified == datetime(2026, 11, 18, 16, 40, tzinfo=UTC)
    assert len(opened.sections) == 3
    assert opened.sections[1].page_width > opened.sections[1].page_height


def test_every_section_is_there_in_order(report: Report, store: Bytes) -> None:
    text = words(compiled(report, store))
    chapters = ["Document control", "Sign-off", "How to read this report", "The school and its programmes"]
    chapters += [
        "How this self-study was made",
        "Overview",
        "Coverage",
        "What has no released evidence yet",
        "Category 03\tCulture",
    ]
    chapters += ["0301-02\tInclusion policy", "Findings of the last evaluation", "Programme development milestones"]
    chapters += [
        "Action plan",
        "Policy register",
        "Appendix A\tExhibit index",
        "Appendix B",
        "Appendix C",
        "Appendix D",
    ]
    body = text[text.index("Document control") :]
    places = [body.rindex(chapter) for chapter in chapters]
    assert places == sorted(places)


def test_what_was_said_is_printed(report: Report, store: Bytes) -> None:
    text = words(compiled(report, store))
    for part in (
        "Highly developed",
        "Children helped to write two policies.",
        "States the two grounds of refusal.",
        "One route for every teacher, on one page.",
        "Tomasz Okafor, MYP coordinator",
        "VIS-2026-11-18-2, taken on 18 November 2026 at 16:40",
        "signed this edition in the system on 18 November 2026 at 17:05",
        "No released evidence yet: DP.",
        "Asked of T. Okafor, by 29 January 2027.",
        "388 answers: help comes too late.",
        "€ 18,400",
        "kept at the school, not in the bundle",
        "redacted copy",
    ):
        assert part in text, part


def test_answers_that_are_the_same_are_printed_once_under_the_programmes_names(report: Report, store: Bytes) -> None:
    text = words(compiled(report, store))
    assert text.count("The inclusion policy was rewritten in the spring") == 1
    assert "PYP, MYP\tPrimary Years Programme and Middle Years Programme" in text
    assert "DP\tDiploma Programme" in text


def test_how_fast_requests_were_answered_is_said_of_many_alone(report: Report, store: Bytes) -> None:
    for answered, is_said in ((5, True), (4, False)):
        asked = replace(report, process=replace(report.process, requests_answered=answered, median_days=6))
        assert ("Half of these were answered within 6 days." in words(compiled(asked, store))) == is_said


def test_the_same_input_gives_the_same_bytes(report: Report, store: Bytes) -> None:
    assert compiled(report, store) == compiled(report, store)


@pytest.mark.parametrize("language", ["en", "fr", "es", "it", "fr-CA"])
@pytest.mark.parametrize("document", ["self-study", "action-plan"])
def test_both_documents_are_sound_in_every_language(report: Report, store: Bytes, language: str, document: str) -> None:
    data = compiled(replace(report, language=language), store, document)
    assert check_docx(data) == []


def test_the_action_plan_alone_holds_its_exhibits_and_nothing_else(report: Report, store: Bytes) -> None:
    text = words(compiled(report, store, "action-plan"))
    assert "Set one common hour" in text
    assert "E-P-01" in text
    assert "E-0301-02-02" not in text
    assert "Inclusion policy" not in text


def test_a_report_with_next_to_nothing_is_sound() -> None:
    report = Report(language="en", cover=Cover(school="A"))
    for document in ("self-study", "action-plan"):
        assert check_docx(compiled(report, document=document, edition=Edition())) == []


def test_a_draft_says_so_and_has_no_sign_off(report: Report) -> None:
    text = words(compiled(report, edition=Edition()))
    assert "This is a draft." in text
    assert "Sign-off" not in text


def test_a_signature_for_another_snapshot_is_told(report: Report, store: Bytes) -> None:
    made = replace(edition(report), snapshot_sha256="0" * 64)
    assert "was given for another snapshot" in words(compiled(report, store, edition=made))
    unsigned = replace(edition(report), signatures=(), signers=())
    assert "has not been signed in the system yet" in words(compiled(report, store, edition=unsigned))


@pytest.mark.parametrize("name", TEXTS)
def test_awkward_text_in_every_field_gives_a_sound_document(report: Report, store: Bytes, name: str) -> None:
    text = TEXTS[name]
    response = Response(programme="DP", narrative=text, strengths=text, next_steps=f"- {text}", lead=text, status=text)
    practice = Practice(code="0301-02", name=text, summary=text, responses=(response,))
    awkward = replace(
        report,
        cover=replace(
            report.cover, school=text, title=text, place=text, head=text, confidentiality=text, period_start=text
        ),
        framework=text,
        programmes=(Programme(key="DP", name=text, ages=text),),
        categories=(
            Category(
                code="03", name=text, lead=text, standards=(Standard(code="0301", name=text, practices=(practice,)),)
            ),
        ),
        exhibits=(
            *report.exhibits,
            exhibit(store, "E-0301-02-09", text, kind=text, version=text, shown=text, purpose=text),
        ),
        objectives=(*report.objectives, Objective(code=text, title=text, description=text)),
        gaps=(Gap(practice="0301-02", programme="DP", asked_of=text, due=text),),
        words=(WordMeaning(word=text, meaning=text),),
    )
    made = replace(edition(report), compiled_by=text, snapshot_id=text, signers=((text, text),))
    assert check_docx(compiled(awkward, store, edition=made)) == []


def test_a_wrong_or_doubled_number_is_refused(report: Report, store: Bytes) -> None:
    twice = replace(report, exhibits=(report.exhibits[0], report.exhibits[0]))
    with pytest.raises(ValueError, match="E-0301-01-01 is in the report twice"):
        compiled(twice, store)
    wrong = replace(report, exhibits=(replace(report.exhibits[0], number="e-1 x"),))
    with pytest.raises(ValueError, match="'e-1 x' is not an exhibit number"):
        compiled(wrong, store)


def test_an_unknown_document_or_language_is_refused(report: Report) -> None:
    with pytest.raises(ValueError, match="no document 'poster'"):
        compiled(report, document="poster")
    with pytest.raises(ValueError, match="no words for the language 'xx'"):
        compiled(replace(report, language="xx"))


@pytest.mark.parametrize("count", [1, 2, 4])
def test_any_number_of_programmes_is_sound(report: Report, store: Bytes, count: int) -> None:
    keys = ("PYP", "MYP", "DP", "CP")[:count]
    programmes = tuple(Programme(key=k, name=k) for k in keys)
    assert check_docx(compiled(replace(report, programmes=programmes), store)) == []


@pytest.mark.parametrize("levels", [0, 1, 2, 4, 7])
def test_a_scale_of_any_length_is_sound(report: Report, store: Bytes, levels: int) -> None:
    scale = tuple(RatingLevel(value=n, word=f"Level {n}") for n in range(1, levels + 1))
    data = compiled(replace(report, scale=scale), store)
    assert check_docx(data) == []
    if levels == 4:
        assert "●●●○" in words(data)


def test_the_four_levels_of_an_older_scale_take_shades_from_the_base_file(report: Report, store: Bytes) -> None:
    scale = tuple(RatingLevel(value=n, word=f"Level {n}") for n in range(1, 5))
    used = styles(compiled(replace(report, scale=scale), store))
    assert {"Rating0", "Rating1", "Rating2", "Rating3"} <= set(used)


def test_the_legend_of_the_plan_names_each_state_once(report: Report, store: Bytes) -> None:
    assert "●● Done   ●○ Under way   ○○ Planned." in words(compiled(report, store))


def test_a_rating_outside_the_scale_counts_as_not_rated(report: Report, store: Bytes) -> None:
    short = replace(report, scale=SCALE[:1])
    data = compiled(short, store)
    assert check_docx(data) == []
    assert "Not rated" in words(data)


def test_pages_fill_the_contents(report: Report, store: Bytes) -> None:
    data = compiled(report, store, pages={"_Toc00001": 7, "": 31})
    package = open_package(data)
    instructions = [e.text or "" for e in package.xml["word/document.xml"].iter(W + "instrText")]
    assert any("PAGEREF _Toc00001" in text for text in instructions)
    assert not any("\\n" in text for text in instructions)
    assert "31" in "".join(str(t) for t in package.xml["word/footer1.xml"].itertext())
    assert check_docx(data) == []


def test_no_page_numbers_means_links_alone_until_the_reader_updates_the_list(report: Report, store: Bytes) -> None:
    data = compiled(report, store)
    package = open_package(data)
    instructions = [e.text or "" for e in package.xml["word/document.xml"].iter(W + "instrText")]
    assert not any("PAGEREF" in text for text in instructions)
    lists = [text for text in instructions if text.strip().startswith("TOC ")]
    assert len(lists) == 2
    assert not any("\\n" in text for text in lists)
    assert "Each line leads to its place in this document." in words(data)
    assert b"updateFields" not in package.data["word/settings.xml"]


def test_a_chapter_in_the_contents_stays_with_what_stands_under_it(report: Report, store: Bytes) -> None:
    body = open_package(compiled(report, store)).data["word/document.xml"].decode()
    entries = re.findall(r'<w:pStyle w:val="TOC([123])"/>(<w:keepNext/>)?', body)
    assert len({level for level, _ in entries}) == 3
    for (level, kept), (after, _) in pairwise(entries):
        assert bool(kept) == (after > level)


def test_the_answer_of_a_practice_may_begin_on_the_page_after_its_levels(report: Report) -> None:
    blocks = compose(report, Edition(number=1)).blocks
    levels = [
        (table, after) for table, after in pairwise(blocks) if isinstance(table, Table) and table.look == "RatingTable"
    ]
    assert any(isinstance(after, Heading) for _, after in levels)
    for table, after in levels:
        assert not table.with_next or (isinstance(after, Paragraph) and after.look == "TableNote")


def test_a_large_report_is_sound_and_its_index_is_one_table_for_each_standard() -> None:
    report = large_report(practices=41, exhibits=820, citations=300)
    data = compiled(report)
    assert check_docx(data) == []
    text = data and open_package(data).data["word/document.xml"].decode()
    titles = re.findall(r'w:tblCaption w:val="Exhibit index: ([^"]+)"', text)
    assert len(titles) == len({p.code[:4] for p in report.practices()})


def test_time_zones_become_utc(report: Report) -> None:
    data = compiled(report, edition=Edition(number=1, frozen_at="2026-11-18T16:40:00+02:00"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"2026-11-18T14:40:00Z" in archive.read("docProps/core.xml")
