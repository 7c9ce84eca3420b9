"""The page Reports: readiness, compiling in the background, editions, signing and comparing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

import exports
from evidence_app.backends import Backends
from evidence_app.domain import accounts, reports, selfstudy
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

PRACTICE = "ib-psp-2020/0301-02"
HOME = "/alder-bay/reports"
OpenBrowser = Callable[[Actor | None], Browser]


@pytest.fixture
def evaluation_id(world: World, backends: Backends, filed: FileItem, work: Callable[[], None]) -> str:
    """A self-study with one answer that cites a released and a kept back exhibit."""
    shown = filed("policy.txt", b"We belong.", visibility=Visibility.SHAREABLE, title="Inclusion policy")
    kept = filed("notes.txt", b"Not yet.", visibility=Visibility.STAFF, title="Notes of the team", actor=world.teacher)
    work()
    with backends.database.unit_of_work() as session:
        opened = selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key="ib-psp-2020",
            programmes=["DP"],
            visit_on=date(2027, 10, 12),
        )
        _write(session, world, opened.id, "As shown [[E-0301-02-01]].")
        response = selfstudy.response_at(session, world.coordinator, opened.id, PRACTICE, "DP")
        assert response is not None
        for item in (shown, kept):
            selfstudy.cite(session, actor=world.coordinator, response_id=response.id, item_id=item.id)
        return opened.id


def _write(session: Session, world: World, evaluation_id: str, narrative: str) -> None:
    selfstudy.write_response(
        session,
        actor=world.coordinator,
        evaluation_id=evaluation_id,
        node_key=PRACTICE,
        programme="DP",
        rating=2,
        narrative=narrative,
    )


def _files(page: str) -> dict[str, str]:
    """Kind of a document -> its address, for the first of each on the page."""
    found: dict[str, str] = {}
    for piece in page.split('href="')[1:]:
        address = piece.partition('"')[0]
        if f"{HOME}/compilations/" in address:
            found.setdefault(address.rpartition("/")[2], address)
    return found


def test_without_a_self_study_the_page_says_what_to_do_first(world: World, client_for: OpenBrowser) -> None:
    page = client_for(world.coordinator).get(f"{HOME}/").text
    assert "No self-study to print yet" in page
    assert "/alder-bay/study" in page


def test_readiness_names_practice_and_lack(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    page = client_for(world.coordinator).get(f"{HOME}/").text
    assert "1 of 41 answers" in page
    for words in ("Cites what is not released", "No answer yet", "E-0301-02-02", "Make it shareable to release it."):
        assert words in page


def test_a_draft_is_made_by_the_worker_and_kept_to_be_downloaded(
    world: World, client_for: OpenBrowser, evaluation_id: str, work: Callable[[], None]
) -> None:
    browser = client_for(world.coordinator)
    answer = browser.post(
        f"{HOME}/{evaluation_id}/compile", data={"kind": ["docx", "html", "zip", "plan"], "as": "draft"}
    )
    assert answer.status_code == 303
    waiting = browser.get(answer.headers["Location"]).text
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every' in waiting
    work()
    page = browser.get(answer.headers["Location"]).text
    assert "Waiting for its turn" not in page
    assert "Notes of the team" in page, "what was left out"
    assert "It is open to staff only" in page
    files = _files(page)
    assert set(files) == {"docx", "html", "zip", "plan"}
    document = browser.get(files["docx"])
    assert exports.check_docx(document.data) == []
    assert "attachment" in document.headers["Content-Disposition"]
    assert "alder-bay-self-study-draft-" in document.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(browser.get(files["zip"]).data)) as bundle:
        assert any(name.startswith("exhibits/E-0301-02-01") for name in bundle.namelist())
        assert not any("E-0301-02-02" in name for name in bundle.namelist())


def test_progress_asks_again_until_it_is_over(
    world: World, client_for: OpenBrowser, evaluation_id: str, work: Callable[[], None], backends: Backends
) -> None:
    browser = client_for(world.coordinator)
    browser.post(f"{HOME}/{evaluation_id}/compile", data={"kind": "html", "as": "draft"})
    with backends.database.reading() as session:
        (one,) = reports.compilations_of(session, world.coordinator, evaluation_id)
    address = f"{HOME}/compilations/{one.id}"
    assert browser.get(address).status_code == 302, "without a script one comes back to the page"
    assert "hx-get" in browser.get(address, headers={"HX-Request": "true"}).text
    work()
    done = browser.get(address, headers={"HX-Request": "true"}).text
    assert "hx-get" not in done
    assert f'href="{address}/html"' in done, "the documents are there at once"
    assert "HTML, " in done


def test_choosing_no_document_is_told(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    browser = client_for(world.coordinator)
    browser.post(f"{HOME}/{evaluation_id}/compile", data={"as": "draft"})
    assert "Choose at least one document" in browser.get(f"{HOME}/").text


def test_publishing_numbers_the_edition_and_fixes_the_exhibits(
    world: World, client_for: OpenBrowser, evaluation_id: str, work: Callable[[], None], backends: Backends
) -> None:
    work()  # what was filed is read: a reading that came between two editions would make them differ
    browser = client_for(world.coordinator)
    browser.post(f"{HOME}/{evaluation_id}/compile", data={"kind": "html", "as": "edition"})
    work()
    page = browser.get(f"{HOME}/").text
    assert "Edition 1" in page
    assert "Publish edition 2" in page
    with backends.database.reading() as session:
        exhibits = selfstudy.exhibits_of(session, world.coordinator, evaluation_id).shown
    assert all(exhibit.is_fixed for exhibit in exhibits)
    document = browser.get(_files(page)["html"]).text
    assert "Edition 1" in document
    browser.post(f"{HOME}/{evaluation_id}/compile", data={"kind": "html", "as": "edition"})
    work()
    assert "Publish edition 2" in browser.get(f"{HOME}/").text, "unchanged work is the same edition"


def test_the_head_signs_an_edition_and_its_documents_show_it(
    world: World, client_for: OpenBrowser, evaluation_id: str, work: Callable[[], None], backends: Backends
) -> None:
    client_for(world.coordinator).post(f"{HOME}/{evaluation_id}/compile", data={"kind": "html", "as": "edition"})
    work()
    with backends.database.reading() as session:
        (edition,) = reports.editions_of(session, world.coordinator, evaluation_id)
    refused = client_for(world.coordinator).post(f"{HOME}/editions/{edition.id}/sign")
    assert refused.status_code == 403
    head = client_for(world.head)
    assert "Sign this edition" in head.get(f"{HOME}/").text
    assert head.post(f"{HOME}/editions/{edition.id}/sign").status_code == 303
    work()
    page = head.get(f"{HOME}/").text
    assert f"Signed by {world.head.name}" in page
    assert "Sign this edition" not in page
    assert world.head.name in head.get(_files(page)["html"]).text


def test_two_editions_are_compared_answer_by_answer(
    world: World, client_for: OpenBrowser, evaluation_id: str, work: Callable[[], None], backends: Backends
) -> None:
    browser = client_for(world.coordinator)
    for narrative in ("As it was.", "As it became."):
        with backends.database.unit_of_work() as session:
            _write(session, world, evaluation_id, narrative)
        browser.post(f"{HOME}/{evaluation_id}/compile", data={"kind": "html", "as": "edition"})
        work()
    page = browser.get(f"{HOME}/{evaluation_id}/compare").text
    assert "1 answer differs" in page
    assert "As it " in page
    assert "gone: </span>was.</del>" in page
    assert "new: </span>became.</ins>" in page


def test_a_compilation_whose_maker_may_no_longer_do_it_fails_with_a_sentence(
    world: World, client_for: OpenBrowser, evaluation_id: str, work: Callable[[], None], backends: Backends
) -> None:
    client_for(world.coordinator).post(f"{HOME}/{evaluation_id}/compile", data={"kind": "html", "as": "draft"})
    with backends.database.unit_of_work() as session:
        accounts.change_role(
            session, actor=world.administrator, person_id=world.coordinator.person_id, role=Role.TEACHER
        )
    work()
    page = client_for(world.administrator).get(f"{HOME}/").text
    assert "The last documents were not made." in page
    assert "may not do this" in page


def test_teachers_and_neighbours_do_not_get_in(world: World, client_for: OpenBrowser, evaluation_id: str) -> None:
    assert client_for(world.teacher).get(f"{HOME}/").status_code == 403
    assert client_for(world.stranger).get(f"{HOME}/").status_code == 404
    other = client_for(world.stranger).get("/birch-hill/reports/compilations/nothing/docx")
    assert other.status_code == 404
