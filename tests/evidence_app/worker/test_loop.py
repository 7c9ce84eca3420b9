"""The loop: claim, work, finish. What fails, who may work, how it ends."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evidence_app.backends import Backends
from evidence_app.database import Database, now
from evidence_app.domain.jobs import (
    Job,
    JobKind,
    JobState,
    Urgency,
    claim,
    enqueue,
    is_work_left,
    parked_jobs,
    ready_kinds,
)
from evidence_app.domain.jobs.actions import MOST_ATTEMPTS
from evidence_app.domain.search import IndexLocked
from evidence_app.errors import Conflict
from evidence_app.i18n import msg
from evidence_app.worker import Worker, loop, run_until_done
from evidence_app.worker.handlers import HANDLERS, Handler, Lane
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools

SCHOOL = "school"
PATIENCE_SECONDS = 60


class Diary:
    """A kind of work that only notes what it was asked, and fails where it is told to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.batches: list[list[str]] = []
        self.bad: set[str] = set()
        self.error: Exception = RuntimeError("this one cannot be done")
        self.before_keeping: Callable[[], None] = lambda: None

    def work(self, _tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
        subjects = [job.subject for job in jobs]
        self.batches.append(subjects)
        if self.bad & set(subjects):
            raise self.error
        self.before_keeping()

        def keep(session: Session) -> None:
            for subject in subjects:
                session.execute(text("insert into kept values (:subject)"), {"subject": subject})

        return keep

    @property
    def kept(self) -> list[str]:
        """What the finished jobs left in the database."""
        with self.database.reading() as session:
            return list(session.scalars(text("select subject from kept order by rowid")))


@pytest.fixture
def diary(database: Database, monkeypatch: pytest.MonkeyPatch) -> Diary:
    """The only work there is, ten jobs at once."""
    with database.unit_of_work() as session:
        session.execute(text("create table kept (subject text)"))
    diary = Diary(database)
    monkeypatch.setattr(loop, "HANDLERS", MappingProxyType({JobKind.READ_VERSION: Handler(diary.work, 10)}))
    return diary


def ask(database: Database, *subjects: str) -> None:
    with database.unit_of_work() as session:
        for subject in subjects:
            enqueue(session, JobKind.READ_VERSION, SCHOOL, subject)


def hurry(database: Database) -> None:
    """Have what waits for its next try wait no longer."""
    with database.unit_of_work() as session:
        session.execute(update(Job).values(run_at=now()))


def left(database: Database) -> dict[str, str]:
    with database.reading() as session:
        asked = select(Job).where(Job.kind == JobKind.READ_VERSION)
        return {job.subject: job.state for job in session.scalars(asked)}


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    """The worker in a thread of its own; it ends with the block."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


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


def test_a_worker_takes_back_what_a_dead_one_had_in_hand(database: Database, backends: Backends, diary: Diary) -> None:
    ask(database, "a")
    with database.unit_of_work() as session:
        claim(session, {JobKind.READ_VERSION: 10})
    with running(Worker(backends)):
        wait_until(lambda: left(database) == {})
    assert diary.kept == ["a"]


def test_a_worker_that_is_told_to_stop_finishes_its_batch(database: Database, backends: Backends, diary: Diary) -> None:
    ask(database, "a")
    worker = Worker(backends)
    diary.before_keeping = worker.stop
    worker.run()
    assert diary.kept == ["a"]
    ask(database, "b")
    assert left(database) == {"b": JobState.WAITING}


def test_a_worker_nobody_wants_any_more_ends(backends: Backends, diary: Diary) -> None:
    wanted = iter([True, True, True])
    Worker(backends, is_wanted=lambda: next(wanted, False)).run()


HOLD_THE_LOCK = """
import fcntl, sys
with open(sys.argv[1] + "/worker.lock", "a") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_worker(backends: Backends) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the home folder's worker lock until its standard input closes, or it is killed."""
    home = str(backends.settings.home)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLD_THE_LOCK, home], **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_worker_waits_until_the_first_is_dead(database: Database, backends: Backends, diary: Diary) -> None:
    ask(database, "a")
    with another_worker(backends) as first, running(Worker(backends)):
        with pytest.raises(loop.WorkerBusy, match=r"worker\.lock"), loop._only_worker(backends.settings.home):
            pass
        assert diary.batches == []
        first.kill()
        wait_until(lambda: left(database) == {})
    assert diary.kept == ["a"]


def test_work_is_done_here_when_no_other_worker_does_it(database: Database, backends: Backends, diary: Diary) -> None:
    ask(database, "a", "b")
    run_until_done(backends, lambda: left(database) == {}, patience_seconds=PATIENCE_SECONDS)
    assert diary.kept == ["a", "b"]


def test_only_work_of_the_kinds_one_waits_for_is_done_also_what_nobody_else_waits_for(
    database: Database, backends: Backends, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work of another kind that somebody waits for goes first elsewhere; here it would hold back for ever."""
    other = Diary(database)
    both = {JobKind.READ_VERSION: Handler(diary.work, 10), JobKind.DRAW_THUMBNAIL: Handler(other.work, 10)}
    monkeypatch.setattr(loop, "HANDLERS", MappingProxyType(both))
    with database.unit_of_work() as session:
        enqueue(session, JobKind.READ_VERSION, SCHOOL, "a", urgency=Urgency.LATER)
        enqueue(session, JobKind.DRAW_THUMBNAIL, SCHOOL, "b")
    only = [JobKind.READ_VERSION]
    run_until_done(backends, lambda: left(database) == {}, kinds=only, patience_seconds=PATIENCE_SECONDS)
    assert (diary.batches, other.batches) == ([["a"]], [])


def test_another_workers_work_is_waited_for(database: Database, backends: Backends, diary: Diary) -> None:
    """The lock is held elsewhere: nothing is done here, and one returns as soon as it is done there."""
    ask(database, "a")
    looks = 0

    def is_done() -> bool:
        nonlocal looks
        looks += 1
        return looks > 3

    with another_worker(backends):
        run_until_done(backends, is_done, patience_seconds=PATIENCE_SECONDS)
        with pytest.raises(TimeoutError, match="not done within"):
            run_until_done(backends, lambda: False, patience_seconds=0.3)
    assert diary.batches == []


def test_work_goes_on_here_when_the_other_worker_dies(database: Database, backends: Backends, diary: Diary) -> None:
    ask(database, "a")
    with another_worker(backends) as first:
        looks = 0

        def is_done() -> bool:
            nonlocal looks
            looks += 1
            if looks == 2:
                first.kill()
            with database.reading() as session:
                return not is_work_left(session, SCHOOL, [JobKind.READ_VERSION])

        run_until_done(backends, is_done, patience_seconds=PATIENCE_SECONDS)
    assert diary.kept == ["a"]


def test_what_takes_long_in_one_lane_holds_up_no_other(
    database: Database, backends: Backends, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan is being recognised; what is filed meanwhile is read and kept before that is over."""
    slow = Diary(database)
    handlers = {
        JobKind.READ_VERSION: Handler(diary.work, 10, Lane.READING),
        JobKind.RECOGNISE_TEXT: Handler(slow.work, 10, Lane.DRAWING),
    }
    monkeypatch.setattr(loop, "HANDLERS", MappingProxyType(handlers))
    begun, over = threading.Event(), threading.Event()

    def last() -> None:
        begun.set()
        assert over.wait(PATIENCE_SECONDS)

    slow.before_keeping = last
    with database.unit_of_work() as session:
        enqueue(session, JobKind.RECOGNISE_TEXT, SCHOOL, "scan")
    with running(Worker(backends)):
        assert begun.wait(PATIENCE_SECONDS)
        ask(database, "filed meanwhile")
        wait_until(lambda: diary.kept == ["filed meanwhile"])
        over.set()
        wait_until(lambda: diary.kept == ["filed meanwhile", "scan"])


@pytest.mark.parametrize(
    "slow",
    [
        JobKind.COMPILE_EDITION,
        JobKind.PREPARE_SHARE,
        JobKind.REMAKE_SHARE_INDEX,
        JobKind.RECOGNISE_TEXT,
        JobKind.LEARN_FROM_ITEM,
        JobKind.CHECK_LINK,
        JobKind.READ_MAILBOX,
    ],
)
def test_what_is_filed_is_found_while_a_long_work_goes_on(
    database: Database, backends: Backends, diary: Diary, monkeypatch: pytest.MonkeyPatch, slow: JobKind
) -> None:
    begun, over = threading.Event(), threading.Event()

    def take_long(_tools: Tools, _jobs: Sequence[Job]) -> Callable[[Session], None]:
        begun.set()
        assert over.wait(PATIENCE_SECONDS)
        return lambda _session: None

    handlers = {slow: take_long, JobKind.READ_VERSION: diary.work, JobKind.INDEX_ITEM: diary.work}
    told = {kind: HANDLERS[kind]._replace(work=work) for kind, work in handlers.items()}
    monkeypatch.setattr(loop, "HANDLERS", MappingProxyType(told))
    with database.unit_of_work() as session:
        enqueue(session, slow, SCHOOL, "long")
    with running(Worker(backends)):
        try:
            assert begun.wait(PATIENCE_SECONDS)
            with database.unit_of_work() as session:
                enqueue(session, JobKind.READ_VERSION, SCHOOL, "read")
                enqueue(session, JobKind.INDEX_ITEM, SCHOOL, "indexed")
            wait_until(lambda: set(diary.kept) == {"read", "indexed"})
        finally:
            over.set()


def test_a_worker_without_work_looks_often_and_writes_seldom(
    database: Database, backends: Backends, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each claim keeps everybody else from writing for a moment, and a machine that rests should rest."""
    claims, looks = [], []

    def note_claim(session: Session, most: Mapping[JobKind, int], beside: Collection[JobKind]) -> list[Job]:
        claims.append(most)
        return claim(session, most, beside)

    def note_look(session: Session, kinds: Collection[JobKind]) -> set[JobKind]:
        looks.append(kinds)
        return ready_kinds(session, kinds)

    monkeypatch.setattr(loop, "claim", note_claim)
    monkeypatch.setattr(loop, "ready_kinds", note_look)
    with running(Worker(backends)):
        wait_until(lambda: len(looks) >= 5)
        assert len(claims) <= 2, "a claim at the start, and one after a rest at most"
        ask(database, "a")
        wait_until(lambda: left(database) == {})
    assert diary.kept == ["a"]


def test_a_lane_that_breaks_ends_the_others_and_is_told(
    database: Database, backends: Backends, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose lane is gone must not look alive."""

    def break_down(*_: object) -> list[Job]:
        raise MemoryError("no memory for this lane")

    monkeypatch.setattr(loop, "claim", break_down)
    with pytest.raises(MemoryError, match="no memory for this lane"):
        Worker(backends).run()
