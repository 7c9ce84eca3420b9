"""Home by role, coverage, practice and review."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest

from evidence_app.domain import planning, selfstudy, tagging
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.tagging import Tag, TagState
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_requests import NODE, ask
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]


def propose(world: World, item: Item, node: str = NODE, note: str = "week 3 shows it") -> Tag:
    with world.database.unit_of_work() as session:
        return tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=node, note=note)


def state_of(world: World, tag: Tag) -> tuple[str, int]:
    with world.database.reading() as session:
        row = session.get_one(Tag, (tag.school_id, tag.id))
        return row.state, row.strength


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NOBODY])
def test_everybody_has_a_home(
    client_for: Open, world: World, filed: FileItem, work: Callable[[], None], role: Role
) -> None:
    propose(world, filed("Sharing the planet.txt"))
    ask(world)
    with world.database.unit_of_work() as session:
        selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key="ib-psp-2020",
            programmes=["PYP", "DP"],
            visit_on=date(2027, 5, 12),
        )
    work()
    page = client_for(world.actors[role]).get("/alder-bay/")
    assert page.status_code == 200, page.text[:500]
    assert ("waiting for review" in page.text) is (role in (Role.COORDINATOR, Role.ADMINISTRATOR))
    assert ("One page of minutes" in page.text) is (role in (Role.TEACHER,))


def test_an_empty_school_is_led_to_its_first_steps(client_for: Open, world: World, filed: FileItem) -> None:
    client = client_for(world.administrator)
    page = client.get("/alder-bay/").text
    assert "Begin here" in page
    assert 'href="/alder-bay/help/#begin"' in page
    filed("Policy.txt")
    assert "Begin here" not in client.get("/alder-bay/").text


def test_home_says_who_will_see_what_is_dropped_there(client_for: Open, world: World, filed: FileItem) -> None:
    client = client_for(world.learning_support)
    assert "Then: Staff, unless you choose otherwise." in client.get("/alder-bay/").text
    filed("letter.txt", actor=world.learning_support, visibility=Visibility.PRIVATE)
    assert "Then: Private: named people, unless you choose otherwise." in client.get("/alder-bay/").text


def test_a_practice_shows_its_answers_as_they_are_printed(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("Policy.txt")
    with world.database.unit_of_work() as session:
        study = selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key="ib-psp-2020",
            programmes=["PYP", "DP"],
            visit_on=date(2027, 5, 12),
        )
        selfstudy.write_response(
            session,
            actor=world.coordinator,
            evaluation_id=study.id,
            node_key=NODE,
            programme="DP",
            narrative="We **mean** it: [[E-0301-02-01]] says so.",
        )
        answer = selfstudy.response_at(session, world.coordinator, study.id, NODE, "DP")
        assert answer is not None
        selfstudy.cite(session, actor=world.coordinator, response_id=answer.id, item_id=item.id)
    page = client_for(world.teacher).get("/alder-bay/practice/0301-02").text
    assert "<strong>mean</strong>" in page
    assert f'href="/alder-bay/study/{study.id}/exhibits/E-0301-02-01"' in page
    assert "[[" not in page
    assert page.count("Not begun") == 1, "PYP has no words yet"
    crumbs = client_for(world.teacher).get("/alder-bay/practice/0101-01").text.partition("<h1")[0]
    assert crumbs.count(">Purpose</a>") == 1, "a standard of the same name says it once"


def test_the_matrix_counts_what_was_accepted(client_for: Open, world: World, filed: FileItem) -> None:
    tag = propose(world, filed("Policy.txt", programmes=("DP",)))
    with world.database.unit_of_work() as session:
        tagging.review(session, actor=world.coordinator, tag_ids=[tag.id], state=TagState.ACCEPTED, strength=3)
    client = client_for(world.coordinator)
    page = client.get("/alder-bay/coverage/")
    assert page.status_code == 200
    assert page.text.count("1 item, Strong") == 1
    assert "123 places" not in page.text
    assert "122 places have none yet" in page.text
    only = client.get("/alder-bay/coverage/?programme=DP&show=gaps")
    assert only.status_code == 200
    assert ">0301-02<" not in only.text
    table = client.get("/alder-bay/coverage/coverage.csv?programme=DP")
    assert "'0301-02," in table.text
    assert table.text.count("\n") == 42
    assert client_for(world.teacher).get("/alder-bay/coverage/coverage.csv").status_code == 403
    assert client_for(world.stranger).get("/alder-bay/coverage/").status_code == 404


def test_the_matrix_shows_what_is_old_mine_or_folded(client_for: Open, world: World, filed: FileItem) -> None:
    tag = propose(world, filed("Policy.txt", programmes=("DP",)))
    with world.database.unit_of_work() as session:
        tagging.review(session, actor=world.coordinator, tag_ids=[tag.id], state=TagState.ACCEPTED, strength=2)
        item = session.get_one(Item, (tag.school_id, tag.item_id))
        item.shown_to = date(2015, 6, 30)
        evaluation = selfstudy.open_evaluation(
            session, actor=world.coordinator, framework_key="ib-psp-2020", programmes=["DP"], visit_on=None
        )
        written = selfstudy.write_response(
            session,
            actor=world.coordinator,
            evaluation_id=evaluation.id,
            node_key="ib-psp-2020/0401-02",
            programme="DP",
            narrative="We plan together.",
        )
        selfstudy.assign_lead(
            session, actor=world.coordinator, response_id=written.response.id, person_id=world.head.person_id
        )
    head = client_for(world.head)
    old, mine = head.get("/alder-bay/coverage/?show=old").text, head.get("/alder-bay/coverage/?show=mine").text
    assert (">0301-02<" in old, ">0401-02<" in old) == (True, False)
    assert (">0301-02<" in mine, ">0401-02<" in mine) == (False, True)
    assert "older than three years" in old
    coordinator = client_for(world.coordinator)
    assert "No answer is yours" in coordinator.get("/alder-bay/coverage/?show=mine").text
    everything = coordinator.get("/alder-bay/coverage/?show=nonsense").text
    assert 'class="mx" open' in everything
    assert 'class="mx" open' not in coordinator.get("/alder-bay/coverage/?fold=1").text


def test_home_says_what_was_begun_and_not_saved(client_for: Open, world: World) -> None:
    teacher, request_id = client_for(world.teacher), ask(world)
    assert "not saved yet" not in teacher.get("/alder-bay/").text
    for answered in ({}, {"request": request_id}):
        file = (io.BytesIO(f"Minutes {answered}".encode()), "minutes.txt")
        form = {"files": file, "form_key": str(answered), **answered}
        assert teacher.post("/alder-bay/evidence/new/files", data=form).status_code == 302
    home = teacher.get("/alder-bay/").text
    assert "1 thing you began to file is not saved yet" in home
    assert "You began to answer" in home
    assert f"/requests/{request_id}" in home


def test_home_counts_and_leads_on(client_for: Open, world: World, filed: FileItem) -> None:
    for n in range(3):
        filed(f"{n}.txt", f"{n}".encode())
    ask(world, due=date(2030, 1, 1))
    ask(world, title="Photos", due=date(2025, 1, 1))
    teacher = client_for(world.teacher).get("/alder-bay/")
    assert teacher.text.index("Drop files here") < teacher.text.index("Asked of me") < teacher.text.index("Filed by me")
    assert "3 items in all." in teacher.text
    assert "/alder-bay/help/#not-here" in teacher.text
    coordinator = client_for(world.coordinator).get("/alder-bay/")
    assert "<b>1</b><span>request overdue</span>" in coordinator.text
    assert "No evaluation is open yet" in coordinator.text
    reader = client_for(world.reader).get("/alder-bay/")
    assert "File evidence" not in reader.text
    assert client_for(world.stranger).get("/alder-bay/").status_code == 404


def test_the_table_says_who_was_asked_for_what_is_missing(client_for: Open, world: World) -> None:
    ask(world)
    table = client_for(world.coordinator).get("/alder-bay/coverage/coverage.csv").text.splitlines()
    assert table[0].endswith("lead,asked,asked until")
    assert {line.split(",")[0] for line in table if line.endswith("Teacher,2030-01-01")} == {"'0301-02"}


def test_the_table_cannot_smuggle_a_formula(client_for: Open, world: World) -> None:
    for line in client_for(world.coordinator).get("/alder-bay/coverage/coverage.csv").text.splitlines()[1:]:
        assert all(not cell.strip('"').startswith(("=", "+", "-", "@")) for cell in line.split(","))


def test_a_practice_shows_its_evidence_and_nothing_private(client_for: Open, world: World, filed: FileItem) -> None:
    propose(world, filed("Open one.txt"))
    propose(world, filed("CANARY.txt", visibility=Visibility.PRIVATE))
    page = client_for(world.coordinator).get("/alder-bay/practice/0301-02")
    assert "Open one" in page.text
    assert "week 3 shows it" in page.text
    assert "CANARY" not in page.text
    assert client_for(world.reader).get("/alder-bay/practice/0301-02").status_code == 200
    assert client_for(world.reader).get("/alder-bay/practice/9999-99").status_code == 422


def node_of(world: World, tag: Tag) -> str:
    with world.database.reading() as session:
        return session.get_one(Tag, (tag.school_id, tag.id)).node_key


def test_review_shows_the_oldest_and_decides(
    client_for: Open, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    first, second = propose(world, filed("First.txt", b"first plan")), propose(world, filed("Second.txt", b"second"))
    work()
    client = client_for(world.coordinator)
    page = client.get("/alder-bay/review/")
    assert "2 waiting" in page.text
    assert "first plan" in client.get("/alder-bay/review/?view=text").text
    answer = client.post(
        f"/alder-bay/review/{first.id}",
        data={"do": "accept", "strength": "2", "next": second.id},
        follow_redirects=True,
    )
    assert state_of(world, first) == (TagState.ACCEPTED, 2)
    assert "1 waiting" in answer.text
    assert "Accepted “First”" in answer.text
    for said in ({"do": "return", "word": "Whose is it?"}, {"do": "retag", "node_key": "ib-psp-2020/0202-02"}):
        stale = client.post(f"/alder-bay/review/{first.id}", data=said)
        assert (stale.status_code, "This was decided already" in stale.text) == (422, True)
        assert state_of(world, first) == (TagState.ACCEPTED, 2)
        assert node_of(world, first) == first.node_key
    assert client.post("/alder-bay/review/undo", data={"acts": undo_of(answer.text)}).status_code == 302
    assert state_of(world, first) == (TagState.PROPOSED, 2)


def test_returning_without_a_word_is_refused_and_keeps_the_tag(client_for: Open, world: World, filed: FileItem) -> None:
    tag = propose(world, filed())
    client = client_for(world.coordinator)
    answer = client.post(f"/alder-bay/review/{tag.id}", data={"do": "return", "word": " ", "strength": "3"})
    assert answer.status_code == 422
    assert "what is missing" in answer.text
    assert 'value="3" checked' in answer.text
    assert state_of(world, tag) == (TagState.PROPOSED, 0)
    client.post(f"/alder-bay/review/{tag.id}", data={"do": "return", "word": "Whose is it?"})
    assert "Whose is it?" in client_for(world.teacher).get("/alder-bay/").text


def undo_of(page: str) -> str:
    """What the newest undo button of a page sends."""
    return page.rpartition('name="acts" value="')[2].partition('"')[0]


def test_several_are_accepted_at_once_and_a_tag_can_move(client_for: Open, world: World, filed: FileItem) -> None:
    tags = [propose(world, filed(f"{n}.txt", f"{n}".encode())) for n in range(3)]
    client = client_for(world.coordinator)
    client.post("/alder-bay/review/accept", data={"tag": [tags[0].id, tags[1].id]})
    assert [state_of(world, tag)[0] for tag in tags] == [TagState.ACCEPTED, TagState.ACCEPTED, TagState.PROPOSED]
    client.post(f"/alder-bay/review/{tags[2].id}", data={"do": "retag", "node_key": "ib-psp-2020/0202-02"})
    assert node_of(world, tags[2]) == "ib-psp-2020/0202-02"
    page = client.post("/alder-bay/review/accept", data={"tag": [tags[2].id]}, follow_redirects=True)
    assert "All reviewed" in page.text
    assert "1 tag accepted" in page.text
    client.post("/alder-bay/review/undo", data={"acts": undo_of(page.text)})
    assert state_of(world, tags[2])[0] == TagState.PROPOSED
    client.post("/alder-bay/review/undo", data={"tags": ",".join(tag.id for tag in tags)})
    assert "3 waiting" in client.get("/alder-bay/review/").text
    assert client.post("/alder-bay/review/accept", data={}).status_code == 302


def test_a_tag_moves_only_to_a_place_that_is_free(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed()
    tag = propose(world, item)
    propose(world, item, node="ib-psp-2020/0202-02")
    client, address = client_for(world.coordinator), f"/alder-bay/review/{tag.id}"
    taken = client.post(address, data={"do": "retag", "node_key": "ib-psp-2020/0202-02"})
    assert taken.status_code == 422
    assert "tagged to 0202-02 already" in taken.text
    assert client.post(address, data={"do": "retag", "node_key": "nowhere"}).status_code == 422
    assert client.post(address, data={"do": "dance"}).status_code == 400
    assert client_for(world.teacher).post(address, data={"do": "accept"}).status_code == 403
    assert client_for(world.stranger).post(address, data={"do": "accept"}).status_code == 404
    assert client_for(world.teacher).post("/alder-bay/review/undo", data={"tags": tag.id}).status_code == 403


def test_a_practice_offers_what_the_school_may_have_already(
    client_for: Open, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("Inclusion policy.txt", b"Inclusion policy. Every student belongs.", actor=world.teacher)
    work()
    client, path = client_for(world.teacher), "/alder-bay/practice/0301-02"
    assert "You may already have this" in client.get(path).text
    assert "You may already have this" not in client_for(world.reader).get(path).text
    asked = {"node_key": "ib-psp-2020/0301-02", "then": f"{path}?programme=PYP#fit"}
    said_no = client.post(f"/alder-bay/evidence/{item.id}/suggestions/decline", data=asked)
    assert said_no.location == f"{path}?programme=PYP#fit"
    assert "You may already have this" not in client.get(path).text
    added = client.post(f"/alder-bay/evidence/{item.id}/tags", data={**asked, "then": "https://elsewhere.example/"})
    assert added.location == f"/alder-bay/evidence/{item.id}"
    assert "Inclusion policy" in client.get(path).text


def test_a_practice_leads_to_its_answers_and_actions(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        evaluation = selfstudy.open_evaluation(
            session, actor=world.coordinator, framework_key="ib-psp-2020", programmes=["DP"], visit_on=None
        )
        written = selfstudy.write_response(
            session,
            actor=world.coordinator,
            evaluation_id=evaluation.id,
            node_key=NODE,
            programme="DP",
            narrative="We review it with families each May.",
        )
        plan = planning.add_plan(session, actor=world.coordinator, name="Our plan")
        goal = planning.add_objective(session, actor=world.coordinator, plan_id=plan.id, title="Belonging")
        facts = planning.ActionFacts(title="Ask families in May", node_keys=(NODE,))
        action = planning.add_action(session, actor=world.coordinator, objective_id=goal.id, facts=facts)
        answer = f"/alder-bay/study/{evaluation.id}/answers/{written.response.id}"
        there = f"/alder-bay/plan/{plan.id}/actions/{action.id}"
    client = client_for(world.coordinator)
    page = client.get("/alder-bay/practice/0301-02")
    for address in (answer, there):
        assert f'href="{address}"' in page.text
        assert client.get(address).status_code == 200
    in_pyp = client.get("/alder-bay/practice/0301-02?programme=PYP").text
    assert "Nothing shows it in PYP yet" in in_pyp
    assert re.search(r"/requests/new\?node=[^\"]*programme=PYP", in_pyp)
    assert client_for(world.stranger).get("/alder-bay/practice/0301-02").status_code == 404
