"""The words of what is drawn in an Office file: shapes, tables, SmartArt, charts, whichever program it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence_app.domain.extraction.ooxml import attribute
from evidence_app.domain.extraction.safe_xml import local_name


def drawn_lines(element: Any) -> Iterator[str]:
    """One line a paragraph, one line a table row; of a chart its names, not its numbers."""
    for child in element:
        name = local_name(child)
        if name == "tr":
            yield "\t".join(" ".join(drawn_lines(cell)) for cell in child if local_name(cell) == "tc")
        elif name == "p":
            yield _paragraph(child)
        elif (name == "v" and (child.text or "").strip() and not _is_number(child.text)) or (
            name == "text" and (child.text or "").strip()
        ):
            yield child.text
        elif name != "Fallback":
            yield from drawn_lines(child)


def _paragraph(element: Any) -> str:
    pieces = []
    for child in element:
        name = local_name(child)
        if name == "br":
            pieces.append("\n")
        elif name != "fld" or not attribute(child, "type").startswith(("slidenum", "datetime")):
            pieces.extend(text.text or "" for text in child.iter() if local_name(text) == "t")
    return "".join(pieces)


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "").replace("-", "").replace("E", "").isdecimal()
