"""The documents and queries that searching is measured by, the same in every run, and the database for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from evidence_app.domain.search import IndexDocument, Sort
from tests.servers import postgres
from tests.servers.shared import shared_server

NODE = "ib-psp-2020/0301"
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
    node: str = ""


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
            Class("3,000 hidden ids", common, common, hidden=3_000),
            Class("filter and facets", common, common, hidden=200, has_facets=True, node=NODE),
            Class("by date", common, common, sort=Sort.NEWEST_RECEIVED, node=NODE),
        ]

    def hidden(self, kind: Class) -> frozenset[str]:
        """The items nobody who asks this kind may see, the same for every engine."""
        ids = [document.item_id for document in self.documents]
        return frozenset(random.Random(9).sample(ids, min(kind.hidden, len(ids) // 2)))


@contextmanager
def database_at(url: str) -> Iterator[str]:
    """The address of a PostgreSQL: the one given, or one started for the run."""
    if url:
        yield url
        return
    with shared_server("benchmark", postgres.KIND) as facts:
        server = postgres.PostgresServer(facts["socket_folder"])
        with server.fresh_database() as fresh:
            yield fresh
