"""The places of a document where words are looked for, and what a word is worth in each."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.words import BREAK, acronyms, is_shouted, tokens

WEIGHTS: Final = {"name": 4.0, "title": 3.0, "heading": 2.0, "folder": 2.0}
FULL_COUNT_WORDS: Final = 500
"""In a longer text each occurrence counts for less: a long handbook mentions everything once."""

LONG_CHARACTERS: Final = 6_000
OPENING_CHARACTERS: Final = 2_000
"""The beginning of a longer text is looked at by itself too: it says what the whole is about."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a document: its name (name, folder, title, heading, text), its text, words and acronyms."""

    name: str
    text: str
    tokens: tuple[str, ...] = field(repr=False)
    acronyms: Counter[str] = field(repr=False)

    @property
    def most_ground(self) -> float:
        """What a phrase here adds at most to the ground for any suggestion: in the text, as if it stood there once."""
        return WEIGHTS.get(self.name, 1.0)

    def weigh(self, count: int) -> float:
        """What `count` occurrences here are worth; in the text their logarithm, thinned out by its length."""
        if self.name in WEIGHTS:
            return WEIGHTS[self.name]
        return math.log2(1 + count * min(1.0, FULL_COUNT_WORDS / max(len(self.tokens), 1)))


def read_places(profile: DocumentProfile) -> tuple[Place, ...]:
    """The places of a document that hold any text."""
    headings = profile.headings or ((profile.first_heading,) if profile.first_heading else ())
    texts = {
        "name": (profile.name,),
        "folder": profile.folder_names,
        "title": (profile.title,),
        "heading": headings,
        "text": (profile.sample,),
    }
    places = [_place(name, [text for text in lines if text]) for name, lines in texts.items() if any(lines)]
    if len(profile.text) > LONG_CHARACTERS:
        places.append(_place("text", [profile.text[:OPENING_CHARACTERS]]))
    return tuple(places)


def _place(name: str, lines: list[str]) -> Place:
    """Several lines as one place; capitals mark no acronym in a line that is all capitals."""
    found: Counter[str] = Counter()
    for line in lines:
        if name == "text" or not is_shouted(line):
            found += acronyms(line)
    text = "\n\n".join(lines)
    return Place(name, text, tuple(tokens(text)) or (BREAK,), found)
