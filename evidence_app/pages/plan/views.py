"""A plan as templates draw it: each action with its place in time and its state in a word."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext, ngettext

from evidence_app.database import now
from evidence_app.domain import planning
from evidence_app.domain.planning import ActionRow, ActionState, PlanKind, PlanTable
from evidence_app.extensions import actor, reading, school
from evidence_app.i18n import Message
from evidence_app.web.nodes import NodeWords, nodes
from evidence_app.web.people import Face, face
from evidence_app.web.templating import language

COUNTED = ("done", "under_way", "late", "planned")


@dataclass(frozen=True, slots=True)
class Span:
    """The months a plan runs over, from the first day of the first to the last day of the last."""

    first: date
    last: date

    def share(self, day: date) -> float:
        """How far into the span a day lies, from 0 to 1."""
        whole = (self.last - self.first).days or 1
        return min(1.0, max(0.0, (day - self.first).days / whole))

    @property
    def today(self) -> float | None:
        """Where today lies; None outside the span."""
        today = now().date()
        return self.share(today) if self.first <= today <= self.last else None

    @property
    def ends(self) -> tuple[str, str]:
        """The first and last month in short words."""
        return (_short(self.first, "MMM y"), _short(self.last, "MMM y"))


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action: `tone` is done, under_way, late, planned or cancelled; the bar is (start, end) as shares."""

    row: ActionRow
    url: str
    owner: Face | None
    due: str
    dates: str
    tone: str
    bar: tuple[float, float] | None
    nodes: list[NodeWords]


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """One objective with its actions; `signs` are the ways one will know that it worked."""

    id: str
    code: str
    title: str
    description: str
    actions: list[ActionView]
    nodes: list[NodeWords]
    budget: str
    signs: list[str]

    @property
    def counts(self) -> str:
        """How many actions are done, and how many late, in words."""
        done = sum(action.tone == "done" for action in self.actions)
        late = sum(action.tone == "late" for action in self.actions)
        words = str(gettext("%(done)s of %(total)s done", done=done, total=len(self.actions)))
        return words + (", " + str(gettext("%(late)s late", late=late)) if late else "")


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with everything on its page."""

    table: PlanTable
    span: Span | None
    objectives: list[ObjectiveView]

    @property
    def kind_words(self) -> Message:
        """The kind of plan."""
        return PlanKind(self.table.plan.kind).label

    @property
    def counts(self) -> dict[str, int]:
        """Tone -> how many actions have it, dropped ones left out."""
        tones = [action.tone for objective in self.objectives for action in objective.actions]
        return {tone: tones.count(tone) for tone in COUNTED}

    @property
    def lead(self) -> str:
        """The plan in one line."""
        if not self.objectives:
            return str(gettext("No objective yet."))
        objectives = ngettext("%(num)s objective", "%(num)s objectives", len(self.objectives))
        actions = ngettext("%(num)s action", "%(num)s actions", len(self.table.actions))
        late = self.counts["late"]
        said = str(gettext("%(objectives)s, %(actions)s.", objectives=objectives, actions=actions))
        return said + (" " + str(ngettext("%(num)s is late.", "%(num)s are late.", late)) if late else "")

    def by_state(self) -> list[tuple[ActionState, list[ActionView]]]:
        """The board: each state with its actions, in the order of the plan."""
        views = [action for objective in self.objectives for action in objective.actions]
        return [(state, [view for view in views if view.row.action.state == state]) for state in ActionState]


def plan_view(plan_id: str) -> PlanView:
    """A plan the asker may read; NotFound otherwise."""
    table = planning.plan_table(reading(), actor(), plan_id, today=now().date())
    span = _span(table.actions)
    return PlanView(table, span, [_objective(table, number, span) for number in range(len(table.objectives))])


def action_url(plan_id: str, action_id: str) -> str:
    """The page of an action."""
    return url_for("plan.action", school_key=school().key, plan_id=plan_id, action_id=action_id)


def plan_url(plan_id: str, **query: str) -> str:
    """The page of a plan."""
    view = query.get("view")
    return url_for("plan.plan", school_key=school().key, plan_id=plan_id, view=view)


def action_view(plan_id: str, row: ActionRow, span: Span | None = None) -> ActionView:
    """One action; with a span, its bar too."""
    action = row.action
    start, due = action.start_on or action.due_on, action.due_on or action.start_on
    return ActionView(
        row=row,
        url=action_url(plan_id, action.id),
        owner=face(row.owner_name),
        due=_short(action.due_on, "d MMM") if action.due_on else "",
        dates=_dates(start, due),
        tone=_tone(row),
        bar=(span.share(start), span.share(due)) if span and start and due else None,
        nodes=nodes().of(action.node_keys),
    )


def _objective(table: PlanTable, number: int, span: Span | None) -> ObjectiveView:
    row = table.objectives[number]
    keys = dict.fromkeys(key for inside in row.actions for key in inside.action.node_keys)
    return ObjectiveView(
        id=row.objective.id,
        code=row.code,
        title=row.objective.title,
        description=row.objective.description,
        actions=[action_view(table.plan.id, inside, span) for inside in row.actions],
        nodes=nodes().of(keys),
        budget=" + ".join(inside.action.budget for inside in row.actions if inside.action.budget),
        signs=[inside.action.success_indicator for inside in row.actions if inside.action.success_indicator],
    )


def _tone(row: ActionRow) -> str:
    if row.is_overdue:
        return "late"
    return "cancelled" if row.action.state == ActionState.DROPPED else str(row.action.state)


def _span(rows: Iterable[ActionRow]) -> Span | None:
    days = [day for row in rows for day in (row.action.start_on, row.action.due_on) if day]
    if not days:
        return None
    first, last = min(days), max(days)
    return Span(first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1]))


def _dates(start: date | None, due: date | None) -> str:
    """From when to when, the year of the first left out where it is the same."""
    if start is None or due is None or start == due:
        return _short(due, "d MMM y") if due else ""
    return f"{_short(start, 'd MMM' if start.year == due.year else 'd MMM y')} – {_short(due, 'd MMM y')}"


def _short(day: date, pattern: str) -> str:
    return str(format_date(day, pattern, locale=language())).replace(" ", "\N{NO-BREAK SPACE}")
