"""Tables as CSV files that a spreadsheet opens as they are: no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from werkzeug.wrappers import Response

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


def csv_answer(file_name: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Response:
    """The table as a download."""
    answer = Response(csv_text(columns, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """The table as the text of a CSV file, marked as UTF-8 for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words
