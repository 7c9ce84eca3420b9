"""DOCX by walking its XML: body, tables, boxes, SmartArt, charts, headers, footers, notes, comments, in one safe way.

A walker of our own reads what python-docx reads, 20 times as fast, and does not stumble over macro-enabled, strict or
half-broken packages (measured; see `docs/decisions/0010-language-and-type-detection.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.drawing_text import drawn_lines
from evidence_app.domain.extraction.ooxml import Package, attribute
from evidence_app.domain.extraction.readers import html
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import is_meaningful_title, looks_like_a_heading

_SIDE_PARTS = re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
_DRAWN_PARTS = re.compile(r"word/(?:diagrams/data|charts/chart)\d*\.xml")
_INCLUDED_PAGES = re.compile(r"word/[\w-]+\.x?html?")
_HEADING_STYLE = re.compile(r"heading (\d)")
_STRONG_LINES = 12
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True)
class _Paragraph:
    text: str
    style: str
    outline_level: int | None
    is_bold: bool
    boxes: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class _Styles:
    names: dict[str, str]

    def heading_level(self, paragraph: _Paragraph) -> int | None:
        """0 for the title, 1 to 9 for headings, None for other text."""
        name = self.names.get(paragraph.style, paragraph.style).lower()
        if name == "title":
            return 0
        if match := _HEADING_STYLE.match(name):
            return int(match.group(1))
        return None if paragraph.outline_level is None else paragraph.outline_level + 1


class _Body:
    """Walks a part and writes what it holds into the draft."""

    def __init__(self, draft: Draft, styles: _Styles) -> None:
        self.draft = draft
        self.styles = styles
        self.title = ""
        self.first_heading = ""
        self.strong_lines: list[str] = []
        self._paragraphs_seen = 0

    def walk(self, element: Any) -> None:
        """Write the paragraphs and tables below `element`, in the order of the document."""
        for child in element:
            name = local_name(child)
            if name == "p":
                self._write(_read_paragraph(child))
            elif name == "tbl":
                self._walk_table(child)
            elif name != "Fallback":  # says the same again for older programs
                self.walk(child)

    def _walk_table(self, table: Any) -> None:
        for row in _rows(table):
            cells = [
                [paragraph for element in _below(cell, "p") if (paragraph := _read_paragraph(element)).text.strip()]
                for cell in _children_through_wrappers(row, "tc")
            ]
            if all(len(cell) <= 1 for cell in cells):
                if len(cells) > 1:
                    self.draft.text.add_all(cell[0].text if cell else "" for cell in cells)
                else:
                    self._write_all(cell[0] for cell in cells if cell)
                self._write_boxes(paragraph for cell in cells for paragraph in cell)
            else:  # a table used for layout: its cells hold running text
                for cell in cells:
                    self._write_all(cell)

    def _write_all(self, paragraphs: Iterator[_Paragraph] | list[_Paragraph]) -> None:
        for paragraph in paragraphs:
            self._write(paragraph)

    def _write_boxes(self, paragraphs: Iterator[_Paragraph]) -> None:
        for paragraph in paragraphs:
            for box in paragraph.boxes:
                self.walk(box)

    def _write(self, paragraph: _Paragraph) -> None:
        boxes, paragraph.boxes = paragraph.boxes, []
        text = paragraph.text.strip()
        if text:
            self._paragraphs_seen += 1
            level = self.styles.heading_level(paragraph)
            if level is not None and len(text) < 400:
                self.draft.text.break_here()
                self.draft.add_heading(text)
                if level == 0:
                    self.title = self.title or text
                else:
                    self.first_heading = self.first_heading or text
            elif paragraph.is_bold and looks_like_a_heading(text):
                if self._paragraphs_seen <= _STRONG_LINES:
                    self.strong_lines.append(text)
                self.draft.add_heading(text)
            self.draft.text.add(text)
        for box in boxes:
            self.walk(box)


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the document, then with what stands in its margins and notes."""
    package = Package(source)
    package.read_properties(draft)
    main = package.main_part()
    if main is None:
        raise Damaged("part-missing", part="word/document.xml")
    body = _Body(draft, _read_styles(package))
    root = package.xml(main)
    try:
        body.walk(root)
        for name in package.names:
            if _SIDE_PARTS.fullmatch(name):
                draft.text.break_here()
                body.walk(package.xml(name))
            elif _DRAWN_PARTS.fullmatch(name):
                for line in drawn_lines(package.xml(name)):
                    draft.text.add(line)
            elif _INCLUDED_PAGES.fullmatch(name):
                html.read_markup(package.read(name), draft)
    finally:  # also when the text is full
        _choose_title(draft, body)


def _choose_title(draft: Draft, body: _Body) -> None:
    declared = draft.title if is_meaningful_title(draft.title) else ""
    draft.title = body.title or body.first_heading or next(iter(body.strong_lines), "") or declared


def _read_styles(package: Package) -> _Styles:
    names: dict[str, str] = {}
    if "word/styles.xml" in package.names:
        for style in package.xml("word/styles.xml"):
            if local_name(style) == "style":
                for child in style:
                    if local_name(child) == "name":
                        names[attribute(style, "styleId")] = attribute(child, "val")
    return _Styles(names)


def _read_paragraph(element: Any) -> _Paragraph:
    paragraph = _Paragraph("", "", None, is_bold=True)
    pieces: list[str] = []
    letters = _collect(element, pieces, paragraph)
    paragraph.text = "".join(pieces)
    paragraph.is_bold = paragraph.is_bold and letters
    return paragraph


def _collect(element: Any, pieces: list[str], paragraph: _Paragraph) -> bool:
    """Gather the text below `element`; whether there were any letters in runs."""
    found = False
    for child in element:
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
            found = found or bool((child.text or "").strip())
        elif name in {"tab", "ptab"}:
            pieces.append("\t")
        elif name in {"br", "cr"}:
            pieces.append("\n")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "pPr":
            _read_paragraph_properties(child, paragraph)
        elif name == "txbxContent":
            paragraph.boxes.append(child)
        elif name == "r":
            if _collect(child, pieces, paragraph):
                found = True
                paragraph.is_bold = paragraph.is_bold and _run_is_bold(child)
        elif name not in {"Fallback", "rPr", "instrText", "delText"}:
            found = _collect(child, pieces, paragraph) or found
    return found


def _read_paragraph_properties(properties: Any, paragraph: _Paragraph) -> None:
    for child in properties:
        name = local_name(child)
        if name == "pStyle":
            paragraph.style = attribute(child, "val")
        elif name == "outlineLvl" and attribute(child, "val").isdecimal() and int(attribute(child, "val")) < 9:
            paragraph.outline_level = int(attribute(child, "val"))


def _run_is_bold(run: Any) -> bool:
    for child in run:
        if local_name(child) == "rPr":
            return any(local_name(mark) == "b" and attribute(mark, "val") not in _OFF for mark in child)
    return False


def _below(element: Any, wanted: str) -> Iterator[Any]:
    """Elements of a name below `element`, not looking inside those found nor in what repeats them."""
    for child in element:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name not in {"Fallback", "txbxContent"}:
            yield from _below(child, wanted)


def _rows(table: Any) -> Iterator[Any]:
    return _children_through_wrappers(table, "tr")


def _children_through_wrappers(element: Any, wanted: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also where a content control or a tracked change wraps them."""
    for child in element:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name in {"sdt", "sdtContent", "ins", "customXml", "AlternateContent", "Choice"}:
            yield from _children_through_wrappers(child, wanted)
