"""The milestones: a path one walks, in words and never in shares, as often as one likes."""

from __future__ import annotations

from collections.abc import Callable

from evidence_app.domain import planning
from evidence_app.domain.access import Actor
from evidence_app.domain.planning import StepState
from tests.evidence_app.domain.planning.plans import Planning
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
HOME = "/alder-bay/milestones"


def first_step(plan: Planning, actor: Actor | None = None) -> planning.MilestoneStep:
    with plan.study.reading() as session:
        path = planning.path_of(session, actor or plan.study.world.reader, plan.plan_id)
    step = path.milestones[0].steps[0].step
    assert step is not None
    return step


def set_out(client: Browser, plan: Planning) -> None:
    client.post(f"{HOME}/{plan.plan_id}/rounds")


def test_without_a_development_plan_the_page_says_what_the_path_is(client_for: Open, world: World) -> None:
    assert "No path yet" in client_for(world.teacher).get(f"{HOME}/").text


def test_the_path_is_walked_from_its_beginning(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    before = client.get(f"{HOME}/", follow_redirects=True).text
    assert "Set out" in before
    set_out(client, plan)
    after = client.get(f"{HOME}/{plan.plan_id}").text
    assert after.count('class="stone ') == 4
    assert "Ahead" in after
    assert "%" not in after.partition('id="main"')[2].partition("</main>")[0]


def test_a_step_keeps_state_reflection_and_evidence(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    set_out(client, plan)
    where = f"{HOME}/{plan.plan_id}/{first_step(plan).id}"
    said = {"state": "reached", "reflection": "We asked **everybody**. <script>x</script>", "revision": 0}
    client.post(where, data=said)
    client.post(f"{where}/evidence", data={"item": plan.study.world.file_item(title="Survey").id})
    shown = client_for(plan.study.world.reader).get(where).text
    assert "<strong>everybody</strong>" in shown
    assert "<script>x" not in shown
    for words in ("Survey", "E-M1-01", "Reached"):
        assert words in shown
    assert first_step(plan).state == StepState.REACHED


def test_a_step_somebody_else_saved_is_not_overwritten(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    set_out(client, plan)
    where = f"{HOME}/{plan.plan_id}/{first_step(plan).id}"
    client.post(where, data={"state": "under_way", "reflection": "First", "revision": 0})
    clash = client.post(where, data={"state": "reached", "reflection": "Second", "revision": 0})
    assert clash.status_code == 409
    assert "Second" in clash.text
    assert "First" in clash.text
    assert first_step(plan).reflection == "First"


def test_a_new_round_keeps_the_earlier_one(client_for: Open, plan: Planning) -> None:
    client = client_for(plan.study.world.coordinator)
    set_out(client, plan)
    step = first_step(plan)
    client.post(f"{HOME}/{plan.plan_id}/{step.id}", data={"state": "reached", "reflection": "Then", "revision": 0})
    set_out(client, plan)
    assert "Then" not in client.get(f"{HOME}/{plan.plan_id}").text
    earlier = client.get(f"{HOME}/{plan.plan_id}?round=1").text
    assert "Then" in earlier
    assert "This is an earlier round" in earlier
    assert client.get(f"{HOME}/{plan.plan_id}?round=9").status_code == 404


def test_readers_see_the_path_and_change_nothing(client_for: Open, plan: Planning) -> None:
    set_out(client_for(plan.study.world.coordinator), plan)
    client, where = client_for(plan.study.world.teacher), f"{HOME}/{plan.plan_id}/{first_step(plan).id}"
    assert "<textarea" not in client.get(where).text
    assert client.post(where, data={"state": "reached"}).status_code == 403
    assert client.post(f"{HOME}/{plan.plan_id}/rounds").status_code == 403
    assert client.get(f"{HOME}/{plan.neighbour_plan_id}").status_code == 404
