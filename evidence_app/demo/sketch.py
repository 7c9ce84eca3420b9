"""What one document of the demo is to be, before a word of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PICTURES = frozenset({"jpg", "png"})
SHEETS = frozenset({"xlsx", "csv"})


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when words are said: what fills the slots of sentences. `programme` is empty for the whole school."""

    owner: str
    programme: str
    grade: str
    subject: str
    unit: int
    school_year: str
    written_on: date


@dataclass(frozen=True, slots=True)
class Sketch:
    """One document: what it is about, how it is written and where it lies.

    `path` is relative to the drive, with "/". `codes` begin with the main practice. `copy_of` and `near_copy_of` are
    the paths of the documents whose bytes, or nearly whose words, it has. `also_in` is the second language of a mixed
    document, or empty. `seed` names the dice that choose its words: a near copy shares them with its original.
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
    setting: Setting
    is_scan: bool = False
    copy_of: str = ""
    near_copy_of: str = ""

    @property
    def owner(self) -> str:
        """Who files it."""
        return self.setting.owner

    @property
    def programme(self) -> str:
        """The programme it is about, or empty for the whole school."""
        return self.setting.programme

    @property
    def school_year(self) -> str:
        """The school year it was written in, like "2025-26"."""
        return self.setting.school_year

    @property
    def written_on(self) -> date:
        """The day on it."""
        return self.setting.written_on

    @property
    def main_code(self) -> str:
        """The code of the practice the document shows first of all."""
        return self.codes[0]
