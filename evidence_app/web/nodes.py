"""The entries of a school's frameworks in the reader's words, for tags, chips and choices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from flask import g

import standards
from evidence_app.domain.frameworks import followed
from evidence_app.domain.search import stem, words
from evidence_app.extensions import reading, school
from evidence_app.web.templating import language

MOST_FITTING = 12
MOST_WORDS_TYPED = 8


@dataclass(frozen=True, slots=True)
class NodeWords:
    """A practice or another entry: words first, code second. `code` is empty where it would only repeat the words."""

    key: str
    label: str
    code: str


class NodeBook:
    """Every entry of the frameworks a school follows, found by key."""

    def __init__(self, catalogues: Sequence[standards.Catalogue], in_language: str) -> None:
        self._catalogues = catalogues
        self._language = in_language
        self._places: dict[str, int] = {}
        self._words: dict[str, NodeWords] = {}

    def __getitem__(self, key: str) -> NodeWords:
        """The words of a node; its bare code where the school does not follow that framework any more."""
        known = self._words.get(key)
        if known is None:
            known = self._words[key] = self._words_of(key)
        return known

    def _words_of(self, key: str) -> NodeWords:
        for catalogue in self._catalogues:
            if key in catalogue:
                node = catalogue.node(key)
                return NodeWords(node.key, node.label(self._language), _shown_code(node.code))
        return NodeWords(key, standards.split_key(key)[1] or key, "")

    def of(self, keys: Iterable[str]) -> list[NodeWords]:
        """The words of these nodes, in their order."""
        return [self[key] for key in keys]

    def level(self, key: str) -> str:
        """The level of a node ("practice"), or "" for one that is not known here."""
        return next((c.node(key).level for c in self._catalogues if key in c), "")

    def line(self, key: str) -> list[str]:
        """The keys from the top of its framework down to a node; the bare key for one that is not known here."""
        for catalogue in self._catalogues:
            if key in catalogue:
                return [*(node.key for node in catalogue.ancestors(key)), key]
        return [key]

    def place(self, key: str) -> int:
        """Which number a node has in the order of its framework, what stands above first; unknown ones come last."""
        if not self._places:
            keys = (node.key for catalogue in self._catalogues for node in catalogue)
            self._places = {key: number for number, key in enumerate(keys)}
        return self._places.get(key, len(self._places))

    def choices(self) -> list[tuple[str, list[NodeWords]]]:
        """What an item can be tagged to, by group: practices under their standards, then the other frameworks."""
        groups: list[tuple[str, list[NodeWords]]] = []
        for catalogue in self._catalogues:
            practices = catalogue.practices()
            if practices:
                for parent_key in dict.fromkeys(node.parent_key for node in practices if node.parent_key):
                    mine = [node.key for node in practices if node.parent_key == parent_key]
                    groups.append((self[parent_key].label, self.of(mine)))
            else:
                leaves = [node.key for node in catalogue if not catalogue.children(node.key)]
                groups.append((catalogue.name(self._language), self.of(leaves)))
        return groups

    def fitting(self, typed: str, framework_key: str = "") -> list[NodeWords]:
        """What an item can be tagged to and every word typed fits, best first, at most MOST_FITTING of them.

        Of all frameworks the school follows, or of one.

        A word fits where it begins a code, or a word of the name, of the summary and key words, of what stands above (a
        standard) or below (a requirement); "assessments" fits "assessment", too. Case and accents do not matter.
        """
        asked = [word for word in typed.split() if words(word)][:MOST_WORDS_TYPED]
        begin = f"{framework_key}/" if framework_key else ""
        offered = (
            [one for _, members in self.choices() for one in members if one.key.startswith(begin)] if asked else []
        )
        ranked = [(self._distance(node.key, asked), number, node) for number, node in enumerate(offered)]
        fitting = sorted((one for one in ranked if one[0] < math.inf), key=lambda one: one[:2])
        return [node for _, _, node in fitting[:MOST_FITTING]]

    def _distance(self, key: str, asked: Sequence[str]) -> float:
        """How far these words are from an entry: 0 for one that begins its code, infinity where one does not fit."""
        catalogue = next(c for c in self._catalogues if key in c)
        node, below, spoken = catalogue.node(key), catalogue.descendants(key), self._language
        above = [one.label(spoken) for one in catalogue.ancestors(key)]
        texts = (
            node.label(spoken),
            " ".join((node.summary(spoken), node.own_text(spoken) or "", *node.keywords_in(spoken), *above)),
            " ".join(f"{one.label(spoken)} {one.summary(spoken)}" for one in below),
        )
        codes = [node.code.casefold(), *(one.code.casefold() for one in below)]
        return sum(_distance_of(word, codes, texts, spoken) for word in asked)


def nodes() -> NodeBook:
    """The frameworks of the school in the address, in the reader's language; made once a request."""
    known: NodeBook | None = g.get("node_book")
    if known is None:
        known = g.node_book = NodeBook(followed(reading(), school().id), language())
    return known


def said_once(line: Sequence[standards.Node]) -> list[standards.Node]:
    """A line of nodes from the top down, without those that are called like the next one below them."""
    spoken = language()
    below = [node.label(spoken) for node in line[1:]]
    return [node for node, next_label in zip_longest(line, below) if node.label(spoken) != next_label]


def _distance_of(typed: str, codes: Sequence[str], texts: Sequence[str], spoken: str) -> float:
    if any(code.startswith(typed.casefold()) for code in codes):
        return 0
    wanted = words(typed)
    for distance, text in enumerate(texts, 1):
        there, stems = _said_in(text, spoken)
        if all(stem(one, spoken) in stems or any(word.startswith(one) for word in there) for one in wanted):
            return distance
    return math.inf


@lru_cache(maxsize=2048)
def _said_in(text: str, spoken: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a text of a catalogue, and their stems; it is asked for with every letter somebody types."""
    there = frozenset(words(text))
    return there, frozenset(stem(word, spoken) for word in there)


def _shown_code(code: str) -> str:
    return code if any(character.isdigit() for character in code) else ""
