"""Claim, work, finish: again and again, by one worker for each home folder."""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import DBAPIError, OperationalError

from evidence_app.backends import Backends
from evidence_app.database import DatabaseBusy
from evidence_app.domain.jobs import (
    Job,
    JobKind,
    LeaseLost,
    claim,
    extend_lease,
    fail,
    finish,
    put_off,
    ready_kinds,
    release_all,
)
from evidence_app.domain.search import IndexLocked
from evidence_app.worker.handlers import HANDLERS, Lane
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.tools import Tools

log = logging.getLogger(__name__)

WhenIdle = Callable[[Callable[[], bool]], None]
"""What is done when there is no work; it is given what says whether there is some again, and leaves off then."""

NAP_SECONDS = 0.25
"""How often it is looked for all lanes at once whether there is work to begin."""
REST_SECONDS = 2.0
"""How long a lane without work waits that nobody calls, before it looks whether another worker died over some."""
LOOK_SECONDS = 0.05
"""How often it is looked whether all is done."""
HEARTBEAT_SECONDS = 30.0
INDEX_BUSY_SECONDS = 5.0
"""How long work waits that finds another machine writing the index."""
NO_ANSWER = (DatabaseBusy, OperationalError)
"""The database is locked for too long, or away."""


class WorkerBusy(Exception):
    """Another worker of this home folder is at work; the message says who holds the lock file."""


class Worker:
    """Works through the queue. At most one for each home folder, since it alone writes the index there."""

    def __init__(self, backends: Backends, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self._backends = backends
        self._is_wanted = is_wanted
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until `stop` is called or nobody wants it; waits first while another worker holds the lock.

        A database that does not answer is waited for: what was being done then is done again.
        """
        while self._goes_on():
            try:
                with _queue(self._backends) as tools:
                    _work(tools, lambda: not self._goes_on(), when_idle=Housekeeping(tools).do_what_is_due)
            except WorkerBusy:
                self._stopping.wait(1)
            except NO_ANSWER as error:
                log.warning("the database does not answer, trying again: %s", error)
                self._stopping.wait(1)

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        self._stopping.set()

    def _goes_on(self) -> bool:
        return not self._stopping.is_set() and self._is_wanted()


def run_until_done(
    backends: Backends,
    is_done: Callable[[], bool],
    *,
    kinds: Collection[JobKind] = tuple(JobKind),
    patience_seconds: float = 6 * 3600,
) -> None:
    """Returns once `is_done()`; works the queue itself when no other worker does, else waits for that one.

    Of the work it does only these `kinds`; the rest waits for the next worker. Raises TimeoutError
    when the work is not done in time.
    """
    deadline = time.monotonic() + patience_seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the work was not done within {patience_seconds:.0f} seconds")
        try:
            with _queue(backends) as tools:
                _work(tools, lambda: is_done() or time.monotonic() > deadline, kinds)
        except (WorkerBusy, DatabaseBusy):
            time.sleep(NAP_SECONDS)


def _work(
    tools: Tools,
    is_enough: Callable[[], bool],
    kinds: Collection[JobKind] = tuple(JobKind),
    when_idle: WhenIdle = lambda _is_called: None,
) -> None:
    """Works in every lane at once until `is_enough()`; what is in hand then is finished.

    What a lane raises ends all of them, and is raised.
    """
    ending = threading.Event()
    calls = {handler.lane: threading.Event() for kind, handler in HANDLERS.items() if kind in kinds}

    def work_in(lane: Lane) -> None:
        try:
            while not ending.is_set() and not is_enough():
                if work_once(tools, [lane], kinds):
                    # What was just done may have given another lane something to do.
                    _call(call for other, call in calls.items() if other is not lane)
                    continue
                if lane is Lane.OWN:
                    when_idle(calls[lane].is_set)
                calls[lane].wait(REST_SECONDS)
                calls[lane].clear()
        finally:
            ending.set()
            _call(calls.values())

    with ThreadPoolExecutor(len(calls)) as threads:
        lanes = [threads.submit(work_in, lane) for lane in calls]
        try:
            look_at = 0.0
            while not is_enough() and not ending.wait(LOOK_SECONDS):
                if time.monotonic() >= look_at:
                    _call(calls[lane] for lane in _lanes_with_work(tools, kinds))
                    look_at = time.monotonic() + NAP_SECONDS
        finally:
            ending.set()
            _call(calls.values())
    for ended in lanes:
        ended.result()


def _call(lanes: Iterable[threading.Event]) -> None:
    for called in lanes:
        called.set()


def _lanes_with_work(tools: Tools, kinds: Collection[JobKind]) -> set[Lane]:
    """The lanes that have something of these kinds to begin. It only reads: lanes that claimed as often would keep
    others from writing all day long, for nothing.
    """
    with tools.database.reading() as session:
        return {HANDLERS[kind].lane for kind in ready_kinds(session, [kind for kind in HANDLERS if kind in kinds])}


def work_once(tools: Tools, lanes: Collection[Lane] = tuple(Lane), kinds: Collection[JobKind] = tuple(JobKind)) -> bool:
    """Whether there was something of these kinds to do in these lanes: one batch was claimed and done, or failed and
    was put back.
    """
    readers = tools.backends.settings.readers
    most = {
        kind: handler.batch_for(readers)
        for kind, handler in HANDLERS.items()
        if handler.lane in lanes and kind in kinds
    }
    with tools.database.unit_of_work() as session:
        jobs = claim(session, most, kinds)
    if jobs:
        with _heartbeat(tools, jobs):
            _do(tools, jobs)
    return bool(jobs)


def _do(tools: Tools, jobs: Sequence[Job]) -> None:
    kind = JobKind(jobs[0].kind)
    try:
        results = HANDLERS[kind].work(tools, jobs)
        with tools.database.unit_of_work() as session:
            results(session)
            finish(session, jobs)
    except LeaseLost:
        log.info("%s: another worker took over %d jobs", kind, len(jobs))
    except NO_ANSWER:
        # That is no fault of the jobs: they are done again once the database answers.
        raise
    except IndexLocked:
        # A rebuild takes minutes, and is no fault of the jobs either.
        with tools.database.unit_of_work() as session:
            put_off(session, jobs, INDEX_BUSY_SECONDS)
    except Exception as error:
        if len(jobs) > 1:
            # One bad job must not hold up the others: each is tried alone.
            for job in jobs:
                _do(tools, [job])
            return
        log.exception("%s %s failed", kind, jobs[0].subject)
        with tools.database.unit_of_work() as session:
            fail(session, jobs[0], _reason(error))


def _reason(error: Exception) -> str:
    """The error in a line, for the administrator's page; without the rows that PostgreSQL adds in the lines below."""
    words = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return f"{type(error).__name__}: {words.strip().partition(chr(10))[0]}"


@contextmanager
def _heartbeat(tools: Tools, jobs: Sequence[Job]) -> Iterator[None]:
    """Keeps the lease while the work goes on, so that nobody takes it over for being slow."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            try:
                with tools.database.unit_of_work() as session:
                    extend_lease(session, jobs)
            except NO_ANSWER as error:
                log.warning("the lease of %d jobs was not extended: %s", len(jobs), error)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def _queue(backends: Backends) -> Iterator[Tools]:
    """What one works with as the only worker of the home folder; raises WorkerBusy while there is another."""
    with _only_worker(backends.settings.home), Tools(backends) as tools:
        # On SQLite there is one machine and this process holds its only lock: whoever held a lease is dead.
        if backends.database.is_sqlite:
            with backends.database.unit_of_work() as session:
                release_all(session)
        yield tools


@contextmanager
def _only_worker(home: Path) -> Iterator[None]:
    """Holds the home folder's worker lock; the system lets go of it when the process dies, however it dies."""
    lock: TextIO
    with (home / "worker.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkerBusy(f"another worker holds {home / 'worker.lock'}") from None
        yield
