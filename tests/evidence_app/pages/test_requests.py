"""Asking for evidence: to whom a request is open, its answers, its words and its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from evidence_app.domain import requests
from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
NODE = "ib-psp-2020/0301-02"


def ask(world: World, title: str = "One page of minutes", due: date = date(2030, 1, 1)) -> str:
    with world.database.unit_of_work() as session:
        return requests.ask(
            session,
            actor=world.coordinator,
            node_key=NODE,
            due_on=due,
            person_id=world.teacher.person_id,
            title=title,
            message="Crossings-out and all.",
        ).id


def line_of(world: World, request_id: str) -> requests.RequestLine:
    with world.database.reading() as session:
        return requests.request_line(session, world.coordinator, request_id)


def test_a_request_is_asked_answered_and_closed(client_for: Open, world: World, filed: FileItem) -> None:
    client = client_for(world.coordinator)
    form = {
        "node_key": NODE,
        "title": "Minutes of planning",
        "asked": f"p:{world.teacher.person_id}",
        "programme": "DP",
        "due_on": "2030-01-01",
        "message": "One page is plenty.",
    }
    assert "Nothing is asked of anybody" in client.get("/alder-bay/requests/").text
    offered = client.get("/alder-bay/requests/new").text
    assert f'value="p:{world.teacher.person_id}"' in offered
    assert f'value="p:{world.reader.person_id}"' not in offered, "who may not file cannot answer"
    for left_open in ("title", "node_key", "asked"):
        assert client.post("/alder-bay/requests/new", data={**form, left_open: ""}).status_code == 422
    assert client.post("/alder-bay/requests/new", data=form).status_code == 302
    teacher = client_for(world.teacher)
    assert "Minutes of planning" in teacher.get("/alder-bay/requests/").text
    with world.database.reading() as session:
        (line,) = requests.asked_of(session, world.teacher)
    address = f"/alder-bay/requests/{line.request.id}"
    item = filed("Minutes.txt")
    assert teacher.get(address).status_code == 200
    answer = {"request": line.request.id, "item": item.id, f"note-{item.id}": "page 1", "visibility": "staff"}
    assert teacher.post("/alder-bay/evidence/new", data={**answer, "programmes": "DP"}).location == address
    assert "Minutes" in client.get(address).text
    assert "take-back" in client.get(address).text
    (given,) = line_of(world, line.request.id).answers
    assert client_for(world.reader).post(f"{address}/answers/{given.answer.id}/take-back").status_code == 403
    assert teacher.post(f"{address}/answers/{given.answer.id}/take-back").status_code == 302
    assert line_of(world, line.request.id).answers == ()
    assert teacher.post("/alder-bay/evidence/new", data={**answer, "programmes": "DP"}).location == address
    assert teacher.post(f"{address}/state", data={"do": "close"}).status_code == 403
    assert client.post(f"{address}/state", data={"do": "close"}).status_code == 302
    assert client_for(world.head).get(address).status_code == 404
    board = client.get("/alder-bay/requests/")
    assert board.status_code == 200, "a closed one stays on the board"
    assert "Minutes of planning" in board.text
    assert client.post(f"{address}/state", data={"do": "reopen", "due_on": "2020-01-01"}).status_code == 422
    assert client.post(f"{address}/state", data={"do": "reopen", "due_on": "2031-02-03"}).status_code == 302
    again = line_of(world, line.request.id).request
    assert (again.state, again.due_on) == ("open", date(2031, 2, 3))


def test_the_words_and_the_day_of_a_request_can_be_put_right(client_for: Open, world: World) -> None:
    address = f"/alder-bay/requests/{ask(world)}"
    client, new = (
        client_for(world.coordinator),
        {"title": "Minutes of May", "due_on": "2031-02-03", "message": "Please!"},
    )
    assert line_of(world, address.rpartition("/")[2]).request.title in client.get(f"{address}/change").text
    for wrong in ({"title": ""}, {"due_on": "2020-01-01"}, {"due_on": "soon"}):
        assert client.post(f"{address}/change", data={**new, **wrong}).status_code == 422
    assert client.post(f"{address}/change", data=new).location == address
    changed = line_of(world, address.rpartition("/")[2]).request
    assert (changed.title, changed.due_on, changed.message) == ("Minutes of May", date(2031, 2, 3), "Please!")
    assert client_for(world.teacher).get(f"{address}/change").status_code == 403
    assert client_for(world.stranger).post(f"{address}/change", data=new).status_code == 404


def test_words_of_a_request_that_is_overdue_are_changed_without_another_day(client_for: Open, world: World) -> None:
    address = f"/alder-bay/requests/{ask(world, due=date(2025, 1, 1))}"
    said = {"title": "Minutes of May", "message": "Please!"}
    client = client_for(world.coordinator)
    assert client.post(f"{address}/change", data={**said, "due_on": "2025-01-02"}).status_code == 422
    assert client.post(f"{address}/change", data={**said, "due_on": "2025-01-01"}).location == address
    changed = line_of(world, address.rpartition("/")[2]).request
    assert (changed.title, changed.due_on) == ("Minutes of May", date(2025, 1, 1))


def test_what_is_asked_of_others_is_not_open(client_for: Open, world: World) -> None:
    address = f"/alder-bay/requests/{ask(world)}"
    assert client_for(world.teacher).get(address).status_code == 200
    assert client_for(world.learning_support).get(address).status_code == 404
    assert client_for(world.stranger).get(address).status_code == 404
