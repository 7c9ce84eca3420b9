"""S52 on pages: an infected file is downloaded by nobody, one that nobody scanned comes after a warning."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import evidence, reports, scanning, sharing
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item
from evidence_app.domain.reports import Snapshot
from evidence_app.domain.scanning import ScanState, Verdict
from evidence_app.domain.sharing import Issued
from evidence_app.errors import Conflict
from evidence_app.worker.tools import Tools
from tests.evidence_app.domain.extraction.making_media import photograph
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_series import file_series
from tests.evidence_app.pages.test_visitor import School, let_in
from tests.evidence_app.pages.test_visitor import school as school
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]


def say(backends: Backends, item: Item, state: ScanState) -> None:
    with backends.database.unit_of_work() as session:
        verdicts: Mapping[str, Verdict] = {item.current_version_id: Verdict(state, "Eicar-Test-Signature")}
        scanning.keep_verdicts(session, school_id=item.school_id, verdicts=verdicts)


def file_of(item: Item) -> str:
    return f"/alder-bay/evidence/{item.id}/versions/{item.current_version_id}/file"


def test_s52_an_infected_file_is_downloaded_by_nobody_and_its_owner_is_told(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    item = filed("letter.txt")
    say(backends, item, ScanState.INFECTED)
    for actor in (world.teacher, world.coordinator, world.administrator):
        for more in ("", "?download=1", "?anyway=1"):
            assert client_for(actor).get(file_of(item) + more).status_code == 403
    page = client_for(world.teacher).get(f"/alder-bay/evidence/{item.id}").text
    assert "The scanner found malware in this file." in page
    assert "Eicar-Test-Signature" in page
    assert file_of(item) not in page
    assert "Malware was found in 1 file." in client_for(world.teacher).get("/alder-bay/").text
    assert "Malware was found" not in client_for(world.reader).get("/alder-bay/").text
    assert "Malware was found in 1 file." in client_for(world.administrator).get("/alder-bay/admin/health").text


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.TOO_LARGE])
def test_s52_who_downloads_what_nobody_scanned_is_warned(
    state: ScanState, client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    item, browser = filed("letter.txt"), client_for(world.coordinator)
    assert browser.get(file_of(item)).data == b"A plan for Grade 4."
    say(backends, item, state)
    warning = browser.get(file_of(item) + "?download=1")
    assert warning.status_code == 409
    assert b"A plan" not in warning.data
    assert "anyway=1" in warning.text
    assert browser.get(file_of(item) + "?download=1&anyway=1").data == b"A plan for Grade 4."
    say(backends, item, ScanState.CLEAN)
    assert browser.get(file_of(item)).data == b"A plan for Grade 4."


def test_s52_what_is_found_infected_after_it_was_shared_is_given_to_nobody(
    school: School, client_for: Open, backends: Backends
) -> None:
    issued = school.share(prepared=True)
    browser = client_for(None)
    room = let_in(browser, issued)
    file, other = f"{room}/exhibit/E-0301-02-01/file", f"{room}/exhibit/E-0301-02-02/file"
    assert [browser.get(address).status_code for address in (file, other, f"{room}/offline")] == [200, 200, 200]
    say(backends, school.items[0], ScanState.INFECTED)
    assert [browser.get(address).status_code for address in (file, other, f"{room}/offline")] == [404, 200, 404]
    with pytest.raises(Conflict, match="found malware"), backends.database.unit_of_work() as session:
        sharing.issue(session, actor=school.world.coordinator, snapshot_id=issued.share.snapshot_id)
    frozen = reports.freeze(
        backends.database, backends.blobs, actor=school.world.coordinator, evaluation_id=school.evaluation_id
    )
    assert [(one.number, one.because) for one in frozen.left_out] == [("E-0301-02-01", "infected")]
    assert [exhibit.number for exhibit in frozen.report.exhibits] == ["E-0301-02-02"]


@pytest.mark.parametrize("is_photograph", [pytest.param(False, marks=pytest.mark.soak), True])
def test_s52_one_infected_file_of_a_series_holds_the_whole_bundle_back(
    is_photograph: bool, school: School, client_for: Open, backends: Backends, work_and_draw: Callable[[], None]
) -> None:
    contents = [photograph((90 + n, 60)) if is_photograph else b"Page %d." % n for n in range(2)]
    item = file_series(school, ["Before", "After"], contents, "image/jpeg" if is_photograph else "text/plain")
    work_and_draw()
    school.write(None, [item])
    issued = school.share(prepared=True)
    browser = client_for(None)
    room = let_in(browser, issued)
    assert browser.get(f"{room}/offline").status_code == 200
    with backends.database.reading() as session:
        parts = evidence.parts_of(session, evidence.current_version(session, item))
    with backends.database.unit_of_work() as session:
        bad = {parts[1].version.id: Verdict(ScanState.INFECTED, "Eicar-Test-Signature")}
        scanning.keep_verdicts(session, school_id=item.school_id, verdicts=bad)
    assert browser.get(f"{room}/offline").status_code == 404
    with Tools(backends) as tools:
        report = reports.report_of(backends.blobs, frozen_of(backends, school, issued))
        assert tools.infected_in(item.school_id, report) == ["E-0301-02-03"]
    with pytest.raises(Conflict, match="found malware"), backends.database.unit_of_work() as session:
        sharing.issue(session, actor=school.world.coordinator, snapshot_id=issued.share.snapshot_id)


def frozen_of(backends: Backends, school: School, issued: Issued) -> Snapshot:
    with backends.database.reading() as session:
        return reports.snapshot(session, school.world.coordinator, issued.share.snapshot_id)
