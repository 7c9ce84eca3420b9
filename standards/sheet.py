"""A sheet a school hands in, as numbered rows: reading CSV as schools save it, and what is wrong with a row."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

SIZE_LIMIT_BYTES = 5 * 1024 * 1024
VALUE_SHOWN_LETTERS = 80
DELIMITERS = (",", ";", "\t")
EXTRA_CELLS = ""
"""The name under which the cells of a row stand that no heading names."""

NumberedRow = tuple[int, Mapping[str, object]]
"""A row's line in its sheet, from 1, and its cells by column name; for a workbook: `enumerate(rows, start=2)`."""


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it
    """The text itself; the name marks it for translation where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell, and what to do: two message ids whose `%(name)s` are in `params`."""

    line: int
    column: str
    value: str
    what: str
    remedy: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.what % self.params} {self.remedy % self.params}"


class OverlayError(Exception):
    """A sheet that cannot be read at all, or rows that do not fit their catalogue; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def problem(line: int, column: str, value: object, what: str, remedy: str, **params: str) -> Problem:
    """A problem; its value is shortened to what a message can show, and offered to the message as `%(value)s`."""
    shown = cell_text(value)
    shown = shown if len(shown) <= VALUE_SHOWN_LETTERS else shown[: VALUE_SHOWN_LETTERS - 1] + "…"
    return Problem(line, column, shown, what, remedy, {"value": shown, **params})


def cell_text(value: object) -> str:
    """A cell as clean text: whole numbers without ".0", no control characters, no space around."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()


def read_rows(file: IO[bytes], file_name: str) -> list[NumberedRow]:
    """The rows of a CSV file below its heading row, empty ones left out.

    Cells end at commas, semicolons or tabs; the encoding is UTF-8, UTF-16 or the Windows one. Raises OverlayError if it
    is too large, a workbook, in broken quotes or encoding, or names a column twice.
    """
    data = file.read(SIZE_LIMIT_BYTES + 1)
    if len(data) > SIZE_LIMIT_BYTES:
        raise refused(0, file_name, N_("%(value)s is larger than 5 MB."), N_("Split it into several files."))
    if data.startswith(b"PK\x03\x04"):
        what = N_("%(value)s is a workbook or an archive, not a CSV file.")
        raise refused(0, file_name, what, N_("Save the sheet as CSV, or give the file the ending .xlsx if it is one."))
    text = decoded(data, file_name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows: list[NumberedRow] = []
    columns: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if columns is None:
                    columns = headings(cells, line, file_name)
                else:
                    rows.append((line, named(cells, columns)))
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = N_("Open the file in a spreadsheet and save it as CSV again.")
        raise refused(line, file_name, N_("The row that begins here has broken quotes."), remedy) from error
    if columns is None:
        raise refused(0, file_name, N_("%(value)s is empty."), N_("Write a heading row and one row per code."))
    return rows


def refused(line: int, file_name: str, what: str, remedy: str) -> OverlayError:
    """The error for a file that cannot be read."""
    return OverlayError(problem(line, "", file_name, what, remedy))


def decoded(data: bytes, file_name: str) -> str:
    """The text of the file, its encoding found by its first bytes and by trying; raises OverlayError."""
    encodings = ["utf-8-sig", "cp1252"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
    what = N_("%(value)s is neither in UTF-8 nor in the Windows encoding.")
    raise refused(line, file_name, what, N_("Save it as “CSV UTF-8”."))


def delimiter_of(text: str) -> str:
    """The sign between the cells: the one most frequent in the first line that says anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def headings(cells: list[str], line: int, file_name: str) -> list[str]:
    """The column names in small letters; raises OverlayError if one stands twice."""
    names = [cell_text(cell).lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name and names.count(name) > 1:
            what, remedy = N_("The column “%(heading)s” stands twice."), N_("Leave one of the two out.")
            raise OverlayError(problem(line, name, file_name, what, remedy, heading=name))
    return names


def named(cells: list[str], columns: list[str]) -> dict[str, object]:
    """The cells by column name, and those that no heading names under EXTRA_CELLS."""
    row: dict[str, object] = {}
    beyond: list[str] = []
    for name, cell in itertools.zip_longest(columns, cells, fillvalue=""):
        if name:
            row[name] = cell
        elif cell.strip():
            beyond.append(cell.strip())
    return row | ({EXTRA_CELLS: " ".join(beyond)} if beyond else {})
