"""The register of policies: what it shows to whom, and how days are set on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from evidence_app.backends import Backends
from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.pages.policies import policy_kinds
from evidence_app.web.templating import today
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
HOME, PAGE = "/alder-bay/", "/alder-bay/policies/"


def say(backends: Backends, actor: Actor, item: Item, **facts: object) -> Item:
    with backends.database.unit_of_work() as session:
        changed = replace(evidence.facts_of(evidence.item(session, actor, item.id)), **facts)  # type: ignore[arg-type]
        evidence.update_facts(session, actor=actor, item_id=item.id, facts=changed)
    return item


def day_of(backends: Backends, item: Item) -> date | None:
    with backends.database.reading() as session:
        return session.get_one(Item, (item.school_id, item.id)).review_by


def test_policies_are_among_the_kinds_that_are_recognised() -> None:
    assert {"language_policy", "inclusion_policy", "assessment_policy"} <= set(policy_kinds())


def test_an_empty_register_says_what_comes_there(client_for: Open, world: World, filed: FileItem) -> None:
    filed("a.txt", b"Minutes.", title="Minutes")
    assert "No policy yet" in client_for(world.coordinator).get(PAGE).text


def test_the_register_tells_what_is_overdue_and_what_has_no_day(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    late = say(backends, world.teacher, filed("a.txt", b"a", title="Old rules"), review_by=today() - timedelta(days=3))
    say(backends, world.teacher, filed("b.txt", b"b", title="Talking"), document_kind="language_policy")
    secret = filed("c.txt", b"c", title="Secret rules")
    say(backends, world.teacher, secret, review_by=today(), visibility=Visibility.PRIVATE)
    client = client_for(world.coordinator)
    page = client.get(PAGE).text
    assert page.index("Old rules") < page.index("Talking")
    assert "Language policy" in page
    assert "3 days ago" in page
    assert "Secret rules" not in page
    assert "Talking" not in client.get(f"{PAGE}?show=late").text
    assert "Old rules" not in client.get(f"{PAGE}?show=none").text
    assert f'name="day-{late.id}"' in page
    assert 'name="day-' not in client_for(world.reader).get(PAGE).text
    assert "1 document should have been looked at again." in client.get(HOME).text
    assert "should have been looked at again." not in client_for(world.reader).get(HOME).text


def test_only_lines_that_were_changed_on_the_page_are_changed(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    day, later = today(), today() + timedelta(days=400)
    first = say(backends, world.teacher, filed("a.txt", b"a", title="A"), review_by=day)
    second = say(backends, world.teacher, filed("b.txt", b"b", title="B"), review_by=day)
    client = client_for(world.coordinator)
    client.get(PAGE)
    say(backends, world.teacher, second, review_by=later)
    sent = {f"was-{item.id}": day.isoformat() for item in (first, second)}
    sent |= {f"day-{first.id}": "", f"day-{second.id}": day.isoformat()}
    answer = client.post(f"{PAGE}?show=late", data=sent, follow_redirects=True)
    assert "1 day is changed." in answer.text
    assert answer.request.query_string == b"show=late"
    assert (day_of(backends, first), day_of(backends, second)) == (None, later)
    sent = {f"was-{second.id}": day.isoformat(), f"day-{second.id}": ""}
    answer = client.post(PAGE, data=sent, follow_redirects=True).text
    assert "Somebody else set another day for B meanwhile." in answer
    assert "is changed" not in answer
    assert day_of(backends, second) == later
    assert "All days are as they were." in client.post(PAGE, data={}, follow_redirects=True).text


def test_what_is_no_day_or_not_ones_own_changes_nothing_and_says_so(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    mine = filed("a.txt", b"a", title="A", actor=world.coordinator)
    sent = {f"was-{mine.id}": "", f"day-{mine.id}": "soon"}
    assert "is not a day" in client_for(world.coordinator).post(PAGE, data=sent, follow_redirects=True).text
    sent[f"day-{mine.id}"] = "2027-03-09"
    assert "1 day is changed" not in client_for(world.teacher).post(PAGE, data=sent, follow_redirects=True).text
    assert client_for(world.reader).post(PAGE, data=sent).status_code == 403
    assert day_of(backends, mine) is None
