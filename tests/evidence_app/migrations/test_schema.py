"""The migrations give what the models say, on both databases; a program refuses a database not its own (R27)."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text

from evidence_app.database import Base, Database
from evidence_app.domain.schools import add_school
from evidence_app.domain.tables import ALL_TABLES
from evidence_app.errors import Unavailable
from evidence_app.migrations import HERE, alembic_config, require_current_schema, revisions, schema_revision, upgrade

UPGRADE = """
import os, signal, sys, time
from sqlalchemy import event
from evidence_app.database import Database
from evidence_app.migrations import upgrade
database = Database(sys.argv[1])
made = []

@event.listens_for(database.engine, "after_cursor_execute")
def look(connection, cursor, statement, *_):
    made.append("CREATE TABLE" in statement)
    if sum(made) == 10:
        made.clear()
        interrupt()

def interrupt():
    %s

upgrade(database)
"""
KILLED_UPGRADE = UPGRADE % "os.kill(os.getpid(), signal.SIGKILL)"
SLOW_UPGRADE = UPGRADE % "print('begun', flush=True); time.sleep(1)"
LATER = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

def upgrade():
    op.add_column("schools", sa.Column("motto", sa.String(80), server_default="to be written", nullable=False))
    {then}

def downgrade():
    op.drop_column("schools", "motto")
"""
REMEDY = "While no migration is released: python tools/first_schema.py. Later: add a migration."


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    is_sqlite = request.param == "sqlite"
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}" if is_sqlite else request.getfixturevalue("postgres_url"))
    yield database
    database.close()


def differences(database: Database) -> list[object]:
    """What autogenerate would put into a new migration."""
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_upgrade_from_empty_equals_the_models(empty: Database) -> None:
    upgrade(empty)
    assert differences(empty) == [], REMEDY
    tables = set(inspect(empty.engine).get_table_names()) - {"alembic_version"}
    assert tables == {table.name for table in ALL_TABLES}


def test_checks_of_the_models_are_in_the_database(empty: Database) -> None:
    """Autogenerate does not look at CHECK constraints."""
    upgrade(empty)
    found = inspect(empty.engine)
    for table in ALL_TABLES:
        wanted = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        assert {c["name"] for c in found.get_check_constraints(table.name)} == wanted, REMEDY


def test_upgrade_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    first = schema_revision(empty)
    upgrade(empty)
    assert schema_revision(empty) == first
    require_current_schema(empty)


def test_the_files_are_named_by_the_revisions_they_hold(empty: Database) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(empty))
    assert revisions() == [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert revisions()[-1] == scripts.get_current_head()


def test_downgrade_leaves_nothing(empty: Database) -> None:
    upgrade(empty)
    command.downgrade(alembic_config(empty), "base")
    assert set(inspect(empty.engine).get_table_names()) <= {"alembic_version"}


def test_an_empty_database_is_refused_with_the_remedy(empty: Database) -> None:
    with pytest.raises(Unavailable, match="Run 'evidence init'"):
        require_current_schema(empty)


def test_a_database_of_a_newer_program_is_refused(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(Unavailable, match="newer version of this program"):
        require_current_schema(empty)


def test_an_upgrade_that_is_cut_off_leaves_the_schema_it_found(empty: Database) -> None:
    """Killed once the first tables were made: the next upgrade starts from nothing."""
    killed = subprocess.run([sys.executable, "-c", KILLED_UPGRADE, empty.url])
    assert killed.returncode == -signal.SIGKILL
    assert inspect(empty.engine).get_table_names() == []
    upgrade(empty)
    require_current_schema(empty)


def test_an_upgrade_keeps_every_row_and_one_cut_off_leaves_the_version_before(empty: Database, tmp_path: Path) -> None:
    """By a second migration that is made here, as long as none is released: rows survive it, and a failing one too."""
    upgrade(empty)
    with empty.unit_of_work() as session:
        add_school(session, key="alder", name="Alder Bay", programmes=["DP"], language="en")
    before = dump(empty)
    versions = tmp_path / "versions"
    shutil.copytree(HERE / "versions", versions, ignore=shutil.ignore_patterns("__pycache__"))
    later = versions / "0002_later.py"
    later.write_text(LATER.format(then="raise RuntimeError('cut off')"))
    with pytest.raises(RuntimeError, match="cut off"):
        command.upgrade(config_with(empty, versions), "head")
    assert schema_revision(empty) == "0001"
    assert dump(empty) == before
    require_current_schema(empty)

    later.write_text(LATER.format(then=""))
    command.upgrade(config_with(empty, versions), "head")
    assert schema_revision(empty) == "0002"
    after = dump(empty)
    assert {row.pop("motto") for row in after["schools"]} == {"to be written"}
    assert after == before
    # The program of before refuses what the one after has made of it.
    with pytest.raises(Unavailable, match="newer version of this program"):
        require_current_schema(empty)


def config_with(database: Database, versions: Path) -> Config:
    """Alembic's view of the database, with the migrations of another folder."""
    config = alembic_config(database)
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    return config


def dump(database: Database) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, by name; the revision apart."""
    metadata = MetaData()
    metadata.reflect(database.engine)
    with database.engine.connect() as connection:
        return {
            table.name: sorted((dict(row) for row in connection.execute(table.select()).mappings()), key=repr)
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def test_two_upgrades_at_once_are_one(tmp_path: Path) -> None:
    """The other one has begun and made a table when this one starts; it ends while this one waits for it."""
    database = Database(f"sqlite:///{tmp_path / 'both.db'}")
    other = subprocess.Popen([sys.executable, "-c", SLOW_UPGRADE, database.url], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"begun\n"
    upgrade(database)
    assert other.wait(60) == 0
    require_current_schema(database)
    database.close()
    other.stdout.close()
