"""Evidence: the library, filing, one item on one page, and the bytes."""

from evidence_app.pages.evidence import files, filing, library
from evidence_app.pages.evidence.blueprint import pages

__all__ = ["files", "filing", "library", "pages"]
