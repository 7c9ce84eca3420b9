"""What one document of the demo is to be, before a word of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PICTURES = frozenset({"jpg", "png"})
SHEETS = frozenset({"xlsx", "csv"})


@dataclass(frozen=True, slots=True)
class Sketch:
    """One document: what it is about, how it is written, where it lies and who files it.

    `path` is relative to the drive, with "/". `codes` begin with the main practice. `programme` is empty for the whole
    school. `copy_of` and `near_copy_of` are the paths of the documents whose bytes, or nearly whose words, it has.
    `also_in` is the second language of a mixed document, or empty.
    """

    number: int
    seed: str
    path: str
    format: str
    kind: str
    title: str
    language: str
    also_in: str
    codes: tuple[str, ...]
    programme: str
    grade: str
    subject: str
    unit: int
    school_year: str
    written_on: date
    owner: str
    is_scan: bool = False
    copy_of: str = ""
    near_copy_of: str = ""

    @property
    def main_code(self) -> str:
        """The code of the practice the document shows first of all."""
        return self.codes[0]
