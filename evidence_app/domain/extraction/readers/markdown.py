"""Markdown: its own words without the marks, by way of the HTML it stands for."""

from __future__ import annotations

import re

from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.draft import Draft, Source
from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES, MIB
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.readers import html, plain

_FRONT_MATTER = re.compile(r"\A---\n(.{0,10000}?)\n---\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_MAX_CONVERTED_CHARS = MIB
"""The converter takes time that grows faster than its input; a longer file is read as it stands."""


def read(source: Source, draft: Draft) -> None:
    """Fill the draft; the title is the one of a front matter, else the first heading."""
    text = decode(source.read_bytes(MAX_TEXT_BYTES * 4)).replace("\r\n", "\n")
    if match := _FRONT_MATTER.match(text):
        text = text[match.end() :]
        if title := _FRONT_TITLE.search(match.group(1)):
            draft.title = one_line(title.group(1).strip("\"' "))
    if len(text) > _MAX_CONVERTED_CHARS:
        plain.read_text(text, draft)
        return
    from markdown import markdown

    html.read_text(markdown(text, extensions=["tables", "fenced_code"]), draft)
