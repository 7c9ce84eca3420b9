"""The plan: objectives, actions, their evidence and notes, findings that become actions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evidence_app.domain import planning
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.planning import FindingFacts, FindingKind
from tests.evidence_app.domain.planning.plans import Planning
from tests.evidence_app.domain.studies import CANARY, PRACTICE
from tests.evidence_app.pages.conftest import Browser, undo_of
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
HOME = "/alder-bay/plan"


def page(plan: Planning, path: str = "") -> str:
    return f"{HOME}/{plan.plan_id}{path}"


def facts(plan: Planning, **said: object) -> dict[str, object]:
    return {"title": "Ask the pupils", "objective": plan.objective_ids[0], "owner": "", "revision": 1} | said


def test_without_a_plan_the_page_says_what_one_is(client_for: Open, world: World) -> None:
    assert "No plan yet" in client_for(world.coordinator).get(f"{HOME}/").text
    assert f"{HOME}/new" not in client_for(world.reader).get(f"{HOME}/").text


def test_a_plan_is_made_and_filled(client_for: Open, world: World) -> None:
    client = client_for(world.coordinator)
    made = client.post(f"{HOME}/new", data={"name": "Plan 2027", "kind": "action_plan", "evaluation_id": ""})
    where = made.headers["Location"]
    asked = client.post(f"{where}/objectives", data={"title": "Time to plan"}, follow_redirects=True)
    assert "A new action" in asked.text
    objective = asked.request.args["objective"]
    said = {
        "title": "Count minutes",
        "objective": objective,
        "owner": world.teacher.person_id,
        "start_on": "2026-09-01",
        "due_on": "2099-10-30",
        "budget": "€ 200",
        "success_indicator": "each team has 80 minutes",
        "practices": ["ib-psp-2020/0203-03"],
    }
    client.post(f"{where}/actions/new", data=said)
    shown = client.get(where).text
    for words in ("Time to plan", "Count minutes", "Teacher", "30 Oct", "Budget € 200", "each team has 80", "0203-03"):
        assert words in shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("view", ["table", "board", "timeline", "nonsense"])
def test_every_view_shows_the_actions(client_for: Open, plan: Planning, view: str) -> None:
    answer = client_for(plan.study.world.reader).get(page(plan, f"?view={view}"))
    assert answer.status_code == 200
    assert "Ask the pupils" in answer.text


def test_an_action_is_changed_and_a_clash_loses_nothing(client_for: Open, plan: Planning) -> None:
    client, where = client_for(plan.study.world.coordinator), page(plan, f"/actions/{plan.action_id}")
    moved = facts(plan, title="Ask all pupils", objective=plan.objective_ids[1], practices=[PRACTICE])
    assert client.post(where, data=moved).status_code == 302
    assert plan.table().objectives[1].actions[0].action.title == "Ask all pupils"
    clash = client.post(where, data=facts(plan, title="My words", revision=1))
    assert clash.status_code == 409
    assert "My words" in clash.text
    assert "Ask all pupils" in clash.text
    assert 'name="revision" type="hidden" value="2"' in clash.text


def test_an_action_due_before_it_starts_is_refused_at_its_field(client_for: Open, plan: Planning) -> None:
    said = facts(plan, start_on="2027-02-01", due_on="2027-01-01")
    answer = client_for(plan.study.world.coordinator).post(page(plan, f"/actions/{plan.action_id}"), data=said)
    assert answer.status_code == 422
    assert "due before it starts" in answer.text


def test_state_notes_and_evidence(client_for: Open, plan: Planning) -> None:
    client, where = client_for(plan.study.world.coordinator), page(plan, f"/actions/{plan.action_id}")
    item = plan.study.world.file_item(title="Survey of pupils")
    client.post(f"{where}/state", data={"state": "done"})
    client.post(f"{where}/notes", data={"text": "All grades answered."})
    client.post(f"{where}/evidence", data={"item": item.id, "how": "Question 4"})
    shown = client_for(plan.study.world.reader).get(where).text
    for words in ("Done", "All grades answered.", "Survey of pupils", "E-P-01"):
        assert words in shown
    row = plan.table(plan.study.world.coordinator).actions[0]
    gone = client.post(f"{where}/evidence/{row.proofs.shown[0].evidence.id}/detach", follow_redirects=True)
    assert "Survey of pupils" not in gone.text.partition('id="offered"')[0]
    sent = undo_of(gone.text)
    assert sent == {"version": item.current_version_id, "how": "Question 4"}
    client.post(f"{where}/evidence", data=sent)
    assert "Question 4" in client.get(where).text
    assert client.post(f"{where}/state", data={"state": "gone"}).status_code == 422


def test_private_evidence_is_neither_offered_nor_named_to_others(client_for: Open, plan: Planning) -> None:
    support, private = plan.study.world.learning_support, plan.study.private_item("plan of one pupil.txt")
    where = page(plan, f"/actions/{plan.action_id}")
    client = client_for(plan.study.world.coordinator)
    assert client.post(f"{where}/evidence", data={"item": private.id}).status_code == 404
    assert "one pupil" not in client.get(f"{where}?find=pupil").text
    assert client_for(support).post(f"{where}/evidence", data={"item": private.id}).status_code == 403


def test_an_objective_is_renamed_moved_and_only_taken_away_when_empty(client_for: Open, plan: Planning) -> None:
    client, (first, second) = client_for(plan.study.world.coordinator), plan.objective_ids
    client.post(page(plan, f"/objectives/{second}"), data={"do": "save", "title": "Teachers trust them"})
    client.post(page(plan, f"/objectives/{second}"), data={"do": "up"})
    assert [row.objective.title for row in plan.table().objectives] == ["Teachers trust them", "Pupils choose"]
    assert client.post(page(plan, f"/objectives/{first}"), data={"do": "remove"}).status_code == 409
    client.post(page(plan, f"/objectives/{second}"), data={"do": "remove"})
    assert [row.objective.id for row in plan.table().objectives] == [first]
    assert client.post(page(plan, "/objectives/01aaaaaaaaaaaaaaaaaaaaaaaa"), data={"do": "up"}).status_code == 404


def test_a_plan_somebody_else_saved_is_not_overwritten(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    said = {"name": "Agency", "evaluation_id": "", "focus": "One", "revision": 1, "kind": "programme_development"}
    assert client.post(page(plan, "/edit"), data=said).status_code == 302
    clash = client.post(page(plan, "/edit"), data=said | {"focus": "Two"})
    assert clash.status_code == 409
    assert "Two" in clash.text
    assert plan.table().plan.focus == "One"


def test_a_finding_becomes_an_action(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    said = {"kind": "recommendation", "text": "Find common time.", "year": 2022, "state": "open", "node_key": PRACTICE}
    client.post(f"{HOME}/findings/new", data=said | {"evaluation_id": "", "programme": ""})
    shown = client.get(f"{HOME}/findings").text
    assert "Report of 2022" in shown
    assert "Make it an action" in shown
    with plan.study.reading() as session:
        (finding,) = planning.findings_of(session, plan.study.world.reader)
    acted = client.post(f"{HOME}/findings/{finding.id}/act", data={"objective": plan.objective_ids[1]})
    assert "Find common time." in client.get(acted.headers["Location"]).text
    assert "Action 2.1: Find common time." in client.get(f"{HOME}/findings").text


def test_a_finding_is_changed_and_keeps_its_action(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    with plan.study.acting() as session:
        found = planning.add_finding(
            session, actor=plan.study.world.coordinator, facts=FindingFacts(FindingKind.MATTER, "Before")
        )
        session.flush()
        planning.act_on_finding(
            session, actor=plan.study.world.coordinator, finding_id=found.id, objective_id=plan.objective_ids[0]
        )
        finding_id = found.id
    said = {"kind": "matter_to_be_addressed", "text": "After", "state": "closed", "evaluation_id": "", "node_key": ""}
    client.post(f"{HOME}/findings/{finding_id}", data=said | {"programme": ""})
    with plan.study.reading() as session:
        (finding,) = planning.findings_of(session, plan.study.world.reader)
    assert (finding.text, finding.state, finding.action_id is None) == ("After", "closed", False)


@pytest.mark.parametrize("role", [Role.READER, Role.TEACHER, Role.HEAD])
def test_who_may_not_write_the_plan_reads_it(client_for: Open, plan: Planning, role: Role) -> None:
    client, where = client_for(plan.study.world.actors[role]), page(plan, f"/actions/{plan.action_id}")
    for path in (page(plan), where, f"{HOME}/findings"):
        shown = client.get(path)
        assert shown.status_code == 200
        assert 'method="post"' not in shown.text.partition('id="main"')[2].partition("</main>")[0]
    for path in (where, f"{where}/state", f"{where}/notes", page(plan, "/objectives"), f"{HOME}/findings/new"):
        assert client.post(path).status_code == 403


def test_the_plan_of_another_school_is_unknown(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    assert client.get(f"{HOME}/{plan.neighbour_plan_id}").status_code == 404
    assert client_for(plan.study.world.stranger).get(page(plan)).status_code == 404
    assert CANARY not in client.get(page(plan)).text


def test_a_budget_is_a_short_line_and_what_is_longer_stays_in_the_form(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    wanted = page(plan, f"/actions/new?objective={plan.objective_ids[0]}")
    assert 'data-longest="60"' in client.get(wanted).text
    long = "twelve thousand and some, " * 3
    refused = client.post(page(plan, "/actions/new"), data=facts(plan, budget=long))
    assert (refused.status_code, long.strip() in refused.text) == (422, True)
    assert "60 is the most" in refused.text
    client.post(page(plan, "/actions/new"), data=facts(plan, title="Paid", budget=" € 1,200 \n a year\u202e "))
    assert "Budget € 1,200 a year" in client.get(page(plan)).text
