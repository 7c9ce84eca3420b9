"""What pages say about accounts that a link has opened, and about private items with too few custodians."""

from __future__ import annotations

import re
from collections.abc import Callable

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
PASSWORD = "four plain words here"


def two_custodians(world: World, item: Item) -> None:
    with world.database.unit_of_work() as session:
        evidence.name_access(
            session,
            actor=world.teacher,
            item_id=item.id,
            person_ids=[],
            group_ids=[],
            custodian_ids=[world.teacher.person_id, world.learning_support.person_id],
        )


def enter_by_link(world: World, *, is_first: bool = False) -> None:
    with world.database.unit_of_work() as session:
        if not is_first:
            accounts.change_password(session, person_id=world.teacher.person_id, password=PASSWORD)
        token = accounts.invite(session, actor=world.administrator, person_id=world.teacher.person_id)
        accounts.accept_invitation(session, token=token, name="", password=PASSWORD)


def test_an_administrator_who_uses_a_colleague_s_link_finds_nothing_private(
    client_for: Open, world: World, filed: FileItem
) -> None:
    item = filed("letter.txt", b"secretword", visibility=Visibility.PRIVATE, title="Letter home")
    enter_by_link(world)
    thief = client_for(world.teacher)
    assert thief.get(f"/alder-bay/evidence/{item.id}").status_code == 404
    assert "Letter home" not in thief.get("/alder-bay/evidence/").text
    assert "Letter home" not in thief.get("/alder-bay/").text


def test_home_asks_the_other_custodian_and_tells_the_person(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("letter.txt", visibility=Visibility.PRIVATE)
    two_custodians(world, item)
    enter_by_link(world)
    person, keeper = client_for(world.teacher), client_for(world.learning_support)
    assert "a new password was chosen for your account" in person.get("/alder-bay/").text
    page = keeper.get("/alder-bay/").text
    assert "Is it really them?" in page
    assert "named on 1 private item you look after" in page
    assert "closed to them until" in keeper.get(f"/alder-bay/evidence/{item.id}").text
    shown = re.search('name="standing" value="([^"]+)"', page)
    assert shown is not None
    data = {"standing": shown[1]}
    assert keeper.post(f"/alder-bay/people/{world.teacher.person_id}/confirm").status_code == 409
    answer = keeper.post(f"/alder-bay/people/{world.teacher.person_id}/confirm", data=data)
    assert answer.status_code == 302
    assert "Is it really them?" not in keeper.get("/alder-bay/").text
    assert person.get(f"/alder-bay/evidence/{item.id}").status_code == 200


def test_confirming_is_not_open_to_who_looks_after_nothing(client_for: Open, world: World, filed: FileItem) -> None:
    two_custodians(world, filed("letter.txt", visibility=Visibility.PRIVATE))
    enter_by_link(world)
    for actor in (world.administrator, world.head, world.teacher):
        answer = client_for(actor).post(f"/alder-bay/people/{world.teacher.person_id}/confirm")
        assert answer.status_code == 404
        assert "Is it really them?" not in client_for(actor).get("/alder-bay/").text


def test_the_first_password_of_a_new_colleague_is_no_news(client_for: Open, world: World) -> None:
    enter_by_link(world, is_first=True)
    assert "a new password was chosen" not in client_for(world.teacher).get("/alder-bay/").text


def test_home_tells_of_a_link_that_waits(client_for: Open, world: World) -> None:
    assert "can choose a new password" not in client_for(world.teacher).get("/alder-bay/").text
    client_for(world.administrator).post(f"/alder-bay/admin/people/{world.teacher.person_id}/invite")
    page = client_for(world.teacher).get("/alder-bay/").text
    assert page.index("Choose files") < page.index("can choose a new password"), "the way to file comes first"


def test_an_item_with_one_custodian_says_so(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("letter.txt", visibility=Visibility.PRIVATE)
    page = f"/alder-bay/evidence/{item.id}"
    assert "Only one custodian can open it" in client_for(world.teacher).get(page).text
    two_custodians(world, item)
    assert "Only one custodian can open it" not in client_for(world.teacher).get(page).text


def test_filing_privately_says_who_opens_it(client_for: Open, world: World, filed: FileItem) -> None:
    client = client_for(world.teacher)
    assert "Two custodians outlive an absence" in client.get("/alder-bay/evidence/new").text
    client.post("/alder-bay/evidence/new/note", data={"title": "Walk", "text": "We walked."})
    with world.database.reading() as session:
        (item,) = evidence.recent_items(session, world.teacher)
    answer = client.post(
        "/alder-bay/evidence/new",
        data={"item": item.id, f"{item.id}-title": "Walk", "visibility": "private"},
        follow_redirects=True,
    )
    assert "You alone open what you filed as private" in answer.text


def test_closing_several_at_once_says_who_opens_them(client_for: Open, world: World, filed: FileItem) -> None:
    items = [filed("a.txt", b"a"), filed("b.txt", b"b")]
    answer = client_for(world.teacher).post(
        "/alder-bay/evidence/chosen",
        data={"item": [item.id for item in items], "do": "visibility", "visibility": "private"},
        follow_redirects=True,
    )
    assert "Only custodians open these now" in answer.text
