from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from evidence_app.database import Database, now
from evidence_app.domain.jobs import (
    Job,
    JobKind,
    JobState,
    LeaseLost,
    Urgency,
    claim,
    enqueue,
    enqueue_all,
    extend_lease,
    fail,
    finish,
    parked_jobs,
    ready_kinds,
    release_all,
    retry_parked,
    unfinished_count,
    unfinished_subjects,
)
from evidence_app.domain.jobs.actions import MOST_ATTEMPTS, MOST_DEATHS, SUSPECT_ATTEMPTS

SCHOOL = "school"
MOST = {JobKind.INDEX_ITEM: 10, JobKind.READ_VERSION: 2}


def ask(
    database: Database,
    *subjects: str,
    kind: JobKind = JobKind.READ_VERSION,
    school: str = SCHOOL,
    urgency: Urgency = Urgency.NOW,
) -> None:
    for subject in subjects:
        with database.unit_of_work() as session:
            enqueue(session, kind, school, subject, urgency=urgency)


def take(database: Database) -> list[Job]:
    with database.unit_of_work() as session:
        return claim(session, MOST)


def outdate_leases(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Job).values(leased_until=now() - timedelta(seconds=1)))


def test_jobs_come_oldest_first_and_at_most_as_many_as_wanted(database: Database) -> None:
    ask(database, "a", "b", "c")
    assert [j.subject for j in take(database)] == ["a", "b"]
    assert [j.subject for j in take(database)] == ["c"]
    assert take(database) == []


def test_what_is_ready_can_be_seen_without_being_claimed(database: Database) -> None:
    ask(database, "a")
    ask(database, "b", kind=JobKind.INDEX_ITEM)
    ask(database, "c", kind=JobKind.CHECK_LINK)
    with database.unit_of_work() as session:
        session.execute(update(Job).where(Job.subject == "b").values(run_at=now() + timedelta(hours=1)))
    with database.reading() as session:
        assert ready_kinds(session, MOST) == {JobKind.READ_VERSION}
    assert [j.subject for j in take(database)] == ["a"]
    with database.reading() as session:
        assert ready_kinds(session, MOST) == set()


def test_an_earlier_kind_comes_before_older_jobs_of_a_later_kind(database: Database) -> None:
    ask(database, "read me")
    ask(database, "index me", kind=JobKind.INDEX_ITEM)
    assert [j.subject for j in take(database)] == ["index me"]


def test_what_somebody_waits_for_comes_before_all_that_is_brought_in_and_never_in_one_batch(database: Database) -> None:
    ask(database, "folder", kind=JobKind.INDEX_ITEM, urgency=Urgency.BULK)
    ask(database, "scan", urgency=Urgency.LATER)
    ask(database, "folder", urgency=Urgency.BULK)
    ask(database, "upload")
    taken = [take(database) for _ in range(4)]
    assert [[(j.subject, j.kind) for j in batch] for batch in taken] == [
        [("upload", JobKind.READ_VERSION)],
        [("folder", JobKind.INDEX_ITEM)],
        [("folder", JobKind.READ_VERSION)],
        [("scan", JobKind.READ_VERSION)],
    ]


def test_what_somebody_begins_to_wait_for_becomes_urgent_and_stays_so(database: Database) -> None:
    ask(database, "a", "b", urgency=Urgency.BULK)
    ask(database, "b")
    ask(database, "b", urgency=Urgency.LATER)
    assert [j.subject for j in take(database)] == ["b"]


def test_work_that_is_asked_for_again_is_not_begun_before_its_new_cause_is_kept(database: Database) -> None:
    ask(database, "a")
    taken: list[Job] = []
    worker = threading.Thread(target=lambda: taken.extend(take(database)))
    with database.unit_of_work() as session:
        enqueue(session, JobKind.READ_VERSION, SCHOOL, "a")
        worker.start()
        worker.join(0.3)
        assert taken == []
    worker.join()
    assert [j.subject for j in (taken or take(database))] == ["a"]


def test_a_batch_is_of_one_school(database: Database) -> None:
    ask(database, "a", school="one")
    ask(database, "b", school="two")
    assert [j.school_id for j in take(database)] == ["one"]
    assert [j.school_id for j in take(database)] == ["two"]


def test_asking_twice_while_it_waits_is_one_job(database: Database) -> None:
    ask(database, "a", "a")
    assert [j.subject for j in take(database)] == ["a"]


def test_asking_again_while_it_runs_is_another_job(database: Database) -> None:
    ask(database, "a")
    take(database)
    ask(database, "a")
    assert [j.subject for j in take(database)] == ["a"]


def test_a_job_of_a_dead_worker_is_claimed_again(database: Database) -> None:
    ask(database, "a")
    take(database)
    assert take(database) == []
    outdate_leases(database)
    assert [j.attempts for j in take(database)] == [2]


def test_a_worker_that_lost_its_lease_cannot_finish(database: Database) -> None:
    ask(database, "a")
    slow = take(database)
    outdate_leases(database)
    quick = take(database)
    with pytest.raises(LeaseLost), database.unit_of_work() as session:
        finish(session, slow)
    with database.unit_of_work() as session:
        finish(session, quick)
    with database.reading() as session:
        assert session.scalar(select(Job.id)) is None


def test_a_heartbeat_keeps_the_lease(database: Database) -> None:
    ask(database, "a")
    jobs = take(database)
    outdate_leases(database)
    with database.unit_of_work() as session:
        extend_lease(session, jobs)
    assert take(database) == []


def test_a_worker_that_is_late_and_alive_is_not_waited_for(database: Database) -> None:
    ask(database, "slow")
    slow = take(database)
    outdate_leases(database)
    ask(database, "next")
    taken: list[Job] = []
    worker = threading.Thread(target=lambda: taken.extend(take(database)))
    with database.unit_of_work() as session:
        extend_lease(session, slow)
        worker.start()
        if not database.is_sqlite:
            worker.join(5)
            assert [j.subject for j in taken] == ["next"]
    worker.join()
    assert [j.subject for j in taken] == ["next"]


def test_what_keeps_failing_is_parked_and_can_be_retried(database: Database) -> None:
    ask(database, "a")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        (job,) = take(database)
        with database.unit_of_work() as session:
            state = fail(session, job, "it broke")
        assert state == (JobState.PARKED if attempt == MOST_ATTEMPTS else JobState.WAITING)
        with database.unit_of_work() as session:
            session.execute(update(Job).values(run_at=now()))
    assert take(database) == []
    with database.reading() as session:
        assert [j.error for j in parked_jobs(session, SCHOOL)] == ["it broke"]
    with database.unit_of_work() as session:
        assert retry_parked(session, SCHOOL) == 1
    assert [j.attempts for j in take(database)] == [1]


def test_a_failed_job_waits_longer_each_time(database: Database) -> None:
    ask(database, "a")
    (job,) = take(database)
    with database.unit_of_work() as session:
        fail(session, job, "once")
    assert take(database) == []
    with database.reading() as session:
        (waiting,) = session.scalars(select(Job))
        assert waiting.run_at > now() + timedelta(seconds=10)


def test_failing_with_a_lost_lease_changes_nothing(database: Database) -> None:
    ask(database, "a")
    (slow,) = take(database)
    outdate_leases(database)
    take(database)
    with database.unit_of_work() as session:
        assert fail(session, slow, "late") == JobState.RUNNING


def test_what_is_unfinished_can_be_asked(database: Database) -> None:
    ask(database, "a", "b")
    ask(database, "c", school="other")
    take(database)
    with database.reading() as session:
        assert unfinished_count(session, SCHOOL, [JobKind.READ_VERSION]) == 2
        assert unfinished_subjects(session, SCHOOL, JobKind.READ_VERSION) == {"a", "b"}
        assert unfinished_count(session, SCHOOL, [JobKind.INDEX_ITEM]) == 0


def test_a_worker_that_starts_alone_takes_back_every_lease(database: Database) -> None:
    ask(database, "a")
    take(database)
    with database.unit_of_work() as session:
        assert release_all(session) == 1
    assert [j.subject for j in take(database)] == ["a"]


def die(database: Database, times: int) -> list[list[str]]:
    """What a worker claims that dies each time with its claim in hand."""
    claimed = []
    for _ in range(times):
        claimed.append([job.subject for job in take(database)])
        outdate_leases(database)
    return claimed


def test_what_a_dead_worker_had_in_hand_comes_after_what_nobody_tried(database: Database) -> None:
    ask(database, "a")
    die(database, 1)
    ask(database, "b")
    assert [j.subject for j in take(database)] == ["b"]
    assert [j.subject for j in take(database)] == ["a"]


def test_what_two_workers_died_with_is_tried_alone(database: Database) -> None:
    """One of them may be the cause; the others must not go with it for ever."""
    ask(database, "a", "b")
    assert die(database, SUSPECT_ATTEMPTS) == [["a", "b"]] * SUSPECT_ATTEMPTS
    assert [j.subject for j in take(database)] == ["a"]
    assert [j.subject for j in take(database)] == ["b"]


@pytest.mark.parametrize("is_released", [False, True])
def test_what_workers_keep_dying_with_is_parked(database: Database, is_released: bool) -> None:
    ask(database, "a")
    for _ in range(MOST_DEATHS):
        assert [j.subject for j in take(database)] == ["a"]
        outdate_leases(database)
        if is_released:
            with database.unit_of_work() as session:
                release_all(session)
    assert take(database) == []
    with database.reading() as session:
        assert [j.error for j in parked_jobs(session, SCHOOL)] == [f"its worker ended {MOST_DEATHS} times"]


def test_what_nobody_waits_for_is_not_begun_beside_what_somebody_waits_for(database: Database) -> None:
    """Whoever does only such work, beside others who do the rest, would take the machine from them."""
    ask(database, "scan", urgency=Urgency.LATER)
    ask(database, "folder", kind=JobKind.SUGGEST_ITEM, urgency=Urgency.BULK)
    assert take(database) == []
    with database.unit_of_work() as session:
        assert [j.subject for j in claim(session, {JobKind.SUGGEST_ITEM: 10})] == ["folder"]
    assert [j.subject for j in take(database)] == ["scan"]


def test_mailboxes_that_are_always_to_be_read_hold_back_nothing(database: Database) -> None:
    ask(database, "scan", urgency=Urgency.LATER)
    ask(database, "one school", "another school", kind=JobKind.READ_MAILBOX)
    assert [j.subject for j in take(database)] == ["scan"]


def test_asking_for_many_doubles_none_that_waits_and_makes_it_as_urgent_as_it_is_now(database: Database) -> None:
    ask(database, "a", "b", urgency=Urgency.LATER)
    with database.unit_of_work() as session:
        enqueue_all(session, JobKind.READ_VERSION, SCHOOL, ["b", "c", "c"], urgency=Urgency.BULK)
        enqueue_all(session, JobKind.READ_VERSION, "other", ["b"], urgency=Urgency.NOW)
        enqueue_all(session, JobKind.READ_VERSION, SCHOOL, [])
    with database.reading() as session:
        kept = {(j.school_id, j.subject): j.urgency for j in session.scalars(select(Job))}
    assert kept == {
        (SCHOOL, "a"): Urgency.LATER,
        (SCHOOL, "b"): Urgency.BULK,
        (SCHOOL, "c"): Urgency.BULK,
        ("other", "b"): Urgency.NOW,
    }
    assert [(j.subject, j.school_id) for j in take(database)] == [("b", "other")]
    assert {j.subject for j in take(database)} == {"b", "c"}
