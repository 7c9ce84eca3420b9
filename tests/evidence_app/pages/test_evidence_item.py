"""One item: preview, facts, tags, versions and access; and nothing of it for whom it is not open."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from evidence_app.backends import Backends
from evidence_app.domain import accounts, evidence, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
PRACTICE = "ib-psp-2020/0301-02"
FORM_TOKEN = re.compile(r"I[\w.-]{60,}")
"""A signed token holds the time, and so differs from one page to the next."""


def page_of(item: Item, rest: str = "") -> str:
    return f"/alder-bay/evidence/{item.id}{rest}"


def version_of(backends: Backends, item: Item) -> str:
    with backends.database.reading() as session:
        owner = accounts.actor_in(session, item.owner_id, item.school_id)
        return evidence.items_by_id(session, owner, [item.id])[item.id].current_version_id


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 900), (20, 90, 80)).save(out, "PNG")
    return out.getvalue()


def test_text_and_facts_are_shown(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("Inclusion policy.txt", b"How we include <everybody>.", programmes=("PYP", "DP"))
    work()

    page = client_for(world.reader).get(page_of(item, "?view=text&q=include")).text

    assert 'How we <mark id="hit">include</mark> &lt;everybody&gt;.' in page
    assert "PYP, DP" in page
    assert "Change the facts" not in page


def test_pages_are_drawn_when_somebody_looks(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work_and_draw: Callable[[], None]
) -> None:
    item = filed("wall.png", a_picture())
    work_and_draw()
    browser = client_for(world.reader)
    first = browser.get(page_of(item)).text
    assert "The page is being drawn" in first
    assert 'hx-trigger="every 1s"' in first

    work_and_draw()
    fragment = browser.get(page_of(item), headers={"HX-Request": "true"}).text

    assert "every 1s" not in fragment
    assert "<html" not in fragment
    found = re.search(r'<img src="([^"]+/pictures/1)"', fragment)
    assert found
    picture = browser.get(found[1])
    assert picture.mimetype == "image/webp"
    assert Image.open(io.BytesIO(picture.data)).width == 1200
    again = browser.get(found[1], headers={"If-None-Match": picture.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_cannot_be_drawn_is_not_asked_for_again(
    client_for: OpenBrowser, world: World, filed: FileItem, work_and_draw: Callable[[], None]
) -> None:
    item = filed("notes.one", b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d" + b"\x00" * 64)
    work_and_draw()
    browser = client_for(world.reader)
    browser.get(page_of(item))
    work_and_draw()

    assert "There is nothing to show of this kind of file here" in browser.get(page_of(item)).text


def test_a_private_item_of_another_looks_like_none_everywhere(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("wall.png", a_picture(), actor=world.coordinator, visibility=Visibility.PRIVATE)
    work()
    version = version_of(backends, item)
    unknown = page_of(item).replace(item.id, "0" * 26)
    addresses = [
        "",
        "?view=text",
        f"/versions/{version}/file",
        f"/versions/{version}/pictures/0",
        "/edit",
        "/access",
        "/versions/new",
    ]
    posts = ["/edit", "/tags", "/withdraw", "/versions/new", "/access", "/suggestions/decline"]
    for actor in (world.administrator, world.head, world.teacher):
        browser = client_for(actor)
        for rest in addresses:
            hidden, none = browser.get(page_of(item, rest)), browser.get(unknown + rest)
            assert (hidden.status_code, rest) == (404, rest)
            assert FORM_TOKEN.sub("", hidden.text) == FORM_TOKEN.sub("", none.text)
        for rest in posts:
            assert (browser.post(page_of(item, rest), data={"node_key": PRACTICE}).status_code, rest) == (404, rest)
    assert client_for(world.coordinator).get(page_of(item)).status_code == 200


def test_a_stranger_reaches_nothing_through_either_school(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("wall.png", a_picture())
    work()
    version = version_of(backends, item)
    browser = client_for(world.stranger)
    for rest in ("", f"/versions/{version}/file", f"/versions/{version}/pictures/0", "/edit"):
        assert browser.get(page_of(item, rest)).status_code == 404
        assert browser.get(page_of(item, rest).replace("alder-bay", "birch-hill")).status_code == 404


def test_a_version_of_another_item_is_not_reached_through_an_open_one(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    hidden = filed("letter.txt", b"secret", actor=world.coordinator, visibility=Visibility.PRIVATE)
    shown = filed("open.txt", b"open")

    answer = client_for(world.teacher).get(page_of(shown, f"/versions/{version_of(backends, hidden)}/file"))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>", "application/octet-stream"),
        (
            "drawing.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "application/octet-stream",
        ),
        ("plan.txt", b"A plan", "text/plain"),
    ],
)
def test_uploads_leave_as_downloads_that_run_nothing(
    client_for: OpenBrowser,
    world: World,
    backends: Backends,
    filed: FileItem,
    name: str,
    content: bytes,
    media_type: str,
) -> None:
    item = filed(name, content)

    answer = client_for(world.teacher).get(page_of(item, f"/versions/{version_of(backends, item)}/file"))

    assert answer.data == content
    assert answer.mimetype == media_type
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_facts_are_changed_by_their_owner(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    item = filed("plan.txt")
    browser = client_for(world.teacher)
    data = {"title": "Our plan", "programmes": ["PYP", "MYP"], "school_year": "2025-26", "visibility": "shareable"}

    answer = browser.post(page_of(item, "/edit"), data=data)

    assert answer.headers["Location"] == page_of(item)
    with backends.database.reading() as session:
        kept = evidence.item(session, world.teacher, item.id)
    assert (kept.title, set(kept.programmes), kept.visibility) == ("Our plan", {"PYP", "MYP"}, "shareable")


def test_a_wrong_fact_is_said_and_what_was_typed_stays(client_for: OpenBrowser, world: World, filed: FileItem) -> None:
    item = filed("plan.txt")
    data = {
        "title": "Our plan",
        "visibility": "staff",
        "school_year": "2025-26",
        "shown_from": "2026-05-01",
        "shown_to": "2026-04-01",
    }

    answer = client_for(world.teacher).post(page_of(item, "/edit"), data=data)

    assert answer.status_code == 422
    assert "ends before it begins" in answer.text
    assert 'value="Our plan"' in answer.text


def test_a_colleague_who_may_not_change_it_is_told_so(client_for: OpenBrowser, world: World, filed: FileItem) -> None:
    item = filed("plan.txt", actor=world.coordinator)

    assert client_for(world.teacher).get(page_of(item, "/edit")).status_code == 403


def test_a_tag_is_added_and_taken_away_with_a_way_back(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    item = filed("plan.txt")
    browser = client_for(world.teacher)
    page = browser.post(page_of(item, "/tags"), data={"node_key": PRACTICE, "note": "Week 3."}, follow_redirects=True)
    assert "Week 3." in page.text
    assert "Waiting for review" in page.text
    with backends.database.reading() as session:
        [tag] = tagging.tags_of(session, world.teacher, item.id)

    page = browser.post(page_of(item, f"/tags/{tag.id}/remove"), follow_redirects=True)

    assert f'name="node_key" value="{PRACTICE}"' in page.text
    assert 'name="note" value="Week 3."' in page.text


def test_a_new_version_takes_its_place_and_the_old_one_can_be_had(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    item = filed("plan.txt", b"first")
    before = version_of(backends, item)
    browser = client_for(world.teacher)
    for content in (b"second", b"second"):
        browser.post(
            page_of(item, "/versions/new"),
            data={"files": (io.BytesIO(content), "plan v2.txt"), "comment": "Section 3 is new"},
        )

    with backends.database.reading() as session:
        versions = evidence.versions_of(session, world.teacher, item.id)
    assert [v.number for v in versions] == [2, 1]
    assert browser.get(page_of(item, f"/versions/{before}/file")).data == b"first"
    assert browser.get(page_of(item, f"/versions/{versions[0].id}/file")).data == b"second"
    assert "Section 3 is new" in browser.get(page_of(item)).text


def test_a_note_is_written_anew(client_for: OpenBrowser, world: World, backends: Backends) -> None:
    browser = client_for(world.teacher)
    browser.post("/alder-bay/evidence/new/note", data={"title": "Assembly", "text": "We sang.", "key": "1"})
    with backends.database.reading() as session:
        [item] = evidence.recent_items(session, world.teacher)
    assert "We sang." in browser.get(page_of(item, "/versions/new")).text

    browser.post(page_of(item, "/versions/new"), data={"text": "We sang and spoke."})

    with backends.database.reading() as session:
        assert [v.number for v in evidence.versions_of(session, world.teacher, item.id)] == [2, 1]


def test_a_link_moves_to_a_new_address(client_for: OpenBrowser, world: World, backends: Backends) -> None:
    browser = client_for(world.teacher)
    browser.post("/alder-bay/evidence/new/link", data={"url": "https://old.example/film", "title": "Film", "key": "1"})
    with backends.database.reading() as session:
        [item] = evidence.recent_items(session, world.teacher)
    assert 'value="https://old.example/film"' in browser.get(page_of(item, "/versions/new")).text
    for wrong in ("javascript:alert(1)", "https://old.example/film", ""):
        assert browser.post(page_of(item, "/versions/new"), data={"url": wrong}).status_code == 422

    browser.post(page_of(item, "/versions/new"), data={"url": "https://new.example/film", "comment": "moved"})

    with backends.database.reading() as session:
        versions = evidence.versions_of(session, world.teacher, item.id)
    assert [(v.number, v.url) for v in versions] == [(2, "https://new.example/film"), (1, "https://old.example/film")]
    page = browser.get(page_of(item)).text
    assert page.count('href="https://new.example/film"') == 2, "on the button and in the preview"
    assert 'href="https://old.example/film"' in page, "the version before leads to the address before"


def test_a_private_item_does_not_claim_to_wait_for_a_review(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("letter.txt", visibility=Visibility.PRIVATE)
    browser = client_for(world.teacher)
    said = browser.post(page_of(item, "/tags"), data={"node_key": PRACTICE}, follow_redirects=True).text
    work()

    for page in (said, *(browser.get(f"/alder-bay{at}").text for at in ("/", "/evidence/", "/practice/0301-02"))):
        assert "Private, not reviewed" in page
        assert "</svg>Waiting for review" not in page, "it may be the name of a filter, and no state of this item"
    assert "A coordinator looks at it next" not in said
    assert "Nobody who reviews may open it" in said

    named = {"custodians": world.teacher.person_id, "people": world.coordinator.person_id}
    browser.post(page_of(item, "/access"), data=named)
    page = browser.get(page_of(item)).text
    assert "Nobody who reviews may open it" not in page
    assert f"Only those who may open it can review it: {world.coordinator.name}." in page


def test_a_custodian_says_who_opens_a_private_item(client_for: OpenBrowser, world: World, filed: FileItem) -> None:
    item = filed("letter.txt", visibility=Visibility.PRIVATE)
    assert client_for(world.head).get(page_of(item)).status_code == 404
    browser = client_for(world.teacher)

    browser.post(page_of(item, "/access"), data={"custodians": world.teacher.person_id, "people": world.head.person_id})

    assert client_for(world.head).get(page_of(item)).status_code == 200
    assert client_for(world.administrator).get(page_of(item)).status_code == 404
    assert (
        client_for(world.head).post(page_of(item, "/access"), data={"custodians": world.head.person_id}).status_code
        == 403
    )


def test_an_item_in_the_bin_says_so_and_can_be_taken_back(
    client_for: OpenBrowser, world: World, filed: FileItem
) -> None:
    item = filed("plan.txt")
    browser = client_for(world.teacher)
    browser.post(page_of(item, "/withdraw"))

    assert "This was withdrawn" in browser.get(page_of(item)).text
    assert browser.get(page_of(item, "/edit")).status_code == 404


def test_the_lines_of_a_text_stay_lines(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("Minutes.txt", b"What we decided\nThe timetable stays.\n\nWho does it\nAnna asks the pupils.")
    work()
    page = client_for(world.teacher).get(f"/alder-bay/evidence/{item.id}?view=text&q=timetable").text
    assert 'What we decided\nThe <mark id="hit">timetable</mark> stays.\n' in page
