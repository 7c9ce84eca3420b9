"""Work to do later: durable, leased, tried again, and parked when it keeps failing."""

from evidence_app.domain.jobs.actions import (
    LeaseLost,
    claim,
    enqueue,
    enqueue_all,
    extend_lease,
    fail,
    finish,
    put_off,
    ready_kinds,
    release_all,
    retry_parked,
)
from evidence_app.domain.jobs.models import Job, JobKind, JobState, Urgency
from evidence_app.domain.jobs.queries import (
    is_asked_for,
    is_work_left,
    parked_jobs,
    unfinished_among,
    unfinished_count,
    unfinished_subjects,
)

__all__ = [
    "Job",
    "JobKind",
    "JobState",
    "LeaseLost",
    "Urgency",
    "claim",
    "enqueue",
    "enqueue_all",
    "extend_lease",
    "fail",
    "finish",
    "is_asked_for",
    "is_work_left",
    "parked_jobs",
    "put_off",
    "ready_kinds",
    "release_all",
    "retry_parked",
    "unfinished_among",
    "unfinished_count",
    "unfinished_subjects",
]
