"""A framework made ready for suggestions: its words and phrases per language, its codes, its kinds of document."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

import standards
from evidence_app.domain.suggesting.codes import CodeBook
from evidence_app.domain.suggesting.kinds import KindBook, load_kinds
from evidence_app.domain.suggesting.words import (
    BREAK,
    LANGUAGES,
    count_all,
    fold,
    is_acronym,
    phrase_stems,
    stem,
    stems,
)
from standards import Catalogue, Node

PREFIX_LENGTH: Final = 3
REMEMBERED_WORDS: Final = 200_000
LENGTH_WEIGHTS: Final = (1.0, 1.5, 2.0)
"""What a phrase of one, two, three or more words weighs before its rarity is reckoned in."""

ACRONYM_WEIGHT: Final = 1.5
FEWEST_WORDS_SHARE: Final = 0.1
LABEL_REPEATS: Final = 2
EVIDENCE_LEAST_WORDS: Final = 2
EVIDENCE_LEAST_SHARE: Final = 0.65
BM25_K1: Final = 1.2
BM25_B: Final = 0.5


@dataclass(slots=True)
class Phrase:
    """A phrase that points to one or several nodes: node key -> weight."""

    words: str
    folded: str
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A kind of evidence the catalogue names for a node."""

    words: str
    node_key: str
    stems: frozenset[str]


class LanguageBook:
    """The phrases and words of a framework's nodes in one language, found by stem."""

    def __init__(self, language: str, nodes: Sequence[Node]) -> None:
        self.language = language
        self._size = len(nodes)
        self.acronyms: dict[str, Phrase] = {}
        self._alone: dict[str, Phrase] = {}
        self._starts: dict[tuple[str, ...], list[tuple[tuple[str, ...], Phrase]]] = {}
        self.postings = _postings(language, nodes)
        self._take_phrases(nodes)
        self._evidence = _read_evidence(language, nodes)
        vocabulary = {
            *self.postings,
            *self._alone,
            *(word for longer in self._starts.values() for found, _ in longer for word in found),
        }
        self._vocabulary = vocabulary
        self._prefixes = {word[:PREFIX_LENGTH] for word in vocabulary}
        self._remembered: dict[str, str] = {}

    def _take_phrases(self, nodes: Sequence[Node]) -> None:
        """Weighs each phrase: longer ones more, those of several nodes less, single words by how few nodes use them."""
        by_stems: dict[tuple[str, ...], Phrase] = {}
        for node in nodes:
            for words in dict.fromkeys(node.keywords.get(self.language, ())):
                if is_acronym(words):
                    phrase = self.acronyms.setdefault(words, Phrase(words, words))
                    phrase.weights[node.key] = ACRONYM_WEIGHT
                elif found := phrase_stems(words, self.language):
                    phrase = by_stems.setdefault(found, Phrase(words, fold(words)))
                    phrase.weights[node.key] = LENGTH_WEIGHTS[min(len(found), len(LENGTH_WEIGHTS)) - 1]
        for found, phrase in by_stems.items():
            rarity = self._rarity(found[0], len(nodes)) if len(found) == 1 else 1.0
            share = rarity / len(phrase.weights)
            phrase.weights = {key: weight * share for key, weight in phrase.weights.items()}
            if len(found) == 1:
                self._alone[found[0]] = phrase
            else:
                self._starts.setdefault(found[:2], []).append((found, phrase))
        for phrase in self.acronyms.values():
            phrase.weights = {key: weight / len(phrase.weights) for key, weight in phrase.weights.items()}

    def _rarity(self, word: str, nodes: int) -> float:
        """1 for a word of one node alone, towards 0.1 for a word that many nodes use."""
        users = len(self.postings.get(word, ())) or 1
        return max(FEWEST_WORDS_SHARE, 1 - math.log(users) / math.log(max(nodes / 3, 2)))

    def known_stems(self, words: Iterable[str]) -> list[str]:
        """The stem of each folded word if the framework uses it, else an empty text; breaks stay."""
        remembered = self._remembered
        if len(remembered) > REMEMBERED_WORDS:
            remembered.clear()
        line = []
        for word in words:
            known = remembered.get(word)
            if known is None:
                known = remembered[word] = self._look_up(word)
            line.append(known)
        return line

    def _look_up(self, word: str) -> str:
        if word == BREAK or word[:PREFIX_LENGTH] not in self._prefixes:
            return BREAK if word == BREAK else ""
        found = stem(word, self.language)
        return found if found in self._vocabulary else ""

    def count_phrases(self, line: Sequence[str]) -> list[tuple[Phrase, int]]:
        """The phrases that stand in a line of known stems, with how often."""
        found = [(self._alone[word], count) for word, count in Counter(line).items() if word in self._alone]
        counts: Counter[int] = Counter()
        longer: dict[int, Phrase] = {}
        for position, pair in enumerate(pairwise(line)):
            for wanted, phrase in self._starts.get(pair, ()):
                if len(wanted) == len(pair) or tuple(line[position : position + len(wanted)]) == wanted:
                    counts[id(phrase)] += 1
                    longer[id(phrase)] = phrase
        return found + [(longer[number], count) for number, count in counts.items()]

    def like_evidence(self, line: Sequence[str]) -> list[tuple[EvidenceLine, float]]:
        """The kinds of evidence that a sentence of these stems resembles, with how much of their weight it shares."""
        best: dict[EvidenceLine, float] = {}
        for sentence in _sentences(line):
            for evidence in self._evidence:
                shared = sentence & evidence.stems
                if len(shared) >= EVIDENCE_LEAST_WORDS:
                    share = self._worth(shared) / self._worth(evidence.stems)
                    if share >= max(EVIDENCE_LEAST_SHARE, best.get(evidence, 0.0)):
                        best[evidence] = share
        return list(best.items())

    def _worth(self, words: Iterable[str]) -> float:
        """The sum of the words' rarities among the nodes."""
        return sum(math.log(1 + self._size / (1 + len(self.postings.get(word, ())))) for word in words)


def _sentences(line: Sequence[str]) -> list[set[str]]:
    """The sets of known stems between the breaks of a line, where there are enough to resemble anything."""
    found: list[set[str]] = [set()]
    for word in line:
        if word == BREAK:
            found.append(set())
        elif word:
            found[-1].add(word)
    return [words for words in found if len(words) >= EVIDENCE_LEAST_WORDS]


def _read_evidence(language: str, nodes: Sequence[Node]) -> list[EvidenceLine]:
    """The kinds of evidence that have two words or more."""
    lines = [
        EvidenceLine(words, node.key, frozenset(phrase_stems(words, language)))
        for node in nodes
        for words in node.evidence_kinds.get(language, ())
    ]
    return [line for line in lines if len(line.stems) >= EVIDENCE_LEAST_WORDS]


def _postings(language: str, nodes: Sequence[Node]) -> dict[str, dict[str, float]]:
    """Word stem -> node key -> BM25 weight, over labels, summaries, keywords and kinds of evidence in the language."""
    counts: dict[str, Counter[str]] = {}
    for node in nodes:
        texts = [node.labels.get(language, "")] * LABEL_REPEATS
        texts += [node.summaries.get(language, ""), *node.evidence_kinds.get(language, ())]
        texts += [words for words in node.keywords.get(language, ()) if not is_acronym(words)]
        counts[node.key] = count_all(stems(f" {BREAK} ".join(texts), language))
    average = sum(found.total() for found in counts.values()) / max(len(counts), 1) or 1.0
    users = Counter(word for found in counts.values() for word in found)
    postings: dict[str, dict[str, float]] = defaultdict(dict)
    for key, found in counts.items():
        length = 1 - BM25_B + BM25_B * found.total() / average
        for word, count in found.items():
            rarity = math.log(1 + (len(counts) - users[word] + 0.5) / (users[word] + 0.5))
            postings[word][key] = rarity * count * (BM25_K1 + 1) / (count + BM25_K1 * length)
    return dict(postings)


@dataclass(frozen=True, slots=True)
class SuggestionModel:
    """All the engine needs of a framework; build it once, it never changes but for what it remembers of words."""

    key: str
    nodes: Mapping[str, Node]
    """The nodes suggested from words, by key: those a self-study answers, else those without children."""
    named: Mapping[str, Node]
    """The nodes suggested when they are named by code: the above and everything below them."""
    books: Mapping[str, LanguageBook]
    codes: CodeBook
    kinds: KindBook


def model_of(catalogue: Catalogue, kinds: KindBook | None = None) -> SuggestionModel:
    """The model of a catalogue (a school's own, with its overlay, or one that comes with the product)."""
    nodes = catalogue.practices() or tuple(node for node in catalogue if not catalogue.children(node.key))
    below = tuple(below for node in nodes for below in catalogue.descendants(node.key))
    return SuggestionModel(
        key=catalogue.key,
        nodes={node.key: node for node in nodes},
        named={node.key: node for node in (*nodes, *below)},
        books={language: LanguageBook(language, nodes) for language in LANGUAGES},
        codes=CodeBook(catalogue, (*nodes, *below), standards.crosswalk(catalogue.key)),
        kinds=load_kinds(catalogue.key) if kinds is None else kinds,
    )


@lru_cache(maxsize=8)
def model_for(framework: str) -> SuggestionModel:
    """The model of a catalogue that comes with the product, built once per process; raises CatalogueError."""
    return model_of(standards.load(framework))
