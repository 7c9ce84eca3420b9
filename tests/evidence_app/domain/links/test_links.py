"""Links: due ones are looked at, what was found is kept with its address, and a copy goes out in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from evidence_app.database import now
from evidence_app.domain import evidence, links
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts, Visibility
from evidence_app.domain.jobs import Job, JobKind
from evidence_app.domain.links import Finding, LinkCheck, LinkState, PageState
from evidence_app.errors import Invalid, NotAllowed
from storage_adapters import Blob
from tests.fixtures import World

URL = "https://drive.school.example/file"
ADDRESS, COPY = Blob("a" * 64, 33), Blob("c" * 64, 900)


def file_link(
    world: World, url: str = URL, actor: Actor | None = None, visibility: Visibility = Visibility.STAFF
) -> Item:
    with world.database.unit_of_work() as session:
        facts = ItemFacts(visibility=visibility)
        return evidence.add_link(session, actor=actor or world.teacher, blob=ADDRESS, url=url, facts=facts)


def find(world: World, item: Item, state: LinkState, url: str = URL) -> None:
    with world.database.unit_of_work() as session:
        finding = Finding(state, 403, "login.example")
        links.keep_findings(session, school_id=item.school_id, findings={item.id: (url, finding)})
        session.execute(delete(Job).where(Job.subject == item.id))  # as the worker that found it


def attach(world: World, item: Item, actor: Actor | None = None, blob: Blob = COPY) -> None:
    with world.database.unit_of_work() as session:
        links.attach_copy(
            session,
            actor=actor or world.teacher,
            item_id=item.id,
            blob=blob,
            file_name="page.pdf",
            media_type="application/pdf",
        )


def to_look_at(world: World, actor: Actor) -> list[str]:
    with world.database.reading() as session:
        found = links.links_to_look_at(session, actor)
        assert links.count_links_to_look_at(session, actor) == len(found)
        return [one.item.id for one in found]


def asked_for(world: World, kind: JobKind = JobKind.CHECK_LINK) -> set[str]:
    with world.database.reading() as session:
        return set(session.scalars(select(Job.subject).where(Job.kind == kind)))


def row_of(world: World, item: Item) -> LinkCheck:
    with world.database.reading() as session:
        return session.get_one(LinkCheck, (item.school_id, item.id))


def ask_for_due(world: World, days: float = 0) -> int:
    with world.database.unit_of_work() as session:
        return links.ask_for_due(session, now() + timedelta(days=days))


def test_a_link_is_looked_at_after_filing_and_again_when_it_is_due(world: World) -> None:
    world.file_item()
    item = file_link(world)
    assert (ask_for_due(world), ask_for_due(world)) == (1, 0), "one that is being looked at is not asked for again"
    assert asked_for(world) == {item.id}
    find(world, item, LinkState.OPENS)
    assert (ask_for_due(world), ask_for_due(world, 13), ask_for_due(world, 16)) == (0, 0, 1)
    find(world, item, LinkState.NOT_FOUND)
    assert ask_for_due(world, 2.1) == 1, "the first time it may be in trouble for a day"
    find(world, item, LinkState.NOT_FOUND)
    assert ask_for_due(world, 2.1) == 0
    with world.database.unit_of_work() as session:
        evidence.replace(
            session,
            actor=world.teacher,
            item_id=item.id,
            blob=COPY,
            file_name="x",
            media_type=evidence.ADDRESS_ONLY,
            url="https://new.example/",
        )
    assert ask_for_due(world) == 1, "another address was never looked at"
    find(world, item, LinkState.OPENS)
    assert row_of(world, item).state == LinkState.NOT_FOUND, "what was found at the old address is not kept"
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[item.id])
    assert ask_for_due(world, 30) == 0


def test_a_link_that_needs_a_sign_in_asks_for_a_copy_and_then_visitors_get_it(world: World) -> None:
    item = file_link(world)
    assert to_look_at(world, world.teacher) == []
    find(world, item, LinkState.SIGN_IN)
    assert to_look_at(world, world.teacher) == to_look_at(world, world.coordinator) == [item.id]
    assert to_look_at(world, world.reader) == to_look_at(world, world.stranger) == []
    attach(world, item)
    assert to_look_at(world, world.coordinator) == []
    with world.database.reading() as session:
        newest = evidence.versions_of(session, world.teacher, item.id)[0]
        assert (newest.url, newest.sha256, newest.media_type) == (URL, COPY.sha256, "application/pdf")
        assert not links.needs_copy(newest, links.check_of(session, newest))
    with pytest.raises(Invalid, match="there already"):
        attach(world, item)


def test_only_who_may_change_it_attaches_a_copy_and_only_to_a_link(world: World) -> None:
    item, file = file_link(world, actor=world.coordinator), world.file_item()
    with pytest.raises(NotAllowed):
        attach(world, item)
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        links.ask_to_keep_page(session, actor=world.teacher, item_id=item.id)
    with pytest.raises(Invalid):
        attach(world, file)
    with pytest.raises(Invalid), world.database.unit_of_work() as session:
        links.ask_for_check(session, actor=world.teacher, item_id=file.id)


def test_a_private_link_is_listed_for_nobody_else(world: World) -> None:
    item = file_link(world, visibility=Visibility.PRIVATE)
    find(world, item, LinkState.GONE)
    shared = file_link(world, visibility=Visibility.SHAREABLE)
    find(world, shared, LinkState.GONE)
    assert to_look_at(world, world.teacher) == [shared.id, item.id], "what visitors may see comes first"
    assert to_look_at(world, world.coordinator) == [shared.id]
    with world.database.reading() as session:
        assert links.count_links_to_look_at(session, world.teacher, for_visitors=True) == 1


def test_the_text_of_a_page_is_kept_once_while_it_stays_the_same(world: World) -> None:
    item = file_link(world)
    with world.database.unit_of_work() as session:
        links.ask_to_keep_page(session, actor=world.teacher, item_id=item.id)
    assert (row_of(world, item).page, asked_for(world, JobKind.KEEP_PAGE)) == (PageState.WAITING, {item.id})
    for state, number in ((PageState.KEPT, 2), (PageState.SAME, 2)):
        with world.database.unit_of_work() as session:
            links.keep_page(session, actor=world.teacher, item_id=item.id, url=URL, blob=COPY, seen_at=now())
        with world.database.reading() as session:
            newest = evidence.versions_of(session, world.teacher, item.id)[0]
        assert (row_of(world, item).page, newest.number, newest.url) == (state, number, URL)
    assert (newest.media_type, newest.comment) == ("text/plain", f"The page's text on {now().day} {now():%B %Y}")
