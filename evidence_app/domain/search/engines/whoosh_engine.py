"""The engine without compiled parts: Whoosh, for a school of some ten thousand items. The only file that imports it.

Whoosh keeps the postings; which documents match, in what order, and what the facets count is worked out in
`whoosh_segment` and `whoosh_ranking`, as Whoosh's own searcher estimates totals, and is slow with many excluded ids.
"""

from __future__ import annotations

import threading
from array import array
from bisect import insort
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from whoosh import fields, formats
from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader
from whoosh.writing import OPTIMIZE

from evidence_app.domain.search.engines.whoosh_ranking import Numbers, counted, page
from evidence_app.domain.search.engines.whoosh_segment import Segment
from evidence_app.domain.search.entries import IndexEntry
from evidence_app.domain.search.plan import Plan
from evidence_app.domain.search.protocol import SearchRequest, SearchResult

WRITER_MIB = 64
FILLED_AT_ONCE = 2_000
"""Documents of one segment in a rebuild: many small segments take more room, and make searches slower."""

MERGED_SIZES = (8, 64, 512)
"""Segments of fewer documents than one of these, and not fewer than the one before, are of like size."""

MERGED_AT_ONCE = 8


class PackedPositions(formats.Format):
    """Positions of a word as an array of four-byte numbers, which is read faster than Whoosh's pickles."""


class Postings(fields.FieldType):
    """A field whose postings come ready made: (token as bytes, frequency, weight, value)."""

    def __init__(self, format_: formats.Format) -> None:
        self.format = format_
        self.scorable = self.stored = self.unique = False

    def index(self, value: list[tuple[bytes, int, float, bytes]], **_options: object) -> Any:
        """The postings themselves."""
        return value


def _schema() -> Any:
    return fields.Schema(
        item_id=fields.ID(unique=True),
        stems=Postings(formats.Existence()),
        words=Postings(PackedPositions()),
        attributes=Postings(formats.Existence()),
        facts=fields.STORED(),
    )


class WhooshFolder:
    """One generation of a Whoosh index."""

    name: ClassVar[str] = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _opened(folder)
        self._generation = self._index.latest_generation()
        self._reader = self._index.reader()
        self._segments: list[Segment] = []
        self._attach()
        self._filling: Any = None
        self._filled: set[str] = set()
        # Readers share one place in the file they read, so that searches take turns.
        self._turn = threading.Lock()

    @classmethod
    def create(cls, folder: Path) -> None:
        whoosh_index.create_in(str(folder), _schema())

    def add(self, entries: Iterable[IndexEntry]) -> None:
        with self._writer() as writer:
            is_empty = not writer.segments
            for entry in entries:
                if not is_empty:
                    writer.delete_by_term("item_id", entry.item_id)
                writer.add_document(**_document(entry))

    def fill(self, entries: Iterable[IndexEntry]) -> None:
        for entry in entries:
            if entry.item_id in self._filled or len(self._filled) >= FILLED_AT_ONCE:
                self.finish()
            if self._filling is None:
                self._filling = self._index.writer(limitmb=WRITER_MIB)
                self._sweep(self._filling)
            self._filling.delete_by_term("item_id", entry.item_id)
            self._filling.add_document(**_document(entry))
            self._filled.add(entry.item_id)

    def finish(self) -> None:
        if self._filling is not None:
            self._filling.commit(merge=False)
        self._filling = None
        self._filled = set()

    def remove(self, item_ids: Iterable[str]) -> None:
        with self._writer() as writer:
            for item_id in item_ids:
                writer.delete_by_term("item_id", item_id)

    def optimize(self) -> None:
        with self._writer() as writer:
            writer.mergetype = OPTIMIZE

    def ids(self) -> frozenset[str]:
        with self._turn:
            return frozenset(s.ids[number] for s in self._current() for number in s.alive)

    def count(self) -> int:
        with self._turn:
            return sum(len(s.alive) for s in self._current())

    def search(self, plan: Plan, request: SearchRequest) -> SearchResult:
        with self._turn:
            open_ones = self._not_hidden(request.hidden_ids)
            found = [(segment, segment.matching(plan.match) & numbers) for segment, numbers in open_ones]
            facets = {name: counted(name, found) for name in request.facets}
            hits = page(found, open_ones, plan, request)
            return SearchResult(sum(len(numbers) for _s, numbers in found), hits, facets)

    def words_beginning(self, prefix: str, hidden_ids: frozenset[str], limit: int) -> list[tuple[str, int]]:
        with self._turn:
            open_ones = self._not_hidden(hidden_ids)
            most: Counter[str] = Counter()
            for segment, _numbers in open_ones:
                most.update(segment.words_beginning(prefix))
            found: list[tuple[int, str]] = []
            for word, bound in sorted(most.items(), key=lambda one: -one[1]):
                # Counting costs a look at each word's items, so it ends where no other word can be among the first.
                if len(found) >= limit and bound < -found[limit - 1][0]:
                    break
                if count := sum(len(segment.holding(word) & numbers) for segment, numbers in open_ones):
                    insort(found, (-count, word))
            return [(word, -count) for count, word in found[:limit]]

    def holders(self, words: Collection[str]) -> Mapping[str, int]:
        with self._turn:
            segments = self._current()
            return {word: sum(segment.frequency(word) for segment in segments) for word in words}

    def close(self) -> None:
        self._reader.close()

    def _not_hidden(self, hidden_ids: frozenset[str]) -> list[Numbers]:
        return [(segment, segment.alive - segment.numbers_of(hidden_ids)) for segment in self._current()]

    def _current(self) -> list[Segment]:
        generation = self._index.latest_generation()
        if generation != self._generation:
            # Not with Whoosh's own `reuse`: that brings back segments which were merged away.
            before, self._reader = self._reader, self._index.reader()
            self._generation = generation
            self._attach()
            before.close()
        return self._segments

    def _attach(self) -> None:
        known = {segment.name: segment for segment in self._segments}
        leaves = [leaf for leaf, _start in self._reader.leaf_readers() if leaf.segment() is not None]
        self._segments = [
            known[name].reopened(leaf) if (name := leaf.segment().segment_id()) in known else Segment(name, leaf)
            for leaf in leaves
        ]

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        writer = self._index.writer(limitmb=WRITER_MIB)
        try:
            self._sweep(writer)
            writer.mergetype = _merge_alike
            yield writer
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def _sweep(self, writer: Any) -> None:
        """Drop what writers left behind that were killed; Whoosh would keep it for ever."""
        kept = {s.segment_id() for s in (*writer.segments, writer.newsegment)}
        for path in self._folder.iterdir():
            if path.is_file() and path.name.startswith("MAIN_") and path.name.split(".")[0] not in kept:
                path.unlink()


def _opened(folder: Path) -> Any:
    return whoosh_index.open_dir(str(folder))


def _merge_alike(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge segments of like size once there are some, and those that are mostly dead; give back the others.

    Merging a document costs Whoosh as much as indexing it, so that large segments are left alone; Whoosh's own rule
    would rewrite the whole index for one changed item.
    """
    merged: list[Any] = []
    smallest = 0
    for size in MERGED_SIZES:
        if sum(smallest <= segment.doc_count() < size for segment in segments) >= MERGED_AT_ONCE:
            merged = [segment for segment in segments if segment.doc_count() < size]
        smallest = size
    merged += [s for s in segments if s not in merged and s.deleted_count() > s.doc_count()]
    for segment in merged:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in merged]


def _document(entry: IndexEntry) -> dict[str, Any]:
    places: dict[str, array[int]] = {}
    for place, word in enumerate(entry.words):
        places.setdefault(word, array("I")).append(place)
    return {
        "item_id": entry.item_id,
        "stems": [(stem.encode(), 1, float(times), b"") for stem, times in entry.stems.items()],
        "words": [(word.encode(), 1, 1.0, found.tobytes()) for word, found in places.items()],
        "attributes": [(attribute.encode(), 1, 1.0, b"") for attribute in entry.attributes],
        "facts": (
            entry.item_id,
            {name: values for name, values in entry.facets.items() if values},
            dict(entry.sort_keys),
            entry.day,
            sum(entry.stems.values()),
        ),
    }
