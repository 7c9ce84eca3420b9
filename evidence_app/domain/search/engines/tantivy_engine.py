"""The fast engine on disk: tantivy. Only it and `tantivy_hidden` import that."""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, assert_never

import tantivy
from tantivy import Occur, Query

from evidence_app.domain.search import plan as plans
from evidence_app.domain.search.engines.tantivy_hidden import Closed, Rarity, holding
from evidence_app.domain.search.entries import FACETS, SORT_KEYS, IndexEntry
from evidence_app.domain.search.protocol import Hit, SearchRequest, SearchResult, Sort

WRITER_HEAP_BYTES = 64_000_000
MAX_FACET_VALUES = 50_000
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
        self._closed = Closed(self._index)

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
        closed = self._now()
        searcher, schema = closed.searcher, self._index.schema
        clauses = [(Occur.Must, Query.const_score_query(_query(plan.match, searcher, schema), 0.0))]
        hidden = closed.among(request.hidden_ids)
        if request.hidden_ids:
            clauses.append((Occur.MustNot, hidden))
        matching = Query.boolean_query(clauses)
        by_score = request.sort is Sort.RELEVANCE and plan.scoring
        if by_score:
            stems_asked = {stem for stems in plan.scoring for stem in stems}
            rarity = Rarity(searcher, schema, stems_asked, hidden, len(request.hidden_ids))
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
        closed = self._now()
        allowed = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, closed.among(hidden_ids))])
        found = closed.searcher.terms_with_prefix("words", prefix, filter_query=allowed)
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
        return self._now().searcher

    def _now(self) -> Closed:
        """What was committed last."""
        mark = self._mark()
        if mark != self._seen:
            self._index.reload()
            self._closed, self._seen = Closed(self._index), mark
        return self._closed


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


def _word(schema: Any, stems: tuple[str, ...], rarity: Rarity) -> Any:
    """The best score of the stems of one word, each as rare as the commonest of them; None where there is none."""
    held = [stem for stem in stems if stem in rarity.held]
    weight = rarity.of_commonest(held)
    if not weight:
        return None
    scored = [Query.boost_query(holding(schema, stem), rarity.correction(stem, weight)) for stem in held]
    return scored[0] if len(scored) == 1 else Query.disjunction_max_query(scored)


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
