"""The worker looks at links as a stranger and keeps the text of pages; where it may not, it connects to nothing."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.database import now
from evidence_app.domain import evidence, extraction, links, schools, search
from evidence_app.domain.evidence import Item, ItemFacts, Version
from evidence_app.domain.jobs import Job
from evidence_app.domain.links import LinkCheck, LinkState, PageState
from evidence_app.outside import Stranger, public_addresses
from evidence_app.worker.handlers import Lane
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.evidence_app.outside.conftest import Server
from tests.evidence_app.outside.conftest import site as site
from tests.fixtures import World

PAGE = b"<html><title>Our policy</title><script>steal()</script><h1>Inclusion</h1><p>Every student belongs.</p></html>"


@pytest.fixture
def outside(backends: Backends, site: Server) -> Tools:
    """A worker that may look at links, for whom 127.0.0.2 is the public internet."""
    allowed = replace(backends, settings=replace(backends.settings, link_checks=True))
    made = Tools(allowed)
    made.pause_seconds = 0
    made.stranger = Stranger(
        addresses=lambda host, port: public_addresses(
            host,
            port,
            lookup=lambda host, _port: ["127.0.0.2" if host == "school.example" else host],
            allowed=lambda address: address == "127.0.0.2",
        ),
        ports=frozenset({site.port}),
    )
    return made


def file_link(world: World, backends: Backends, url: str) -> Item:
    blob = backends.blobs.put(world.school.id, [url.encode()])
    with backends.database.unit_of_work() as session:
        return evidence.add_link(session, actor=world.teacher, blob=blob, url=url, facts=ItemFacts(title="Film"))


def work(tools: Tools) -> None:
    Housekeeping(tools).do_what_is_due()
    while work_once(tools):
        pass


def check_of(backends: Backends, item: Item) -> LinkCheck:
    with backends.database.reading() as session:
        return session.get_one(LinkCheck, (item.school_id, item.id))


def newest(backends: Backends, world: World, item: Item) -> Version:
    with backends.database.reading() as session:
        return evidence.versions_of(session, world.teacher, item.id)[0]


def test_s22_an_installation_as_it_comes_connects_to_nothing_outside(
    world: World, backends: Backends, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S22: the socket itself says when anybody connects or looks a name up."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something outside was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    item = file_link(world, backends, "https://school.example/film")
    with backends.database.unit_of_work() as session:
        links.ask_for_check(session, actor=world.teacher, item_id=item.id)
        links.ask_to_keep_page(session, actor=world.teacher, item_id=item.id)
    work(tools)
    with backends.database.reading() as session:
        assert list(session.scalars(select(Job.kind))) == []
    assert check_of(backends, item).state == LinkState.NOT_CHECKED
    assert newest(backends, world, item).number == 1


def test_links_are_looked_at_and_found_among_those_that_do_not_open(
    world: World, backends: Backends, outside: Tools, site: Server
) -> None:
    names = ("page", "403", "404", "503", "page")
    items = [file_link(world, backends, f"http://school.example:{site.port}/{name}") for name in names]
    inside = file_link(world, backends, f"http://127.0.0.1:{site.port}/admin")
    odd = file_link(world, backends, "http://school.example:22/")
    site.asked.clear()
    with outside:
        work(outside)
    states = [check_of(backends, item).state for item in [*items, inside, odd]]
    assert states == ["opens", "sign_in", "not_found", "unclear", "opens", "inside", "not_checked"]
    assert sorted(path for path, _ in site.asked) == ["/403", "/404", "/503", "/page"], "one address is asked once"
    with backends.database.reading() as session:
        found = search.find(session, backends.index(world.school.id), world.teacher, "is:closed")
    assert {hit.item.id for hit in found.hits} == {items[1].id, items[2].id, inside.id}


def test_the_text_of_a_page_is_kept_dated_and_found_and_nothing_it_would_run(
    world: World, backends: Backends, outside: Tools, site: Server
) -> None:
    site.pages["policy"] = PAGE
    item = file_link(world, backends, f"http://school.example:{site.port}/policy")
    with outside:
        for _ in range(2):
            with backends.database.unit_of_work() as session:
                links.ask_to_keep_page(session, actor=world.teacher, item_id=item.id)
            work(outside)
    kept = newest(backends, world, item)
    text = backends.blobs.read_verified(item.school_id, kept.sha256, max_bytes=10_000).decode()
    lines = text.split("\n")
    assert lines[:3] == ["Inclusion", f"http://school.example:{site.port}/policy", f"{now():%Y-%m-%d}"]
    assert "Every student belongs." in text
    assert "steal" not in text
    assert (kept.number, check_of(backends, item).page) == (2, PageState.SAME)
    with backends.database.reading() as session:
        found = search.find(session, backends.index(world.school.id), world.teacher, "belongs")
        assert [hit.item.id for hit in found.hits] == [item.id]
        assert extraction.texts_of(session, item.school_id, [kept.id])[kept.id].state == "text found"


def test_a_page_that_gives_no_text_says_why(world: World, backends: Backends, outside: Tools, site: Server) -> None:
    site.pages["bare"] = b"<html><script>render()</script></html>"
    found = {PageState.CLOSED: "403", PageState.EMPTY: "bare"}
    items = {
        state: file_link(world, backends, f"http://school.example:{site.port}/{page}") for state, page in found.items()
    }
    with backends.database.unit_of_work() as session:
        for item in items.values():
            links.ask_to_keep_page(session, actor=world.teacher, item_id=item.id)
    with outside:
        while work_once(outside, [Lane.OUTSIDE]):
            pass
    assert all(check_of(backends, item).page == state for state, item in items.items())
    assert {newest(backends, world, item).number for item in items.values()} == {1}


def test_the_text_of_a_page_asks_for_room_as_a_file_does(
    world: World, backends: Backends, outside: Tools, site: Server
) -> None:
    site.pages["policy"] = PAGE
    item = file_link(world, backends, f"http://school.example:{site.port}/policy")
    world.file_item(name="large.bin", content=b"x" * 1024 * 1024)
    with backends.database.unit_of_work() as session:
        schools.set_person_quota(session, actor=world.administrator, person_mib=1)
        links.ask_to_keep_page(session, actor=world.teacher, item_id=item.id)
    with outside:
        while work_once(outside, [Lane.OUTSIDE]):
            pass
    kept = check_of(backends, item)
    assert kept.page == PageState.NO_ROOM
    assert "you use 1.0 of the 1.0 MiB each person has here" in str(kept.page_words)
    assert newest(backends, world, item).number == 1
