"""Plans, paths and findings in a report, with only released evidence."""

from __future__ import annotations

import io
from datetime import date

import exports
from evidence_app.domain import planning, reports
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.planning import ActionFacts, FindingFacts, FindingKind, PlanKind, StepState
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.studies import PRACTICE

STEP = "ib-programme-development-milestones/1.1"


def _plan(desk: Desk) -> tuple[str, str]:
    """The ids of an action, and of a step of the path, each with a released and a kept back piece of evidence."""
    actor = desk.world.coordinator
    shown, kept = desk.file("shown.txt"), desk.file("kept.txt", visibility=Visibility.STAFF, title="zanzibarquokka")
    with desk.study.acting() as session:
        plan = planning.add_plan(
            session,
            actor=actor,
            name="Growing",
            kind=PlanKind.PROGRAMME_DEVELOPMENT,
            evaluation_id=desk.study.evaluation_id,
            focus="Talk about learning",
        )
        objective = planning.add_objective(session, actor=actor, plan_id=plan.id, title="Everybody belongs")
        facts = ActionFacts(
            title="Bring the policy into French",
            owner_id=actor.person_id,
            due_on=date(2027, 2, 1),
            budget="EUR 400",
            node_keys=(PRACTICE, STEP),
        )
        action = planning.add_action(session, actor=actor, objective_id=objective.id, facts=facts)
        planning.note_progress(session, actor=actor, action_id=action.id, text="Half is done.")
        planning.walk(session, actor=actor, plan_id=plan.id)
        session.flush()
        path = planning.path_of(session, actor, plan.id)
        step = next(s.step for m in path.milestones for s in m.steps if s.node.key == STEP)
        assert step is not None
        planning.write_step(
            session,
            actor=actor,
            step_id=step.id,
            state=StepState.REACHED,
            reflection="We asked everybody.",
            today=date(2026, 11, 2),
        )
        for item in (shown, kept):
            planning.attach_evidence(session, actor=actor, action_id=action.id, item_id=item.id, how="It says so.")
            planning.attach_evidence(session, actor=actor, step_id=step.id, item_id=item.id)
        planning.add_finding(
            session,
            actor=actor,
            facts=FindingFacts(
                kind=FindingKind.MATTER, text="Write it down.", year=2022, node_key=PRACTICE, done="It is written."
            ),
        )
        return action.id, step.id


def test_a_plan_is_printed_with_what_is_released_of_its_evidence(desk: Desk) -> None:
    _plan(desk)
    frozen = desk.freeze()
    (objective,) = frozen.report.objectives
    (action,) = objective.actions
    assert (objective.code, action.code, action.title) == ("1", "1.1", "Bring the policy into French")
    assert (action.due, action.budget, action.owner) == ("2027-02-01", "EUR 400", desk.world.coordinator.name)
    assert (action.practices, action.steps, action.progress) == (("0301-02",), ("1.1",), "Half is done.")
    assert len(action.exhibits) == 1
    assert len(frozen.left_out) == 1
    assert "zanzibarquokka" not in exports.report_to_json(frozen.report)


def test_a_path_is_printed_with_states_and_reflections(desk: Desk) -> None:
    _plan(desk)
    (path,) = desk.freeze().report.paths
    steps = {step.code: step for milestone in path.milestones for step in milestone.steps}
    assert len(path.milestones) == 4
    assert (steps["1.1"].state, steps["1.1"].reflection) == ("walked", "We asked everybody.")
    assert len(steps["1.1"].exhibits) == 1
    assert {step.state for code, step in steps.items() if code != "1.1"} == {"ahead"}


def test_findings_of_an_earlier_report_are_printed_with_what_was_done(desk: Desk) -> None:
    _plan(desk)
    (finding,) = desk.freeze().report.findings
    assert (finding.kind, finding.year, finding.practices, finding.done) == (
        "matter",
        "2022",
        ("0301-02",),
        "It is written.",
    )


def test_plan_and_study_compile_soundly(desk: Desk) -> None:
    _plan(desk)
    frozen = desk.freeze()
    for kind in ("docx", "plan"):
        out = io.BytesIO()
        reports.compile(
            frozen.report,
            exports.Edition(),
            reports.KINDS[kind],
            out,
            open_blob=lambda sha256: desk.blobs.open(desk.world.school.id, sha256),
        )
        assert exports.check_docx(out.getvalue()) == []
