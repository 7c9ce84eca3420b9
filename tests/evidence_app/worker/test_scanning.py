"""S52: what a scanner says holds files back, and without one nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain import evidence, extraction, search
from evidence_app.domain.evidence import Item
from evidence_app.domain.scanning import Clamd as ScannerClient
from evidence_app.domain.scanning import Scan
from evidence_app.worker.handlers import Lane
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.evidence_app.worker.conftest import FileText
from tests.evidence_app.worker.test_series import file_series, part
from tests.fixtures import World
from tests.servers.clamd import EICAR, Clamd, clamd


@pytest.fixture
def service() -> Iterator[Clamd]:
    """A scanner that is up."""
    with clamd() as made:
        yield made


def work(tools: Tools, url: str) -> None:
    """What a worker that starts now has to do, with the scanner at `url`."""
    tools.scanner = ScannerClient(url) if url else None
    Housekeeping(tools).do_what_is_due()
    while work_once(tools):
        pass


def states(backends: Backends) -> dict[str, str]:
    with backends.database.reading() as session:
        return {scan.version_id: scan.state for scan in session.scalars(select(Scan))}


def goes_out(backends: Backends, world: World, item: Item) -> bool:
    with backends.database.reading() as session:
        versions = evidence.versions_of(session, world.teacher, item.id)
        return versions[0].id in extraction.outgoing(session, versions)


def test_s52_what_is_infected_is_given_to_nobody_and_found(
    world: World, backends: Backends, tools: Tools, file_text: FileText, service: Clamd
) -> None:
    good, bad = file_text("plan of the year"), file_text(f"letter {EICAR}")
    tools.scanner = ScannerClient(service.url)
    assert work_once(tools, [Lane.READING]), "what was read has a verdict, though nobody asked for one"
    assert states(backends) == {good.current_version_id: "clean", bad.current_version_id: "infected"}
    assert (goes_out(backends, world, good), goes_out(backends, world, bad)) == (True, False)
    work(tools, service.url)
    with backends.database.reading() as session:
        found = search.find(session, backends.index(world.school.id), world.teacher, "is:infected")
    assert [hit.item.id for hit in found.hits] == [bad.id]


def test_s52_a_series_is_as_clean_as_its_files(world: World, backends: Backends, tools: Tools, service: Clamd) -> None:
    good = file_series(world, backends, [part(world, backends, "one.txt"), part(world, backends, "two.txt")])
    files = [part(world, backends, "one.txt"), part(world, backends, "two.txt", text=f"second {EICAR}")]
    bad = file_series(world, backends, files)
    work(tools, service.url)
    assert states(backends)[good.current_version_id] == "clean"
    assert states(backends)[bad.current_version_id] == "infected"
    with backends.database.reading() as session:
        versions = [evidence.current_version(session, one) for one in (good, bad)]
        assert list(extraction.outgoing_parts(session, versions)) == [good.current_version_id]


def test_s52_while_the_scanner_is_down_files_stay_in_the_school_until_it_is_back(
    world: World, backends: Backends, tools: Tools, file_text: FileText
) -> None:
    early = file_text("early paper")
    work(tools, "")
    assert (states(backends), goes_out(backends, world, early)) == ({}, True), "without a scanner nothing changes"
    with clamd() as service:
        url = service.url
    late = file_text("late paper")
    work(tools, url)
    assert set(states(backends).values()) == {"waiting"}
    assert not goes_out(backends, world, early)
    assert not goes_out(backends, world, late)
    with clamd(int(url.rpartition(":")[2])):
        work(tools, url)
    assert set(states(backends).values()) == {"clean"}
    assert goes_out(backends, world, early)
    assert goes_out(backends, world, late)


@pytest.mark.soak
def test_s52_a_scanner_that_is_down_takes_back_no_verdict_and_one_that_is_put_away_holds_back_no_more(
    world: World, backends: Backends, tools: Tools, file_text: FileText, service: Clamd
) -> None:
    service.most_bytes = 1000
    bad, large = file_text(f"letter {EICAR}"), file_text("large " * 1000)
    work(tools, service.url)
    known = {bad.current_version_id: "infected", large.current_version_id: "too_large"}
    assert states(backends) == known
    service.most_bytes = 1 << 20
    work(tools, service.url)
    assert states(backends) == known | {large.current_version_id: "clean"}, "a worker that starts asks again"
    with backends.database.unit_of_work() as session:
        extraction.read_item_again(session, actor=world.teacher, item_id=bad.id)
    with clamd() as other:
        gone = other.url
    waiting = file_text("new paper")
    work(tools, gone)
    assert states(backends)[bad.current_version_id] == "infected"
    assert states(backends)[waiting.current_version_id] == "waiting"
    work(tools, "")
    assert waiting.current_version_id not in states(backends)
    assert not goes_out(backends, world, bad)
    assert not ScannerClient(gone).answers()
