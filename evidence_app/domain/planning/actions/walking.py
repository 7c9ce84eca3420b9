"""Walking the milestones: a path belongs to one plan, may be walked again, and keeps its earlier rounds."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.planning.actions.planning import require_fresh
from evidence_app.domain.planning.models import MilestoneStep, PlanKind, StepState
from evidence_app.domain.planning.queries.locating import plan_row, step_row
from evidence_app.domain.planning.queries.paths import MILESTONES, STEP_LEVEL
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.typed import typed_text


def walk(session: Session, *, actor: Actor, plan_id: str) -> int:
    """The number of the round that begins now, all its steps ahead; earlier rounds stay as they are.

    Only a programme development plan has a path: Invalid for another kind.
    """
    require(actor, Action.WRITE_PLAN)
    plan = plan_row(session, actor, plan_id, lock=True)
    if plan.kind != PlanKind.PROGRAMME_DEVELOPMENT:
        raise Invalid(
            msg("'%(name)s' is an action plan. The milestones belong to a programme development plan.", name=plan.name),
            field="kind",
        )
    steps = catalogue_for(session, actor.school_id, MILESTONES).of_level(STEP_LEVEL)
    mine = (MilestoneStep.school_id == actor.school_id, MilestoneStep.plan_id == plan.id)
    begun = 1 + (session.scalar(select(func.max(MilestoneStep.round)).where(*mine)) or 0)
    session.add_all(
        MilestoneStep(school_id=actor.school_id, plan_id=plan.id, round=begun, node_key=node.key) for node in steps
    )
    record(session, actor, "planning.walk", "plan", plan.id, round=begun)
    return begun


def write_step(
    session: Session,
    *,
    actor: Actor,
    step_id: str,
    state: StepState,
    reflection: str,
    today: date,
    base_revision: int | None = None,
) -> MilestoneStep:
    """The step with its state and reflection (Markdown). The days it was begun and reached are kept.

    Raises Conflict, with nothing changed, when somebody saved since `base_revision`.
    """
    require(actor, Action.WRITE_PLAN)
    if state not in set(StepState):
        raise Invalid(
            msg("'%(state)s' is not a state. Choose not_begun, under_way or reached.", state=state), field="state"
        )
    step = step_row(session, actor, step_id)
    require_fresh(step.revision, base_revision)
    step.state, step.reflection = StepState(state), typed_text(reflection, "reflection")
    step.begun_on = None if state == StepState.NOT_BEGUN else step.begun_on or today
    step.reached_on = (step.reached_on or today) if state == StepState.REACHED else None
    step.revision += 1
    step.changed_by, step.changed_at = actor.person_id, now()
    record(session, actor, "planning.write_step", "plan", step.plan_id, node=step.node_key, state=state)
    return step
