"""The words of a reason as they stand in the document: catalogues know them in another form, or another language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from evidence_app.domain.suggesting.kinds import SLACK
from evidence_app.domain.suggesting.model import PREFIX_LENGTH
from evidence_app.domain.suggesting.places import Place
from evidence_app.domain.suggesting.reasons import Because, says
from evidence_app.domain.suggesting.words import LANGUAGES, SAME_LENGTH, SMALL_WORDS, fold, phrase_stems, stem

WORD: Final = re.compile(r"[^\W_]+")
END: Final = re.compile(r"[.!?;:|\t]|\n\s*\n")
REACH: Final = 160
"""So many characters a phrase may take up, from its first word to its last."""

QUOTING: Final = frozenset({"kind", "phrase"})
"""What the code of a reason begins with that quotes the document; others quote a code, a title or the catalogue."""


class Quotes:
    """The words of reasons, looked for in the places of one document."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: dict[str, _Written] = {}
        for place in places:
            self._places.setdefault(place.name, _Written(place.text))

    def of(self, reason: Because) -> Because:
        """The same reason with the words that stand there; as it is where it quotes none."""
        what, _, place = reason.code.partition("_in_")
        if what not in QUOTING or place not in self._places:
            return reason
        return says(reason.code, words=self._places[place].quote(dict(reason.params)["words"]))


class _Written:
    """One text of a document, in which phrases are looked for by their stems, from where one of them may begin."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _lowered(self) -> str:
        return self.text.lower()

    @cached_property
    def _folded(self) -> str:
        """The text without accents, each letter where it stands; "" where folding would move them."""
        return self._lowered.translate(SAME_LENGTH) if len(self._lowered) == len(self.text) else ""

    def quote(self, words: str) -> str:
        """The words where they stand so, else what was recognised as them, in the form it has here."""
        wanted = words.lower()
        if wanted in self._lowered and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", self._lowered):
            return words
        found = (self._in_language(phrase_stems(words, language), language) for language in LANGUAGES)
        return next(filter(None, found), words)

    def _in_language(self, wanted: tuple[str, ...], language: str) -> str:
        """The first place at which all these stems stand near each other in one sentence, "" where none is."""
        begins = "|".join(dict.fromkeys(re.escape(one[:PREFIX_LENGTH]) for one in wanted))
        starts = (match.start() for match in re.finditer(rf"(?<![^\W_])(?:{begins})", self._folded)) if begins else ()
        found = (_all_of(self.text[start : start + REACH], wanted, language) for start in starts)
        return next(filter(None, found), "")


def _all_of(text: str, wanted: tuple[str, ...], language: str) -> str:
    """The beginning of a text up to where all these stems have stood, the first of its words among them; or ""."""
    sentence = END.split(text, maxsplit=1)[0]
    words = [match for match in WORD.finditer(sentence) if fold(match[0]) not in SMALL_WORDS]
    missing = set(wanted)
    for number, word in enumerate(words[: len(wanted) + SLACK]):
        found = stem(fold(word[0]), language)
        if not number and found not in missing:
            return ""
        missing.discard(found)
        if not missing:
            return " ".join(sentence[: word.end()].split())
    return ""
