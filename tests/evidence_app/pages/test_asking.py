"""Asking for evidence: what is missing comes filled in, what is typed is kept, and an answer leads to its review."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date

from evidence_app.domain import requests, tagging
from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
NODE = "ib-psp-2020/0301-02"
NEW = "/alder-bay/requests/new"


def page_of(client: Browser, address: str) -> str:
    return html.unescape(client.get(address).text)


def accept(world: World, item_id: str, node: str = NODE) -> None:
    with world.database.unit_of_work() as session:
        tag = tagging.attach(session, actor=world.teacher, item_id=item_id, node_key=node)
        session.flush()
        tagging.review(session, actor=world.coordinator, tag_ids=[tag.id], state=tagging.TagState.ACCEPTED)


def test_what_is_missing_on_the_page_is_asked_for_to_be_changed(
    client_for: Open, world: World, filed: FileItem
) -> None:
    accept(world, filed("Inclusion.txt").id, "ib-psp-2020/0101-01")
    client = client_for(world.coordinator)
    matrix = page_of(client, "/alder-bay/coverage/?programme=DP&show=gaps")
    assert f"{NEW}?missing=1&show=gaps&programme=DP" in matrix
    page = page_of(client, f"{NEW}?missing=1&show=gaps&programme=DP")
    assert "Nothing is accepted yet for:" in page
    assert "0101-02" in page.partition("<textarea")[2]
    assert "0101-01" not in page.partition("<textarea")[2]
    assert 'selected value="ib-psp-2020/0101-02"' in page
    assert 'selected value="DP"' in page
    assert "more" in page.partition("<textarea")[2], "a long list is cut"
    assert "Nothing is accepted yet" not in page_of(client, NEW)


def test_what_is_asked_for_already_is_not_asked_for_again(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        requests.ask(
            session,
            actor=world.coordinator,
            node_key="ib-psp-2020/0101-01",
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
        )
    page = page_of(client_for(world.coordinator), f"{NEW}?missing=1")
    assert "0101-01" not in page.partition("<textarea")[2]


def test_what_is_typed_is_kept_until_it_is_sent(client_for: Open, world: World) -> None:
    client = client_for(world.coordinator)
    typed = {"title": "Minutes of May", "due_on": "2031-02", "message": "One page.", "asked": "", "node_key": NODE}
    assert client.post(f"{NEW}/kept", data=typed).json == {"saved": "Draft kept"}
    page = page_of(client, NEW)
    assert "Minutes of May" in page
    assert f'selected value="{NODE}"' in page
    other = page_of(client, f"{NEW}?node=ib-psp-2020/0101-01&programme=DP")
    assert f'selected value="{NODE}"' in other, "words about one practice never stand beside another"
    assert "Minutes of May" in other
    assert 'selected value="DP"' not in other, "nor what was left open in a draft, filled in from another place"
    assert "Nothing is accepted yet" not in page_of(client, f"{NEW}?missing=1")
    again = re.search(r'href="(/[^"]*anew=[^"]*)"', other)
    assert again is not None
    anew = page_of(client, again[1])
    assert "Minutes of May" not in anew
    assert 'selected value="ib-psp-2020/0101-01"' in anew
    assert 'selected value="DP"' in anew
    assert client.post(f"{NEW}/kept", data={**typed, "title": "Minutes of June"}).status_code == 200
    assert "Minutes of June" in page_of(client, again[1]), "what was typed since is there when the page is loaded again"
    client = client_for(world.coordinator)
    whole = {**typed, "due_on": "2031-02-03", "asked": f"p:{world.teacher.person_id}", "programme": ""}
    assert client.post(NEW, data={**whole, "title": ""}).status_code == 422
    assert "Minutes of June" in page_of(client, NEW)
    assert client.post(NEW, data=whole).status_code == 302
    assert "Minutes of June" not in page_of(client, NEW)
    assert client_for(world.teacher).post(f"{NEW}/kept", data=typed).status_code == 403


def test_an_answer_leads_to_its_review_until_it_is_decided(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("Minutes.txt")
    with world.database.unit_of_work() as session:
        asked = requests.ask(
            session,
            actor=world.coordinator,
            node_key=NODE,
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
            title="Minutes",
        )
        session.flush()
        requests.answer(session, actor=world.teacher, request_id=asked.id, item_id=item.id)
        session.flush()
        (tag,) = tagging.tags_of(session, world.coordinator, item.id)
    pages = ("/alder-bay/requests/", f"/alder-bay/requests/{asked.id}")
    client = client_for(world.coordinator)
    for page in pages:
        assert f"/alder-bay/review/?tag={tag.id}" in page_of(client, page)
    assert "/review/" not in page_of(client_for(world.teacher), pages[1]).partition("<main")[2]
    client = client_for(world.coordinator)
    assert client.post(f"/alder-bay/review/{tag.id}", data={"do": "accept", "strength": "2"}).status_code == 302
    for page in pages:
        assert f"review/?tag={tag.id}" not in page_of(client, page)


def test_one_item_given_for_two_requests_is_reviewed_for_each(client_for: Open, world: World, filed: FileItem) -> None:
    item, other = filed("Minutes.txt"), "ib-psp-2020/0101-01"
    asked, tags = {}, {}
    for node in (NODE, other):
        with world.database.unit_of_work() as session:
            asked[node] = requests.ask(
                session,
                actor=world.coordinator,
                node_key=node,
                due_on=date(2030, 1, 1),
                person_id=world.teacher.person_id,
            ).id
        with world.database.unit_of_work() as session:
            requests.answer(session, actor=world.teacher, request_id=asked[node], item_id=item.id)
    with world.database.reading() as session:
        tags = {tag.node_key: tag.id for tag in tagging.tags_of(session, world.coordinator, item.id)}
    client = client_for(world.coordinator)
    for node in (NODE, other):
        links = re.findall(r"review/\?tag=(\w+)", page_of(client, f"/alder-bay/requests/{asked[node]}"))
        assert set(links) == {tags[node]}
    accept(world, item.id, other)
    links = re.findall(r"review/\?tag=(\w+)", page_of(client, "/alder-bay/requests/"))
    assert set(links) == {tags[NODE]}
    assert "review/?tag" not in page_of(client, f"/alder-bay/requests/{asked[other]}")


def test_a_request_says_how_long_it_may_be_and_keeps_what_was_too_long(client_for: Open, world: World) -> None:
    client = client_for(world.coordinator)
    assert re.findall(r'data-longest="(\d+)"', page_of(client, NEW)) == ["300", "20000"]
    said = {"node_key": NODE, "asked": f"p:{world.teacher.person_id}", "programme": "", "due_on": "2030-01-01"}
    for field, most in (("title", 300), ("message", 20000)):
        long = {"title": "Minutes", "message": "Please"} | {field: "w" * (most + 1)}
        refused = client.post(NEW, data=said | long)
        assert refused.status_code == 422
        assert f"This text has {most + 1} characters; {most} is the most." in refused.text
        assert "w" * (most + 1) in refused.text
    with world.database.reading() as session:
        assert requests.open_requests(session, world.coordinator) == []
    assert client.post(NEW, data=said | {"title": "w" * 300, "message": "w" * 20000}).status_code == 302


def test_the_practice_that_is_asked_for_can_be_searched_as_in_filing(client_for: Open, world: World) -> None:
    client = client_for(world.coordinator)
    found = re.search(r'data-complete-url="([^"]+)"[^>]*data-fills="node_key"', page_of(client, NEW))
    assert found
    offered = re.findall(r'data-value="([^"]+)"', client.get(f"{found[1]}&q=thinkers inquirers").text)
    offered += re.findall(r'data-value="([^"]+)"', client.get(f"{found[1]}&q=assess").text)
    choices = re.findall(r'<option value="([^"]+)"', page_of(client, NEW))
    assert offered
    assert set(offered) <= set(choices), "what is taken stands in the list"
