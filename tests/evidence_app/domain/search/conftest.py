"""Every engine in turn, each with its own way to get an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from evidence_app.domain.search import SearchIndex, open_index
from tests.servers.fixtures import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

OpenIndex = Callable[..., SearchIndex]

ENGINES = ["whoosh", "tantivy", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of one engine."""
    return str(request.param)


@pytest.fixture
def opened(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenIndex]:
    """Opens the index of a school, as another process would: `opened()` or `opened("other", languages=("fr",))`."""
    database = create_engine(request.getfixturevalue("postgres_url")) if engine == "postgresql" else None
    indexes: list[SearchIndex] = []

    def open_one(school_id: str = "school1", **options: tuple[str, ...]) -> SearchIndex:
        indexes.append(open_index(f"{engine}:", tmp_path, school_id, database, **options))
        return indexes[-1]

    yield open_one
    for index in indexes:
        index.close()
    if database is not None:
        database.dispose()


@pytest.fixture
def index(opened: OpenIndex) -> SearchIndex:
    """An empty index."""
    made = opened()
    made.create()
    return made
