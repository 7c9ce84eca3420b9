"""What the suggestions know of a document: its name, folder, title, headings, text and language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

HEAD_CHARACTERS: Final = 30_000
SAMPLE_CHARACTERS: Final = 3_000
SAMPLES: Final = 5
SENTENCE_ENDS: Final = (".", ";", ",", ":")
FIRST_LINE_CHARACTERS: Final = 100
NUMBERS_SHARE: Final = 0.25
LEAST_NUMBERS: Final = 10
WORD: Final = re.compile(r"\w+")
NAME_SEPARATORS: Final = re.compile(r"[_+%~]+|(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý][a-zà-ÿ])|\.(?=\D)")


@dataclass(frozen=True, slots=True)
class DocumentProfile:
    """A document, a link or a note as the suggestions see it; anything may be empty."""

    file_name: str = ""
    folder: str = ""
    """The folders it came in, outermost first, parted by a slash."""
    title: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    language: str | None = None
    """ISO 639-1; None or empty if it is not known."""

    @property
    def name(self) -> str:
        """The file's name in words: no ending, no underscores, words written together parted."""
        stem, dot, ending = self.file_name.rpartition(".")
        bare = stem if dot and stem and len(ending) <= 5 and " " not in ending else self.file_name
        return NAME_SEPARATORS.sub(" ", bare).strip()

    @property
    def folder_names(self) -> tuple[str, ...]:
        """The names of its folders in words, outermost first."""
        parts = self.folder.replace("\\", "/").split("/")
        return tuple(NAME_SEPARATORS.sub(" ", part).strip() for part in parts if part.strip(" ."))

    @property
    def first_heading(self) -> str:
        """The first heading, else the first line of the text if it may be one: short, no sentence; else nothing."""
        if self.headings:
            return self.headings[0]
        line = next((line.strip() for line in self.text[:2_000].splitlines() if line.strip()), "")
        return line if len(line) <= FIRST_LINE_CHARACTERS and line[-1:] not in SENTENCE_ENDS else ""

    @property
    def sample(self) -> str:
        """The text as far as it is looked at: its beginning, and of a long one pieces spread over the rest."""
        rest = len(self.text) - HEAD_CHARACTERS
        if rest <= SAMPLES * SAMPLE_CHARACTERS:
            return self.text[: HEAD_CHARACTERS + SAMPLES * SAMPLE_CHARACTERS]
        reach = rest - SAMPLE_CHARACTERS
        starts = [HEAD_CHARACTERS + reach * number // (SAMPLES - 1) for number in range(SAMPLES)]
        pieces = [self.text[:HEAD_CHARACTERS], *(self.text[start : start + SAMPLE_CHARACTERS] for start in starts)]
        return "\n\n".join(pieces)

    @property
    def lists_numbers(self) -> bool:
        """Whether a quarter of the words at its beginning are numbers: an invoice, a timetable, a table of results."""
        words: list[str] = WORD.findall(self.text[:SAMPLE_CHARACTERS])
        numbers = sum(word.isdigit() for word in words)
        return numbers >= LEAST_NUMBERS and numbers >= NUMBERS_SHARE * len(words)
