"""Actions of a plan: made, changed, moved, and what was seen of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import members_of
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.planning.actions.planning import require_fresh, title_line
from evidence_app.domain.planning.models import ActionNode, ActionState, PlanAction, ProgressNote
from evidence_app.domain.planning.queries.locating import action_row, objective_row
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.typed import LONGEST_BUDGET, typed_line, typed_text


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What is said about an action. Empty texts and None mean: not said. `budget` is a text with its currency."""

    title: str
    description: str = ""
    owner_id: str | None = None
    start_on: date | None = None
    due_on: date | None = None
    budget: str = ""
    success_indicator: str = ""
    node_keys: tuple[str, ...] = ()


def add_action(session: Session, *, actor: Actor, objective_id: str, facts: ActionFacts) -> PlanAction:
    """The new action, planned, after those the objective has."""
    require(actor, Action.WRITE_PLAN)
    objective = objective_row(session, actor, objective_id)
    action = PlanAction(id=new_id(), school_id=actor.school_id, objective_id=objective.id)
    action.position = _next_position(session, actor, objective.id)
    action.state, action.revision = ActionState.PLANNED, 1
    _say(session, actor, action, facts)
    session.add(action)
    session.flush()
    record(session, actor, "planning.add_action", "action", action.id, objective=objective.id)
    return action


def update_action(
    session: Session, *, actor: Actor, action_id: str, facts: ActionFacts, base_revision: int | None = None
) -> PlanAction:
    """The action with its new facts; Conflict, with nothing changed, when somebody saved since `base_revision`."""
    require(actor, Action.WRITE_PLAN)
    action = action_row(session, actor, action_id)
    require_fresh(action.revision, base_revision)
    _say(session, actor, action, facts)
    action.revision += 1
    record(session, actor, "planning.update_action", "action", action.id, revision=action.revision)
    return action


def set_action_state(session: Session, *, actor: Actor, action_id: str, state: ActionState) -> PlanAction:
    """The action in its new state. A dropped one stays in the plan, so that nobody wonders where it went."""
    require(actor, Action.WRITE_PLAN)
    if state not in set(ActionState):
        raise Invalid(
            msg("'%(state)s' is not a state. Choose planned, under_way, done or dropped.", state=state), field="state"
        )
    action = action_row(session, actor, action_id)
    action.state, action.changed_by, action.changed_at = ActionState(state), actor.person_id, now()
    record(session, actor, "planning.set_state", "action", action.id, state=state)
    return action


def move_action(session: Session, *, actor: Actor, action_id: str, objective_id: str, position: int) -> PlanAction:
    """The action now stands at this place in this objective of the same plan, counted from 0."""
    require(actor, Action.WRITE_PLAN)
    action = action_row(session, actor, action_id)
    source, target = (objective_row(session, actor, id) for id in (action.objective_id, objective_id))
    if source.plan_id != target.plan_id:
        raise Invalid(msg("An action moves between the objectives of its own plan only."), field="objective")
    mine = (PlanAction.school_id == actor.school_id, PlanAction.objective_id == target.id)
    others = [
        row
        for row in session.scalars(select(PlanAction).where(*mine).order_by(PlanAction.position, PlanAction.id))
        if row.id != action.id
    ]
    others.insert(max(0, position), action)
    action.objective_id = target.id
    for place, row in enumerate(others):
        row.position = place
    record(session, actor, "planning.move_action", "action", action.id, objective=target.id)
    return action


def note_progress(session: Session, *, actor: Actor, action_id: str, text: str) -> ProgressNote:
    """What was seen of an action today, kept beside what was seen before."""
    require(actor, Action.WRITE_PLAN)
    action = action_row(session, actor, action_id)
    text = typed_text(text, "text")
    if not text:
        raise Invalid(msg("Write a line about what happened."), field="text")
    note = ProgressNote(
        id=new_id(),
        school_id=actor.school_id,
        action_id=action.id,
        text=text,
        written_by=actor.person_id,
        written_at=now(),
    )
    session.add(note)
    record(session, actor, "planning.note_progress", "action", action.id, note=note.id)
    return note


def _say(session: Session, actor: Actor, action: PlanAction, facts: ActionFacts) -> None:
    if facts.start_on and facts.due_on and facts.due_on < facts.start_on:
        raise Invalid(msg("The action is due before it starts. Change one of the two dates."), field="due_on")
    if facts.owner_id and facts.owner_id not in {m.person_id for m in members_of(session, actor)}:
        raise Invalid(msg("The owner is no member of this school any more. Choose again."), field="owner")
    node_keys = {require_node(session, actor.school_id, key).key for key in facts.node_keys}
    action.title = title_line(facts.title, "title", msg("An action needs a title."))
    action.description = typed_text(facts.description, "description")
    action.owner_id, action.start_on, action.due_on = facts.owner_id or None, facts.start_on, facts.due_on
    action.budget = typed_line(facts.budget, "budget", LONGEST_BUDGET)
    action.success_indicator = typed_text(facts.success_indicator, "success_indicator")
    action.changed_by, action.changed_at = actor.person_id, now()
    _set_nodes(action, node_keys)


def _set_nodes(action: PlanAction, node_keys: Collection[str]) -> None:
    kept = [row for row in action.nodes if row.node_key in node_keys]
    there = {row.node_key for row in kept}
    action.nodes = kept + [
        ActionNode(school_id=action.school_id, action_id=action.id, node_key=key)
        for key in sorted(set(node_keys) - there)
    ]


def _next_position(session: Session, actor: Actor, objective_id: str) -> int:
    mine = (PlanAction.school_id == actor.school_id, PlanAction.objective_id == objective_id)
    last = session.scalar(select(func.max(PlanAction.position)).where(*mine))
    return 0 if last is None else last + 1
