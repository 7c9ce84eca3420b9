"""R31: what would endanger acknowledged work is refused at the start, or answered by a slower, safe way."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from evidence_app.database import FIRST_SAFE_SQLITE, Database, engines, sqlite_module
from evidence_app.settings import SettingsError, load_settings
from tests.servers.postgres import PostgresServer


def pragma(database: Database, name: str) -> object:
    with database.reading() as session:
        return session.scalar(text(f"pragma {name}"))


def test_the_database_is_kept_by_a_sqlite_without_the_fault_of_older_ones(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'evidence.db'}")
    with database.reading() as session:
        version = str(session.scalar(text("select sqlite_version()")))
    assert tuple(map(int, version.split("."))) >= FIRST_SAFE_SQLITE
    assert pragma(database, "journal_mode") == "wal"
    assert database.check_settings() == []
    database.close()


def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'evidence.db'}")
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "mmap_size") in (0, None)
    database.close()


def test_an_old_sqlite_keeps_a_rollback_journal_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is one of write-ahead logs. The old library is this one, under a version of long ago."""
    old = SimpleNamespace(**{**vars(sqlite_module()), "sqlite_version_info": (3, 40, 1), "sqlite_version": "3.40.1"})
    monkeypatch.setattr(engines, "sqlite_module", lambda: old)
    database = Database(f"sqlite:///{tmp_path / 'evidence.db'}")
    assert pragma(database, "journal_mode") == "delete"
    assert pragma(database, "synchronous") == 2
    [said] = database.check_settings()
    assert "3.40.1" in said
    assert "rollback journal" in said
    database.close()


def test_an_installation_made_with_a_write_ahead_log_leaves_it_under_an_old_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = Database(f"sqlite:///{tmp_path / 'evidence.db'}")
    with newer.unit_of_work() as session:
        session.execute(text("create table kept (word text)"))
        session.execute(text("insert into kept values ('acknowledged')"))
    newer.close()
    old = SimpleNamespace(**{**vars(sqlite_module()), "sqlite_version_info": (3, 40, 1)})
    monkeypatch.setattr(engines, "sqlite_module", lambda: old)
    older = Database(f"sqlite:///{tmp_path / 'evidence.db'}")
    assert pragma(older, "journal_mode") == "delete"
    with older.reading() as session:
        assert session.scalar(text("select word from kept")) == "acknowledged"
    older.close()


def test_the_library_of_this_python_is_taken_when_it_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", FIRST_SAFE_SQLITE)
    assert sqlite_module() is sqlite3


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="needs a file"):
        Database(url)


def settings_of(home: Path, **others: str) -> dict[str, str]:
    return {"EVIDENCE_HOME": str(home), **others}


def test_a_home_that_is_not_there_is_not_made_by_accident(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="evidence init"):
        load_settings(settings_of(tmp_path / "mistyped"))
    assert not (tmp_path / "mistyped").exists()


def test_home_and_key_are_the_owners_alone(tmp_path: Path) -> None:
    load_settings(settings_of(tmp_path / "home"), create_home=True)
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    assert (tmp_path / "home" / "secret-key").stat().st_mode & 0o077 == 0
    assert len((tmp_path / "home" / "secret-key").read_text()) >= 43


def test_a_key_that_others_can_read_or_guess_is_refused(tmp_path: Path) -> None:
    load_settings(settings_of(tmp_path), create_home=True)
    key = tmp_path / "secret-key"
    key.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(settings_of(tmp_path))
    key.chmod(0o600)
    key.write_text("change-me")
    with pytest.raises(SettingsError, match="at least 32"):
        load_settings(settings_of(tmp_path))
    key.unlink()
    with pytest.raises(SettingsError, match="is missing"):
        load_settings(settings_of(tmp_path))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVIDENCE_DATABASE_URL", "mysql://somewhere/evidence"),
        ("EVIDENCE_MAX_UPLOAD_MIB", "lots"),
        ("EVIDENCE_MAX_UPLOAD_MIB", "0"),
        ("EVIDENCE_THREADS", "-1"),
        ("EVIDENCE_READERS", "1.5"),
        ("EVIDENCE_TRUSTED_PROXIES", "yes"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_its_value(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as raised:
        load_settings(settings_of(tmp_path, **{name: value}), create_home=True)
    assert value in str(raised.value)


@pytest.mark.postgres
def test_a_postgresql_that_forgets_on_a_power_cut_is_told(postgres_server: PostgresServer, postgres_url: str) -> None:
    name = postgres_url.split("?", 1)[0].rpartition("/")[2]
    with postgres_server.connect(name) as connection:
        connection.execute(f'alter database "{name}" set synchronous_commit = off')
    database = Database(postgres_url)
    [said] = [each for each in database.check_settings() if "synchronous_commit" in each]
    assert "acknowledged work could be lost" in said
    database.close()
