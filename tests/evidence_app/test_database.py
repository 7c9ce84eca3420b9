"""What every unit of work keeps to, whichever database lies below."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from evidence_app.database import Database, DatabaseBusy, wait_for_turn
from tests.servers.postgres import PostgresServer

SECRET = "a pupil's name"


@pytest.fixture
def words(postgres_server: PostgresServer) -> Iterator[Database]:
    """A PostgreSQL with one small table."""
    with postgres_server.fresh_database() as url:
        database = Database(url)
        with database.unit_of_work() as session:
            session.execute(text("create table words (id int primary key, word text)"))
            session.execute(text("insert into words values (1, 'one'), (2, 'two')"))
        yield database
        database.close()


@pytest.mark.postgres
def test_a_row_that_stays_locked_is_answered_in_time(words: Database) -> None:
    change = text("update words set word = 'changed' where id = 1")
    with words.unit_of_work() as first:
        first.execute(change)
        with pytest.raises(DatabaseBusy, match="try again"), words.unit_of_work(patience_seconds=0.2) as second:
            second.execute(change)


@pytest.mark.postgres
def test_two_that_wait_for_each_other_end_as_one_done_and_one_to_try_again(words: Database) -> None:
    met, ends = threading.Barrier(2), []
    change = text("update words set word = 'changed' where id = :id")

    def change_both(first: int, second: int) -> None:
        try:
            with words.unit_of_work() as session:
                session.execute(change, {"id": first})
                met.wait(10)
                session.execute(change, {"id": second})
            ends.append("done")
        except DatabaseBusy:
            ends.append("busy")

    threads = [threading.Thread(target=change_both, args=ids) for ids in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["busy", "done"]


@pytest.mark.postgres
def test_whoever_waits_for_a_turn_sees_what_the_one_before_did(words: Database) -> None:
    add = text("insert into words select max(id) + 1, 'next' from words")

    def add_one() -> None:
        with words.unit_of_work() as session:
            wait_for_turn(session, "words", "next")
            session.execute(add)

    with words.unit_of_work() as session:
        wait_for_turn(session, "words", "next")
        thread = threading.Thread(target=add_one)
        thread.start()
        session.execute(add)
        thread.join(0.3)
        assert thread.is_alive()
    thread.join()
    with words.reading() as session:
        assert session.scalar(text("select count(*) from words")) == 4


def test_an_error_of_the_database_does_not_carry_the_words_of_a_statement(database: Database) -> None:
    insert = text("insert into subjects (school_id, id, name) values (:school, 'id', :name)")
    with pytest.raises(IntegrityError) as error, database.unit_of_work() as session:
        session.execute(insert, {"school": "nowhere", "name": SECRET})
    assert SECRET not in str(error.value)


def test_sqlite_reads_the_smaller_table_first_once_it_knows_their_sizes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'evidence.db'}")
    with database.unit_of_work() as session:
        session.execute(text("create table many (school int, id text, word text, primary key (school, id))"))
        session.execute(text("create index many_words on many (school, word)"))
        session.execute(text("create table few (school int, id text, who text, primary key (school, id))"))
        session.execute(text("create index few_who on few (school, who)"))
        rows = [{"id": f"{number:05}", "word": f"{SECRET} {number}"} for number in range(3_000)]
        session.execute(text("insert into many values (1, :id, :word)"), rows)
        session.execute(text("insert into few values (1, '00007', 'me')"))
    asked = "select count(*) from many join few on few.school = many.school and few.id = many.id"
    plan = text(f"explain query plan {asked} where many.school = 1 and many.word > '' and few.who = 'me'")
    database.note_sizes()
    database.close()
    with database.reading() as session:
        first, *_rest = [row.detail for row in session.execute(plan)]
        samples = session.scalar(text("select count(*) from sqlite_master where name = 'sqlite_stat4'"))
        kept = session.scalar(text("select count(*) from sqlite_stat4")) if samples else 0
    database.close()
    assert "few" in first
    assert kept == 0


@pytest.mark.postgres
def test_the_day_of_a_moment_is_that_of_utc_wherever_the_server_stands(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        there = Database(f"{url}{'&' if '?' in url else '?'}options=-c%20timezone%3DPacific/Auckland")
        with there.reading() as session:
            assert session.scalar(text("select date(timestamptz '2027-03-01 00:30+00')::text")) == "2027-03-01"
            assert session.scalar(text("select date(timestamptz '2027-02-28 23:30+00')::text")) == "2027-02-28"
        there.close()
