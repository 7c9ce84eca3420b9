"""Finding one row of a plan, for those who may know that it exists."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.planning.models import Finding, MilestoneStep, Objective, Plan, PlanAction
from evidence_app.domain.selfstudy import evaluations_of
from evidence_app.errors import NotFound
from evidence_app.i18n import msg

Row = TypeVar("Row", Plan, Objective, PlanAction, MilestoneStep, Finding)


def readable(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The condition on `Plan` under which the actor may know it: of this school, and of an evaluation they may read."""
    mine = Plan.school_id == actor.school_id
    if not actor.programmes:
        return mine
    open_to_actor = [found.id for found in evaluations_of(session, actor)]
    return mine & or_(Plan.evaluation_id.is_(None), Plan.evaluation_id.in_(open_to_actor))


def plan_row(session: Session, actor: Actor, plan_id: str, *, lock: bool = False) -> Plan:
    """One plan; NotFound when the actor may not know it."""
    chosen = select(Plan).where(readable(session, actor), Plan.id == plan_id)
    return _one(session, chosen.with_for_update(of=Plan) if lock else chosen)


def objective_row(session: Session, actor: Actor, objective_id: str) -> Objective:
    """One objective, locked."""
    same = (Plan.school_id == Objective.school_id) & (Plan.id == Objective.plan_id)
    chosen = select(Objective).join(Plan, same).where(readable(session, actor), Objective.id == objective_id)
    return _one(session, chosen.with_for_update(of=Objective))


def action_row(session: Session, actor: Actor, action_id: str) -> PlanAction:
    """One action, locked."""
    chosen = actions_with_plans(PlanAction).where(readable(session, actor), PlanAction.id == action_id)
    found: Select[PlanAction] = chosen.with_for_update(of=PlanAction)
    return _one(session, found)


def step_row(session: Session, actor: Actor, step_id: str) -> MilestoneStep:
    """One step of a path, locked."""
    same = (Plan.school_id == MilestoneStep.school_id) & (Plan.id == MilestoneStep.plan_id)
    chosen = select(MilestoneStep).join(Plan, same).where(readable(session, actor), MilestoneStep.id == step_id)
    return _one(session, chosen.with_for_update(of=MilestoneStep))


def finding_row(session: Session, actor: Actor, finding_id: str) -> Finding:
    """One finding, locked."""
    chosen = select(Finding).where(readable_findings(session, actor), Finding.id == finding_id)
    return _one(session, chosen.with_for_update())


def readable_findings(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The condition on `Finding` under which the actor may know it: about their programmes or about all."""
    mine = Finding.school_id == actor.school_id
    if not actor.programmes:
        return mine
    return mine & or_(Finding.programme == "", Finding.programme.in_(actor.programmes))


def actions_with_plans(*rows: Any) -> Select[Any]:
    """A select of `rows` out of actions joined to their objective and plan."""
    return (
        select(*rows)
        .select_from(PlanAction)
        .join(Objective, (Objective.school_id == PlanAction.school_id) & (Objective.id == PlanAction.objective_id))
        .join(Plan, (Plan.school_id == Objective.school_id) & (Plan.id == Objective.plan_id))
    )


def _one(session: Session, chosen: Select[Row]) -> Row:
    found = session.scalar(chosen)
    if found is None:
        raise NotFound(msg("There is no such part of a plan, or it is not open to you."))
    return found
