"""What is hidden from somebody, as tantivy is asked: which documents, and how rare words are without them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from functools import cached_property
from typing import Any

from tantivy import Occur, Query

from evidence_app.domain.search.entries import attribute

COUNTED_AT_ONCE = 22
"""So many stems are told apart by the bits of a score, which is a number of 24 bits."""


class Closed:
    """One commit, with the documents that were private when they were indexed: nearly all that is hidden from somebody.

    They stand for most of the hidden ids in a query as one term, since looking up thousands of ids is what costs. What
    is hidden are the ids all the same: the two differences from them are named one by one.
    """

    def __init__(self, index: Any) -> None:
        self.searcher = index.searcher()
        self._schema = index.schema
        self._private = Query.term_query(index.schema, "attributes", attribute("visibility", "private"))

    @cached_property
    def _ids(self) -> frozenset[str]:
        found = self.searcher.search(self._private, limit=max(1, int(self.searcher.num_docs)), count=False)
        return frozenset(self.searcher.doc(address).get_first("item_id") for _score, address in found.hits)

    def among(self, hidden_ids: frozenset[str]) -> Any:
        """A query for the documents with these ids."""
        shown, others = self._ids - hidden_ids, hidden_ids - self._ids
        if len(shown) + len(others) >= len(hidden_ids):
            return self._with(hidden_ids)
        private = [(Occur.Must, self._private), (Occur.MustNot, self._with(shown))]
        return Query.boolean_query([(Occur.Should, Query.boolean_query(private)), (Occur.Should, self._with(others))])

    def _with(self, ids: frozenset[str]) -> Any:
        return Query.term_set_query(self._schema, "item_id", sorted(ids)) if ids else Query.empty_query()


class Rarity:
    """How rare stems are among the documents that are not hidden."""

    def __init__(self, searcher: Any, schema: Any, stems: Collection[str], hidden: Any, hidden_total: int) -> None:
        self.held = {stem: held for stem in sorted(stems) if (held := int(searcher.doc_freq("stems", stem)))}
        """Stem -> how many documents hold it, hidden ones among them, for those that any holds."""
        self._total = int(searcher.num_docs)
        self._hidden_total = hidden_total
        self._hidden: Counter[str] = Counter()
        if hidden_total:
            unscored = Query.const_score_query(hidden, 0.0)
            known = list(self.held)
            for start in range(0, len(known), COUNTED_AT_ONCE):
                self._count_hidden(searcher, schema, unscored, known[start : start + COUNTED_AT_ONCE])

    def _count_hidden(self, searcher: Any, schema: Any, hidden: Any, stems: list[str]) -> None:
        """Count in one search, as looking up thousands of ids is what costs: the score says which stems are held."""
        each = (Query.const_score_query(holding(schema, stem), float(1 << n)) for n, stem in enumerate(stems))
        anything = Query.boolean_query([(Occur.Should, query) for query in each])
        asked = Query.boolean_query([(Occur.Must, anything), (Occur.Must, hidden)])
        found = searcher.search(asked, limit=self._hidden_total, count=False).hits
        for which, times in Counter(int(score) for score, _address in found).items():
            self._hidden.update({stem: times for n, stem in enumerate(stems) if which >> n & 1})

    def of_commonest(self, stems: Collection[str]) -> float:
        """That of the one of `stems` which the most documents hold that are not hidden; 0 where none does."""
        holding = max((self.held[stem] - self._hidden[stem] for stem in stems), default=0)
        return _rarity(self._total - self._hidden_total, holding) if holding else 0.0

    def correction(self, stem: str, rarity: float) -> float:
        """What makes `rarity` of tantivy's own, which counts hidden documents too and multiplies each score."""
        return rarity / _rarity(self._total, self.held[stem])


def _rarity(total: int, holding: int) -> float:
    """BM25's weight of a word that `holding` of `total` documents hold, above 0."""
    return math.log(1 + (max(total, holding) - holding + 0.5) / (holding + 0.5))


def holding(schema: Any, stem: str) -> Any:
    """A query for the documents that hold a stem."""
    return Query.term_query(schema, "stems", stem, index_option="freq")
