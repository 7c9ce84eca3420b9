"""Which nodes of a framework a document seems to show, and why.

Several voices speak, each by itself: codes in names, the kind of document, phrases by place, words in common with the
catalogue, and tagged items it resembles. Each gives points to nodes; the points are divided by the highest of the
voice, then added. What several voices put in front is sure; what only one does is not.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from evidence_app.domain.suggesting.kinds import PRACTICE_WEIGHTS, KindMatch
from evidence_app.domain.suggesting.model import Phrase, SuggestionModel
from evidence_app.domain.suggesting.neighbours import TaggedNeighbour
from evidence_app.domain.suggesting.places import Place, read_places
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.reasons import Because, says
from evidence_app.domain.suggesting.words import BREAK, fitting_languages

SOURCES: Final = ("codes", "kind", "phrases", "words", "learned")
WEIGHTS: Final = {"codes": 3.0, "kind": 1.0, "phrases": 1.0, "words": 1.0, "learned": 1.0}
FULL_SCORE: Final = 3.0
"""The sum of points at which a suggestion's score is 1."""

PHRASE_FLOOR: Final = 8.0
"""Phrases found that weigh less than this together make their voice weaker: a word in passing is not a topic."""

PHRASES_ENOUGH: Final = 2.5
"""With no code, kind or tagged item to go by, all phrases together must weigh this much, else nothing is suggested:
a phrase and a rare word in the text, or a phrase in a heading."""

LEARNED_ENOUGH: Final = 0.5
WORDS_FLOOR: Final = 12.0
FOREIGN_WORDS_SHARE: Final = 0.5
STANDARD_IN_FOLDER: Final = 0.15
CODE_IN_TEXT: Final = 0.3
NAMED_OUTRIGHT: Final = 1.0
"""The points of a node whose own code stands in a name or a heading: it comes first."""

ABOVE_THE_NAMED: Final = 0.9
MOST_CODES_IN_TEXT: Final = 6
LEAST_SHARE: Final = 0.1
"""A suggestion with less than this part of the first one's points is not worth showing."""

REASONS_SHOWN: Final = 4
PHRASES_SHOWN: Final = 2
VOTES_TO_BE_SURE: Final = 2
POINTS_FOR_A_VOTE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A node a document may show: score from 0 to 1, reasons, strongest first, and whether the voices agree on it."""

    node_key: str
    score: float
    because: tuple[Because, ...]
    sure: bool


@dataclass(slots=True)
class Voice:
    """What one source says: points per node (1 at most once scaled) and its reasons."""

    points: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[str, list[Because]] = field(default_factory=lambda: defaultdict(list))

    def scaled(self, floor: float) -> Voice:
        """The same with all points divided by the highest, or by the floor if that is more; none below zero."""
        top = max([*self.points.values(), floor])
        self.points = {key: points / top for key, points in self.points.items() if points > 0}
        return self


def suggest(
    profile: DocumentProfile,
    framework: SuggestionModel,
    learned: Sequence[TaggedNeighbour] = (),
    declined: Collection[str] = frozenset(),
    programmes: Collection[str] = (),
    limit: int = 5,
    sources: Collection[str] = SOURCES,
) -> list[Suggestion]:
    """The nodes the document seems to show, best first; none if it gives no ground for any.

    `learned` are tagged items it resembles (see Neighbours), only such as the reader may open: reasons name them.
    `declined` are node keys a person has declined for this item; they do not come back. With `programmes`, nodes of
    other programmes are left out. `sources` leaves voices out, for measuring what each is worth.
    """
    places = read_places(profile)
    kinds = framework.kinds.find(profile) if "kind" in sources else []
    voices = {
        "codes": name_codes(places, framework),
        "kind": hear_kinds(kinds, framework),
        "phrases": find_phrases(profile, places, framework),
        "words": weigh_words(profile, places, framework),
        "learned": ask_neighbours(learned, framework),
    }
    voices = {source: voice for source, voice in voices.items() if source in sources}
    shows_nothing = bool(kinds) and not kinds[0].kind.practices
    if not has_ground(voices, shows_nothing=shows_nothing):
        return []
    if shows_nothing:
        voices = {source: voice for source, voice in voices.items() if source in ("codes", "learned")}
    for source, floor in (("phrases", PHRASE_FLOOR), ("words", WORDS_FLOOR)):
        if source in voices:
            voices[source].scaled(floor)
    return rank(voices, framework, frozenset(declined), frozenset(programmes))[:limit]


def has_ground(voices: dict[str, Voice], *, shows_nothing: bool) -> bool:
    """Whether anything was found that is worth a suggestion; common words alone are not. Points are not yet scaled."""

    def strongest(source: str) -> float:
        return max(voices[source].points.values(), default=0.0) if source in voices else 0.0

    weight_of_phrases = sum(voices["phrases"].points.values()) if "phrases" in voices else 0.0
    if strongest("codes") >= CODE_IN_TEXT or strongest("learned") >= LEARNED_ENOUGH:
        return True
    return not shows_nothing and (strongest("kind") > 0 or weight_of_phrases >= PHRASES_ENOUGH)


def name_codes(places: Sequence[Place], framework: SuggestionModel) -> Voice:
    """Nodes named by code or short name: the one named, and at a lower level the answered node above it."""
    voice = Voice()
    for place in places:
        named = framework.codes.find(place.text)
        if place.name == "text" and len(named) > MOST_CODES_IN_TEXT:
            continue  # A text that names many codes is a list of them, and shows none.
        for words, node in named.items():
            reason = says(f"code_in_{place.name}", words=words)
            for found in framework.codes.line_of(node):
                if found.key in framework.named:
                    points = CODE_IN_TEXT if place.name == "text" else NAMED_OUTRIGHT
                    voice.points[found.key] = max(
                        voice.points[found.key], points if found is node else points * ABOVE_THE_NAMED
                    )
                    voice.reasons[found.key].append(reason)
            if node.key not in framework.named:
                _hint_below(voice, framework, node.key, reason)
    return voice


def _hint_below(voice: Voice, framework: SuggestionModel, key: str, reason: Because) -> None:
    """A standard that is named gives a little to each of its practices."""
    for node in framework.nodes.values():
        if any(above.key == key for above in framework.codes.line_of(node)):
            voice.points[node.key] = max(voice.points[node.key], STANDARD_IN_FOLDER)
            voice.reasons[node.key].append(reason)


def hear_kinds(kinds: Sequence[KindMatch], framework: SuggestionModel) -> Voice:
    """The practices the kinds of document speak for; a kind found less strongly than the first gives less."""
    voice = Voice()
    for match in kinds:
        share = (match.strength / kinds[0].strength) ** 2
        for code, weight in zip(match.kind.practices, PRACTICE_WEIGHTS, strict=False):
            key = f"{framework.key}/{code}"
            if key in framework.nodes and share * weight > voice.points[key]:
                voice.points[key] = share * weight
                voice.reasons[key] = [says(f"kind_in_{match.place}", words=match.words)]
    return voice


def find_phrases(profile: DocumentProfile, places: Sequence[Place], framework: SuggestionModel) -> Voice:
    """Phrases of the catalogue, in the document's language and in English, weighted by where they stand."""
    voice = Voice()
    gains: dict[str, dict[str, tuple[float, Because]]] = defaultdict(dict)
    for language in fitting_languages(profile.language):
        book = framework.books[language]
        for place in places:
            line = book.known_stems(place.tokens)
            found: Iterable[tuple[Phrase, int]] = [
                *book.count_phrases(line),
                *((book.acronyms[word], count) for word, count in place.acronyms.items() if word in book.acronyms),
            ]
            for phrase, count in found:
                worth = place.weigh(count)
                reason = says(f"phrase_in_{place.name}", words=phrase.words)
                for key, weight in phrase.weights.items():
                    known = gains[key].get(f"{place.name} {phrase.folded}")
                    if known is None or known[0] < weight * worth:
                        gains[key][f"{place.name} {phrase.folded}"] = (weight * worth, reason)
    for key, found_here in gains.items():
        ranked = sorted(found_here.values(), key=lambda entry: -entry[0])
        voice.points[key] = sum(points for points, _ in ranked)
        voice.reasons[key] = _one_a_phrase(reason for _, reason in ranked)[:PHRASES_SHOWN]
    return voice


def _one_a_phrase(reasons: Iterable[Because]) -> list[Because]:
    """The reasons with each phrase named once, where it counts most."""
    return list({reason.params: reason for reason in reversed(list(reasons))}.values())[::-1]


def weigh_words(profile: DocumentProfile, places: Sequence[Place], framework: SuggestionModel) -> Voice:
    """Single words in common with the catalogue's labels, summaries and keywords (BM25), rarer ones counting more."""
    voice = Voice()
    languages = fitting_languages(profile.language)
    for number, language in enumerate(languages):
        book = framework.books[language]
        share = 1.0 if number == 0 or not profile.language else FOREIGN_WORDS_SHARE
        weights: dict[str, float] = defaultdict(float)
        for place in places:
            counts: dict[str, int] = defaultdict(int)
            for word in book.known_stems(place.tokens):
                counts[word] += 1
            for word, count in counts.items():
                if word and word != BREAK:
                    weights[word] += place.weigh(count)
        for word, weight in weights.items():
            for key, points in book.postings.get(word, {}).items():
                voice.points[key] += share * math.log2(1 + weight) * points
    for key in voice.points:
        voice.reasons[key] = [says("words_shared")]
    return voice


def ask_neighbours(learned: Sequence[TaggedNeighbour], framework: SuggestionModel) -> Voice:
    """What similar items were tagged with: their share of all similarity, times the similarity of the nearest."""
    voice = Voice()
    total = sum(neighbour.similarity**2 for neighbour in learned)
    if not total:
        return voice
    nearest = max(neighbour.similarity for neighbour in learned)
    for neighbour in sorted(learned, key=lambda one: -one.similarity):
        part = neighbour.similarity**2 / total * nearest
        code = "older_version" if neighbour.same_series else "like_tagged"
        for key in neighbour.node_keys & framework.named.keys():
            voice.points[key] += part
            voice.reasons[key] = voice.reasons[key] or [says(code, title=neighbour.title)]
        for key in neighbour.declined_keys & framework.named.keys():
            voice.points[key] -= part
    return voice


def rank(
    voices: dict[str, Voice], framework: SuggestionModel, declined: frozenset[str], programmes: frozenset[str]
) -> list[Suggestion]:
    """All nodes with points, best first, without those declined or of other programmes, and without the far weaker."""
    totals: dict[str, float] = defaultdict(float)
    for source, voice in voices.items():
        for key, points in voice.points.items():
            if source != "words" or any(voices[other].points.get(key, 0) > 0 for other in voices if other != "words"):
                totals[key] += WEIGHTS[source] * points
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
            because=_reasons(voices, key),
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


def _reasons(voices: dict[str, Voice], key: str) -> tuple[Because, ...]:
    """The reasons of all voices for one node; that words are shared is said only if there is nothing better."""
    found: list[Because] = []
    for source in SOURCES:
        if source in voices and (source != "words" or not found):
            found += [reason for reason in voices[source].reasons.get(key, ()) if not _is_told(reason, found)]
    return tuple(found)[:REASONS_SHOWN]


def _is_told(reason: Because, told: Sequence[Because]) -> bool:
    """Whether its words stand in a reason given before ("inclusion" after "inclusion policy")."""
    words = dict(reason.params).get("words")
    return reason in told or (words is not None and any(words in dict(other.params).get("words", "") for other in told))
