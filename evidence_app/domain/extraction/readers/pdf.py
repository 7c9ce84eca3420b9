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
from evidence_app.domain.extraction.language import detect
from evidence_app.domain.extraction.limits import MAX_OCR_PAGES, MAX_PAGES, MIB
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.titles import first_strong_line, is_meaningful_title, looks_like_a_heading

_IN_MEMORY_BYTES = 64 * MIB
_PAGES_WITH_HEADINGS = 12
_MAX_CHARS_MEASURED = 6_000
_MAX_BOOKMARKS = 300
_LINE_ENDS = frozenset({10, 13})
_SPACE = 32
_BOLD_WEIGHT = 600
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
        return pypdfium2.PdfDocument(content, password=source.password or None)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Encrypted("wrong-password" if source.password else "encrypted") from error
        raise Damaged from error


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the text of the first MAX_PAGES pages."""
    with contextlib.closing(open_pdf(source)) as document:
        draft.pages = len(document)
        if not draft.pages:
            raise Damaged
        _read_facts(document, draft)
        lines: list[_Line] = []
        try:
            lines = _read_pages(document, source, draft)
        finally:  # also when the text is full
            _choose_title(draft, lines)


def _read_pages(document: pypdfium2.PdfDocument, source: Source, draft: Draft) -> list[_Line]:
    """Add the text of the pages; the lines of the first one, with their sizes."""
    scans = _Scans(source, draft)
    first_lines: list[_Line] = []
    for number in range(min(len(document), MAX_PAGES)):
        draft.start_page()
        try:
            with contextlib.closing(document[number]) as page:
                text, lines = _read_page(page, measured=number < _PAGES_WITH_HEADINGS)
                if not text.strip():
                    text = scans.read(page)
                elif not draft.headings_are_given:
                    for line in _headings(lines):
                        draft.add_heading(line.text)
        except pypdfium2.PdfiumError:
            draft.warn("page-damaged", page=number + 1)
            continue
        if number == 0:
            first_lines = lines
        draft.text.add(text)
    if len(document) > MAX_PAGES:
        draft.warn("pages-cut", read=MAX_PAGES, pages=len(document))
    scans.warn()
    return first_lines


def _read_page(page: pypdfium2.PdfPage, *, measured: bool) -> tuple[str, list[_Line]]:
    with contextlib.closing(page.get_textpage()) as text_page:
        text = _HYPHEN_AT_LINE_END.sub("", text_page.get_text_range())
        return text, _measure(text_page) if measured else []


class _Scans:
    """Reads the pages of a document that show something but hold no text, as long as count and time allow."""

    def __init__(self, source: Source, draft: Draft) -> None:
        self._source = source
        self._draft = draft
        self._found = 0
        self._read = 0

    def read(self, page: pypdfium2.PdfPage) -> str:
        """The words on a page by OCR; "" for a blank page, and once the limits are reached."""
        if not any(page.get_objects(max_depth=2)):
            return ""
        self._found += 1
        if not self._source.with_ocr:
            return ""
        in_time = self._read < MAX_OCR_PAGES and self._source.seconds_left > ocr.SECONDS_A_PAGE
        if not in_time or not ocr.is_available():
            return ""
        self._read += 1
        width, height = page.get_size()
        picture = page.render(scale=ocr.scale_for(width, height), grayscale=True).to_pil()
        text = ocr.read_picture(picture, self._source, self._draft.declared_language)
        if not self._draft.declared_language:
            self._draft.declared_language = detect(text)
        self._draft.chars_by_ocr += len(text)
        return text

    def warn(self) -> None:
        """Say what was not read."""
        if self._found and not ocr.is_available():
            self._draft.warn("ocr-not-installed")
        elif self._found and not self._source.with_ocr:
            self._draft.ocr_waits = True
        elif self._read < self._found:
            self._draft.warn("ocr-cut", read=self._read, pages=self._found)


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
    height = 0.0
    matrix = pdfium.FS_MATRIX()

    def end_line() -> None:
        nonlocal bold
        text = "".join(letters).strip()
        if text and sizes:
            lines.append(_Line(text, Counter(sizes).most_common(1)[0][0], bold * 2 > len(sizes)))
        letters.clear()
        sizes.clear()
        bold = 0

    for index in range(min(text_page.count_chars(), _MAX_CHARS_MEASURED)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in _LINE_ENDS:
            end_line()
        elif code > _SPACE:
            placed = pdfium.FPDFText_GetMatrix(text_page, index, matrix)
            scale = (abs(matrix.d) or abs(matrix.b) or 1.0) if placed else 1.0
            size = round(pdfium.FPDFText_GetFontSize(text_page, index) * scale, 1)
            # pdfium joins a small line and a large one close below it; their base lines tell them apart.
            if sizes and abs(size - sizes[-1]) > size * 0.2 and abs(matrix.f - height) > size * 0.4:
                end_line()
            height = matrix.f
            letters.append(chr(code) if not 0xD800 <= code < 0xE000 and code < 0xFFFE else "")
            sizes.append(size)
            bold += pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
        else:
            letters.append(" ")
    end_line()
    return lines


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
        # A line as long as the others is the beginning of a paragraph, which says less than the name of the file.
        longest = max((len(line.text) for line in lines), default=0)
        short = (line.text for line in top if line.is_bold or len(line.text) < longest * 0.8 or len(lines) == 1)
        draft.title = one_line(next(filter(looks_like_a_heading, short), ""))
        if not lines:
            draft.title = one_line(first_strong_line(draft.text.text()))


def _iso_date(raw: str) -> str:
    match = _PDF_DATE.match(raw)
    if not match:
        return ""
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups())
    if not (1980 <= year <= 2100 and month <= 12 and day <= 31 and hour < 24 and minute < 60 and second < 60):
        return ""
    return f"{year:04}-{month or 1:02}-{day or 1:02}T{hour:02}:{minute:02}:{second:02}"
