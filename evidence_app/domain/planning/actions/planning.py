"""Plans and their objectives: made, changed, ordered."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.planning.actions.proving import number_evidence
from evidence_app.domain.planning.models import Objective, Plan, PlanAction, PlanKind
from evidence_app.domain.planning.queries.locating import objective_row, plan_row
from evidence_app.domain.selfstudy import evaluation
from evidence_app.errors import Conflict, Invalid
from evidence_app.i18n import Message, msg
from evidence_app.typed import LONGEST_LINE, LONGEST_NAME, typed_line, typed_text


def add_plan(
    session: Session,
    *,
    actor: Actor,
    name: str,
    kind: PlanKind = PlanKind.ACTION_PLAN,
    evaluation_id: str | None = None,
    focus: str = "",
    rationale: str = "",
    impact: str = "",
) -> Plan:
    """The new plan; NotFound when the evaluation it should belong to is not the actor's to read."""
    require(actor, Action.WRITE_PLAN)
    if kind not in set(PlanKind):
        raise Invalid(
            msg("'%(kind)s' is not a kind of plan. Choose action_plan or programme_development.", kind=kind),
            field="kind",
        )
    if evaluation_id:
        evaluation(session, actor, evaluation_id)
    plan = Plan(
        id=new_id(),
        school_id=actor.school_id,
        name=title_line(name, "name", msg("A plan needs a name.")),
        kind=PlanKind(kind),
        evaluation_id=evaluation_id or None,
        focus=typed_text(focus, "focus"),
        rationale=typed_text(rationale, "rationale"),
        impact=typed_text(impact, "impact"),
        created_by=actor.person_id,
        created_at=now(),
    )
    session.add(plan)
    record(session, actor, "planning.add_plan", "plan", plan.id, kind=kind, evaluation=evaluation_id)
    return plan


def update_plan(
    session: Session,
    *,
    actor: Actor,
    plan_id: str,
    name: str,
    evaluation_id: str | None,
    focus: str,
    rationale: str,
    impact: str = "",
    reflection: str = "",
    base_revision: int | None = None,
) -> Plan:
    """The plan with its new words. Joining an evaluation numbers the plan's evidence as exhibits of it.

    Raises Conflict, with nothing changed, when somebody saved since `base_revision` (None: never mind).
    """
    require(actor, Action.WRITE_PLAN)
    plan = plan_row(session, actor, plan_id, lock=True)
    require_fresh(plan.revision, base_revision)
    if evaluation_id:
        evaluation(session, actor, evaluation_id)
    plan.name = title_line(name, "name", msg("A plan needs a name."))
    plan.focus, plan.rationale = typed_text(focus, "focus"), typed_text(rationale, "rationale")
    plan.impact, plan.reflection = typed_text(impact, "impact"), typed_text(reflection, "reflection")
    plan.revision += 1
    if (evaluation_id or None) != plan.evaluation_id:
        plan.evaluation_id = evaluation_id or None
        session.flush()
        number_evidence(session, actor, plan)
    record(session, actor, "planning.update_plan", "plan", plan.id, evaluation=plan.evaluation_id)
    return plan


def add_objective(session: Session, *, actor: Actor, plan_id: str, title: str, description: str = "") -> Objective:
    """The new objective, after those there are."""
    require(actor, Action.WRITE_PLAN)
    plan = plan_row(session, actor, plan_id, lock=True)
    mine = (Objective.school_id == actor.school_id, Objective.plan_id == plan.id)
    last = session.scalar(select(func.max(Objective.position)).where(*mine))
    objective = Objective(
        id=new_id(),
        school_id=actor.school_id,
        plan_id=plan.id,
        title=title_line(title, "title", msg("An objective needs a title.")),
        description=typed_text(description, "description"),
        position=0 if last is None else last + 1,
    )
    session.add(objective)
    record(session, actor, "planning.add_objective", "plan", plan.id, objective=objective.id)
    return objective


def update_objective(
    session: Session, *, actor: Actor, objective_id: str, title: str, description: str = ""
) -> Objective:
    """The objective with its new words."""
    require(actor, Action.WRITE_PLAN)
    objective = objective_row(session, actor, objective_id)
    objective.title = title_line(title, "title", msg("An objective needs a title."))
    objective.description = typed_text(description, "description")
    record(session, actor, "planning.update_objective", "plan", objective.plan_id, objective=objective.id)
    return objective


def move_objective(session: Session, *, actor: Actor, objective_id: str, position: int) -> None:
    """The objective now stands at this place in its plan, counted from 0; the others make room."""
    require(actor, Action.WRITE_PLAN)
    objective = objective_row(session, actor, objective_id)
    mine = (Objective.school_id == actor.school_id, Objective.plan_id == objective.plan_id)
    others = [
        row
        for row in session.scalars(select(Objective).where(*mine).order_by(Objective.position, Objective.id))
        if row.id != objective.id
    ]
    others.insert(max(0, position), objective)
    for place, row in enumerate(others):
        row.position = place
    record(session, actor, "planning.move_objective", "plan", objective.plan_id, objective=objective.id)


def remove_objective(session: Session, *, actor: Actor, objective_id: str) -> None:
    """The objective is gone; Conflict while it has actions, which should be dropped or moved, not lost."""
    require(actor, Action.WRITE_PLAN)
    objective = objective_row(session, actor, objective_id)
    inside = select(PlanAction.id).where(
        PlanAction.school_id == actor.school_id, PlanAction.objective_id == objective.id
    )
    if session.scalar(inside.limit(1)) is not None:
        raise Conflict(msg("This objective still has actions. Move them to another objective first."))
    session.delete(objective)
    record(session, actor, "planning.remove_objective", "plan", objective.plan_id, objective=objective.id)


def title_line(text: str, field: str, missing: Message) -> str:
    """One clean line; Invalid with the message `missing` when nothing is left of it."""
    line = typed_line(text, field, LONGEST_NAME if field == "name" else LONGEST_LINE)
    if not line:
        raise Invalid(missing, field=field)
    return line


def require_fresh(revision: int, base_revision: int | None) -> None:
    """Nothing, when nobody saved since the writer began; Conflict otherwise."""
    if base_revision is not None and base_revision != revision:
        raise Conflict(
            msg(
                "Somebody else saved this since you opened it. Nothing was overwritten, and your words are still in "
                "the form: compare them with what is there now, and save again."
            )
        )
