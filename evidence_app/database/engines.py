"""Engines as the product needs them: SQLite safe in any weather, PostgreSQL that gives up waiting; traces cleared."""

from __future__ import annotations

import sqlite3
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

CONNECT_SECONDS = 10
"""How long to wait for PostgreSQL to answer, or for a connection of the pool."""

FIRST_SAFE_SQLITE = (3, 51, 3)
"""SQLite below this can corrupt a database in WAL mode when two connections write and checkpoint at once."""


def sqlite_module() -> ModuleType:
    """The newest SQLite driver at hand: the bundled wheel where the Python's own library is older than it should be."""
    if sqlite3.sqlite_version_info >= FIRST_SAFE_SQLITE:
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def sqlite_faults() -> list[str]:
    """A sentence about the SQLite at hand where it is older than it should be; empty when all is well."""
    version = sqlite_module().sqlite_version_info
    if version >= FIRST_SAFE_SQLITE:
        return []
    return [
        f"SQLite {'.'.join(map(str, version))} has a known fault in WAL mode (mended in 3.51.3): "
        "the installation uses a rollback journal instead, which is slower but safe."
    ]


def postgres_engine(url: str, busy_seconds: float) -> Engine:
    """An engine for PostgreSQL, whose writers wait `busy_seconds` for a lock and no longer."""
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

    @event.listens_for(engine, "connect")
    def speak_utc(connection: Any, _record: Any) -> None:
        # What asks for the day of a moment gets the day in UTC, as from SQLite, wherever the server stands.
        connection.autocommit = True
        connection.execute("SET TIME ZONE 'UTC'")
        connection.autocommit = False

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A thread of the web server must not wait for ever behind a transaction that hangs.
        options = connection.get_execution_options()
        if options.get("is_writer", False):
            patience_seconds = options.get("patience_seconds")
            waits_ms = round((busy_seconds if patience_seconds is None else patience_seconds) * 1000)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {waits_ms}").close()

    return engine


def sqlite_engine(url: str, busy_seconds: float) -> Engine:
    """An engine for SQLite in a file, whose writers take turns. ValueError for one in memory."""
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


def rewritten(connection: Any, busy_seconds: float) -> bool:
    """Whether SQLite's file holds nothing of what was deleted now, nor its log; False while others are at it."""
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={round(busy_seconds * 1000)}")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(cursor.fetchone()[0] == 0)
    except sqlite_module().OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise
    finally:
        cursor.close()


def vacuumed(connection: Any) -> bool:
    """True, once PostgreSQL has removed its dead rows."""
    driver = connection.driver_connection
    driver.autocommit = True
    try:
        driver.execute("VACUUM")
    finally:
        driver.autocommit = False
    return True
