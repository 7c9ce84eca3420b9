"""PDF: text by pages, titles by the size of letters, bookmarks, dates, scans, passwords."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from evidence_app.domain.extraction import limits, media_types, ocr
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import ENGLISH, pdf_file, read_here, saved

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")

POLICY = [
    ("Alder Bay International School", 9),
    ("Inclusion policy", 26),
    ("1. What we believe", 15),
    ("Every student who joins Alder Bay belongs in every classroom.", 11),
    ("We plan for differences from the start, not when they appear.", 11),
    ("2. How support is arranged", 15),
    ("Teachers note a concern on the blank form of the school.", 11),
]


def scan(lines: list[str], *, pages: int = 1) -> bytes:
    """A PDF of pictures of text, as a copier makes it."""
    picture = Image.new("L", (1240, 900), 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((120, 120 + number * 70), line, font=ImageFont.load_default(42), fill=0)
    return saved(
        lambda file: picture.save(file, "PDF", resolution=150, save_all=True, append_images=[picture] * (pages - 1))
    )


def test_largest_line_is_the_title_and_larger_lines_are_headings() -> None:
    reading = read_here(pdf_file([POLICY], title="Untitled"), "x.pdf")

    assert reading.state is ReadingState.TEXT_FOUND
    assert reading.media_type == media_types.PDF
    assert reading.title == "Inclusion policy"
    assert reading.headings == ("Inclusion policy", "1. What we believe", "2. How support is arranged")
    assert reading.language == "en"
    assert "belongs in every classroom" in reading.text


def test_title_over_two_lines_is_joined() -> None:
    lines = [("Our way to the exhibition", 24), ("in grade five", 24), *[(ENGLISH, 11)] * 5]

    assert read_here(pdf_file([lines]), "x.pdf").title == "Our way to the exhibition in grade five"


def test_metadata_title_counts_where_all_letters_have_one_size() -> None:
    lines = [(ENGLISH, 11)] * 4

    assert read_here(pdf_file([lines], title="Language policy"), "x.pdf").title == "Language policy"
    assert read_here(pdf_file([lines], title="Microsoft Word - draft.docx"), "x.pdf").title == ""
    assert read_here(pdf_file([[("Minutes of June", 11), *lines]]), "x.pdf").title == "Minutes of June"


def test_each_page_has_its_start_in_the_text() -> None:
    reading = read_here(pdf_file([[("First page", 12)], [], [("Third page", 12)]]), "x.pdf")

    assert reading.pages == 3
    assert len(reading.page_starts) == 3
    assert reading.text[reading.page_starts[2] :] == "Third page"


def test_dates_are_read_but_not_the_author() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setAuthor("Ana Person")
    canvas.drawString(72, 700, "words")
    canvas.save()

    facts = read_here(buffer.getvalue(), "x.pdf").facts

    assert set(facts) == {"created", "modified"}
    assert facts["created"].startswith("20")
    assert "T" in facts["created"]


def test_bookmarks_are_the_headings_where_there_are_any() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Helvetica", 30)
    canvas.drawString(72, 700, "Shown in large letters")
    canvas.bookmarkPage("a")
    canvas.addOutlineEntry("Chapter one", "a")
    canvas.bookmarkPage("b")
    canvas.addOutlineEntry("Part of it", "b", level=1)
    canvas.save()

    assert read_here(buffer.getvalue(), "x.pdf").headings == ("Chapter one", "Part of it")


def test_password_is_a_state_of_its_own_and_owner_password_is_none() -> None:
    reading = read_here(pdf_file([POLICY], password="secret"), "x.pdf")

    assert reading.state is ReadingState.ENCRYPTED
    assert reading.text == ""
    assert [warning.code for warning in reading.warnings] == ["encrypted"]


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing else", b"%PDF-1.4\n%%EOF", pdf_file([POLICY])[:300]])
def test_broken_pdf_is_damaged(content: bytes) -> None:
    reading = read_here(content, "x.pdf")

    assert reading.state is ReadingState.DAMAGED
    assert reading.warnings


def test_pdf_cut_off_at_the_end_is_still_read_if_its_pages_are_there() -> None:
    content = pdf_file([POLICY])

    assert read_here(content[:-40], "x.pdf").state in {ReadingState.TEXT_FOUND, ReadingState.DAMAGED}


def test_pages_past_the_limit_are_left_out_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence_app.domain.extraction.readers.pdf.MAX_PAGES", 2)

    reading = read_here(pdf_file([[("one", 12)], [("two", 12)], [("three", 12)]]), "x.pdf")

    assert reading.text == "one\n\ntwo"
    assert reading.pages == 3
    assert [(warning.code, dict(warning.params)) for warning in reading.warnings] == [
        ("pages-cut", {"read": 2, "pages": 3})
    ]


@needs_tesseract
def test_scanned_page_is_read_by_ocr() -> None:
    reading = read_here(scan(["Meeting of parents", "Every student belongs in our school"]), "scan.pdf")

    assert reading.state is ReadingState.READ_BY_OCR
    assert "Every student belongs in our school" in reading.text
    assert reading.title == "Meeting of parents"
    assert reading.page_starts == (0,)


@needs_tesseract
def test_scans_past_the_limit_are_left_out_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence_app.domain.extraction.readers.pdf.MAX_OCR_PAGES", 1)

    reading = read_here(scan(["Every student belongs in our school"], pages=3), "scan.pdf")

    assert reading.text.count("Every student") == 1
    assert [(w.code, dict(w.params)) for w in reading.warnings] == [("ocr-cut", {"read": 1, "pages": 3})]


@needs_tesseract
def test_ocr_is_not_begun_without_time() -> None:
    reading = read_here(scan(["Every student belongs in our school"]), "scan.pdf", seconds=1.0)

    assert reading.state is ReadingState.NO_TEXT
    assert [warning.code for warning in reading.warnings] == ["ocr-cut"]


def test_scan_says_where_ocr_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_installed_languages", lambda: ())
    ocr.is_available.cache_clear()
    try:
        reading = read_here(scan(["Every student belongs in our school"]), "scan.pdf")
    finally:
        ocr.is_available.cache_clear()

    assert reading.state is ReadingState.TOOL_MISSING
    assert [warning.code for warning in reading.warnings] == ["ocr-not-installed"]


@needs_tesseract
def test_a_reading_without_ocr_says_that_scans_wait() -> None:
    reading = read_here(scan(["Every student belongs in our school"]), "scan.pdf", with_ocr=False)

    assert (reading.state, reading.ocr_waits, reading.warnings) == (ReadingState.WAITS_FOR_OCR, True, ())


@needs_tesseract
@pytest.mark.parametrize("with_ocr", [True, False])
def test_blank_page_is_not_a_scan(with_ocr: bool) -> None:
    reading = read_here(pdf_file([[]]), "x.pdf", with_ocr=with_ocr)

    assert (reading.state, reading.ocr_waits) == (ReadingState.NO_TEXT, False)
    assert reading.warnings == ()


def test_headings_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence_app.domain.extraction.draft.MAX_HEADINGS", 1)

    assert len(read_here(pdf_file([POLICY]), "x.pdf").headings) == 1
    assert limits.MAX_HEADINGS > 1
