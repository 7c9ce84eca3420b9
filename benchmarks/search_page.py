"""What the search page costs on the server when a school has very much: as one reads it, and while things change.

    python benchmarks/search_page.py [--documents N,N] [--engines a,b] [--rounds N]

For each number of documents and each engine a school is made of the documents of `benchmarks/search.py`, with their
texts, tags and programmes, three in a hundred of them private to others; its index is built as the worker builds it.
Then a coordinator asks the page through a test client, so without network: access, facets, 20 results with their
snippets, HTML. Printed are the 50th and 95th percentile of milliseconds for each class of query, and beside them those
of the engine alone within the same answers. The reference in the same run is the help page, which asks nothing.

At the end a worker runs: the seconds from a new tag to the item being found by it, and how often a page still showed an
item after it had become private (it must be none). 100,000 documents take about ten minutes for an engine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.search_corpus import Corpus
from benchmarks.search_school import FRAMEWORK, KEY, fill, installation, people
from evidence_app.app import create_app
from evidence_app.backends import Backends
from evidence_app.cli.serving import keep_what_is_loaded
from evidence_app.domain import search, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import actor_in, open_session
from evidence_app.domain.evidence import Item, Visibility, set_visibility
from evidence_app.domain.search import SearchRequest, SearchResult
from evidence_app.domain.tagging import Tag
from evidence_app.worker.indexing import make_index_anew
from evidence_app.worker.loop import Worker
from evidence_app.worker.tools import Tools

UNCOUNTED = 3
CHANGES = 20
NEW_NODE = f"{FRAMEWORK}/0202-03"


def main() -> None:
    """Print a table for each number of documents and each engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", default="7000")
    parser.add_argument("--engines", default="tantivy,whoosh,postgresql")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    for count in map(int, options.documents.split(",")):
        corpus = Corpus(count)
        for engine in options.engines.split(","):
            with installation(engine) as backends:
                coordinator, teacher = people(backends)
                begun = time.perf_counter()
                fill(backends, teacher, corpus.documents)
                backends.database.note_sizes()
                filled = time.perf_counter() - begun
                with Tools(backends) as tools:
                    make_index_anew(tools, coordinator.school_id)
                built = time.perf_counter() - begun - filled
                print(f"{count} documents, {engine}: {count / built:.0f} documents a second into the index\n")
                report(backends, coordinator, corpus, options.rounds)
                report_changes(backends, coordinator, corpus)


class Watch:
    """How long the engine takes, within the pages that ask it."""

    def __init__(self, backends: Backends, school_id: str) -> None:
        index = backends.index(school_id)
        self.seconds = 0.0
        asked = index.search

        def search_and_note(request: SearchRequest) -> SearchResult:
            begun = time.perf_counter()
            try:
                return asked(request)
            finally:
                self.seconds += time.perf_counter() - begun

        index.search = search_and_note  # type: ignore[method-assign]


def report(backends: Backends, asker: Actor, corpus: Corpus, rounds: int) -> None:
    """The table of all classes of query."""
    watch = Watch(backends, asker.school_id)
    client = client_of(backends, asker)
    keep_what_is_loaded()
    print("| page | p50 ms | p95 ms | x reference | engine p50 | engine p95 |\n|---|---|---|---|---|---|")
    reference = 0.0
    for name, queries in classes(corpus, rounds).items():
        whole, engine = measured(client, queries, watch)
        middle = statistics.median(whole)
        reference = reference or middle
        print(
            f"| {name} | {middle:.1f} | {high(whole):.1f} | {middle / reference:.1f} "
            f"| {statistics.median(engine):.1f} | {high(engine):.1f} |",
            flush=True,
        )


def classes(corpus: Corpus, rounds: int) -> dict[str, list[str]]:
    """Name -> the addresses below the school's; the first are the reference."""
    found = {"help (reference)": ["help/"] * rounds, "all there is": ["evidence/"] * rounds}
    for kind in corpus.classes():
        if not kind.hidden:
            narrowed = "&node=ib-psp-2020/0301" if kind.node else ""
            narrowed += "&sort=newest_received" if "date" in kind.name else ""
            found[kind.name] = [f"evidence/?q={words}{narrowed}" for words in kind.typed[:rounds]]
    return found


def client_of(backends: Backends, asker: Actor) -> FlaskClient:
    """A browser in which they are signed in."""
    with backends.database.unit_of_work() as session:
        token = open_session(session, person_id=asker.person_id, browser="benchmark")
    client = create_app(backends).test_client()
    client.set_cookie("evidence", token)
    return client


def measured(client: FlaskClient, addresses: Sequence[str], watch: Watch) -> tuple[list[float], list[float]]:
    """Milliseconds of each page, and of the engine within it."""
    whole, engine = [], []
    for address in (*addresses[:UNCOUNTED], *addresses):
        watch.seconds, begun = 0.0, time.perf_counter()
        answer = client.get(f"/{KEY}/{address}")
        whole.append((time.perf_counter() - begun) * 1000)
        engine.append(watch.seconds * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status}")
    return whole[UNCOUNTED:], engine[UNCOUNTED:]


def high(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def report_changes(backends: Backends, actor: Actor, corpus: Corpus) -> None:
    """How soon a new tag is found, and whether a page ever showed what had become private."""
    worker = Worker(backends)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        untagged = select(Item).where(
            Item.school_id == actor.school_id,
            Item.visibility == Visibility.STAFF,
            ~select(Tag.id).where(Tag.item_id == Item.id, Tag.node_key == NEW_NODE).exists(),
        )
        with backends.database.reading() as session:
            items = list(session.scalars(untagged.limit(2 * CHANGES + 1)))
        begun, *seconds = [_until_found(backends, actor, item) for item in items[: CHANGES + 1]]
        shown = sum(_is_found_once_private(backends, actor, item) for item in items[CHANGES + 1 :])
    finally:
        worker.stop()
        thread.join()
    print(f"\na new tag is found after {statistics.median(seconds):.2f} s, 95 % within {high(seconds):.2f} s; ", end="")
    print(f"the first, of a worker just begun, after {begun:.2f} s; ", end="")
    print(f"{shown} of {CHANGES} were found after they had become private\n", flush=True)


def _until_found(backends: Backends, actor: Actor, item: Item) -> float:
    with backends.database.unit_of_work() as session:
        tagging.attach(session, actor=actor, item_id=item.id, node_key=NEW_NODE, note="")
    begun = time.perf_counter()
    while item.id not in _found(backends, actor, f'"{item.title}"', node=NEW_NODE):
        time.sleep(0.02)
        if time.perf_counter() - begun > 60:
            raise SystemExit("a new tag was not found within a minute")
    return time.perf_counter() - begun


def _is_found_once_private(backends: Backends, actor: Actor, item: Item) -> bool:
    with backends.database.unit_of_work() as session:
        owner = actor_in(session, item.owner_id, item.school_id)
        set_visibility(session, actor=owner, item_ids=[item.id], visibility=Visibility.PRIVATE)
    return item.id in _found(backends, actor, f'"{item.title}"')


def _found(backends: Backends, actor: Actor, text: str, *, node: str = "") -> set[str]:
    filters = {"node": [node]} if node else {}
    with backends.database.reading() as session:
        index = backends.index(actor.school_id)
        return {hit.item.id for hit in search.find(session, index, actor, text, filters=filters).hits}


if __name__ == "__main__":
    main()
