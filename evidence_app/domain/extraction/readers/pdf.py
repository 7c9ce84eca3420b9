"""PDF through pdfium: text page by page, headings by size of letters, bookmarks, dates; OCR where a page has none."""

from __future__ import annotations

import contextlib
import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from evidence_app.domain.extraction import ocr
from evidence_app.domain.extraction.draft import Damaged, Draft, Encrypted, Source
from evidence_app.domain.extraction.limits import MAX_OCR_PAGES, MAX_PAGES, MIB
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.titles import is_meaningful_title, looks_like_a_heading

_IN_MEMORY_BYTES = 64 * MIB
_PAGES_WITH_HEADINGS = 12
_MAX_CHARS_MEASURED = 6_000
_MAX_BOOKMARKS = 300
# pdfium marks a hyphen at the end of a line with U+FFFE or U+0002: the word goes on in the next line.
_HYPHEN_AT_LINE_END = re.compile("[\ufffe\x02]\r?\n?")
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    is_bold: bool


def open_pdf(source: Source) -> pypdfium2.PdfDocument:
    """The opened document; the caller closes it. Raises Encrypted or Damaged."""
    source.file.seek(0)
    content: Any = source.read_bytes(_IN_MEMORY_BYTES) if source.size_bytes <= _IN_MEMORY_BYTES else source.file
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Encrypted from error
        raise Damaged from error


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the text of the first MAX_PAGES pages."""
    with contextlib.closing(open_pdf(source)) as document:
        draft.pages = len(document)
        if not draft.pages:
            raise Damaged
        _read_facts(document, draft)
        lines = _read_pages(document, source, draft)
    _choose_title(draft, lines)


def _read_pages(document: pypdfium2.PdfDocument, source: Source, draft: Draft) -> list[_Line]:
    first_lines: list[_Line] = []
    without_text: list[int] = []
    for number in range(min(len(document), MAX_PAGES)):
        draft.start_page()
        text, lines = _read_page(document, number, measured=number < _PAGES_WITH_HEADINGS, draft=draft)
        if not text.strip():
            without_text.append(number)
        if number == 0:
            first_lines = lines
        draft.text.add(text)
    if len(document) > MAX_PAGES:
        draft.warn("pages-cut", read=MAX_PAGES, pages=len(document))
    if without_text:
        _read_scanned(document, without_text, source, draft)
    return first_lines


def _read_page(
    document: pypdfium2.PdfDocument, number: int, *, measured: bool, draft: Draft
) -> tuple[str, list[_Line]]:
    try:
        with contextlib.closing(document[number]) as page, contextlib.closing(page.get_textpage()) as text_page:
            text = _HYPHEN_AT_LINE_END.sub("", text_page.get_text_range())
            lines = _measure(text_page) if measured else []
    except pypdfium2.PdfiumError:
        draft.warn("page-damaged", page=number + 1)
        return "", []
    if measured and not draft.headings_are_given:
        for line in _headings(lines):
            draft.add_heading(line.text)
    return text, lines


def _read_scanned(document: pypdfium2.PdfDocument, numbers: list[int], source: Source, draft: Draft) -> None:
    """Read pages that hold no text with OCR; if none holds any, the result replaces the empty pages."""
    if len(numbers) < len(document):
        # A few pages without text among others are covers and pictures, and are not worth seconds of OCR each.
        draft.warn("pages-without-text", count=len(numbers))
        return
    if not ocr.is_available():
        draft.warn("ocr-not-installed")
        return
    draft.page_starts.clear()
    pages_read = 0
    language = draft.declared_language
    for number in numbers[:MAX_OCR_PAGES]:
        if source.seconds_left < ocr.SECONDS_A_PAGE:
            break
        with contextlib.closing(document[number]) as page:
            picture = page.render(scale=ocr.scale_for(*page.get_size()), grayscale=True).to_pil()
        draft.start_page()
        text, language = ocr.read_picture(picture, source, language)
        draft.used_ocr = draft.used_ocr or bool(text.strip())
        draft.text.add(text)
        pages_read += 1
    if pages_read < len(document):
        draft.warn("ocr-cut", read=pages_read, pages=len(document))


def _read_facts(document: pypdfium2.PdfDocument, draft: Draft) -> None:
    metadata = document.get_metadata_dict(skip_empty=True)
    for name, key in (("created", "CreationDate"), ("modified", "ModDate")):
        if date := _iso_date(metadata.get(key, "")):
            draft.facts[name] = date
    draft.title = one_line(metadata.get("Title", ""))
    language = (ctypes.c_ushort * 16)()
    if pdfium.FPDFCatalog_GetLanguage(document, language, ctypes.sizeof(language)) > 2:
        draft.declared_language = bytes(language).decode("utf-16-le", "ignore").split("\0")[0]
    with contextlib.suppress(pypdfium2.PdfiumError):
        for count, bookmark in enumerate(document.get_toc(max_depth=3)):
            if count >= _MAX_BOOKMARKS:
                break
            draft.add_heading(bookmark.get_title() or "")
    draft.headings_are_given = bool(draft.headings)


def _measure(text_page: pypdfium2.PdfTextPage) -> list[_Line]:
    """The lines of a page with the size and weight of their letters."""
    lines: list[_Line] = []
    letters: list[str] = []
    sizes: list[float] = []
    bold = 0
    matrix = pdfium.FS_MATRIX()
    for index in range(min(text_page.count_chars(), _MAX_CHARS_MEASURED)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in (10, 13):
            if letters and sizes:
                lines.append(
                    _Line("".join(letters).strip(), Counter(sizes).most_common(1)[0][0], bold * 2 > len(sizes))
                )
            letters, sizes, bold = [], [], 0
            continue
        letters.append(chr(code) if 31 < code < 0xD800 or 0xDFFF < code < 0xFFFE else "")
        if code > 32:
            scale = abs(matrix.d) or abs(matrix.b) if pdfium.FPDFText_GetMatrix(text_page, index, matrix) else 1.0
            sizes.append(round(pdfium.FPDFText_GetFontSize(text_page, index) * (scale or 1.0), 1))
            bold += pdfium.FPDFText_GetFontWeight(text_page, index) >= 600
    if letters and sizes:
        lines.append(_Line("".join(letters).strip(), Counter(sizes).most_common(1)[0][0], bold * 2 > len(sizes)))
    return [line for line in lines if line.text]


def _body_size(lines: list[_Line]) -> float:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _headings(lines: list[_Line]) -> list[_Line]:
    body = _body_size(lines)
    return [
        line
        for line in lines
        if (line.size > body * 1.12 or (line.is_bold and line.size >= body)) and looks_like_a_heading(line.text)
    ]


def _choose_title(draft: Draft, lines: list[_Line]) -> None:
    """The largest lines of the first page are the title; else what the file calls itself; else the first line."""
    body = _body_size(lines)
    top = lines[:25]
    largest = max((line.size for line in top if looks_like_a_heading(line.text)), default=0.0)
    if largest > body * 1.2:
        start = next(i for i, line in enumerate(top) if line.size == largest and looks_like_a_heading(line.text))
        parts = [top[start].text]
        for line in top[start + 1 : start + 3]:
            if line.size != largest:
                break
            parts.append(line.text)
        draft.title = one_line(" ".join(parts))
    elif not is_meaningful_title(draft.title):
        draft.title = next((one_line(line.text) for line in lines if looks_like_a_heading(line.text)), "")


def _iso_date(raw: str) -> str:
    match = _PDF_DATE.match(raw)
    if not match:
        return ""
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups())
    if not (1980 <= year <= 2100 and month <= 12 and day <= 31 and hour < 24 and minute < 60 and second < 60):
        return ""
    return f"{year:04}-{month or 1:02}-{day or 1:02}T{hour:02}:{minute:02}:{second:02}"
