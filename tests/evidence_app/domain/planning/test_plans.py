"""Plans, objectives and actions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evidence_app.domain import planning, selfstudy
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.planning import ActionFacts, ActionState, PlanKind
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.planning.plans import TODAY, Planning
from tests.evidence_app.domain.studies import CANARY, PRACTICE, counting_queries, refusal
from tests.fixtures import member


def test_a_table_shows_objectives_and_actions_in_their_order(plan: Planning) -> None:
    owner = plan.study.world.teacher.person_id
    plan.add("Report back", owner_id=owner, budget=" 200 EUR ", success_indicator="Nine in ten speak")
    plan.add("Visit lessons", objective=1)
    table = plan.table()
    assert [(row.code, row.action.title) for row in table.actions] == [
        ("1.1", "Ask the pupils"),
        ("1.2", "Report back"),
        ("2.1", "Visit lessons"),
    ]
    first, second, _ = table.actions
    assert (first.is_overdue, first.action.node_keys) == (True, (PRACTICE,))
    assert (second.is_overdue, second.owner_name, second.action.budget) == (False, "Teacher", "200 EUR")
    assert [len(rows) for rows in table.by_state().values()] == [3, 0, 0, 0]
    assert [objective.code for objective in table.objectives] == ["1", "2"]


def test_a_table_takes_few_queries_however_long_it_is(plan: Planning) -> None:
    for number in range(12):
        plan.attach(
            plan.study.world.file_item(name=f"{number}.txt"),
            action_id=plan.add(f"Action {number}", objective=number % 2, node_keys=(PRACTICE,)),
        )
    with plan.study.reading() as session, counting_queries(session) as sent:
        planning.plan_table(session, plan.study.world.coordinator, plan.plan_id, today=TODAY)
    assert len(sent) <= 9, sent


def test_a_plan_changes_its_words_and_refuses_a_stale_form(plan: Planning) -> None:
    with plan.study.acting() as session:
        changed = planning.update_plan(session, **_words(plan, focus="Choice", base_revision=1))
    assert (changed.focus, changed.reflection, changed.revision) == ("Choice", "It worked", 2)
    with plan.study.acting() as session, refusal(Conflict):
        planning.update_plan(session, **_words(plan, focus="Stale", base_revision=1))
    assert plan.table().plan.focus == "Choice"


@pytest.mark.parametrize(("values", "field"), [({"name": " "}, "name"), ({"name": "x", "kind": "wish"}, "kind")])
def test_a_plan_needs_a_name_and_a_kind(plan: Planning, values: dict[str, str], field: str) -> None:
    with plan.study.acting() as session, refusal(Invalid, field):
        planning.add_plan(session, actor=plan.study.world.coordinator, **values)  # type: ignore[arg-type]


def test_a_plan_belongs_to_no_evaluation_of_a_neighbour(plan: Planning) -> None:
    with plan.study.acting() as session, refusal(NotFound):
        planning.add_plan(session, actor=plan.study.world.coordinator, name="x", evaluation_id=plan.study.neighbour_id)


def test_objectives_are_renamed_moved_and_removed_when_empty(plan: Planning) -> None:
    actor, (first, second) = plan.study.world.coordinator, plan.objective_ids
    with plan.study.acting() as session:
        planning.move_objective(session, actor=actor, objective_id=second, position=0)
        planning.update_objective(session, actor=actor, objective_id=first, title="Pupils decide", description="More")
    assert [row.objective.title for row in plan.table().objectives] == ["Teachers let them", "Pupils decide"]
    with plan.study.acting() as session, refusal(Conflict):
        planning.remove_objective(session, actor=actor, objective_id=first)
    with plan.study.acting() as session:
        planning.remove_objective(session, actor=actor, objective_id=second)
    assert [row.code for row in plan.table().objectives] == ["1"]
    with plan.study.acting() as session, refusal(Invalid, "title"):
        planning.add_objective(session, actor=actor, plan_id=plan.plan_id, title="")


def test_an_action_is_changed_whole_and_refuses_a_stale_form(plan: Planning) -> None:
    facts = ActionFacts("Ask all pupils", node_keys=("0301-02-0100", "ib-programme-development-milestones/3.1"))
    with plan.study.acting() as session:
        changed = planning.update_action(
            session, actor=plan.study.world.coordinator, action_id=plan.action_id, facts=facts, base_revision=1
        )
    assert changed.revision == 2
    assert changed.node_keys == ("ib-programme-development-milestones/3.1", "ib-psp-2020/0301-02-0100")
    with plan.study.acting() as session, refusal(Conflict):
        planning.update_action(
            session, actor=plan.study.world.coordinator, action_id=plan.action_id, facts=facts, base_revision=1
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"start_on": date(2026, 2, 1), "due_on": date(2026, 1, 1)}, "due_on"),
        ({"owner_id": "nobody"}, "owner"),
        ({"node_keys": ("0301-99",)}, "node_key"),
    ],
)
def test_an_action_with_a_value_that_cannot_be_is_refused(plan: Planning, facts: dict[str, object], field: str) -> None:
    with refusal(Invalid, field):
        plan.add(**({"title": "x"} | facts))  # type: ignore[arg-type]


def test_a_finished_or_dropped_action_is_overdue_no_more(plan: Planning) -> None:
    world = plan.study.world
    for state in ActionState:
        with plan.study.acting() as session:
            planning.set_action_state(session, actor=world.coordinator, action_id=plan.action_id, state=state)
        with plan.study.reading() as session:
            (row,) = planning.plan_table(session, world.reader, plan.plan_id, today=TODAY).actions
        assert row.is_overdue == (state in (ActionState.PLANNED, ActionState.UNDER_WAY)), state
        assert state.label.msgid
    with plan.study.acting() as session, refusal(Invalid, "state"):
        planning.set_action_state(
            session,
            actor=world.coordinator,
            action_id=plan.action_id,
            state="later",  # type: ignore[arg-type]
        )


def test_an_action_moves_within_its_plan(plan: Planning) -> None:
    actor = plan.study.world.coordinator
    plan.add("Second", objective=1)
    with plan.study.acting() as session:
        planning.move_action(
            session, actor=actor, action_id=plan.action_id, objective_id=plan.objective_ids[1], position=0
        )
    assert [(row.code, row.action.title) for row in plan.table().actions] == [
        ("2.1", "Ask the pupils"),
        ("2.2", "Second"),
    ]
    with plan.study.acting() as session:
        other = planning.add_plan(session, actor=actor, name="Other")
        session.flush()
        elsewhere = planning.add_objective(session, actor=actor, plan_id=other.id, title="Elsewhere")
    with plan.study.acting() as session, refusal(Invalid, "objective"):
        planning.move_action(session, actor=actor, action_id=plan.action_id, objective_id=elsewhere.id, position=0)


def test_progress_notes_are_kept_newest_first(plan: Planning) -> None:
    for text in ("Asked year 7", "Asked year 8"):
        with plan.study.acting() as session:
            planning.note_progress(session, actor=plan.study.world.coordinator, action_id=plan.action_id, text=text)
    assert [note.text for note in plan.table().actions[0].notes] == ["Asked year 8", "Asked year 7"]
    with plan.study.acting() as session, refusal(Invalid, "text"):
        planning.note_progress(session, actor=plan.study.world.coordinator, action_id=plan.action_id, text=" ")


def test_actions_are_found_by_practice_soonest_first(plan: Planning) -> None:
    world = plan.study.world
    plan.add("For no practice")
    mine = plan.add("Mine", owner_id=world.teacher.person_id, due_on=date(2026, 1, 1), node_keys=(PRACTICE,))
    with plan.study.reading() as session:
        found = planning.actions_for(session, world.reader, [PRACTICE])
    assert [p.action.id for p in found] == [mine, plan.action_id]
    assert (found[0].plan.name, found[0].owner_name) == ("Agency", "Teacher")


def test_teachers_read_plans_and_do_not_write_them(plan: Planning) -> None:
    assert plan.table(plan.study.world.teacher).plan.name == "Agency"
    for actor in (plan.study.world.teacher, plan.study.world.head):
        with refusal(NotAllowed):
            plan.add("No", actor=actor)


def test_a_neighbours_plan_does_not_exist_here(plan: Planning) -> None:
    coordinator, stranger = plan.study.world.coordinator, plan.study.world.stranger
    with plan.study.reading() as session:
        assert [p.name for p in planning.plans_of(session, coordinator)] == ["Agency"]
        assert CANARY not in {p.action.title for p in planning.actions_for(session, coordinator, [PRACTICE])}
        for ask in (planning.path_of, lambda *known: planning.plan_table(*known, today=TODAY)):
            with refusal(NotFound):
                ask(session, coordinator, plan.neighbour_plan_id)
    with plan.study.acting() as session, refusal(NotFound):
        planning.set_action_state(session, actor=stranger, action_id=plan.action_id, state=ActionState.DONE)
    with refusal(NotFound):
        plan.add("No", actor=stranger)


def test_who_is_limited_to_another_programme_sees_only_plans_of_the_whole_school(plan: Planning) -> None:
    world = plan.study.world
    limited = member(world.database, world.school, Role.COORDINATOR, "pyp@alder.example", programmes=["PYP"])
    with plan.study.acting() as session:
        shared = planning.add_plan(session, actor=world.coordinator, name="Whole school")
    with plan.study.reading() as session:
        assert [p.id for p in planning.plans_of(session, limited)] == [shared.id]
        assert planning.actions_for(session, limited, [PRACTICE]) == []
        with refusal(NotFound):
            planning.plan_table(session, limited, plan.plan_id, today=TODAY)
    assert [kind.label.msgid for kind in PlanKind] == ["Action plan", "Programme development plan"]


def test_a_plan_that_joins_an_evaluation_has_its_evidence_numbered(plan: Planning) -> None:
    world = plan.study.world
    with plan.study.acting() as session:
        planning.update_plan(session, **_words(plan, evaluation_id=None))
    plan.attach(world.file_item(name="a.txt"))
    custodian = member(world.database, world.school, Role.COORDINATOR, "second@alder.example")
    plan.attach(world.file_item(custodian, name="hidden.txt", visibility=Visibility.PRIVATE), custodian)
    with plan.study.acting() as session:
        planning.update_plan(session, **_words(plan, evaluation_id=plan.study.evaluation_id))
    with plan.study.reading() as session:
        shown = selfstudy.exhibits_of(session, world.coordinator, plan.study.evaluation_id).shown
    assert [exhibit.number for exhibit in shown] == ["E-P-01"]


def _words(plan: Planning, **changes: object) -> dict[str, Any]:
    return {
        "actor": plan.study.world.coordinator,
        "plan_id": plan.plan_id,
        "name": "Agency",
        "evaluation_id": plan.study.evaluation_id,
        "focus": "",
        "rationale": "",
        "reflection": "It worked",
    } | changes
