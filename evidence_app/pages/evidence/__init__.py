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
    opening,
    pieces,
    questions,
    saved_searches,
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
    "opening",
    "pages",
    "pieces",
    "questions",
    "saved_searches",
    "versions",
]
