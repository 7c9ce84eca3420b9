"""One segment of a Whoosh index: its facts in memory, and which of its documents match."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import chain
from typing import Any, assert_never

from evidence_app.domain.search import plan as plans
from evidence_app.domain.search.entries import FACETS, SORT_KEYS

KEPT_POSTINGS = 400_000
"""Postings a segment keeps in memory for the next query: about 40 MB."""


class Segment:
    """The documents of one segment, by their numbers in it. A segment never changes; only documents in it die."""

    def __init__(self, name: str, leaf: Any) -> None:
        self.name = name
        """The segment's own, which no other segment ever has."""
        self._leaf = leaf
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._kept_postings = 0
        facts = [fields["facts"] for fields in map(leaf.stored_fields, range(leaf.doc_count_all()))]
        self.ids: list[str] = [fact[0] for fact in facts]
        self._facets = {field: [fact[1].get(field, ()) for fact in facts] for field in FACETS}
        self.sort_keys = {key: [fact[2][key] for fact in facts] for key, _descending in SORT_KEYS.values()}
        self._days = array("i", [fact[3] for fact in facts])
        self.lengths = array("i", [fact[4] for fact in facts])
        self.alive = self._living()
        self._numbers = {self.ids[number]: number for number in self.alive}

    def reopened(self, leaf: Any) -> Segment:
        """The same segment as a newer reader sees it: some documents may have died."""
        self._leaf = leaf
        self.alive = self._living()
        return self

    def _living(self) -> set[int]:
        return set(self._leaf.all_doc_ids())

    def numbers_of(self, item_ids: frozenset[str]) -> set[int]:
        """Which documents have one of these ids."""
        return {self._numbers[item_id] for item_id in self._numbers.keys() & item_ids}

    def count_into(self, counts: Counter[str], field: str, numbers: set[int]) -> None:
        """Add how many of `numbers` have which value of `field`."""
        counts.update(chain.from_iterable(map(self._facets[field].__getitem__, numbers)))

    def words_beginning(self, prefix: str) -> dict[str, int]:
        """The words that begin so, each with how many documents hold it, dead ones among them."""
        return {word: self.frequency(word) for word in self._beginning("words", prefix)}

    def frequency(self, word: str) -> int:
        """How many documents hold `word`, dead ones among them."""
        return int(self._leaf.doc_frequency("words", word.encode()))

    def holding(self, word: str) -> set[int]:
        """The documents that hold `word`, dead ones among them."""
        if ("words", word) in self._kept:
            return set(self._kept["words", word])
        term = word.encode()
        return self._read_numbers(self._leaf.postings("words", term)) if ("words", term) in self._leaf else set()

    def weights(self, stem: str) -> dict[int, float]:
        """Document -> weight of `stem` in it."""
        found: dict[int, float] = self._remembered("stems", stem, self._read_weights)
        return found

    def matching(self, match: plans.Match) -> set[int]:
        """Which documents match, dead ones among them."""
        match match:
            case plans.Everything():
                return set(range(len(self.ids)))
            case plans.AnyStem(stems):
                return set().union(*(self.weights(stem) for stem in stems))
            case plans.Sequence(words, is_open):
                return self._sequence(words, is_open)
            case plans.AnyAttribute(attributes):
                return self._having(attributes)
            case plans.AttributePrefix(prefix):
                return self._having(self._beginning("attributes", prefix))
            case plans.Days(first, last):
                return {number for number, day in enumerate(self._days) if first <= day <= last}
            case plans.Without(part):
                return set(range(len(self.ids))) - self.matching(part)
            case plans.AllOf(parts):
                return reduce(set.intersection, (self.matching(part) for part in parts))
            case plans.AnyOf(parts):
                return reduce(set.union, (self.matching(part) for part in parts))
        assert_never(match)

    def _having(self, attributes: Iterable[str]) -> set[int]:
        return set().union(*(self._remembered("attributes", a, self._read_numbers) for a in attributes))

    def _sequence(self, words: tuple[str, ...], is_open: bool) -> set[int]:
        choices = [[word] for word in words]
        if is_open:
            choices[-1] = list(self._beginning("words", words[-1]))
        places = [[self._remembered("words", word, self._read_places) for word in choice] for choice in choices]
        holders = [set().union(*choice) for choice in places]
        candidates = reduce(set.intersection, holders)
        if len(words) == 1:
            return candidates
        return {number for number in candidates if _stand_side_by_side([_places(choice, number) for choice in places])}

    def _beginning(self, field: str, prefix: str) -> list[str]:
        return [token.decode() for token in self._leaf.expand_prefix(field, prefix.encode())]

    def _remembered(self, field: str, token: str, read: Callable[[Any], Any]) -> Any:
        key = (field, token)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        term = token.encode()
        found = read(self._leaf.postings(field, term)) if (field, term) in self._leaf else {}
        self._kept[key] = found
        self._kept_postings += len(found) + 1
        while self._kept_postings > KEPT_POSTINGS:
            _oldest, dropped = self._kept.popitem(last=False)
            self._kept_postings -= len(dropped) + 1
        return found

    @staticmethod
    def _read_numbers(postings: Any) -> set[int]:
        return set(postings.all_ids())

    @staticmethod
    def _read_weights(postings: Any) -> dict[int, float]:
        found = {}
        while postings.is_active():
            found[postings.id()] = postings.weight()
            postings.next()
        return found

    @staticmethod
    def _read_places(postings: Any) -> dict[int, bytes]:
        found = {}
        while postings.is_active():
            found[postings.id()] = postings.value()
            postings.next()
        return found


def _places(choice: list[dict[int, bytes]], number: int) -> list[int]:
    """Where one of the words of `choice` stands in the document."""
    return [place for held in choice if number in held for place in array("I", held[number])]


def _stand_side_by_side(places: list[list[int]]) -> bool:
    begins = set(places[0])
    for step, following in enumerate(places[1:], start=1):
        begins &= {place - step for place in following}
        if not begins:
            return False
    return True
