"""The engine inside the installation's own PostgreSQL: for several machines, without a second server.

Stems, words and attributes come analysed, as tsvectors; PostgreSQL's own dictionaries take no part. The tables live in
a schema of their own, as they are no data: they can be dropped at any time, and are rebuilt.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, InternalError, ProgrammingError
from sqlalchemy.schema import CreateSchema
from ulid import ULID

from evidence_app.domain.search.engines.postgres_tables import (
    METADATA,
    SCHEMA_NAME,
    answer_of,
    documents,
    holders,
    row_of,
    stamps,
    words_beginning,
)
from evidence_app.domain.search.entries import SCHEMA, entry_of
from evidence_app.domain.search.plan import plan_of
from evidence_app.domain.search.protocol import (
    IndexDocument,
    IndexWriting,
    SearchRequest,
    SearchResult,
    Stamp,
    locked,
    unusable,
)

ROWS_A_STATEMENT = 100
_MAKING_TABLES = 0x65_76_69_64
"""The advisory lock under which the tables are made; any number that nothing else uses."""


class PostgresIndex:
    """A SearchIndex in PostgreSQL; see the protocol for what each call does."""

    def __init__(self, engine: Engine, school_id: str, languages: tuple[str, ...]) -> None:
        self._engine = engine
        self._school_id = school_id
        self._languages = languages
        self._stamp = Stamp("postgresql", SCHEMA, languages, school_id)
        self._writer = threading.RLock()
        self._depth = 0

    @property
    def stamp(self) -> Stamp:
        return self._stamp

    @property
    def keeps_removed(self) -> bool:
        return False

    def open(self) -> None:
        with self._reading():
            pass

    def count(self) -> int:
        with self._reading() as (connection, generation):
            return int(connection.scalar(select(func.count()).where(*self._in(generation))) or 0)

    def ids(self) -> frozenset[str]:
        with self._reading() as (connection, generation):
            return self._ids(connection, generation)

    def search(self, request: SearchRequest) -> SearchResult:
        if request.query.is_refused:
            return SearchResult(0, (), {name: {} for name in request.facets})
        plan = plan_of(request, self._languages)
        with self._reading() as (connection, generation):
            # Compiling a statement takes longer than running it here; and the planner, which counts a look into a long
            # vector as cheap as one at a number, would read all of them instead of asking the index.
            connection.execute(
                select(func.set_config("jit", "off", True), func.set_config("enable_seqscan", "off", True))
            )
            return answer_of(connection, self._in(generation), plan, request)

    def words_beginning(self, prefix: str, hidden_ids: frozenset[str], limit: int) -> list[tuple[str, int]]:
        with self._reading() as (connection, generation):
            return words_beginning(connection, self._in(generation), prefix, hidden_ids, limit)

    def holders(self, words: Collection[str]) -> Mapping[str, int]:
        with self._reading() as (connection, generation):
            return holders(connection, self._in(generation), words)

    def add(self, documents: Iterable[IndexDocument]) -> None:
        with self.writing():
            added = list(documents)
            self._put(self._generation(), added)
            self._take_out_of_unfinished([one.item_id for one in added])

    def remove(self, item_ids: Iterable[str]) -> None:
        with self.writing():
            gone = list(item_ids)
            self._drop(self._generation(), gone)
            self._take_out_of_unfinished(gone)

    def count_in_building(self) -> int | None:
        try:
            generation = self._unfinished()
            with self._engine.connect() as connection:
                count = connection.scalar(select(func.count()).where(*self._in(generation or "")))
        except (ProgrammingError, DataError, InternalError):
            return None
        return int(count or 0) if generation else None

    def optimize(self) -> None:
        with self.writing(), self._engine.connect() as connection:
            free = connection.execution_options(isolation_level="AUTOCOMMIT")
            free.execute(text(f"VACUUM (ANALYZE) {SCHEMA_NAME}.documents"))

    def size_bytes(self) -> int:
        """Room taken by all schools together, as PostgreSQL keeps them in one table."""
        with self._reading() as (connection, _generation):
            return int(connection.scalar(select(func.pg_total_relation_size(f"{SCHEMA_NAME}.documents"))) or 0)

    def create(self) -> None:
        with self.writing():
            self._make_tables()
            with self._engine.connect() as connection:
                found = self._stamped(connection)
                if found is not None and found["generation"]:
                    raise ValueError(f"school {self._school_id} has an index already; rebuild it instead")
            with self.rebuilding():
                pass

    @contextmanager
    def writing(self) -> Iterator[None]:
        if not self._writer.acquire(blocking=False):
            raise locked()
        self._depth += 1
        try:
            if self._depth > 1:
                yield
            else:
                with self._engine.connect() as connection, self._lock(connection):
                    yield
        finally:
            self._depth -= 1
            self._writer.release()

    @contextmanager
    def rebuilding(self, *, resume: bool = False) -> Iterator[IndexWriting]:
        with self.writing():
            self._make_tables()
            resumed = self._unfinished() if resume else None
            generation = resumed or self._begin()
            try:
                yield _Fresh(self, generation)
            except BaseException:
                if resumed:
                    ours = update(stamps).where(stamps.c.school_id == self._school_id)
                    with self._engine.begin() as connection:
                        connection.execute(ours.values(building=None))
                raise
            others = (documents.c.school_id == self._school_id, documents.c.generation != generation)
            with self._engine.begin() as connection:
                self._point(connection, {"generation": generation, "building": None})
                connection.execute(delete(documents).where(*others))
            self.optimize()

    def close(self) -> None:
        """Nothing is kept open: connections belong to the engine."""

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection, str]]:
        with self._engine.connect() as connection:
            try:
                found = self._stamped(connection)
                if found is None or found["generation"] is None:
                    raise unusable("there is none yet")
                if _made(found) != self._stamp:
                    raise unusable(f"it was made as {_made(found)}, not as {self._stamp}")
                yield connection, found["generation"]
            except (ProgrammingError, InternalError, DataError) as error:
                raise unusable(str(error.orig)) from error

    def _stamped(self, connection: Connection) -> RowMapping | None:
        return connection.execute(select(stamps).where(stamps.c.school_id == self._school_id)).mappings().first()

    def _generation(self) -> str:
        with self._reading() as (_connection, generation):
            return generation

    def _in(self, generation: str) -> tuple[ColumnElement[bool], ...]:
        return documents.c.school_id == self._school_id, documents.c.generation == generation

    def _ids(self, connection: Connection, generation: str) -> frozenset[str]:
        return frozenset(connection.scalars(select(documents.c.item_id).where(*self._in(generation))))

    def _put(self, generation: str, items: Iterable[IndexDocument]) -> None:
        base = {"school_id": self._school_id, "generation": generation}
        rows = {item.item_id: base | row_of(entry_of(item, self._languages)) for item in items}
        statement = insert(documents)
        changed = {column.name: statement.excluded[column.name] for column in documents.c if not column.primary_key}
        statement = statement.on_conflict_do_update(constraint=documents.primary_key, set_=changed)
        with self._engine.begin() as connection:
            waiting = list(rows.values())
            for start in range(0, len(waiting), ROWS_A_STATEMENT):
                connection.execute(statement, waiting[start : start + ROWS_A_STATEMENT])

    def _drop(self, generation: str, item_ids: Iterable[str]) -> None:
        gone = documents.c.item_id.in_(list(item_ids))
        with self._engine.begin() as connection:
            connection.execute(delete(documents).where(*self._in(generation), gone))

    def _make_tables(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_MAKING_TABLES)))
            connection.execute(CreateSchema(SCHEMA_NAME, if_not_exists=True))
            METADATA.create_all(connection)

    def _unfinished(self) -> str | None:
        with self._engine.connect() as connection:
            found = self._stamped(connection)
        return str(found["building"]) if found and found["building"] and _made(found) == self._stamp else None

    def _take_out_of_unfinished(self, item_ids: list[str]) -> None:
        if generation := self._unfinished():
            self._drop(generation, item_ids)

    def _begin(self) -> str:
        generation = str(ULID()).lower()
        with self._engine.begin() as connection:
            found = self._stamped(connection)
            serving = found["generation"] if found and _made(found) == self._stamp else None
            gone = (documents.c.school_id == self._school_id, documents.c.generation != (serving or ""))
            connection.execute(delete(documents).where(*gone))
            self._point(connection, {"building": generation, "generation": serving})
        return generation

    def _point(self, connection: Connection, changed: dict[str, str | None]) -> None:
        stamp = {"engine": self._stamp.engine, "schema": SCHEMA, "languages": list(self._languages)}
        statement = insert(stamps).values(school_id=self._school_id, **stamp, **changed)
        connection.execute(statement.on_conflict_do_update(constraint=stamps.primary_key, set_=stamp | changed))

    @contextmanager
    def _lock(self, connection: Connection) -> Iterator[None]:
        key = func.hashtextextended(f"evidence search {self._school_id}", 0)
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not alone.scalar(select(func.pg_try_advisory_lock(key))):
            raise locked()
        try:
            yield
        finally:
            alone.execute(select(func.pg_advisory_unlock(key)))


def _made(found: RowMapping) -> Stamp:
    return Stamp(found["engine"], found["schema"], tuple(found["languages"]), found["school_id"])


class _Fresh:
    """The new index during a rebuild."""

    def __init__(self, index: PostgresIndex, generation: str) -> None:
        self._index = index
        self._generation = generation

    def add(self, documents: Iterable[IndexDocument]) -> None:
        self._index._put(self._generation, documents)

    def remove(self, item_ids: Iterable[str]) -> None:
        self._index._drop(self._generation, item_ids)

    def ids(self) -> frozenset[str]:
        with self._index._engine.connect() as connection:
            return self._index._ids(connection, self._generation)
