"""Pages about links: where they lead is seen, how they answer is told, and a copy is attached."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake, links
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts
from evidence_app.domain.intake import Shown
from evidence_app.domain.links import Finding, LinkState
from tests.evidence_app.pages.conftest import Browser
from tests.evidence_app.pages.test_visitor import School, let_in
from tests.evidence_app.pages.test_visitor import school as school
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
NEW = "/alder-bay/evidence/new/link"
NO_ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/path",
    "file:///etc/passwd",
    "ftp://school.example/",
    "https://user:pw@school.example/",
    "https://",
)
URL = "https://drive.school.example/file?a=1&b=2"


@pytest.fixture
def link(client_for: Open, world: World, backends: Backends) -> Item:
    """A link of the teacher's, found to need a sign-in."""
    client_for(world.teacher).post(NEW, data={"url": URL, "title": "Minutes", "key": "1"})
    with backends.database.unit_of_work() as session:
        [item] = evidence.recent_items(session, world.teacher)
        intake.save_batch(session, actor=world.teacher, shown=[Shown(item.id)], facts=ItemFacts())
        finding = Finding(LinkState.SIGN_IN, 200, "accounts.google.com")
        links.keep_findings(session, school_id=item.school_id, findings={item.id: (URL, finding)})
        return item


def test_s23_only_addresses_of_the_web_are_stored(client_for: Open, world: World, backends: Backends) -> None:
    """S23: nothing else is stored, however it is written."""
    teacher = client_for(world.teacher)
    for url in NO_ADDRESSES:
        assert teacher.post(NEW, data={"url": url, "title": "T", "key": "1"}).status_code == 422, url
    with backends.database.reading() as session:
        assert evidence.recent_items(session, world.teacher) == []


def test_s23_a_link_shows_its_host_and_tells_nothing_to_it(client_for: Open, world: World, link: Item) -> None:
    """S23: rendered with rel=noopener noreferrer and visible host."""
    page = client_for(world.reader).get(f"/alder-bay/evidence/{link.id}").text
    places = page.split(f'href="{URL.replace("&", "&amp;")}"')[1:]
    assert len(places) == 2
    for place in places:
        assert 'rel="noopener noreferrer"' in place[: place.index(">")]
    assert "drive.school.example</p>" in page


def test_a_link_that_needs_a_sign_in_is_told_and_gets_a_copy(client_for: Open, world: World, link: Item) -> None:
    teacher, reader = client_for(world.teacher), client_for(world.reader)
    for browser in (teacher, reader):
        page = browser.get(f"/alder-bay/evidence/{link.id}").text
        assert "Visitors cannot open this: attach a file copy." in page
        assert "answered by accounts.google.com" in page
    for person in (world.teacher, world.coordinator):
        assert "1 link does not open for visitors." in client_for(person).get("/alder-bay/").text
        assert "Minutes" in client_for(person).get("/alder-bay/evidence/links").text
    assert reader.get("/alder-bay/evidence/links").status_code in (403, 404)
    copy = f"/alder-bay/evidence/{link.id}/copy"
    assert teacher.get(copy).status_code == 200
    assert teacher.post(copy, data={}).status_code == 422
    assert teacher.post(copy, data={"files": (io.BytesIO(b"%PDF-1.4 x"), "minutes.pdf")}).status_code == 302
    page = teacher.get(f"/alder-bay/evidence/{link.id}").text
    assert "Visitors get the copy that is attached." in page
    assert "Visitors cannot open this" not in page
    assert "Minutes" not in teacher.get("/alder-bay/evidence/links").text


def test_while_link_checks_are_off_nothing_is_asked_for(client_for: Open, world: World, link: Item) -> None:
    teacher = client_for(world.teacher)
    page = teacher.get(f"/alder-bay/evidence/{link.id}").text
    for act in ("look-at-link", "keep-page"):
        assert act not in page
        assert teacher.post(f"/alder-bay/evidence/{link.id}/{act}").status_code == 409


def test_s23_a_visitor_gets_the_copy_and_sees_where_the_page_is(
    school: School, client_for: Open, world: World, backends: Backends, work: Callable[[], None]
) -> None:
    browser = client_for(world.coordinator)
    browser.post(NEW, data={"url": URL, "title": "Minutes", "key": "1"})
    with backends.database.reading() as session:
        [item] = [one for one in evidence.recent_items(session, world.coordinator) if one.title == "Minutes"]
    with backends.database.unit_of_work() as session:
        shown = evidence.Visibility.SHAREABLE
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[item.id], visibility=shown)
    browser.post(f"/alder-bay/evidence/{item.id}/copy", data={"files": (io.BytesIO(b"We met in May."), "copy.txt")})
    work()
    school.write(None, [item])
    with backends.database.unit_of_work() as session:
        found = {item.id: (URL, Finding(LinkState.SIGN_IN))}
        links.keep_findings(session, school_id=item.school_id, findings=found)
    assert "shareable link" not in browser.get("/alder-bay/shares/new").text, "it has a copy"
    visitor = client_for(None)
    room = let_in(visitor, school.share())
    page = visitor.get(f"{room}/part/P_0301_02?exhibit=E-0301-02-03&as=text").text
    assert "drive.school.example</a>" in page
    assert "A copy the school made is shown here; the page itself may have changed since." in page
    place = page.split(f'href="{URL.replace("&", "&amp;")}"')[1]
    assert 'rel="noopener noreferrer external"' in place[: place.index(">")]
    assert visitor.get(f"{room}/exhibit/E-0301-02-03/file").data == b"We met in May."
