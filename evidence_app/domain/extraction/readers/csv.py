"""CSV and TSV: one line a row, cells divided by tabs."""

from __future__ import annotations

import csv
import io

from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.draft import Draft, Source
from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES

_SAMPLE_CHARS = 8_192
_DELIMITERS = ",;\t|"


def read(source: Source, draft: Draft) -> None:
    """Fill the draft. A table has no title; its first row, the names of the columns, stands as headings."""
    text = decode(source.read_bytes(MAX_TEXT_BYTES * 4)).replace("\x00", "")
    sample = text[:_SAMPLE_CHARS]
    delimiter = max(_DELIMITERS, key=lambda mark: min(line.count(mark) for line in sample.split("\n")[:10] if line))
    if sample.count(delimiter) == 0:
        delimiter = max(_DELIMITERS, key=sample.count)
    csv.field_size_limit(MAX_TEXT_BYTES)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    for number, row in enumerate(rows):
        if number == 0:
            for cell in row[:50]:
                draft.add_heading(cell)
        draft.text.add_all(row)
