"""Evidence: the library, filing, one item on one page, and the bytes."""

from evidence_app.pages.evidence import (
    changing,
    completing,
    drives,
    erasing,
    files,
    filing,
    handed_over,
    item,
    library,
    links,
    opening,
    passages,
    pieces,
    questions,
    saved_searches,
    series,
    versions,
)
from evidence_app.pages.evidence.blueprint import pages

__all__ = [
    "changing",
    "completing",
    "drives",
    "erasing",
    "files",
    "filing",
    "handed_over",
    "item",
    "library",
    "links",
    "opening",
    "pages",
    "passages",
    "pieces",
    "questions",
    "saved_searches",
    "series",
    "versions",
]
