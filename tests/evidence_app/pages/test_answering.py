"""Answering a request as a browser does it: the form for filing, on the request's page; and what it keeps unsaved."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

from evidence_app.domain import evidence, tagging
from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_requests import NODE, ask, line_of
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
OTHER = "ib-psp-2020/0401-02"
NEW = "/alder-bay/evidence/new"


@pytest.fixture
def teacher(client_for: Open, world: World) -> Browser:
    return client_for(world.teacher)


def drop_for(browser: Browser, request_id: str, name: str = "Minutes.txt", key: str = "k") -> int:
    data = {"files": (io.BytesIO(name.encode()), name), "request": request_id}
    return browser.post(f"{NEW}/files", data=data, headers={"HX-Request": "true", "Idempotency-Key": key}).status_code


def item_id_of(world: World) -> str:
    with world.database.reading() as session:
        return evidence.recent_items(session, world.teacher, owner_id=world.teacher.person_id)[0].id


def test_a_file_dropped_on_the_request_is_given_with_one_button(teacher: Browser, world: World) -> None:
    request_id = ask(world)
    address = f"/alder-bay/requests/{request_id}"
    for _ in range(2):
        assert drop_for(teacher, request_id) == 200
    page = teacher.get(address).text
    assert page.count('<article class="filing') == 2, "its card, and that of one on its way"
    assert "Give in answer" in page
    item_id = item_id_of(world)
    assert f'name="item" value="{item_id}"' in page, "also before it has been read"

    said = {"request": request_id, "item": item_id, f"practices-{item_id}": [NODE, OTHER], "visibility": "staff"}
    answer = teacher.post(NEW, data={**said, f"note-{item_id}": "Page 1.", "programmes": "DP"})

    assert answer.location == address
    shown = teacher.get(address).text
    assert "Given in answer" in shown
    assert [given.item.id for given in line_of(world, request_id).answers] == [item_id]
    with world.database.reading() as session:
        tags = {(tag.node_key, tag.note) for tag in tagging.tags_of(session, world.teacher, item_id)}
    assert tags == {(NODE, "Page 1."), (OTHER, "Page 1.")}


def test_every_way_in_answers_also_without_scripts(teacher: Browser, world: World) -> None:
    request_id = ask(world)
    address = f"/alder-bay/requests/{request_id}"
    files = {"files": (io.BytesIO(b"a"), "a.txt"), "form_key": "f", "request": request_id}
    assert teacher.post(f"{NEW}/files?request={request_id}", data=files).location == address
    link = {"url": "https://school.example/minutes", "title": "Minutes", "key": "l", "request": request_id}
    assert teacher.post(f"{NEW}/link", data=link).location == address
    note = {"title": "What we agreed", "text": "Fewer tests.", "key": "n", "request": request_id}
    assert teacher.post(f"{NEW}/note", data=note).location == address

    page = teacher.get(address).text
    for name in ("a.txt", "Minutes", "What we agreed"):
        assert name in page
    filing = teacher.get(NEW).text
    assert "a.txt" not in filing
    assert f'<a href="{address}">One page of minutes</a>' in filing


def test_an_item_that_is_here_is_used_once(teacher: Browser, world: World, filed: FileItem) -> None:
    request_id = ask(world)
    item = filed("Minutes of May.txt", actor=world.teacher)
    page = teacher.get(f"/alder-bay/requests/{request_id}").text
    use = f"{NEW}/use/{item.id}?request={request_id}"
    assert use in page
    assert "Minutes of May" in teacher.post(use, headers={"HX-Request": "true"}).text
    assert teacher.post(use, headers={"HX-Request": "true"}).text == ""
    assert teacher.post(use).location == f"/alder-bay/requests/{request_id}"

    teacher.post(NEW, data={"request": request_id, "item": item.id, "visibility": "staff"})

    assert [given.item.id for given in line_of(world, request_id).answers] == [item.id]
    assert use not in teacher.get(f"/alder-bay/requests/{request_id}").text


def test_who_is_not_asked_or_only_reads_gives_nothing(client_for: Open, world: World) -> None:
    request_id = ask(world)
    assert drop_for(client_for(world.learning_support), request_id) == 404
    assert drop_for(client_for(world.reader), request_id) == 403
    assert client_for(world.learning_support).get(f"{NEW}/link?request={request_id}").status_code == 404


def test_an_answer_to_a_request_closed_meanwhile_is_filed_and_says_so(
    teacher: Browser, client_for: Open, world: World
) -> None:
    request_id = ask(world)
    drop_for(teacher, request_id)
    item_id = item_id_of(world)
    client_for(world.coordinator).post(f"/alder-bay/requests/{request_id}/state", data={"do": "close"})
    assert "Give in answer" not in teacher.get(f"/alder-bay/requests/{request_id}").text

    said = {"request": request_id, "item": item_id, f"practices-{item_id}": NODE, "visibility": "staff"}
    page = teacher.post(NEW, data=said, follow_redirects=True).text

    assert "The request was closed meanwhile" in page
    assert line_of(world, request_id).answers == ()
    with world.database.reading() as session:
        assert [tag.node_key for tag in tagging.tags_of(session, world.teacher, item_id)] == [NODE]


def test_a_tab_of_ones_own_note_writes_into_no_answer_after_its_request_was_closed(
    teacher: Browser, client_for: Open, world: World
) -> None:
    request_id = ask(world)
    own = {"title": "My own", "text": "We sang", "draft": ""}
    answer = {"title": "The answer", "text": "We met", "draft": request_id, "request": request_id}
    teacher.post(f"{NEW}/note/kept", data=own)
    teacher.post(f"{NEW}/note/kept", data=answer)
    client_for(world.coordinator).post(f"/alder-bay/requests/{request_id}/state", data={"do": "close"})
    page = teacher.get(f"{NEW}/note").text
    assert f'name="draft" value="{request_id}"' in page
    assert "We met" in page

    teacher.post(f"{NEW}/note/kept", data={**own, "text": "We sang and danced"})
    teacher.post(f"{NEW}/note/kept", data={**answer, "text": "We met in May"})
    assert teacher.post(f"{NEW}/note/kept", data={**own, "draft": "made-up"}).status_code == 404
    teacher.post(f"{NEW}/note", data={**answer, "text": "We met in May"})

    page = teacher.get(f"{NEW}/note").text
    assert "We sang and danced" in page
    assert "We met" not in page


def test_what_is_ticked_and_typed_is_there_when_the_page_is_opened_again(
    teacher: Browser, world: World, work: Callable[[], None]
) -> None:
    teacher.post(f"{NEW}/files", data={"form_key": "f", "files": [(io.BytesIO(b"a"), "a.txt")]})
    work()
    item_id = item_id_of(world)
    said = {f"practices-{item_id}": NODE, f"note-{item_id}": "Week 3.", f"title-{item_id}": "The plan", "item": item_id}

    assert teacher.post(f"{NEW}/kept", data=said).json == {"saved": "Draft kept"}
    facts = {"programmes": "", "school_year": "1999-00", "visibility": "private"}
    assert teacher.post(f"{NEW}/kept", data=facts).status_code == 200

    page = teacher.get(NEW).text
    assert ">Week 3.</textarea>" in page
    assert 'value="The plan"' in page
    assert f'name="practices-{item_id}" value="{NODE}" checked' in page
    assert '<option selected value="private">' in page
    assert "1999-00" not in page, "a year that cannot be chosen is not chosen"
    with world.database.reading() as session:
        assert evidence.item(session, world.teacher, item_id).title == "a"
        assert tagging.tags_of(session, world.teacher, item_id) == []


def test_what_was_said_of_an_answer_that_is_read_once_more_goes_with_it(teacher: Browser, world: World) -> None:
    request_id = ask(world)
    drop_for(teacher, request_id)
    item_id = item_id_of(world)
    said = {f"practices-{item_id}": OTHER, f"note-{item_id}": "Page 1.", f"title-{item_id}": "May"}
    said |= {f"purpose-{item_id}": "Planning", f"declined-{item_id}": "ib-psp-2020/0202-01"}
    teacher.post(f"{NEW}/kept", data={**said, "item": item_id, "request": request_id})

    page = teacher.get(f"/alder-bay/requests/{request_id}").text

    assert "being read" in page
    for name, value in said.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert re.search(rf'<article[^>]*id="card-{item_id}"[^>]* data-keeps', page), "it goes with no other card"


def test_a_note_and_a_link_on_their_way_are_there_when_the_page_is_opened_again(teacher: Browser, world: World) -> None:
    request_id = ask(world)
    teacher.post(f"{NEW}/note/kept", data={"title": "Assembly", "text": "We sang.", "request": request_id})
    teacher.post(f"{NEW}/link/kept", data={"title": "Minutes", "url": "https://school.example/m"})

    page = teacher.get(f"{NEW}/note?request={request_id}").text
    assert "We sang." in page
    assert f'data-keep-url="{NEW}/note/kept?request={request_id}"' in page
    assert "We sang." not in teacher.get(f"{NEW}/note").text
    assert "https://school.example/m" in teacher.get(f"{NEW}/link").text
