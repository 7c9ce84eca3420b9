"""XLSX through calamine, behind a guard: the library builds every cell between the first and the last used one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import python_calamine

from evidence_app.domain.extraction.draft import Damaged, Draft, Encrypted, Source, TooLarge
from evidence_app.domain.extraction.limits import MAX_CELLS, MAX_PAGES, MIB
from evidence_app.domain.extraction.ooxml import Package
from evidence_app.domain.extraction.titles import first_strong_line, is_meaningful_title
from evidence_app.domain.extraction.zip_guard import GuardedZip

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(
    rb"""<(?:\w+:)?(?:c|dimension)\s[^>]{0,200}?\br(?:ef)?=["'](?:[A-Z]+\d+:)?([A-Z]{1,7})(\d{1,10})["']"""
)
_MAX_SHEET_BYTES = 256 * MIB


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the sheets, one line a row, cells divided by tabs."""
    Package(source).read_properties(draft)
    refuse_vast_sheets(source)
    read_workbook(source, draft)


def refuse_vast_sheets(source: Source) -> None:
    """Raises TooLarge where a sheet spans more than MAX_CELLS from A1 to its last cell, Damaged where sizes lie."""
    archive = GuardedZip(source.file)
    archive.prove_sizes()
    for name in archive.names:
        if _SHEET_PART.fullmatch(name):
            rows = columns = 0
            for match in _CELL.finditer(archive.read(name, _MAX_SHEET_BYTES)):
                columns = max(columns, _column_number(match.group(1)))
                rows = max(rows, int(match.group(2)))
            if rows * columns > MAX_CELLS:
                raise TooLarge("cells", cells=rows * columns, limit=MAX_CELLS)


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
