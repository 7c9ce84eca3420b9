"""Evidence for actions and steps, paths that are walked again, and findings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from evidence_app.domain import evidence, planning, selfstudy
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.planning import FindingFacts, FindingKind, FindingState, Path, PathStep, PlanKind, StepState
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from storage_adapters import Blob
from tests.evidence_app.domain.planning.plans import TODAY, Planning
from tests.evidence_app.domain.studies import CANARY, PRACTICE, refusal
from tests.fixtures import member


def test_evidence_of_an_action_pins_a_version_and_is_an_exhibit(plan: Planning) -> None:
    item = plan.study.world.file_item()
    plan.attach(item)
    content = b"newer"
    with plan.study.acting() as session:
        evidence.replace(
            session,
            actor=plan.study.world.teacher,
            item_id=item.id,
            blob=Blob(hashlib.sha256(content).hexdigest(), len(content)),
            file_name="plan.txt",
            media_type="text/plain",
        )
    (proof,) = plan.table().actions[0].proofs.shown
    assert (proof.version.number, proof.number, proof.item.id) == (1, "E-P-01", item.id)


def test_attaching_again_changes_only_how_it_shows_it(plan: Planning) -> None:
    item = plan.study.world.file_item()
    for how in ("", "Page 3", ""):
        with plan.study.acting() as session:
            planning.attach_evidence(
                session,
                actor=plan.study.world.coordinator,
                action_id=plan.action_id,
                version_id=item.current_version_id,
                how=how,
            )
    (proof,) = plan.table().actions[0].proofs.shown
    assert proof.evidence.how == "Page 3"


def test_detached_evidence_keeps_its_number(plan: Planning) -> None:
    evidence_id = plan.attach(plan.study.world.file_item())
    with plan.study.acting() as session:
        planning.detach_evidence(session, actor=plan.study.world.coordinator, evidence_id=evidence_id)
    assert plan.table().actions[0].proofs.shown == ()
    with plan.study.reading() as session:
        found = selfstudy.resolve_exhibit(session, plan.study.world.reader, plan.study.evaluation_id, "E-P-01")
    assert found is not None
    with plan.study.acting() as session, refusal(NotFound):
        planning.detach_evidence(session, actor=plan.study.world.coordinator, evidence_id=evidence_id)


def test_private_evidence_of_a_plan_shows_neither_title_nor_count(plan: Planning) -> None:
    custodian = _planner(plan)
    for name in ("one.txt", "two.txt"):
        hidden = plan.study.world.file_item(custodian, name=name, visibility=Visibility.PRIVATE)
        evidence_id = plan.attach(hidden, custodian)
    plan.attach(plan.study.world.file_item())
    theirs, ours = plan.table(custodian).actions[0].proofs, plan.table().actions[0].proofs
    assert (len(theirs.shown), theirs.has_hidden) == (3, False)
    assert (len(ours.shown), ours.has_hidden) == (1, True)
    with plan.study.acting() as session, refusal(NotFound):
        planning.detach_evidence(session, actor=plan.study.world.coordinator, evidence_id=evidence_id)
    with refusal(NotFound):
        plan.attach(hidden)


def test_evidence_is_for_one_action_or_one_step_and_names_an_item(plan: Planning) -> None:
    actor, item = plan.study.world.coordinator, plan.study.world.file_item()
    for place in ({}, {"action_id": plan.action_id, "step_id": "x"}):
        with plan.study.acting() as session, refusal(Invalid, "action"):
            planning.attach_evidence(session, actor=actor, item_id=item.id, **place)
    with plan.study.acting() as session, refusal(NotFound):
        planning.attach_evidence(session, actor=actor, action_id=plan.action_id)
    with refusal(NotFound):
        plan.attach(plan.study.world.file_item(plan.study.world.stranger, name=CANARY))
    with refusal(NotAllowed):
        plan.attach(item, plan.study.world.teacher)


def test_a_plan_goes_on_after_its_evaluation_was_closed(plan: Planning) -> None:
    with plan.study.acting() as session:
        selfstudy.close_evaluation(session, actor=plan.study.world.coordinator, evaluation_id=plan.study.evaluation_id)
    plan.attach(plan.study.world.file_item())
    (proof,) = plan.table().actions[0].proofs.shown
    assert proof.number == ""


def test_a_path_has_the_four_milestones_and_all_steps_ahead(plan: Planning) -> None:
    assert (_path(plan).round, _path(plan).rounds) == (0, ())
    assert _walk(plan) == 1
    path = _path(plan)
    assert [milestone.node.code for milestone in path.milestones] == ["M1", "M2", "M3", "M4"]
    steps = [step for milestone in path.milestones for step in milestone.steps]
    assert len(steps) == 18
    assert {step.step and step.step.state for step in steps} == {StepState.NOT_BEGUN}


def test_a_step_keeps_its_days_and_its_evidence(plan: Planning) -> None:
    _walk(plan)
    step_id = _step(plan, "3.1").step.id  # type: ignore[union-attr]
    item = plan.study.world.file_item()
    plan.attach(item, step_id=step_id)
    plan.attach(item)
    _write(plan, step_id, StepState.UNDER_WAY, date(2026, 9, 1), base=0)
    _write(plan, step_id, StepState.REACHED, date(2026, 10, 1), base=1)
    _write(plan, step_id, StepState.REACHED, TODAY, base=2)
    found = _step(plan, "3.1")
    assert found.step is not None
    assert (found.step.begun_on, found.step.reached_on) == (date(2026, 9, 1), date(2026, 10, 1))
    assert [proof.number for proof in found.proofs.shown] == ["E-M3-01"]
    with refusal(Conflict):
        _write(plan, step_id, StepState.NOT_BEGUN, TODAY, base=1)
    _write(plan, step_id, StepState.NOT_BEGUN, TODAY)
    found = _step(plan, "3.1")
    assert found.step is not None
    assert (found.step.begun_on, found.step.reached_on) == (None, None)
    with refusal(Invalid, "state"):
        _write(plan, step_id, "half", TODAY)


def test_walking_again_keeps_the_earlier_round(plan: Planning) -> None:
    _walk(plan)
    _write(plan, _step(plan, "1.1").step.id, StepState.REACHED, TODAY)  # type: ignore[union-attr]
    assert _walk(plan) == 2
    assert _step(plan, "1.1").step.state == StepState.NOT_BEGUN  # type: ignore[union-attr]
    assert _step(plan, "1.1", round=1).step.state == StepState.REACHED  # type: ignore[union-attr]
    assert _path(plan).rounds == (1, 2)
    with refusal(NotFound):
        _path(plan, round=3)
    assert [state.label.msgid for state in StepState] == ["Ahead", "On the way", "Reached"]


def test_an_action_plan_has_no_path(plan: Planning) -> None:
    with plan.study.acting() as session:
        other = planning.add_plan(
            session, actor=plan.study.world.coordinator, name="Repairs", kind=PlanKind.ACTION_PLAN
        )
        session.flush()
        with refusal(Invalid, "kind"):
            planning.walk(session, actor=plan.study.world.coordinator, plan_id=other.id)


def test_a_step_of_the_catalogue_without_a_row_is_simply_ahead(plan: Planning) -> None:
    _walk(plan)
    with plan.study.acting() as session:
        session.delete(session.merge(_step(plan, "2.1").step))
    assert _step(plan, "2.1") == PathStep(_step(plan, "2.1").node, None, planning.Proofs())


FACTS = FindingFacts(kind=FindingKind.MATTER, text="The policy is older than five years.", node_key="0301-02")


def test_a_finding_becomes_an_action(plan: Planning) -> None:
    coordinator = plan.study.world.coordinator
    finding_id = _finding(plan, replace(FACTS, evaluation_id=plan.study.evaluation_id, due_on=TODAY))
    with plan.study.acting() as session:
        action = planning.act_on_finding(
            session, actor=coordinator, finding_id=finding_id, objective_id=plan.objective_ids[1]
        )
    assert (action.title, action.due_on, action.node_keys) == (FACTS.text, TODAY, (PRACTICE,))
    with plan.study.reading() as session:
        (finding,) = planning.findings_of(session, plan.study.world.reader, evaluation_id=plan.study.evaluation_id)
    assert (finding.state, finding.action_id, finding.year) == (FindingState.UNDER_WAY, action.id, 2027)
    with plan.study.acting() as session, refusal(Conflict):
        planning.act_on_finding(session, actor=coordinator, finding_id=finding_id, objective_id=plan.objective_ids[1])


def test_a_long_finding_is_whole_in_its_action(plan: Planning) -> None:
    text = "word " * 100 + "end"
    finding_id = _finding(plan, FindingFacts(kind=FindingKind.RECOMMENDATION, text=text))
    with plan.study.acting() as session:
        action = planning.act_on_finding(
            session,
            actor=plan.study.world.coordinator,
            finding_id=finding_id,
            objective_id=plan.objective_ids[0],
        )
    assert len(action.title) in (299, 300)
    assert (action.description, action.node_keys) == (text, ())


def test_what_was_done_about_a_finding_is_recorded(plan: Planning) -> None:
    finding_id = _finding(plan, replace(FACTS, year=2022))
    with plan.study.acting() as session:
        planning.update_finding(
            session,
            actor=plan.study.world.coordinator,
            finding_id=finding_id,
            facts=replace(FACTS, done="Rewritten", state=FindingState.CLOSED, action_id=plan.action_id, year=2022),
        )
    _finding(plan, FindingFacts(kind=FindingKind.COMMENDATION, text="Music", year=2025, state=FindingState.KEPT))
    with plan.study.reading() as session:
        found = planning.findings_of(session, plan.study.world.reader)
    assert [(f.year, f.state, f.done) for f in found] == [(2025, "kept", ""), (2022, "closed", "Rewritten")]
    assert found[1].action_id == plan.action_id
    assert all(word.label.msgid for word in (*FindingKind, *FindingState))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"kind": "praise"}, "kind"),
        ({"state": "lost"}, "state"),
        ({"node_key": "0301-99"}, "node_key"),
        ({"programme": "IGCSE"}, "programme"),
    ],
)
def test_a_finding_with_a_value_that_cannot_be_is_refused(plan: Planning, changes: dict[str, str], field: str) -> None:
    with refusal(Invalid, field):
        _finding(plan, replace(FACTS, **changes))  # type: ignore[arg-type]


def test_findings_stay_in_their_school_and_programme(plan: Planning) -> None:
    world = plan.study.world
    _finding(plan, replace(FACTS, text=CANARY), world.stranger)
    ours = _finding(plan, replace(FACTS, programme="MYP"))
    limited = member(world.database, world.school, Role.COORDINATOR, "dp@alder.example", programmes=["DP"])
    with plan.study.reading() as session:
        assert [f.id for f in planning.findings_of(session, world.reader)] == [ours]
        assert planning.findings_of(session, limited) == []
    with plan.study.acting() as session, refusal(NotFound):
        planning.update_finding(session, actor=world.stranger, finding_id=ours, facts=FACTS)


def _planner(plan: Planning) -> Actor:
    """Another coordinator, who files private items of their own."""
    world = plan.study.world
    return member(world.database, world.school, Role.COORDINATOR, "second@alder.example")


def _finding(plan: Planning, facts: FindingFacts, actor: Actor | None = None) -> str:
    with plan.study.acting() as session:
        return planning.add_finding(session, actor=actor or plan.study.world.coordinator, facts=facts).id


def _walk(plan: Planning) -> int:
    with plan.study.acting() as session:
        return planning.walk(session, actor=plan.study.world.coordinator, plan_id=plan.plan_id)


def _path(plan: Planning, round: int | None = None) -> Path:
    with plan.study.reading() as session:
        return planning.path_of(session, plan.study.world.reader, plan.plan_id, round=round)


def _step(plan: Planning, code: str, round: int | None = None) -> PathStep:
    steps = (step for milestone in _path(plan, round).milestones for step in milestone.steps)
    return next(step for step in steps if step.node.code == code)


def _write(plan: Planning, step_id: str, state: str, today: date, base: int | None = None) -> None:
    with plan.study.acting() as session:
        planning.write_step(
            session,
            actor=plan.study.world.coordinator,
            step_id=step_id,
            state=state,  # type: ignore[arg-type]
            reflection="What we saw",
            today=today,
            base_revision=base,
        )
