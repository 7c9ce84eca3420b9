"""Plain text in whatever encoding; short lines that stand alone are its headings."""

from __future__ import annotations

from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.draft import Draft, Source
from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.titles import first_strong_line, looks_like_a_heading

_LINES_WITH_HEADINGS = 2_000
_MAX_HEADING_CHARS = 90


def read(source: Source, draft: Draft) -> None:
    """Fill the draft; the first line that looks like one is the title."""
    read_text(decode(source.read_bytes(MAX_TEXT_BYTES * 4)), draft)


def read_text(text: str, draft: Draft) -> None:
    """The same for text that is decoded already."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _LINES_WITH_HEADINGS)[:_LINES_WITH_HEADINGS]
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        stands_alone = not before.strip() and (not after.strip() or len(after) > _MAX_HEADING_CHARS)
        is_short = len(line.strip()) <= _MAX_HEADING_CHARS and not line.rstrip().endswith((".", ":", "!", "?"))
        if stands_alone and is_short and looks_like_a_heading(line):
            draft.add_heading(line)
    draft.title = draft.title or one_line(first_strong_line(text))
    draft.text.add(text)
