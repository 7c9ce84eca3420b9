"""Reading sessions and units of work. Nothing else may commit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from evidence_app.database.engines import postgres_engine, rewritten, sqlite_engine, sqlite_faults, vacuumed
from evidence_app.errors import Unavailable
from evidence_app.i18n import msg

BUSY_SECONDS = 8
"""How long a writer waits for somebody else's lock before the request answers 'try again'."""

ROWS_LOOKED_AT = 400
"""Of each index of SQLite, for its statistics: enough to tell a small table from a large one."""

BUSY_STATES = frozenset({"55P03", "40P01", "40001"})
"""What PostgreSQL says of a lock not got in time, of two that wait for each other, and of a lost race."""


class DatabaseBusy(Unavailable):
    """Somebody else wrote for too long. Nothing was changed, and the same thing may be tried again."""


def wait_for_turn(session: Session, *words: str) -> None:
    """Nothing, once nobody else is between here and the end of a unit of work for the same words.

    For a check on a row that is not there yet, which cannot be locked. On SQLite all units of work take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


class Database:
    """One database: a door for reading and a door for writing, which are never the same session."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._engine = sqlite_engine(url, busy_seconds) if self.is_sqlite else postgres_engine(url, busy_seconds)
        if not self.is_sqlite:
            self._snapshot_reader = self._engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def engine(self) -> Engine:
        """The engine, for migrations and for engines that live inside the database."""
        return self._engine

    @property
    def url(self) -> str:
        """The address with its password, for a worker process of the same installation. Never to be shown."""
        return self._engine.url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads. Closing it rolls back; what was read stays usable."""
        with Session(self._engine, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def reading_snapshot(self) -> Iterator[Session]:
        """A reading session in which every query sees the same moment, on PostgreSQL as on SQLite."""
        engine = self._engine if self.is_sqlite else self._snapshot_reader
        with Session(engine, autoflush=False, expire_on_commit=False) as session:
            # The snapshot is taken by the first query, not by the opening of the transaction.
            session.execute(text("select 1"))
            yield session

    @contextmanager
    def unit_of_work(self, *, patience_seconds: float | None = None) -> Iterator[Session]:
        """A fresh session that commits when the block ends and rolls back when it raises: the only commit there is.

        Raises DatabaseBusy when somebody else held SQLite's one write lock, or a row's on PostgreSQL, all the time one
        waited for it, or when two waited for each other.
        """
        writer = self._engine.execution_options(is_writer=True, patience_seconds=patience_seconds)
        with Session(writer, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except OperationalError as error:
                session.rollback()
                if self._is_busy(error):
                    raise DatabaseBusy(
                        msg("The database is busy. Nothing was changed. Please try again in a few seconds.")
                    ) from error
                raise

    def _is_busy(self, error: OperationalError) -> bool:
        if self.is_sqlite:
            return "locked" in str(error.orig) or "busy" in str(error.orig)
        return getattr(error.orig, "sqlstate", None) in BUSY_STATES

    def check_settings(self) -> list[str]:
        """Sentences about settings under which acknowledged work could be lost; empty when all is well."""
        if self.is_sqlite:
            return sqlite_faults()
        with self._engine.connect() as connection:
            wrong = [
                name
                for name in ("fsync", "full_page_writes", "synchronous_commit")
                if connection.scalar(text(f"show {name}")) == "off"
            ]
        return [f"PostgreSQL runs with {name}=off: acknowledged work could be lost. Set it to on." for name in wrong]

    def size_bytes(self) -> int:
        """How much room the database takes."""
        if self.is_sqlite:
            path = Path(str(self._engine.url.database))
            files = [path, path.with_name(f"{path.name}-wal")]
            return sum(file.stat().st_size for file in files if file.exists())
        with self._engine.connect() as connection:
            return int(connection.scalar(text("select pg_database_size(current_database())")) or 0)

    def note_sizes(self) -> None:
        """SQLite knows from now on how large its tables have become, and reads the smaller one first. Milliseconds.

        PostgreSQL looks by itself. What SQLite notes is counts: the samples of values that some builds of it take as
        well are removed at once, for they would outlive what was erased.
        """
        if not self.is_sqlite:
            return
        with self.unit_of_work() as session:
            session.execute(text(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}"))
            session.execute(text("PRAGMA optimize=0x10002"))
            if session.scalar(text("select count(*) from sqlite_master where name = 'sqlite_stat4'")):
                session.execute(text("delete from sqlite_stat4"))

    def clear_traces(self) -> bool:
        """Whether nothing of what was deleted is left in the database's own files now; False when others read or
        wrote all the time, so that it has to be tried again.

        SQLite: the file is written anew, without its free pages, and the write-ahead log is emptied. PostgreSQL: dead
        rows are removed; its archive of the write-ahead log, where there is one, is the operator's to let age out.
        """
        connection = self._engine.raw_connection()
        try:
            return rewritten(connection, BUSY_SECONDS) if self.is_sqlite else vacuumed(connection)
        finally:
            connection.close()

    def close(self) -> None:
        """Release every connection; on SQLite the last one folds the write-ahead log into the database file."""
        self._engine.dispose()
