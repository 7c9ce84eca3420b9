"""The fast engine on disk: tantivy. The only file that imports it."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, assert_never

import tantivy
from tantivy import Occur, Query

from evidence_app.domain.search import plan as plans
from evidence_app.domain.search.entries import FACETS, SORT_KEYS, IndexEntry
from evidence_app.domain.search.protocol import Hit, SearchRequest, SearchResult, Sort

WRITER_HEAP_BYTES = 64_000_000
MAX_FACET_VALUES = 50_000
COUNTED_AT_ONCE = 22
"""So many stems are told apart by the bits of a score, which is a number of 24 bits."""

MOST_ENDINGS = 10_000
"""Words that one pattern in a phrase may stand for. tantivy refuses more than 16,384 in a whole phrase."""


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("item_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stems", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("words", tokenizer_name="spaced", index_option="position")
    builder.add_text_field("attributes", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"facet_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in {key for key, _descending in SORT_KEYS.values()}:
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    return builder.build()


class TantivyFolder:
    """One generation of a tantivy index."""

    name: ClassVar[str] = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = self._opened()
        self._seen = self._mark()

    @classmethod
    def create(cls, folder: Path) -> None:
        tantivy.Index(_schema(), path=str(folder), reuse=False)

    def add(self, entries: Iterable[IndexEntry]) -> None:
        with _Writing(self._opened()) as writer:
            for entry in entries:
                writer.delete_documents_by_term("item_id", entry.item_id)
                writer.add_document(_document(entry))

    def fill(self, entries: Iterable[IndexEntry]) -> None:
        self.add(entries)

    def finish(self) -> None:
        """Nothing waits: each `fill` was committed."""

    def remove(self, item_ids: Iterable[str]) -> None:
        with _Writing(self._opened()) as writer:
            for item_id in item_ids:
                writer.delete_documents_by_term("item_id", item_id)

    def optimize(self) -> None:
        # A commit lets tantivy merge by its own policy, and drops the files of what was merged away.
        with _Writing(self._opened()):
            pass

    def ids(self) -> frozenset[str]:
        found = self._searcher().terms_with_prefix("item_id", "", filter_query=Query.all_query())
        return frozenset(term for term, _count in found)

    def count(self) -> int:
        return int(self._searcher().num_docs)

    def search(self, plan: plans.Plan, request: SearchRequest) -> SearchResult:
        searcher = self._searcher()
        schema = self._index.schema
        clauses = [(Occur.Must, Query.const_score_query(_query(plan.match, searcher, schema), 0.0))]
        if request.hidden_ids:
            clauses.append((Occur.MustNot, Query.term_set_query(schema, "item_id", sorted(request.hidden_ids))))
        matching = Query.boolean_query(clauses)
        by_score = request.sort is Sort.RELEVANCE and plan.scoring
        if by_score:
            rarity = _Rarity(searcher, schema, {stem for stems in plan.scoring for stem in stems}, request.hidden_ids)
            wanted = [(Occur.Should, word) for stems in plan.scoring if (word := _word(schema, stems, rarity))]
            found = searcher.search(
                Query.boolean_query([*clauses, *wanted]), limit=max(request.limit, 1), offset=request.offset
            )
        else:
            key, descending = SORT_KEYS[Sort.NEWEST_RECEIVED if request.sort is Sort.RELEVANCE else request.sort]
            order = tantivy.Order.Desc if descending else tantivy.Order.Asc
            found = searcher.search(
                matching, limit=max(request.limit, 1), offset=request.offset, order_by_field=key, order=order
            )
        hits = tuple(
            Hit(searcher.doc(address).get_first("item_id"), float(score) if by_score else 0.0)
            for score, address in found.hits[: request.limit]
        )
        return SearchResult(found.count, hits, _facets(searcher, matching, request))

    def words_beginning(self, prefix: str, hidden_ids: frozenset[str], limit: int) -> list[tuple[str, int]]:
        hidden = Query.term_set_query(self._index.schema, "item_id", sorted(hidden_ids))
        allowed = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, hidden)])
        found = self._searcher().terms_with_prefix("words", prefix, filter_query=allowed)
        return heapq.nsmallest(limit, ((word, count) for word, count in found if count), key=_commonest)

    def holders(self, words: Collection[str]) -> Mapping[str, int]:
        searcher = self._searcher()
        return {word: int(searcher.doc_freq("words", word)) for word in words}

    def close(self) -> None:
        self._index = None

    def _opened(self) -> Any:
        index = tantivy.Index.open(str(self._folder))
        index.register_tokenizer("spaced", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        index.config_reader(reload_policy="manual")
        return index

    def _mark(self) -> tuple[int, int]:
        found = (self._folder / "meta.json").stat()
        return found.st_ino, found.st_mtime_ns

    def _searcher(self) -> Any:
        mark = self._mark()
        if mark != self._seen:
            self._index.reload()
            self._seen = mark
        return self._index.searcher()


def _commonest(found: tuple[str, int]) -> tuple[int, str]:
    word, count = found
    return -count, word


class _Writing:
    """A writer on an index opened for it alone, as tantivy forgets to drop files that another process wrote."""

    def __init__(self, index: Any) -> None:
        self._writer = index.writer(WRITER_HEAP_BYTES, 1)

    def __enter__(self) -> Any:
        return self._writer

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._writer.commit()
            self._writer.garbage_collect_files()
        else:
            self._writer.rollback()
        self._writer.wait_merging_threads()


def _document(entry: IndexEntry) -> Any:
    document = tantivy.Document()
    document.add_text("item_id", entry.item_id)
    document.add_text("stems", " ".join(" ".join([stem] * times) for stem, times in entry.stems.items()))
    document.add_text("words", " ".join(entry.words))
    for attribute in entry.attributes:
        document.add_text("attributes", attribute)
    for name, values in entry.facets.items():
        for value in values:
            document.add_text(f"facet_{name}", value)
    for name, key in entry.sort_keys.items():
        document.add_unsigned(name, key)
    document.add_unsigned("day", entry.day)
    return document


def _query(match: plans.Match, searcher: Any, schema: Any) -> Any:
    match match:
        case plans.Everything():
            return Query.all_query()
        case plans.AnyStem(stems):
            return Query.term_set_query(schema, "stems", list(stems))
        case plans.Sequence(words, is_open):
            return _sequence(words, is_open, searcher, schema)
        case plans.AnyAttribute(attributes):
            return Query.term_set_query(schema, "attributes", list(attributes))
        case plans.AttributePrefix(prefix):
            return Query.regex_query(schema, "attributes", f"{re.escape(prefix)}.*")
        case plans.Days(first, last):
            return Query.range_query(schema, "day", tantivy.FieldType.Unsigned, first, last)
        case plans.Without(part):
            return Query.boolean_query(
                [(Occur.Must, Query.all_query()), (Occur.MustNot, _query(part, searcher, schema))]
            )
        case plans.AllOf(parts):
            return Query.boolean_query([(Occur.Must, _query(part, searcher, schema)) for part in parts])
        case plans.AnyOf(parts):
            return Query.boolean_query([(Occur.Should, _query(part, searcher, schema)) for part in parts])
    assert_never(match)


class _Rarity:
    """How rare stems are among the documents that are not hidden."""

    def __init__(self, searcher: Any, schema: Any, stems: Collection[str], hidden_ids: frozenset[str]) -> None:
        self.held = {stem: held for stem in sorted(stems) if (held := int(searcher.doc_freq("stems", stem)))}
        """Stem -> how many documents hold it, hidden ones among them, for those that any holds."""
        self._total = int(searcher.num_docs)
        self._hidden_total = len(hidden_ids)
        self._hidden: Counter[str] = Counter()
        if hidden_ids:
            hidden = Query.const_score_query(Query.term_set_query(schema, "item_id", sorted(hidden_ids)), 0.0)
            known = list(self.held)
            for start in range(0, len(known), COUNTED_AT_ONCE):
                self._count_hidden(searcher, schema, hidden, known[start : start + COUNTED_AT_ONCE])

    def _count_hidden(self, searcher: Any, schema: Any, hidden: Any, stems: list[str]) -> None:
        """Count in one search, as looking up thousands of ids is what costs: the score says which stems are held."""
        each = (Query.const_score_query(_holding(schema, stem), float(1 << n)) for n, stem in enumerate(stems))
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


def _word(schema: Any, stems: tuple[str, ...], rarity: _Rarity) -> Any:
    """The best score of the stems of one word, each as rare as the commonest of them; None where there is none."""
    held = [stem for stem in stems if stem in rarity.held]
    weight = rarity.of_commonest(held)
    if not weight:
        return None
    scored = [Query.boost_query(_holding(schema, stem), rarity.correction(stem, weight)) for stem in held]
    return scored[0] if len(scored) == 1 else Query.disjunction_max_query(scored)


def _holding(schema: Any, stem: str) -> Any:
    return Query.term_query(schema, "stems", stem, index_option="freq")


def _sequence(words: tuple[str, ...], is_open: bool, searcher: Any, schema: Any) -> Any:
    if len(words) == 1:
        if is_open:
            return Query.regex_query(schema, "words", f"{re.escape(words[0])}.*")
        return Query.term_query(schema, "words", words[0])
    if is_open:
        closed, known = list(map(re.escape, words[:-1])), searcher.terms_with_prefix("words", words[-1])
        endings = _endings(words[-1], sorted(word for word, _count in known))
        phrases = [Query.regex_phrase_query(schema, "words", [*closed, ending]) for ending in endings]
        return Query.boolean_query([(Occur.Should, phrase) for phrase in phrases])
    return Query.phrase_query(schema, "words", list(words))


def _endings(begun: str, known: Sequence[str]) -> Iterator[str]:
    """Patterns of the words that begin so, which are `known` in order: of so few words each that tantivy takes it."""
    if len(known) <= MOST_ENDINGS:
        yield f"{re.escape(begun)}.*"
        return
    for longer, words in groupby(known, key=lambda word: word[: len(begun) + 1]):
        if longer == begun:
            yield re.escape(begun)
        else:
            yield from _endings(longer, list(words))


def _facets(searcher: Any, matching: Any, request: SearchRequest) -> dict[str, dict[str, int]]:
    if not request.facets:
        return {}
    size = {"size": MAX_FACET_VALUES, "segment_size": MAX_FACET_VALUES}
    asked = {name: {"terms": {"field": f"facet_{name}", **size}} for name in request.facets}
    answer = searcher.aggregate(matching, asked)
    return {name: {b["key"]: b["doc_count"] for b in answer[name]["buckets"]} for name in request.facets}
