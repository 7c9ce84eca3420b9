"""Asking how things go: each question is one look at the rows, of what the actor may know now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import Group, GroupMember, Membership, groups_of_school
from evidence_app.domain.coverage import covered_since
from evidence_app.domain.evidence import Item, visible_to
from evidence_app.domain.selfstudy import (
    DeadlineKind,
    Evaluation,
    EvaluationState,
    Response,
    ResponseStatus,
    deadlines_of,
    evaluations_of,
    progress,
)
from evidence_app.months import last_months, months_before

MONTHS_SHOWN = 12
PACE_WEEKS = 8
"""Weeks of work behind that tell the pace."""
WEEKS_SHOWN = 16


@dataclass(frozen=True, slots=True)
class MonthFiled:
    """What came in during the month of `first` day: filed by somebody one by one, and with drives and imports."""

    first: date
    by_hand: int = 0
    in_bulk: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A group of people, and the ids of those of them who are members of the school now."""

    group: Group
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """How the answers of an evaluation get done, and how fast they would have to.

    `total` answers, `begun` and `approved` ones among them; `by_week` are the approved at the end of each week (its
    last day), this one last; `a_week` is the mean of the last PACE_WEEKS. `due_on` is when the questionnaire is sent,
    or else the visit; None where there is no date.
    """

    evaluation: Evaluation
    total: int
    begun: int
    approved: int
    by_week: tuple[tuple[date, int], ...]
    a_week: float
    due_on: date | None
    today: date

    @property
    def left(self) -> int:
        """Answers that are not approved."""
        return self.total - self.approved

    @property
    def needed_a_week(self) -> int | None:
        """Answers to be approved a week until they are due; None where nothing is due, or it is too late."""
        if self.due_on is None or self.due_on <= self.today:
            return None
        return ceil(self.left / max(1.0, (self.due_on - self.today).days / 7))

    @property
    def done_on(self) -> date | None:
        """When all would be approved at the pace of late; None where none was."""
        if not self.left:
            return self.today
        if not self.a_week:
            return None
        days = ceil(7 * self.left / self.a_week)
        return self.today + timedelta(days=days) if days < (date.max - self.today).days else None

    @property
    def is_enough(self) -> bool:
        """Whether the pace of late, were it kept, gets all of them approved in time."""
        return self.done_on is not None and (self.due_on is None or self.done_on <= self.due_on)


def filed_by_month(session: Session, actor: Actor, *, today: date) -> list[MonthFiled]:
    """What came in during each of the last MONTHS_SHOWN months and is in use, this month last."""
    require(actor, Action.READ_COVERAGE)
    firsts = last_months(today, MONTHS_SHOWN)
    day = func.date(Item.received_at)
    rows = session.execute(
        select(day, Item.came_in_bulk, func.count())
        .where(
            Item.school_id == actor.school_id,
            Item.received_at >= _begin_of(firsts[0]),
            Item.withdrawn_at.is_(None),
            visible_to(actor),
        )
        .group_by(day, Item.came_in_bulk)
    )
    counts: Counter[tuple[date, bool]] = Counter()
    for received_on, in_bulk, count in rows:
        # SQLite has no type for days and answers with their text.
        counts[date.fromisoformat(str(received_on)).replace(day=1), in_bulk] += count
    return [MonthFiled(first, counts[first, False], counts[first, True]) for first in firsts]


def covered_by_month(session: Session, actor: Actor, *, today: date) -> tuple[list[tuple[date, int]], int]:
    """How many practices had evidence at the end of each of the last months, and how many there are.

    A practice counts once for each programme it is answered in. Months are given by their first day; the evidence is
    what is accepted and in use now, from the day on which the first of it was.
    """
    covered = covered_since(session, actor)
    firsts = last_months(today, MONTHS_SHOWN)
    ends = [*firsts[1:], months_before(firsts[-1], -1)]
    since = [day for day in covered.values() if day is not None]
    return [(first, sum(day < end for day in since)) for first, end in zip(firsts, ends, strict=True)], len(covered)


def pace_to_visit(session: Session, actor: Actor, *, today: date) -> Pace | None:
    """The pace of the latest evaluation that is open; None without one."""
    require(actor, Action.READ_COVERAGE)
    open_ones = [frame for frame in evaluations_of(session, actor) if frame.state == EvaluationState.OPEN]
    if not open_ones:
        return None
    frame = open_ones[0]
    counts = progress(session, actor, frame.id)
    total = sum(sum(by_status.values()) for by_status in counts.values())
    approved = sum(by_status[ResponseStatus.APPROVED] for by_status in counts.values())
    not_begun = sum(by_status[ResponseStatus.NOT_BEGUN] for by_status in counts.values())
    days = [
        approved_at.date()
        for approved_at in session.scalars(
            select(Response.approved_at).where(
                Response.school_id == actor.school_id,
                Response.evaluation_id == frame.id,
                Response.programme.in_(list(counts)),
                Response.status == ResponseStatus.APPROVED,
                Response.approved_at.is_not(None),
            )
        )
        if approved_at is not None
    ]
    sunday = today + timedelta(days=6 - today.weekday())
    weeks = [sunday - timedelta(weeks=ago) for ago in reversed(range(WEEKS_SHOWN))]
    lately = sum(day > today - timedelta(weeks=PACE_WEEKS) for day in days)
    return Pace(
        evaluation=frame,
        total=total,
        begun=total - not_begun,
        approved=approved,
        by_week=tuple((week, sum(day <= week for day in days)) for week in weeks),
        a_week=lately / PACE_WEEKS,
        due_on=_sent_on(session, actor, frame),
        today=today,
    )


def teams_of(session: Session, actor: Actor) -> list[Team]:
    """The groups of the school that have members, by name."""
    require(actor, Action.READ_COVERAGE)
    of_school = and_(Membership.school_id == GroupMember.school_id, Membership.person_id == GroupMember.person_id)
    rows = session.execute(
        select(GroupMember.group_id, GroupMember.person_id)
        .join(Membership, of_school)
        .where(GroupMember.school_id == actor.school_id)
        .order_by(GroupMember.person_id)
    )
    people: dict[str, list[str]] = {}
    for group_id, person_id in rows:
        people.setdefault(group_id, []).append(person_id)
    return [Team(group, tuple(people[group.id])) for group in groups_of_school(session, actor) if group.id in people]


def _sent_on(session: Session, actor: Actor, frame: Evaluation) -> date | None:
    dates = {row.key: row.due_on for row in deadlines_of(session, actor, frame.id)}
    return dates.get(DeadlineKind.QUESTIONNAIRE, frame.visit_on)


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
