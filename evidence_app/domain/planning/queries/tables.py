"""Plans as tables, the actions of a person or a practice, what is overdue, and findings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import names_of
from evidence_app.domain.planning.models import (
    UNFINISHED,
    ActionNode,
    ActionState,
    Finding,
    Objective,
    Plan,
    PlanAction,
    ProgressNote,
)
from evidence_app.domain.planning.queries.locating import actions_with_plans, plan_row, readable, readable_findings
from evidence_app.domain.planning.queries.proofs import Proofs, proofs_of


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as a plan's table shows it: `code` is "2.1"; `notes` are the newest first."""

    action: PlanAction
    code: str
    owner_name: str
    is_overdue: bool
    notes: tuple[ProgressNote, ...]
    proofs: Proofs


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One objective with its actions; `code` is "2"."""

    objective: Objective
    code: str
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A plan with everything in it, in its order."""

    plan: Plan
    objectives: tuple[ObjectiveRow, ...]

    @property
    def actions(self) -> tuple[ActionRow, ...]:
        """All actions, objective after objective."""
        return tuple(row for objective in self.objectives for row in objective.actions)

    def by_state(self) -> dict[ActionState, tuple[ActionRow, ...]]:
        """State -> its actions, every state there, for a board."""
        return {state: tuple(row for row in self.actions if row.action.state == state) for state in ActionState}


@dataclass(frozen=True, slots=True)
class PlacedAction:
    """An action away from its table, with the plan it belongs to and its owner's name."""

    action: PlanAction
    plan: Plan
    owner_name: str


def plans_of(session: Session, actor: Actor) -> list[Plan]:
    """The plans the actor may read, newest first."""
    require(actor, Action.READ_PLAN)
    chosen = select(Plan).where(readable(session, actor))
    return list(session.scalars(chosen.order_by(Plan.created_at.desc(), Plan.id.desc())))


def plan_table(session: Session, actor: Actor, plan_id: str, *, today: date) -> PlanTable:
    """A plan as a table; always the same small number of queries."""
    require(actor, Action.READ_PLAN)
    plan = plan_row(session, actor, plan_id)
    objectives = select(Objective).where(Objective.school_id == actor.school_id, Objective.plan_id == plan.id)
    chosen = (
        actions_with_plans(PlanAction)
        .where(PlanAction.school_id == actor.school_id, Plan.id == plan.id)
        .order_by(PlanAction.position, PlanAction.id)
    )
    actions: list[PlanAction] = list(session.scalars(chosen))
    ids = [action.id for action in actions]
    owners = names_of(session, actor.school_id, {action.owner_id for action in actions if action.owner_id})
    notes = _notes(session, actor, ids)
    proofs = proofs_of(session, actor, plan, ids)
    rows = []
    for number, objective in enumerate(session.scalars(objectives.order_by(Objective.position, Objective.id)), 1):
        inside = [action for action in actions if action.objective_id == objective.id]
        table = tuple(
            ActionRow(
                action=action,
                code=f"{number}.{place}",
                owner_name=owners.get(action.owner_id or "", ""),
                is_overdue=action.is_overdue(today),
                notes=tuple(notes.get(action.id, ())),
                proofs=proofs[action.id],
            )
            for place, action in enumerate(inside, 1)
        )
        rows.append(ObjectiveRow(objective, str(number), table))
    return PlanTable(plan, tuple(rows))


def actions_for(session: Session, actor: Actor, node_keys: Collection[str]) -> list[PlacedAction]:
    """The actions for any of these nodes, in any state, soonest due first."""
    linked = select(ActionNode.action_id).where(
        ActionNode.school_id == actor.school_id, ActionNode.node_key.in_(node_keys)
    )
    return _placed(session, actor, PlanAction.id.in_(linked))


def actions_among(session: Session, actor: Actor, action_ids: Collection[str]) -> list[PlacedAction]:
    """Those of these actions that the actor may read, each with its plan, soonest due first."""
    return _placed(session, actor, PlanAction.id.in_(action_ids))


def unfinished_actions(session: Session, actor: Actor) -> list[PlacedAction]:
    """The actions that are neither done nor dropped, of all plans the actor may read, soonest due first."""
    return _placed(session, actor, PlanAction.state.in_(UNFINISHED))


def findings_of(session: Session, actor: Actor, *, evaluation_id: str | None = None) -> list[Finding]:
    """Findings of one evaluation's report, or of all; the newest report first, in the order they were recorded."""
    require(actor, Action.READ_PLAN)
    chosen = select(Finding).where(readable_findings(session, actor))
    if evaluation_id is not None:
        chosen = chosen.where(Finding.evaluation_id == evaluation_id)
    return list(session.scalars(chosen.order_by(Finding.year.desc().nulls_last(), Finding.created_at, Finding.id)))


def _placed(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> list[PlacedAction]:
    require(actor, Action.READ_PLAN)
    chosen = actions_with_plans(PlanAction, Plan).where(
        PlanAction.school_id == actor.school_id, readable(session, actor), *conditions
    )
    rows = session.execute(chosen.order_by(PlanAction.due_on.asc().nulls_last(), PlanAction.id)).all()
    names = names_of(session, actor.school_id, {action.owner_id for action, _ in rows if action.owner_id})
    return [PlacedAction(action, plan, names.get(action.owner_id or "", "")) for action, plan in rows]


def _notes(session: Session, actor: Actor, action_ids: Collection[str]) -> dict[str, list[ProgressNote]]:
    chosen = select(ProgressNote).where(
        ProgressNote.school_id == actor.school_id, ProgressNote.action_id.in_(action_ids)
    )
    notes: dict[str, list[ProgressNote]] = {}
    for note in session.scalars(chosen.order_by(ProgressNote.written_at.desc(), ProgressNote.id.desc())):
        notes.setdefault(note.action_id, []).append(note)
    return notes
