"""A kind of work that only notes what it was asked, its queue, and a worker that runs meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from evidence_app.database import Database, now
from evidence_app.domain.jobs import (
    Job,
    JobKind,
    enqueue,
)
from evidence_app.worker import Worker
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
