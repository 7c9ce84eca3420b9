"""The voices that speak for nodes of a framework, each by itself: codes, kind, phrases, words, tagged neighbours."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from evidence_app.domain.suggesting.kinds import PRACTICE_WEIGHTS, KindMatch
from evidence_app.domain.suggesting.model import LanguageBook, SuggestionModel
from evidence_app.domain.suggesting.neighbours import TaggedNeighbour
from evidence_app.domain.suggesting.places import Place
from evidence_app.domain.suggesting.reasons import Because, says
from evidence_app.domain.suggesting.words import BREAK, fitting_languages

CODE_IN_TEXT: Final = 0.3
MOST_CODES_IN_TEXT: Final = 6
"""A text that names more codes is a list of them, and shows none."""

NAMED_OUTRIGHT: Final = 1.0
"""The points of a node whose own code stands in a name or a heading."""

ABOVE_THE_NAMED: Final = 0.9
BELOW_THE_NAMED: Final = 0.15
NAMING_PLACES: Final = frozenset({"name", "folder", "title", "heading"})
OLDER_CODES: Final = (0.8, 0.4)
"""The points of the nodes that a code of an older edition leads to, nearest first."""
OLDER_CODES_PLACES: Final = frozenset({"name", "folder"})
EVIDENCE_WEIGHT: Final = 1.5
FOREIGN_WORDS_SHARE: Final = 0.5
PHRASES_SHOWN: Final = 2


@dataclass(slots=True)
class Voice:
    """What one source says: points per node and its reasons, strongest first."""

    points: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[str, list[Because]] = field(default_factory=lambda: defaultdict(list))
    ground: float = 0.0
    """What speaks for any node at all, all together: a phrase counts once in the text, however often it stands."""

    @property
    def strongest(self) -> float:
        """The most points of any node; 0 if it says nothing."""
        return max(self.points.values(), default=0.0)

    def scale(self, floor: float) -> None:
        """Divides all points by the highest, or by the floor if that is more."""
        top = max(self.strongest, floor)
        for key in self.points:
            self.points[key] /= top

    def raise_to(self, key: str, points: float, reason: Because) -> None:
        """Gives a node at least these points, and one more reason."""
        self.points[key] = max(self.points[key], points)
        self.reasons[key].append(reason)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One place of a document read in one language: its known stems in order."""

    place: Place
    book: LanguageBook
    stems: list[str]
    share: float
    """1 for the document's language; less for English beside it."""


def excerpts_of(places: Sequence[Place], framework: SuggestionModel, language: str | None) -> tuple[Excerpt, ...]:
    """Every place in every language whose words are looked for."""
    return tuple(
        Excerpt(
            place, book, book.known_stems(place.tokens), 1.0 if number == 0 or not language else FOREIGN_WORDS_SHARE
        )
        for number, book in enumerate(framework.books[fitting] for fitting in fitting_languages(language))
        for place in places
    )


def name_codes(places: Sequence[Place], framework: SuggestionModel) -> Voice:
    """Nodes named by code or short name: the one named, the answered node above it, a little those below it."""
    voice = Voice()
    # The beginning of a long text is in the whole of it, which is the first of its name.
    whole = {place.name: place for place in reversed(places)}
    for place in (place for place in places if whole[place.name] is place):
        named = framework.codes.find(place.text)
        if place.name not in NAMING_PLACES and len(named) > MOST_CODES_IN_TEXT:
            continue
        outright = NAMED_OUTRIGHT if place.name in NAMING_PLACES else CODE_IN_TEXT
        for words, node in named.items():
            reason = says(f"code_in_{place.name}", words=words)
            for found in framework.codes.line_of(node):
                if found.key in framework.named:
                    voice.raise_to(found.key, outright if found is node else outright * ABOVE_THE_NAMED, reason)
            if node.key not in framework.named and place.name in NAMING_PLACES:
                for below in framework.nodes.values():
                    if node in framework.codes.line_of(below):
                        voice.raise_to(below.key, BELOW_THE_NAMED, reason)
        if place.name in OLDER_CODES_PLACES:
            for words, nodes in framework.codes.find_older(place.text).items():
                for points, node in zip(OLDER_CODES, nodes, strict=False):
                    voice.raise_to(node.key, points, says(f"older_code_in_{place.name}", words=words))
    return voice


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


def hear_requests(requested: Mapping[str, tuple[str, str]], voices: Mapping[str, Voice]) -> Voice:
    """What the owner is asked for, where the document itself gives a reason beside common words."""
    voice = Voice()
    for key, (request_id, title) in requested.items():
        if any(other.points.get(key, 0) > 0 for source, other in voices.items() if source != "words"):
            voice.raise_to(key, 1.0, says("requested", request=request_id, title=title))
    return voice


class _Gains:
    """What each phrase gives to each node, once per place, however many languages it is found in."""

    def __init__(self) -> None:
        self._by_node: dict[str, dict[tuple[str, str], tuple[float, Because]]] = defaultdict(dict)
        self._once: dict[tuple[str, str, str], float] = {}

    def add(self, key: str, place: Place, folded: str, weight: float, count: int, reason: Because) -> None:
        points = weight * place.weigh(count)
        known = self._by_node[key].get((place.name, folded))
        if known is None or known[0] < points:
            self._by_node[key][place.name, folded] = (points, reason)
            self._once[key, place.name, folded] = weight * min(place.weigh(count), place.most_ground)

    def voice(self) -> Voice:
        """The sums, with the reasons that gave most; a phrase is told once, where it counts most."""
        voice = Voice(ground=sum(self._once.values()))
        for key, found in self._by_node.items():
            ranked = sorted(found.values(), key=lambda entry: -entry[0])
            voice.points[key] = sum(points for points, _ in ranked)
            once: dict[tuple[tuple[str, str], ...], Because] = {}
            for _, reason in ranked:
                once.setdefault(reason.params, reason)
            voice.reasons[key] = list(once.values())[:PHRASES_SHOWN]
        return voice


def find_phrases(excerpts: Sequence[Excerpt]) -> Voice:
    """Phrases of the catalogue, weighted by where they stand; names and headings like a kind of evidence it lists."""
    gains = _Gains()
    for excerpt in excerpts:
        place, book = excerpt.place, excerpt.book
        found = book.count_phrases(excerpt.stems)
        found += [(book.acronyms[word], count) for word, count in place.acronyms.items() if word in book.acronyms]
        for phrase, count in found:
            reason = says(f"phrase_in_{place.name}", words=phrase.words)
            for key, weight in phrase.weights.items():
                gains.add(key, place, phrase.folded, weight, count, reason)
        if place.name in NAMING_PLACES:
            for evidence, share in book.like_evidence(excerpt.stems):
                reason = says(f"evidence_in_{place.name}", words=evidence.words)
                gains.add(evidence.node_key, place, evidence.words, EVIDENCE_WEIGHT * share, 1, reason)
    return gains.voice()


def weigh_words(excerpts: Sequence[Excerpt]) -> Voice:
    """Single words in common with the catalogue's labels, summaries and keywords (BM25), rarer ones counting more."""
    voice = Voice()
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    books = {excerpt.book.language: (excerpt.book, excerpt.share) for excerpt in excerpts}
    for excerpt in excerpts:
        of_language = weights[excerpt.book.language]
        for word, count in Counter(excerpt.stems).items():
            if word and word != BREAK:
                of_language[word] += excerpt.place.weigh(count)
    for language, of_language in weights.items():
        book, share = books[language]
        for word, weight in of_language.items():
            for key, points in book.postings.get(word, {}).items():
                voice.points[key] += share * math.log2(1 + weight) * points
    for key in voice.points:
        voice.reasons[key] = [says("words_shared")]
    return voice


def ask_neighbours(learned: Sequence[TaggedNeighbour], framework: SuggestionModel) -> Voice:
    """What similar items were tagged with: their share of all similarity, times the similarity of the nearest.

    What was declined for similar items takes away by the same measure; an item with nothing else takes no share.
    """
    voice = Voice()
    everybody = sum(neighbour.similarity**2 for neighbour in learned)
    if not everybody:
        return voice
    tagged = sum(neighbour.similarity**2 for neighbour in learned if neighbour.node_keys)
    nearest = max(neighbour.similarity for neighbour in learned)
    for neighbour in sorted(learned, key=lambda one: -one.similarity):
        part = neighbour.similarity**2 / (tagged if neighbour.node_keys else everybody) * nearest
        code = "older_version" if neighbour.same_series else "like_tagged"
        for key in neighbour.node_keys & framework.named.keys():
            voice.points[key] += part
            voice.reasons[key] = voice.reasons[key] or [says(code, item=neighbour.item_id, title=neighbour.title)]
        for key in neighbour.declined_keys & framework.named.keys():
            voice.points[key] -= part
    return voice
