"""A table that somebody hands in, such as a school's own wording: its rows, whatever kind of sheet it is."""

from __future__ import annotations

from pathlib import PurePath
from typing import IO

import standards
from evidence_app.domain import extraction, frameworks
from evidence_app.errors import Invalid
from evidence_app.i18n import msg

WORKBOOKS = (".xlsx", ".xlsm", ".ods")


def read_table(file: IO[bytes], file_name: str) -> list[standards.NumberedRow]:
    """The rows of a CSV file, or of a workbook, which is opened in the limited child like every stranger's file.

    Raises standards.OverlayError for a CSV file that cannot be read, Invalid for such a workbook.
    """
    if PurePath(file_name).suffix.lower() not in WORKBOOKS:
        return standards.read_rows(file, file_name)
    with extraction.ReaderPool() as pool:
        reading = pool.read(file, file_name=file_name)
    if not reading.text.strip():
        why = extraction.warning_sentence(reading.warnings[0]) if reading.warnings else msg("It holds no text.")
        raise Invalid(msg("%(name)s could not be read as a table. %(why)s", name=file_name, why=why), field="file")
    return frameworks.rows_of_table(reading.text)
