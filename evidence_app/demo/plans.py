"""What the demo school plans: findings of the last evaluation, an action plan, and the path along the milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from evidence_app.demo.cast import LEAD_COORDINATOR
from evidence_app.demo.stage import Filed, Stage
from evidence_app.demo.story import key_of, story
from evidence_app.demo.study import visit_after
from evidence_app.domain import planning
from evidence_app.domain.access import Actor
from evidence_app.domain.planning import ActionFacts, ActionState, FindingFacts, FindingKind, FindingState, StepState

YEARS_BETWEEN_EVALUATIONS = 5
FINDINGS_ANSWERED_IN = {"0402-06": 0, "0203-03": 1, "0301-04": 2}
"""Which objective of the plan answers a recommendation."""


def write_plans(stage: Stage, evaluation_id: str, filed: Sequence[Filed]) -> None:
    """The findings, the action plan that answers them, and the programme development plan with its path."""
    actor = stage.actors[LEAD_COORDINATOR]
    proofs = {code: one for one in reversed(filed) for code in one.accepted if one.can_be_released}
    _walk_the_path(stage, actor, evaluation_id, proofs)
    told = story()["plan"]
    with stage.backends.database.unit_of_work() as session:
        plan_id = _add_plan(session, actor, told, planning.PlanKind.ACTION_PLAN, evaluation_id)
        first_actions = [_write_objective(session, stage, actor, plan_id, o, proofs) for o in told["objectives"]]
        _record_findings(session, stage, actor, first_actions)
    stage.tell(f"{len(told['objectives'])} objectives, {len(story()['findings'])} findings and a path are written")


def _add_plan(
    session: Session, actor: Actor, told: Mapping[str, Any], kind: planning.PlanKind, evaluation_id: str
) -> str:
    """The id of the new plan."""
    plan = planning.add_plan(
        session,
        actor=actor,
        name=told["name"],
        kind=kind,
        evaluation_id=evaluation_id,
        focus=told["focus"],
        rationale=told["rationale"],
    )
    session.flush()
    return plan.id


def _write_objective(
    session: Session, stage: Stage, actor: Actor, plan_id: str, told: Mapping[str, Any], proofs: Mapping[str, Filed]
) -> str:
    """The id of the objective's first action."""
    objective = planning.add_objective(
        session, actor=actor, plan_id=plan_id, title=told["title"], description=told["description"]
    )
    session.flush()
    ids = []
    for line in told["actions"]:
        facts = ActionFacts(
            title=line["title"],
            owner_id=stage.person_id(line["owner"]),
            start_on=stage.today + timedelta(days=line["start"]),
            due_on=stage.today + timedelta(days=line["due"]),
            budget=line["budget"],
            success_indicator=line["indicator"],
            node_keys=tuple(key_of(code) for code in line["codes"]),
        )
        action = planning.add_action(session, actor=actor, objective_id=objective.id, facts=facts)
        ids.append(action.id)
        if line["state"] != ActionState.PLANNED:
            planning.set_action_state(session, actor=actor, action_id=action.id, state=ActionState(line["state"]))
        for text in line["progress"]:
            planning.note_progress(session, actor=actor, action_id=action.id, text=text)
        for code in line["evidence"]:
            if code in proofs:
                planning.attach_evidence(
                    session, actor=actor, action_id=action.id, item_id=proofs[code].item_id, how=line["indicator"]
                )
    return ids[0]


def _record_findings(session: Session, stage: Stage, actor: Actor, first_actions: Sequence[str]) -> None:
    visit = visit_after(stage.today)
    for told in story()["findings"]:
        due = told.get("due_before_visit")
        answered_in = FINDINGS_ANSWERED_IN.get(told["code"])
        facts = FindingFacts(
            kind=FindingKind(told["kind"]),
            text=told["text"],
            year=visit.year - YEARS_BETWEEN_EVALUATIONS,
            node_key=key_of(told["code"]),
            due_on=visit - timedelta(days=due) if due else None,
            done=told.get("done") or "",
            state=FindingState(told["state"]),
            action_id=first_actions[answered_in] if answered_in is not None else None,
        )
        planning.add_finding(session, actor=actor, facts=facts)


def _walk_the_path(stage: Stage, actor: Actor, evaluation_id: str, proofs: Mapping[str, Filed]) -> None:
    told = story()["development"]
    with stage.backends.database.unit_of_work() as session:
        plan_id = _add_plan(session, actor, told, planning.PlanKind.PROGRAMME_DEVELOPMENT, evaluation_id)
        for objective in told["objectives"]:
            _write_objective(session, stage, actor, plan_id, objective, proofs)
        for lines in (told["earlier"], told["steps"]):
            planning.walk(session, actor=actor, plan_id=plan_id)
            session.flush()
            path = planning.path_of(session, actor, plan_id)
            steps = {line.node.code: line.step for milestone in path.milestones for line in milestone.steps}
            for code, (state, reflection, shown_by) in lines.items():
                step = steps[code]
                assert step is not None
                planning.write_step(
                    session,
                    actor=actor,
                    step_id=step.id,
                    state=StepState(state),
                    reflection=reflection,
                    today=stage.today,
                )
                if shown_by in proofs:
                    item_id = proofs[shown_by].item_id
                    planning.attach_evidence(session, actor=actor, step_id=step.id, item_id=item_id)
