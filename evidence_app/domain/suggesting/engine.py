"""Which nodes of a framework a document seems to show, and why.

Several voices speak, each by itself: codes in names, the kind of document, phrases by place, words in common with the
catalogue, and tagged items it resembles. Each gives points to nodes; the points are divided by the highest of the
voice, then added. What several voices put in front is sure; what only one does is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from evidence_app.domain.suggesting.kinds import KindMatch
from evidence_app.domain.suggesting.model import SuggestionModel
from evidence_app.domain.suggesting.neighbours import TaggedNeighbour
from evidence_app.domain.suggesting.places import Place, read_places
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.quoting import Quotes
from evidence_app.domain.suggesting.reasons import Because
from evidence_app.domain.suggesting.voices import (
    CODE_IN_TEXT,
    NAMED_OUTRIGHT,
    Voice,
    ask_neighbours,
    excerpts_of,
    find_phrases,
    hear_kinds,
    hear_requests,
    name_codes,
    weigh_words,
)
from evidence_app.i18n import Message, msg

SOURCES: Final = ("codes", "requests", "kind", "phrases", "words", "learned")
WEIGHTS: Final = {"codes": 3.0, "requests": 0.5, "kind": 1.0, "phrases": 1.0, "words": 1.0, "learned": 1.0}
SHARPNESS: Final = {"phrases": 2}
"""The power to which a voice's points are raised before they are added: phrases in passing are many and say little, and
would else outweigh what the kind of document shows beside its main practice."""

FULL_SCORE: Final = 3.0
"""The sum of points at which a suggestion's score is 1."""

PHRASE_FLOOR: Final = 8.0
"""Phrases found that weigh less than this together make their voice weaker: a word in passing is not a topic."""

PHRASES_ENOUGH: Final = 2.5
"""With no code, kind or tagged item to go by, all phrases together must weigh this much, else nothing is suggested:
a phrase and a rare word in the text, or a phrase in a heading."""

FITS_WELL: Final = 0.5
"""The score from which on what is sure fits well: half of all points there are."""

LEARNED_ENOUGH: Final = 0.5
WORDS_FLOOR: Final = 12.0
LEAST_SHARE: Final = 0.1
"""A suggestion with less than this part of the first one's points is not worth showing."""

NAMED: Final = frozenset({"name", "title", "folder", "tagged", "version"})
"""What the code of a reason ends with that is not about the words of the text."""

REASONS_SHOWN: Final = 4
VOTES_TO_BE_SURE: Final = 2
POINTS_FOR_A_VOTE: Final = 0.6
"""More than the second practice of a kind of document is given: of what was then called sure four in five were right,
seven in ten with less."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A node a document may show: score from 0 to 1, reasons, strongest first, and whether the voices agree on it."""

    node_key: str
    score: float
    because: tuple[Because, ...]
    sure: bool

    @property
    def is_named(self) -> bool:
        """Whether a name, a title, a folder, a code or a tagged item speaks for it, not words of the text alone."""
        codes = [because.code for because in self.because]
        return any(code.startswith("code_") or code.rpartition("_")[2] in NAMED for code in codes)

    @property
    def fit(self) -> Message:
        """How well it fits, in words; "not sure" is said where the voices do not agree."""
        if not self.sure:
            return msg("may fit, not sure")
        return msg("fits well") if self.score >= FITS_WELL else msg("fits")


def suggest(
    profile: DocumentProfile,
    framework: SuggestionModel,
    learned: Sequence[TaggedNeighbour] = (),
    declined: Collection[str] = frozenset(),
    programmes: Collection[str] = (),
    limit: int = 5,
    sources: Collection[str] = SOURCES,
    requested: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    *,
    quoting: bool = True,
) -> list[Suggestion]:
    """The nodes the document seems to show, best first; none if it gives no ground for any.

    `learned` are tagged items it resembles (see Neighbours), only such as the reader may open: reasons name them.
    `declined` are node keys a person has declined for this item; they do not come back. With `programmes`, nodes of
    other programmes are left out. `sources` leaves voices out, for measuring what each is worth. `requested` is what
    its owner is asked for: node key -> id and title of the request; it speaks for what something else speaks for too.
    Reasons quote the document, or say the words of the framework that were found in it without `quoting`.
    Of a list of numbers only names and headings are looked at, and it takes a name or a tagged item to be sure.
    """
    profile, places, lists_numbers = _read(profile)
    excerpts = excerpts_of(places, framework, profile.language)
    kinds = framework.kinds.find(profile) if "kind" in sources and framework.kinds.kinds else []
    voices = {
        "codes": name_codes(places, framework),
        "kind": hear_kinds(kinds, framework),
        "phrases": find_phrases(excerpts),
        "words": weigh_words(excerpts),
        "learned": ask_neighbours(learned, framework),
    }
    voices["requests"] = hear_requests(requested, voices)
    voices = {source: voice for source, voice in voices.items() if source in sources}
    shows_nothing = _is_of_no_use(kinds)
    if not has_ground(voices, shows_nothing=shows_nothing):
        return []
    if shows_nothing:
        voices = {source: voice for source, voice in voices.items() if source in ("codes", "learned")}
    for source, floor in (("phrases", PHRASE_FLOOR), ("words", WORDS_FLOOR)):
        if source in voices:
            voices[source].scale(floor)
    quotes = Quotes(places if quoting else ())
    found = rank(voices, framework, frozenset(declined), frozenset(programmes), quotes=quotes)[:limit]
    return [replace(one, sure=one.sure and one.is_named) for one in found] if lists_numbers else found


@lru_cache(maxsize=2)
def _read(profile: DocumentProfile) -> tuple[DocumentProfile, tuple[Place, ...], bool]:
    """The document as it is looked at, its places, and whether it lists numbers; one is held against many books."""
    lists_numbers = profile.lists_numbers
    if lists_numbers:
        profile = replace(profile, text=profile.first_heading)
    return profile, read_places(profile), lists_numbers


def _is_of_no_use(kinds: Sequence[KindMatch]) -> bool:
    """Whether the likeliest kind shows nothing; what name and title say goes before headings: an invoice has any."""
    told = [match for match in kinds if match.place in ("name", "title")] or kinds
    return bool(told) and not told[0].kind.practices


def has_ground(voices: dict[str, Voice], *, shows_nothing: bool) -> bool:
    """Whether anything was found that is worth a suggestion; common words alone are not. Points are not yet scaled."""
    silent = Voice()
    if voices.get("codes", silent).strongest >= CODE_IN_TEXT:
        return True
    if voices.get("learned", silent).strongest >= LEARNED_ENOUGH:
        return True
    if shows_nothing:
        return False
    return voices.get("kind", silent).strongest > 0 or voices.get("phrases", silent).ground >= PHRASES_ENOUGH


def rank(
    voices: dict[str, Voice],
    framework: SuggestionModel,
    declined: frozenset[str],
    programmes: frozenset[str],
    *,
    words_count_alone: bool = False,
    quotes: Quotes,
) -> list[Suggestion]:
    """All nodes with points, best first, without those declined or of other programmes, and without the far weaker.

    Words in common count for what another voice speaks for too, or for anything where they `words_count_alone`.
    """
    totals: dict[str, float] = defaultdict(float)
    for source, voice in voices.items():
        for key, points in voice.points.items():
            is_heard = source != "words" or words_count_alone
            if is_heard or any(voices[other].points.get(key, 0) > 0 for other in voices if other != "words"):
                totals[key] += WEIGHTS[source] * points ** SHARPNESS.get(source, 1)
    wanted = {
        key: total
        for key, total in totals.items()
        if total > 0 and key not in declined and _is_of(framework, key, programmes)
    }
    order = {key: number for number, key in enumerate(framework.named)}
    named = voices["codes"].points if "codes" in voices else {}
    ranked = sorted(wanted, key=lambda key: (named.get(key, 0.0) < NAMED_OUTRIGHT, -wanted[key], order[key]))
    if not ranked:
        return []
    least = max(wanted.values()) * LEAST_SHARE
    orders = {source: _order(voice, wanted.keys()) for source, voice in voices.items()}
    return [
        Suggestion(
            node_key=key,
            score=round(min(1.0, wanted[key] / FULL_SCORE), 3),
            because=_reasons(voices, key, quotes),
            sure=_is_sure(voices, orders, key, number),
        )
        for number, key in enumerate(ranked, start=1)
        if wanted[key] >= least
    ]


def _is_of(framework: SuggestionModel, key: str, programmes: frozenset[str]) -> bool:
    of = framework.named[key].programmes
    return not programmes or not of or not programmes.isdisjoint(of)


def _order(voice: Voice, keys: Collection[str]) -> dict[str, int]:
    """Node key -> its place in one voice's order, from 1; nodes of equal points share the better place."""
    points = sorted((points for key, points in voice.points.items() if key in keys and points > 0), reverse=True)
    first: dict[float, int] = {}
    for number, value in enumerate(points, start=1):
        first.setdefault(value, number)
    return {key: first[value] for key, value in voice.points.items() if value in first and key in keys}


def _is_sure(voices: dict[str, Voice], orders: dict[str, dict[str, int]], key: str, number: int) -> bool:
    """Whether a code names it, or two voices, each with some force, put it as far in front as the sum of all does."""
    if "codes" in voices and voices["codes"].points.get(key, 0.0) > CODE_IN_TEXT:
        return True
    votes = sum(
        order.get(key, number + 1) <= number and voices[source].points[key] >= POINTS_FOR_A_VOTE
        for source, order in orders.items()
    )
    return votes >= VOTES_TO_BE_SURE


def _reasons(voices: dict[str, Voice], key: str, quotes: Quotes) -> tuple[Because, ...]:
    """The reasons of all voices for one node; that words are shared is said only if there is nothing better."""
    found: list[Because] = []
    for source in SOURCES:
        if source in voices and (source != "words" or not found):
            reasons = dict.fromkeys(map(quotes.of, voices[source].reasons.get(key, ())))
            found += [reason for reason in reasons if not _is_told(reason, found)]
    return tuple(found)[:REASONS_SHOWN]


def _is_told(reason: Because, told: Sequence[Because]) -> bool:
    """Whether its words stand in a reason given before ("inclusion" after "inclusion policy")."""
    words = dict(reason.params).get("words")
    return reason in told or (words is not None and any(words in dict(other.params).get("words", "") for other in told))
