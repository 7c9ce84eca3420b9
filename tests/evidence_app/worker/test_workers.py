"""The loop of a worker: who may work, what is done at once, how it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session

from evidence_app.backends import Backends
from evidence_app.database import Database
from evidence_app.domain.jobs import (
    Job,
    JobKind,
    JobState,
    Urgency,
    claim,
    enqueue,
    is_work_left,
    ready_kinds,
)
from evidence_app.worker import Worker, loop, run_until_done
from evidence_app.worker.handlers import HANDLERS, Handler, Lane
from evidence_app.worker.tools import Tools
from tests.evidence_app.worker.diary import PATIENCE_SECONDS, SCHOOL, Diary, ask, left, running, wait_until


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
