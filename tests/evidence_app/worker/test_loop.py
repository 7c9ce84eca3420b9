"""What a batch does: claim, work, finish; and what becomes of work that fails."""

from __future__ import annotations

import dataclasses
import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from evidence_app.backends import Backends
from evidence_app.database import Database, now
from evidence_app.domain.jobs import (
    Job,
    JobKind,
    JobState,
    claim,
    parked_jobs,
)
from evidence_app.domain.jobs.actions import MOST_ATTEMPTS
from evidence_app.domain.search import IndexLocked
from evidence_app.errors import Conflict
from evidence_app.i18n import msg
from evidence_app.worker import Worker, loop
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.evidence_app.worker.diary import PATIENCE_SECONDS, SCHOOL, Diary, ask, hurry, left, running, wait_until


def test_a_batch_is_done_at_once_and_gone(database: Database, tools: Tools, diary: Diary) -> None:
    ask(database, "a", "b", "c")
    assert work_once(tools)
    assert diary.batches == [["a", "b", "c"]]
    assert diary.kept == ["a", "b", "c"]
    assert not work_once(tools)


def test_one_bad_job_does_not_hold_up_the_others(
    database: Database, tools: Tools, diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    ask(database, "a", "bad", "c")
    diary.bad = {"bad"}
    assert work_once(tools)
    assert diary.batches == [["a", "bad", "c"], ["a"], ["bad"], ["c"]]
    assert diary.kept == ["a", "c"]
    assert left(database) == {"bad": JobState.WAITING}
    assert "read_version bad failed" in caplog.text


def test_what_keeps_failing_is_parked_with_its_reason(
    database: Database, tools: Tools, diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    ask(database, "bad")
    diary.bad = {"bad"}
    for _ in range(MOST_ATTEMPTS):
        assert work_once(tools)
        hurry(database)
    assert not work_once(tools)
    with database.reading() as session:
        assert [job.error for job in parked_jobs(session, SCHOOL)] == ["RuntimeError: this one cannot be done"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Conflict(msg("Somebody was faster.")), "Conflict: Somebody was faster."),
        (
            IntegrityError("insert", {"name": "a pupil's name"}, Exception("null value\nDETAIL: a pupil's name")),
            "IntegrityError: null value",
        ),
    ],
)
def test_every_failure_is_counted_and_told_in_a_line_without_the_rows(
    database: Database, tools: Tools, diary: Diary, caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    caplog.set_level(logging.CRITICAL)
    ask(database, "bad")
    diary.bad, diary.error = {"bad"}, error
    assert work_once(tools)
    with database.reading() as session:
        (job,) = session.scalars(select(Job).where(Job.subject == "bad"))
    assert (job.state, job.error) == (JobState.WAITING, said)


def test_results_of_work_that_was_taken_over_are_not_kept(database: Database, tools: Tools, diary: Diary) -> None:
    def lose_the_lease() -> None:
        with database.unit_of_work() as session:
            session.execute(update(Job).values(leased_until=now() - timedelta(seconds=1)))
            claim(session, {JobKind.READ_VERSION: 10})

    ask(database, "a")
    diary.before_keeping = lose_the_lease
    assert work_once(tools)
    assert diary.kept == []
    assert left(database) == {"a": JobState.RUNNING}


def test_the_lease_is_kept_while_the_work_goes_on(
    database: Database, tools: Tools, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "HEARTBEAT_SECONDS", 0.05)
    ask(database, "a")

    def outlast_the_lease() -> None:
        with database.unit_of_work() as session:
            session.execute(update(Job).values(leased_until=now() - timedelta(seconds=1)))
        wait_until(is_leased)

    def is_leased() -> bool:
        with database.reading() as session:
            return session.scalar(select(Job.id).where(Job.leased_until > now())) is not None

    diary.before_keeping = outlast_the_lease
    assert work_once(tools)
    assert diary.kept == ["a"]
    assert left(database) == {}


def test_a_locked_database_is_no_fault_of_the_jobs(
    database: Database, backends: Backends, diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    """Another process holds the write lock for longer than one waits: the work is done again, nothing has failed."""
    impatient = Database(database.url, busy_seconds=0.1)
    worker = Worker(dataclasses.replace(backends, database=impatient))
    locked, let_go = threading.Event(), threading.Event()

    def hold_the_lock() -> None:
        with database.unit_of_work() as session:
            session.execute(text("select 1"))
            locked.set()
            assert let_go.wait(PATIENCE_SECONDS)

    holder = threading.Thread(target=hold_the_lock)

    def lock_once() -> None:
        if not locked.is_set():
            holder.start()
            assert locked.wait(PATIENCE_SECONDS)

    ask(database, "a", "b")
    diary.before_keeping = lock_once
    with running(worker):
        wait_until(lambda: "the database does not answer" in caplog.text)
        let_go.set()
        holder.join()
        wait_until(lambda: left(database) == {})
    assert diary.batches == [["a", "b"], ["a", "b"]]
    assert diary.kept == ["a", "b"]
    impatient.close()


def test_an_index_that_another_machine_writes_is_waited_for_and_no_fault_of_the_jobs(
    database: Database, tools: Tools, diary: Diary
) -> None:
    diary.bad, diary.error = {"a"}, IndexLocked(msg("Somebody writes."))
    ask(database, "a", "b")
    for _ in range(6):
        hurry(database)
        assert work_once(tools)
        assert not work_once(tools)
    assert left(database) == {"a": JobState.WAITING, "b": JobState.WAITING}
    diary.bad.clear()
    hurry(database)
    assert work_once(tools)
    assert diary.kept == ["a", "b"]
