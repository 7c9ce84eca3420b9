"""Where a hit's text matches: the best window of it, and the words to mark, made from the stored text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from unicodedata import is_normalized

from evidence_app.domain.search.analysis import STEMMED_LANGUAGES, fold, spans, stem
from evidence_app.domain.search.grammar import SearchQuery
from evidence_app.domain.search.plan import Sequence, marks_of

SNIPPET_CHARS = 240
LEAD_CHARS = 70
"""What a snippet shows at most before its first match."""

MAX_MATCHES = 400
"""Matches of one text that are looked at; later ones hardly make a better window."""

HEAD_CHARS = 3
"""Letters at the beginning of a word that stemming leaves alone; a place that has none of them is not looked at."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, as plain text: to be escaped where it is shown."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """The best window of a text."""

    pieces: tuple[Piece, ...]
    at: int | None
    """Where in the whole text its first match begins, in characters; None if nothing of the text matches."""


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    term: int


class Marker:
    """Marks what a query looks for. Make one for a page of results."""

    def __init__(self, query: SearchQuery, languages: tuple[str, ...] = tuple(STEMMED_LANGUAGES)) -> None:
        """`languages` are those of the index."""
        self._first_language = languages[0]
        self._marks = marks_of(query, languages)
        heads = {s.rpartition(":")[2][:HEAD_CHARS] for stems in self._marks.words for s in stems}
        heads |= {sequence.words[0][:HEAD_CHARS] for sequence in self._marks.sequences}
        self._head = _begins_with(heads) if heads else None

    def title(self, text: str, language: str) -> tuple[Piece, ...]:
        """The whole of a short text, marked; found like a title, in its own language and in the school's."""
        return _pieces(text, 0, len(text), self._matches(text, {language, self._first_language}))

    def held(self, title: str, text: str, language: str) -> frozenset[int]:
        """Which of the words asked for stand in a title or its text: their numbers, in the order of the query."""
        found = [*self._matches(title, {language, self._first_language}), *self._matches(text, {language})]
        return frozenset(match.term for match in found)

    def snippet(self, text: str, language: str, chars: int = SNIPPET_CHARS) -> Snippet:
        """About `chars` characters of a body where most of the terms stand together; its beginning if none does."""
        found = self._matches(text, {language})
        if not found:
            return Snippet(_pieces(text, 0, _end(text, chars), []), None)
        first = _best(found, chars)
        start = _start(text, found[first].start)
        end = _end(text, max(start + chars, found[first].end))
        return Snippet(_pieces(text, start, end, found[first:]), found[first].start)

    def _matches(self, text: str, languages: set[str]) -> list[_Found]:
        """Matches in order; where two begin at the same word, the longer one."""
        if self._head is None:
            return []
        if is_normalized("NFC", text):
            # Folded letter by letter, so that places stay the same; most of a text is never looked at word by word.
            places: Iterator[int] = (head.start() for head in self._head.finditer(text.translate(_letters())))
        else:
            places = (start for _word, start, _end in spans(text))
        found: list[_Found] = []
        for place in places:
            if found and place < found[-1].end:
                continue
            match = self._match_at(text, place, languages)
            if match:
                found.append(match)
                if len(found) >= MAX_MATCHES:
                    break
        return found

    def _match_at(self, text: str, place: int, languages: set[str]) -> _Found | None:
        terms = len(self._marks.words)
        for number, sequence in enumerate(self._marks.sequences):
            end = _sequence_end(text, place, sequence)
            if end:
                return _Found(place, end, terms + number)
        word, start, end = next(spans(text, place), ("", 0, 0))
        forms = {stem(word, language) for language in languages} | {word} if start == place else set()
        for number, stems in enumerate(self._marks.words):
            if not forms.isdisjoint(stems):
                return _Found(start, end, number)
        return None


def _begins_with(heads: set[str]) -> re.Pattern[str]:
    """What finds the places where a word begins with one of these; of a script without spaces, wherever they stand."""
    unspaced = {head for head in heads if "\u3040" <= head[:1] <= "\u9fff"}
    spaced = "|".join(map(re.escape, sorted(heads - unspaced)))
    branches = [rf"(?<![^\W_])(?:{spaced})"] if spaced else []
    return re.compile("|".join([*branches, *map(re.escape, sorted(unspaced))]))


def _sequence_end(text: str, place: int, sequence: Sequence) -> int:
    """Where `sequence` ends if it begins at `place`, else 0."""
    end = 0
    following = islice(spans(text, place), len(sequence.words))
    held = 0
    for wanted, (word, start, stop) in zip(sequence.words, following, strict=False):
        is_last = held == len(sequence.words) - 1
        is_same = word.startswith(wanted) if sequence.is_open and is_last else word == wanted
        if not is_same or (held == 0 and start != place):
            return 0
        held, end = held + 1, stop
    return end if held == len(sequence.words) else 0


def _best(found: list[_Found], chars: int) -> int:
    """Which match the window should begin at: most different terms, then most matches, then the earliest."""
    best, best_worth = 0, (0, 0)
    last = 0
    for first, match in enumerate(found):
        while last < len(found) and found[last].end <= match.start + chars - LEAD_CHARS:
            last += 1
        window = found[first : max(last, first + 1)]
        worth = (len({held.term for held in window}), len(window))
        if worth > best_worth:
            best, best_worth = first, worth
    return best


def _start(text: str, match_at: int) -> int:
    """Where a snippet begins: with the sentence or line of its first match, or with a whole word."""
    earliest = max(0, match_at - LEAD_CHARS)
    if not earliest:
        return 0
    before = text[earliest:match_at]
    breaks = [found.end() for found in re.finditer(r"[.!?:]\s+|\n\s*", before)]
    spaces = [found.end() for found in re.finditer(r"\s+", before)]
    return earliest + next(iter(breaks[-1:] or spaces), len(before))


def _end(text: str, latest: int) -> int:
    if latest >= len(text):
        return len(text)
    space = re.search(r"\s", text[latest : latest + 40])
    return latest + space.start() if space else latest


def _pieces(text: str, start: int, end: int, found: list[_Found]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    place = start
    for match in found:
        if match.end > end:
            break
        pieces += [
            Piece(_spaced(text[place : match.start]), False),
            Piece(_spaced(text[match.start : match.end]), True),
        ]
        place = match.end
    pieces.append(Piece(_spaced(text[place:end]), False))
    if start:
        pieces.insert(0, Piece("… ", False))
    if end < len(text):
        pieces.append(Piece(" …", False))
    return tuple(piece for piece in pieces if piece.text)


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@cache
def _letters() -> dict[int, str]:
    """Letter -> the one letter it folds to."""
    folded = {place: fold(chr(place)) for place in range(0x41, 0x2000)}
    return {place: letter for place, letter in folded.items() if len(letter) == 1 and ord(letter) != place}
