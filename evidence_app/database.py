"""The database's ground: model base, engine, reading sessions and units of work. Nothing else may commit."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import (
    DateTime,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator
from ulid import ULID

from evidence_app.errors import Unavailable
from evidence_app.i18n import msg

BUSY_SECONDS = 8
CONNECT_SECONDS = 10
"""How long a writer waits for somebody else's lock before the request answers 'try again'."""

ROWS_LOOKED_AT = 400
"""Of each index of SQLite, for its statistics: enough to tell a small table from a large one."""

FIRST_SAFE_SQLITE = (3, 51, 3)
"""SQLite below this can corrupt a database in WAL mode when two connections write and checkpoint at once."""


BUSY_STATES = frozenset({"55P03", "40P01", "40001"})
"""What PostgreSQL says of a lock not got in time, of two that wait for each other, and of a lost race."""


class DatabaseBusy(Unavailable):
    """Somebody else wrote for too long. Nothing was changed, and the same thing may be tried again."""


def new_id() -> str:
    """A new row's id: 26 lower-case characters that sort by time of creation and cannot be guessed."""
    return str(ULID()).lower()


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored as UTC and given back aware, on every database alike. A naive moment is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone, got {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return (
            value if value is None else (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))
        )


class Base(DeclarativeBase):
    """The base of all tables. Constraints are named by convention, so that a migration can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, str: String}  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute


class SchoolOwned:
    """A row that belongs to one school. Its key is (school_id, id), so that a foreign key cannot cross schools."""

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)


def school_key(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key inside one school: (school_id, `column`) -> (`table`.school_id, `table`.id)."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"], ondelete=ondelete)


def sqlite_module() -> ModuleType:
    """The newest SQLite driver at hand: the bundled wheel where the Python's own library is older than it should be."""
    if sqlite3.sqlite_version_info >= FIRST_SAFE_SQLITE:
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


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
        self._engine = _sqlite_engine(url, busy_seconds) if self.is_sqlite else _postgres_engine(url, busy_seconds)
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
            version = sqlite_module().sqlite_version_info
            if version < FIRST_SAFE_SQLITE:
                return [
                    f"SQLite {'.'.join(map(str, version))} has a known fault in WAL mode (mended in 3.51.3): "
                    "the installation uses a rollback journal instead, which is slower but safe."
                ]
            return []
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
            return _rewritten(connection) if self.is_sqlite else _vacuumed(connection)
        finally:
            connection.close()

    def close(self) -> None:
        """Release every connection; on SQLite the last one folds the write-ahead log into the database file."""
        self._engine.dispose()


def _rewritten(connection: Any) -> bool:
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(cursor.fetchone()[0] == 0)
    except sqlite_module().OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise
    finally:
        cursor.close()


def _vacuumed(connection: Any) -> bool:
    driver = connection.driver_connection
    driver.autocommit = True
    try:
        driver.execute("VACUUM")
    finally:
        driver.autocommit = False
    return True


def _postgres_engine(url: str, busy_seconds: float) -> Engine:
    # Errors go to logs and to the administrator's pages: they must not carry the texts and names of a statement.
    # A server that does not answer is given up soon: all wait while the head of a large request is asked about.
    engine = create_engine(
        make_url(url).update_query_dict({"connect_timeout": str(CONNECT_SECONDS)}),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A thread of the web server must not wait for ever behind a transaction that hangs.
        options = connection.get_execution_options()
        if options.get("is_writer", False):
            patience_seconds = options.get("patience_seconds")
            waits_ms = round((busy_seconds if patience_seconds is None else patience_seconds) * 1000)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {waits_ms}").close()

    return engine


def _sqlite_engine(url: str, busy_seconds: float) -> Engine:
    module = sqlite_module()
    if make_url(url).database in (None, "", ":memory:"):
        raise ValueError("an SQLite installation needs a file, since its web server and its worker are two processes")
    engine = create_engine(
        url,
        module=module,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        pool_size=20,
        hide_parameters=True,
    )
    # WAL needs a SQLite without the WAL-reset fault; an older one keeps a rollback journal.
    journal = "WAL" if module.sqlite_version_info >= FIRST_SAFE_SQLITE else "DELETE"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: SQLAlchemy's begin event below says which kind it is.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "mmap_size=0",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A transaction that reads first and writes later is refused at once when somebody else wrote in between,
        # whatever the timeout: a writer must take its place in the queue before it reads.
        options = connection.get_execution_options()
        patience_seconds = options.get("patience_seconds")
        waits_ms = round((busy_seconds if patience_seconds is None else patience_seconds) * 1000)
        connection.exec_driver_sql(f"PRAGMA busy_timeout={waits_ms}").close()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("is_writer", False) else "BEGIN")

    return engine
