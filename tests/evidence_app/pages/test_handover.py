"""A leaver's handover in the browser: shown first, done, taken back; and a custodian's list."""

from __future__ import annotations

from collections.abc import Callable

from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]


def test_a_handover_is_shown_done_and_taken_back(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("mine.txt", b"mine", title="Mine alone")
    address = f"/alder-bay/admin/people/{world.teacher.person_id}/handover"
    client = client_for(world.administrator)
    assert address in client.get(f"/alder-bay/admin/people/{world.teacher.person_id}").text
    assert client_for(world.coordinator).get(address).status_code == 403
    to = {"to": world.head.person_id}
    page = client.get(address, query_string=to)
    assert "What moves to Head" in page.text
    assert "may only read here" in client.get(address, query_string={"to": world.reader.person_id}).text
    done = client.post(address, data=to, follow_redirects=True)
    assert "Handed over." in done.text
    with world.database.reading() as session:
        assert evidence.item(session, world.head, item.id).owner_id == world.head.person_id
    undo = done.text.partition("/alder-bay/admin/handovers/")[2].partition('"')[0]
    assert "Taken back." in client.post(f"/alder-bay/admin/handovers/{undo}", follow_redirects=True).text
    with world.database.reading() as session:
        assert evidence.item(session, world.head, item.id).owner_id == world.teacher.person_id


def test_a_custodian_gives_private_items_on(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("private.txt", b"private", title="Closed paper", visibility=Visibility.PRIVATE)
    with world.database.unit_of_work() as session:
        both = [world.teacher.person_id, world.learning_support.person_id]
        evidence.name_access(
            session, actor=world.teacher, item_id=item.id, person_ids=[], group_ids=[], custodian_ids=both
        )
    boss, custodian = client_for(world.administrator), client_for(world.learning_support)
    address = f"/alder-bay/admin/people/{world.teacher.person_id}/handover"
    to = {"to": world.head.person_id, "end_access": "yes"}
    page = boss.get(address, query_string=to)
    assert "Closed paper" not in page.text
    assert "1 private item stays" in page.text
    assert boss.post(address, data=to).status_code == 302
    assert "1 private item you look after waits for your word" in custodian.get("/alder-bay/").text
    assert "Closed paper" in custodian.get("/alder-bay/evidence/handed-over").text
    assert "Closed paper" not in boss.get("/alder-bay/evidence/handed-over").text
    given = custodian.post(f"/alder-bay/evidence/{item.id}/give-on", follow_redirects=True)
    assert "Given on." in given.text
    assert "Closed paper" in client_for(world.head).get(f"/alder-bay/evidence/{item.id}").text


def test_access_that_would_close_private_items_to_everybody_ends_only_when_that_is_said(
    client_for: Open, world: World, filed: FileItem
) -> None:
    filed("private.txt", b"private", title="Closed paper", visibility=Visibility.PRIVATE)
    boss, address = client_for(world.administrator), f"/alder-bay/admin/people/{world.teacher.person_id}"
    assert "1 private item is open to this person alone" in boss.get(address).text
    refused = boss.post(f"{address}/remove")
    assert refused.status_code == 422
    assert "would be open to nobody" in refused.text
    assert boss.get(address).status_code == 200
    assert boss.post(f"{address}/remove", data={"all_the_same": "yes"}).status_code == 302
    assert boss.get(address).status_code == 404
