"""XLSX through calamine, behind a guard: the library builds every cell between the first and the last used one.

What stands beside the cells (comments, text boxes, charts, page headers and footers) is read from its own parts.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable
from typing import Any

import python_calamine

from evidence_app.domain.extraction.draft import Damaged, Draft, Encrypted, Source, TooLarge
from evidence_app.domain.extraction.drawing_text import drawn_lines
from evidence_app.domain.extraction.limits import MAX_CELLS, MAX_PAGES, MIB
from evidence_app.domain.extraction.ooxml import Package
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import first_strong_line, is_meaningful_title
from evidence_app.domain.extraction.zip_guard import GuardedZip

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(
    rb"""<(?:\w+:)?(?:c|dimension)\s[^>]{0,200}?\br(?:ef)?=["'](?:[A-Z]+\d+:)?([A-Z]{1,7})(\d{1,10})["']"""
)
_BESIDE_CELLS = re.compile(
    r"xl/(?:comments/?(?:comment)?\d*|threadedComments/[^/]+|drawings/drawing\d*|charts/chart\d*|diagrams/data\d*)\.xml",
    re.IGNORECASE,
)
_MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]{1,2000})<")
_MARGIN_CODE = re.compile(r"""&(?:[A-JL-Z&]|"[^"]{0,80}"|\d{1,3}|K[0-9A-Fa-f]{6})""")
_MARGINS_END = MIB
"""Headers and footers stand after the cells, near the end of a sheet."""
_MAX_SHEET_BYTES = 256 * MIB


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the sheets, one line a row, cells divided by tabs."""
    package = Package(source)
    package.read_properties(draft)
    margins = refuse_vast_sheets(source)
    read_workbook(source, draft)
    for line in margins:
        draft.text.add(line)
    for name in package.names:
        if _BESIDE_CELLS.fullmatch(name):
            draft.text.break_here()
            _read_beside(package.xml(name), draft)


def refuse_vast_sheets(source: Source) -> list[str]:
    """The page headers and footers of the sheets, once each.

    Raises TooLarge where a sheet spans more than MAX_CELLS from A1 to its last cell, Damaged where sizes lie.
    """
    archive = GuardedZip(source.file)
    margins: dict[str, None] = {}
    archive.prove_sizes()
    for name in archive.names:
        if _SHEET_PART.fullmatch(name):
            rows = columns = 0
            sheet = archive.read(name, _MAX_SHEET_BYTES)
            for match in _CELL.finditer(sheet):
                columns = max(columns, _column_number(match.group(1)))
                rows = max(rows, int(match.group(2)))
            if rows * columns > MAX_CELLS:
                raise TooLarge("cells", cells=rows * columns, limit=MAX_CELLS)
            for match in _MARGIN.finditer(sheet, max(0, len(sheet) - _MARGINS_END)):
                words = html.unescape(match.group(1).decode("utf-8", "replace"))
                margins[" ".join(_MARGIN_CODE.sub(" ", words).split())] = None
    return list(margins)


def _read_beside(root: Any, draft: Draft) -> None:
    """Comments, one a line, or the words of what is drawn."""
    comments = [element for element in root.iter() if local_name(element) in {"comment", "threadedComment"}]
    for comment in comments:
        draft.text.add("".join(piece for piece in comment.itertext() if piece.strip()))
    if not comments:
        for line in drawn_lines(root):
            draft.text.add(line)


def read_workbook(source: Source, draft: Draft) -> None:
    """Fill the draft through calamine, which knows XLSX and the old XLS."""
    source.file.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(source.file)
    except python_calamine.PasswordError as error:
        raise Encrypted from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Damaged from error
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    draft.facts["sheets"] = [name[:100] for name in names[:100]]
    try:
        for name in names[:MAX_PAGES]:
            _read_sheet(workbook, name, draft)
    finally:
        if not is_meaningful_title(draft.title):
            draft.title = _title_above_a_table(draft.text.text())


def _read_sheet(workbook: Any, name: str, draft: Draft) -> None:
    try:
        rows: Iterable[list[Any]] = workbook.get_sheet_by_name(name).iter_rows()
        draft.text.break_here()
        draft.add_heading(name)
        for row in rows:
            draft.text.add_all(_shown(cell) for cell in row)
    except python_calamine.CalamineError:
        draft.warn("sheet-damaged", sheet=name[:100])


def _title_above_a_table(text: str) -> str:
    """The first line, if it is one cell alone: names of columns are no title."""
    first = text[:2_000].split("\n", 1)[0]
    return "" if "\t" in first.strip() else first_strong_line(first)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.10g}"
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
