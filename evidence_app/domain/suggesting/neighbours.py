"""The school's own tagged items that a document resembles: by words, or by a name that says older version or series."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from evidence_app.domain.evidence import version_stem
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.words import BREAK, stem, tokens

DIGEST_WORDS: Final = 80
SHORTEST_WORD: Final = 3
WORDS_ASKED: Final = 40
"""Of a document's words the weightiest, by which items are looked up: it keeps a question to a few milliseconds."""

COMMON_SHARE: Final = 0.2
COMMON_FROM_ITEMS: Final = 25
"""Words of more than this share of the items tell nothing apart, once there are enough items to say so."""

NAME_REPEATS: Final = 3
LEAST_SIMILARITY: Final = 0.25
SERIES_SIMILARITY: Final = 0.9
SERIES_LEAST_WORDS: Final = 0.15
"""Items of near-equal names count as one series only if their words agree this much, where both have words."""

SERIES_NOISE: Final = re.compile(
    r"\b(?:v|ver|version|rev|draft|final|new|old|copy|copie|copia|brouillon|borrador|bozza|versione|nouveau|nouvelle|nuevo|nueva|nuovo|nuova)"
    r"\d*\b|\d+"
)


@dataclass(frozen=True, slots=True)
class TaggedItem:
    """An item people have decided about: its names, the digest of its text, what was accepted and what declined."""

    item_id: str
    title: str
    file_name: str
    digest: str
    accepted: frozenset[str]
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TaggedNeighbour:
    """A tagged item that a document resembles; `similarity` from 0 to 1."""

    item_id: str
    title: str
    node_keys: frozenset[str]
    similarity: float
    same_series: bool = False
    declined_keys: frozenset[str] = frozenset()


@lru_cache(maxsize=2)
def text_digest(profile: DocumentProfile) -> str:
    """The words by which a document is compared with others, most frequent first, as "stem:count stem:count ...".

    A name that a camera or a scanner gave is none of them: all its pictures would be alike.
    """
    language = profile.language or "en"
    counts: Counter[str] = Counter()
    names = [
        profile.name if version_stem(profile.file_name) else "",
        profile.title if version_stem(profile.title) else "",
    ]
    named = f" {BREAK} ".join(names).split(" ") * NAME_REPEATS
    for word in (*tokens(" ".join(named)), *tokens(profile.sample)):
        if len(word) >= SHORTEST_WORD and not word.isdigit():
            counts[word] += 1
    by_stem: Counter[str] = Counter()
    for word, count in counts.items():
        by_stem[stem(word, language)] += count
    ranked = sorted(by_stem.items(), key=lambda entry: (-entry[1], entry[0]))
    return " ".join(f"{word}:{count}" for word, count in ranked[:DIGEST_WORDS])


def series_of(file_name: str) -> str:
    """What the name of a file has in common with its other versions: no ending, years, numbers, "final", "copy".

    "" for a name that a camera or a scanner gave: all its pictures would be one series.
    """
    if not version_stem(file_name):
        return ""
    words = tokens(SERIES_NOISE.sub(" ", " ".join(tokens(DocumentProfile(file_name=file_name).name))))
    return " ".join(sorted({word for word in words if word != BREAK}))


def words_of_digest(digest: str) -> dict[str, float]:
    """Word -> dampened count of a digest; entries without a count are skipped."""
    found = {}
    for entry in digest.split():
        word, _, count = entry.rpartition(":")
        if word and count.isdigit() and int(count) > 0:
            found[word] = 1 + math.log(int(count))
    return found


def likeness(one: str, other: str) -> float:
    """How alike two documents are by their digests: 1 for the same words as often, 0 for none in common."""
    mine, theirs = words_of_digest(one), words_of_digest(other)
    lengths = math.sqrt(sum(w * w for w in mine.values())) * math.sqrt(sum(w * w for w in theirs.values()))
    return sum(weight * theirs.get(word, 0.0) for word, weight in mine.items()) / lengths if lengths else 0.0


class Neighbours:
    """A school's tagged items, to be asked which resemble a document. Give it only items the reader may open."""

    def __init__(self, items: Iterable[TaggedItem]) -> None:
        self._items = tuple(items)
        parsed = [words_of_digest(item.digest) for item in self._items]
        users = Counter(word for words in parsed for word in words)
        total = len(self._items)
        common = COMMON_SHARE * total if total >= COMMON_FROM_ITEMS else total
        self._rarity = {word: math.log(1 + total / count) if count <= common else 0.0 for word, count in users.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._series: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(parsed):
            for word, weight in self._weighted(words).items():
                self._postings[word].append((number, weight))
            if name := series_of(self._items[number].file_name):
                self._series[name].append(number)

    def __len__(self) -> int:
        return len(self._items)

    def _weighted(self, words: dict[str, float]) -> dict[str, float]:
        """The words' weights scaled so that the sum of their squares is 1; a word no item has counts as the rarest."""
        rarest = math.log(1 + max(len(self._items), 1))
        weights = {
            word: weight * rarity for word, weight in words.items() if (rarity := self._rarity.get(word, rarest)) > 0
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    def near(
        self, profile: DocumentProfile, *, limit: int = 8, without: frozenset[str] = frozenset()
    ) -> list[TaggedNeighbour]:
        """The items with accepted tags most like a document, nearest first, then those with declined ones alone.

        At most `limit` of either; `without` names items to leave aside.
        """
        mine = self._weighted(words_of_digest(text_digest(profile)))
        similarity: dict[int, float] = defaultdict(float)
        for word in sorted(mine, key=lambda word: -mine[word])[:WORDS_ASKED]:
            weight = mine[word]
            for number, other in self._postings.get(word, ()):
                similarity[number] += weight * other
        series = set(self._series.get(series_of(profile.file_name), ()))
        for number in series:
            alike = similarity[number]
            if alike >= SERIES_LEAST_WORDS or not profile.text or not self._items[number].digest:
                similarity[number] = max(alike, SERIES_SIMILARITY)
        found = [
            TaggedNeighbour(
                item_id=item.item_id,
                title=item.title or item.file_name,
                node_keys=item.accepted,
                similarity=min(alike, 1.0),
                same_series=number in series,
                declined_keys=item.declined,
            )
            for number, alike in similarity.items()
            if alike >= LEAST_SIMILARITY and (item := self._items[number]).item_id not in without
        ]
        nearest = sorted(found, key=lambda neighbour: (-neighbour.similarity, neighbour.item_id))
        # What was only ever declined teaches beside those that were accepted, not in their place.
        accepted = [neighbour for neighbour in nearest if neighbour.node_keys][:limit]
        return accepted + [neighbour for neighbour in nearest if not neighbour.node_keys][:limit]
