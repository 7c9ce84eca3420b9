"""One database of each kind for a test process, given back its first content before each test.

The engine stays the same, and with it what SQLAlchemy has learned of the statements: compiling them anew, and making a
database for each test, took half of the time of a test of the domain.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from evidence_app.database import Base, Database
from tests.servers.postgres import PostgresServer

Builder = Callable[[str], None]
"""Fills an empty database at an SQLAlchemy address: its tables, and rows if there shall be any."""
RESETS_BETWEEN_VACUUMS = 40
"""Deleted rows stay in PostgreSQL's files, and every search of a table reads past them, until they are swept."""


class SqliteDatabase:
    """A database in a file that is written anew for each test."""

    def __init__(self, folder: Path, builders: dict[str, Builder]) -> None:
        self._path = folder / "evidence.db"
        self.contents = {name: _bytes_of(folder / f"{name}.db", build) for name, build in builders.items()}
        self._database = Database(f"sqlite:///{self._path}")

    def fresh(self, content: str) -> Database:
        """The database with this content, and nothing of the test before."""
        self._database.close()
        # A new file, not new bytes in the old one: whoever of the last test holds that open still writes to it alone.
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.write_bytes(self.contents[content])
        return self._database

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _bytes_of(path: Path, build: Builder) -> bytes:
    build(f"sqlite:///{path}")
    return path.read_bytes()


class PostgresDatabase:
    """A database of a PostgreSQL server whose rows are put back for each test."""

    def __init__(self, server: PostgresServer, name: str, builders: dict[str, Builder]) -> None:
        self._rows = {content: _rows_of(server, server.template(content, build)) for content, build in builders.items()}
        self._server, self._name = server, name
        server.create_database(name, template=server.template("tables", builders["tables"]))
        self._own = server.connect(name)
        # Rows come and go here in any order: the keys between tables are checked for the tests, not for this.
        self._own.execute("SET session_replication_role = replica")
        self._own.execute("SET lock_timeout = '2s'")
        self._database = Database(server.url(name))
        self._resets = 0

    def fresh(self, content: str) -> Database:
        """The database with this content, and nothing of the test before."""
        try:
            self._reset(content)
        except psycopg.errors.LockNotAvailable:
            # A test left a transaction open, in a thread or in an engine of its own.
            self._end_others()
            self._reset(content)
        return self._database

    def close(self) -> None:
        """Remove the database."""
        self._database.close()
        self._own.close()
        self._server.drop_database(self._name)

    def _reset(self, content: str) -> None:
        tables = set(Base.metadata.tables)
        known = self._own.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in known:
            if name not in tables:
                self._own.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(name)))
        for name in _with_rows(self._own, sorted(tables)):
            self._own.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name, rows in self._rows[content].items():
            with self._own.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as into:
                into.write(rows)
        self._resets += 1
        if self._resets % RESETS_BETWEEN_VACUUMS == 0:
            self._own.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))))

    def _end_others(self) -> None:
        self._database.close()
        self._own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _with_rows(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    """Those of the tables that are not empty."""
    look = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
    looks = [look.format(sql.Literal(name), sql.Identifier(name)) for name in tables]
    return [name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(looks)).fetchall()]


def _rows_of(server: PostgresServer, database: str) -> dict[str, bytes]:
    """Table -> its rows as PostgreSQL copies them; tables without rows are left out."""
    rows = {}
    with server.connect(database) as connection:
        for name in _with_rows(connection, sorted(Base.metadata.tables)):
            with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as out:
                rows[name] = b"".join(bytes(part) for part in out)
    return rows
