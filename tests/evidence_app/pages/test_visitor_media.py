"""Photographs and films in the reading room: no place leaves with a picture, and a film is played where it is read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from evidence_app.backends import Backends
from evidence_app.domain import reports
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, add_link, replace
from tests.evidence_app.domain.extraction.making import pdf_file
from tests.evidence_app.domain.extraction.making_media import film, heic_photograph, photograph
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_visitor import OpenBrowser, School, crawl, let_in, opened
from tests.fixtures import World

ARTIST = b"Ana Person"


@pytest.fixture
def school(world: World, backends: Backends, filed: FileItem, work: Callable[[], None]) -> School:
    """The school whose self-study is shared."""
    return School(world, backends, filed, work)


def file(school: School, name: str, content: bytes) -> Item:
    return school.filed(name, content, actor=school.world.coordinator, visibility=Visibility.SHAREABLE, title=name)


def pictures(browser: Browser, room: str) -> list[Image.Image]:
    """Every picture a visitor can reach, in pages and in what is taken home."""
    found = []
    for _, answer in crawl(browser, room):
        for part in opened(answer.data):
            if part[:3] == b"\xff\xd8\xff" or part[:4] == b"RIFF" or part[4:8] == b"ftyp":
                found.append(Image.open(io.BytesIO(part)))
    return found


def test_no_place_is_in_any_byte_a_visitor_can_reach(
    school: School, client_for: OpenBrowser, work_and_draw: Callable[[], None]
) -> None:
    items = [file(school, "wall.jpg", photograph((90, 60))), file(school, "garden.heic", heic_photograph())]
    work_and_draw()
    school.write(None, items)
    browser = client_for(None)
    room = let_in(browser, school.share(prepared=True))

    for address, answer in crawl(browser, room):
        for part in opened(answer.data):
            assert ARTIST not in part, address
            assert b"GPS" not in part, address
    seen = pictures(browser, room)
    assert {picture.format for picture in seen} == {"JPEG", "WEBP"}
    assert len([picture for picture in seen if picture.format == "JPEG"]) >= 4
    assert not any(picture.getexif() for picture in seen)


def test_photograph_nobody_has_read_yet_stays_in_the_school(school: School) -> None:
    school.write(None, [file(school, "wall.jpg", photograph())])

    frozen = reports.freeze(
        school.backends.database,
        school.backends.blobs,
        actor=school.world.coordinator,
        evaluation_id=school.evaluation_id,
    )

    assert [one.because for one in frozen.left_out] == ["unread"]
    assert not any(one.media_type.startswith("image/") for one in frozen.report.exhibits)
    with school.backends.database.reading() as session:
        [line] = reports.told_to(session, school.world.coordinator, frozen.left_out)
    assert "is not read yet" in str(line.reason)


def test_pages_of_an_opened_file_are_shown_to_visitors_too(school: School, client_for: OpenBrowser) -> None:
    item = file(school, "Review.pdf", pdf_file([[("What we found", 30)], [("More", 30)]], password="secret"))
    school.work()
    own = client_for(school.world.coordinator)
    own.post(f"/alder-bay/evidence/{item.id}/unlock", data={"password": "secret"})
    school.write(None, [item])
    browser = client_for(None)
    room = let_in(browser, school.share(prepared=True))

    assert browser.get(f"{room}/exhibit/E-0301-02-03/page/2").mimetype == "image/webp"
    assert "What we found" in browser.get(f"{room}/part/P_0301_02?exhibit=E-0301-02-03&as=text").text


def test_film_is_played_where_files_may_be_taken_and_only_there(school: School, client_for: OpenBrowser) -> None:
    school.write(None, [file(school, "assembly.mp4", film())])
    school.work()
    browser, other = client_for(None), client_for(None)
    room, closed = let_in(browser, school.share()), let_in(other, school.share(may_download=False))
    asked = "/part/P_0301_02?exhibit=E-0301-02-03"

    page = browser.get(room + asked).text
    part = browser.get(f"{room}/exhibit/E-0301-02-03/file", headers={"Range": "bytes=0-7"})

    assert '<video class="player"' in page
    assert (part.status_code, part.mimetype, len(part.data)) == (206, "video/mp4", 8)
    assert "<video" not in other.get(closed + asked).text
    assert other.get(f"{closed}/exhibit/E-0301-02-03/file").status_code == 404


def kept_page(school: School, text: bytes) -> Item:
    """A link with the words of its page as its newest version."""
    actor, url = school.world.coordinator, "https://school.example/assembly"
    address, words = (school.backends.blobs.put(actor.school_id, [one]) for one in (url.encode(), text))
    with school.backends.database.unit_of_work() as work:
        facts = ItemFacts(title="Assembly", visibility=Visibility.SHAREABLE)
        item = add_link(work, actor=actor, blob=address, url=url, facts=facts)
        replace(work, actor=actor, item_id=item.id, blob=words, file_name="a.txt", media_type="text/plain", url=url)
    return item


@pytest.mark.parametrize("is_link", [False, True], ids=["note", "words of a page"])
def test_note_or_words_of_a_page_are_read_as_text_by_visitors_as_by_the_school(
    school: School, client_for: OpenBrowser, work_and_draw: Callable[[], None], is_link: bool
) -> None:
    words = b"# Assembly\n\nWe sang in five languages.\nThe hall was full.\n---\n"
    note = kept_page(school, words) if is_link else file(school, "Assembly.md", words)
    work_and_draw()
    school.write(None, [note])
    browser = client_for(None)
    room = let_in(browser, school.share(prepared=True))

    seen = browser.get(f"{room}/part/P_0301_02?exhibit=E-0301-02-03").text
    own = client_for(school.world.coordinator).get(f"/alder-bay/evidence/{note.id}").text

    assert re.search(r'<div class="exhibit-text"[^>]*>[^<]*We sang in five languages', seen)
    assert re.search(r'<p class="pre-line">[^<]*We sang in five languages', own)
    assert "E-0301-02-03/page/1" not in seen
    assert "Show its pages" not in seen
