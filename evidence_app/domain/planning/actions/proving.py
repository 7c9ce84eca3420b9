"""Evidence for actions and steps: it pins a version, and is an exhibit while the plan's evaluation is open."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, version, version_to_cite, visible_to
from evidence_app.domain.planning.models import MilestoneStep, Objective, Plan, PlanAction, PlanEvidence
from evidence_app.domain.planning.queries.locating import action_row, objective_row, plan_row, step_row
from evidence_app.domain.selfstudy import PLAN_HOME, EvaluationState, evaluation, number_exhibit
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line


def attach_evidence(
    session: Session,
    *,
    actor: Actor,
    action_id: str | None = None,
    step_id: str | None = None,
    item_id: str = "",
    version_id: str = "",
    how: str = "",
) -> PlanEvidence:
    """The version, or an item's newest one, as evidence for an action or for a step of a path.

    Attaching the same version again changes how it shows it. NotFound when the item is not the actor's to see.
    """
    require(actor, Action.WRITE_PLAN)
    plan, home = _place(session, actor, action_id, step_id)
    pinned = version_to_cite(session, actor, item_id, version_id)
    _number(session, actor, plan, pinned.id, home)
    row = session.scalar(
        select(PlanEvidence).where(
            PlanEvidence.school_id == actor.school_id,
            PlanEvidence.version_id == pinned.id,
            PlanEvidence.action_id == action_id if action_id else PlanEvidence.step_id == step_id,
        )
    )
    if row is None:
        row = PlanEvidence(
            id=new_id(),
            school_id=actor.school_id,
            action_id=action_id,
            step_id=step_id,
            item_id=pinned.item_id,
            version_id=pinned.id,
            added_by=actor.person_id,
            added_at=now(),
        )
        session.add(row)
    row.how = clean_line(how, 500) or row.how or ""
    record(session, actor, "planning.attach", "plan", plan.id, item=pinned.item_id, version=pinned.id)
    return row


def detach_evidence(session: Session, *, actor: Actor, evidence_id: str) -> PlanEvidence:
    """What was attached, and is no longer; the item and its exhibit number stay."""
    require(actor, Action.WRITE_PLAN)
    row = session.get(PlanEvidence, (actor.school_id, evidence_id))
    if row is None:
        raise NotFound(msg("There is no such evidence in a plan, or it is not open to you."))
    plan, _ = _place(session, actor, row.action_id, row.step_id)
    version(session, actor, row.version_id)
    session.delete(row)
    record(session, actor, "planning.detach", "plan", plan.id, item=row.item_id, version=row.version_id)
    return row


def number_evidence(session: Session, actor: Actor, plan: Plan) -> None:
    """Everything attached to the plan that the actor may see is an exhibit of the plan's evaluation now."""
    same = (Item.school_id == PlanEvidence.school_id) & (Item.id == PlanEvidence.item_id)
    step_of = (MilestoneStep.school_id == PlanEvidence.school_id) & (MilestoneStep.id == PlanEvidence.step_id)
    action_of = (PlanAction.school_id == PlanEvidence.school_id) & (PlanAction.id == PlanEvidence.action_id)
    objective_of = (Objective.school_id == PlanAction.school_id) & (Objective.id == PlanAction.objective_id)
    attached = (
        select(PlanEvidence.version_id, MilestoneStep.node_key)
        .join(Item, same)
        .outerjoin(MilestoneStep, step_of)
        .outerjoin(PlanAction, action_of)
        .outerjoin(Objective, objective_of)
        .where(visible_to(actor), or_(MilestoneStep.plan_id == plan.id, Objective.plan_id == plan.id))
        .order_by(PlanEvidence.added_at, PlanEvidence.id)
    )
    for version_id, node_key in session.execute(attached).all():
        _number(session, actor, plan, version_id, _milestone_home(node_key) if node_key else PLAN_HOME)


def _place(session: Session, actor: Actor, action_id: str | None, step_id: str | None) -> tuple[Plan, str]:
    """The plan an action or step belongs to, and the home of what is cited there."""
    if (action_id is None) == (step_id is None):
        raise Invalid(msg("Say which action or which step of the path this is evidence for."), field="action")
    if action_id is not None:
        objective = objective_row(session, actor, action_row(session, actor, action_id).objective_id)
        return plan_row(session, actor, objective.plan_id), PLAN_HOME
    step = step_row(session, actor, step_id or "")
    return plan_row(session, actor, step.plan_id), _milestone_home(step.node_key)


def _milestone_home(node_key: str) -> str:
    """The milestone a step belongs to: "M3" for ".../3.1"."""
    return "M" + node_key.rpartition("/")[2].partition(".")[0]


def _number(session: Session, actor: Actor, plan: Plan, version_id: str, home: str) -> None:
    """A plan goes on after its evaluation was closed; what is attached then is no exhibit of it any more."""
    if plan.evaluation_id is None:
        return
    if evaluation(session, actor, plan.evaluation_id).state == EvaluationState.OPEN:
        number_exhibit(session, actor=actor, evaluation_id=plan.evaluation_id, version_id=version_id, home=home)
