"""Locked files, films and photographs on the page of an item: opened, played, and without the place for others."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from evidence_app.backends import Backends
from evidence_app.domain import extraction
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import Job, JobKind, enqueue
from tests.evidence_app.domain.extraction.making import docx_file, pdf_file
from tests.evidence_app.domain.extraction.making_media import film, locked, photograph, sound
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_evidence_item import page_of, version_of
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
WORD = "café-2026"


def kept_of(backends: Backends, item: Item) -> extraction.VersionText:
    with backends.database.reading() as session:
        return extraction.texts_of(session, item.school_id, [item.current_version_id], with_text=True)[
            item.current_version_id
        ]


def everything_kept(backends: Backends) -> str:
    """Every row of jobs, as text."""
    with backends.database.reading() as session:
        return " ".join(str(job.payload) + job.error for job in session.query(Job))


def test_locked_file_is_opened_with_its_password_and_stays_open(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("Review.pdf", pdf_file([[("Locked words", 30)], [("Second page", 30)]], password=WORD))
    work()
    browser = client_for(world.teacher)
    assert "Password of the file" in browser.get(page_of(item)).text
    assert "Password of the file" not in client_for(world.reader).get(page_of(item)).text

    wrong = browser.post(page_of(item, "/unlock"), data={"password": "coffee"}, follow_redirects=True).text
    assert "This password does not open the file" in wrong
    assert "Password of the file" in wrong

    opened = browser.post(page_of(item, "/unlock"), data={"password": WORD}, follow_redirects=True).text
    assert "The file is open" in opened
    assert "Password of the file" not in opened
    assert f"/versions/{version_of(backends, item)}/pictures/2" in opened
    assert "Locked words" in client_for(world.reader).get(page_of(item, "?view=text")).text
    assert WORD not in everything_kept(backends)

    with backends.database.unit_of_work() as session:
        enqueue(session, JobKind.READ_VERSION, item.school_id, item.current_version_id)
    work()
    assert "Locked words" in kept_of(backends, item).text


def test_nobody_else_opens_a_locked_file(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("Review.docx", locked(docx_file([("Locked words", None)]), WORD))
    work()

    answer = client_for(world.reader).post(page_of(item, "/unlock"), data={"password": WORD})

    assert answer.status_code in {403, 404}
    assert client_for(world.teacher).post(page_of(item, "/unlock"), data={}).status_code == 302


def test_film_and_sound_are_played_on_the_page_and_in_parts(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    movie, talk = filed("assembly.mp4", film(seconds=3725)), filed("interview.wav", sound(75))
    work()
    browser = client_for(world.reader)
    url = page_of(movie, f"/versions/{version_of(backends, movie)}/file")

    page = browser.get(page_of(movie)).text
    part = browser.get(url, headers={"Range": "bytes=4-11"})

    assert f'<video class="player" controls preload="metadata" src="{url}"' in page
    assert "Film, 1:02:05" in page
    assert "What is said in it cannot be searched" in page
    assert "<audio" in browser.get(page_of(talk)).text
    assert "Sound, 1:15" in browser.get(page_of(talk)).text
    assert (part.status_code, part.data, part.mimetype) == (206, b"ftypisom", "video/mp4")
    assert part.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in part.headers["Content-Security-Policy"]


def test_place_of_a_photograph_stays_with_its_owner(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work_and_draw: Callable[[], None]
) -> None:
    item = filed("wall.jpg", photograph((80, 40)))
    url = page_of(item, f"/versions/{version_of(backends, item)}/file?download=1")
    assert client_for(world.reader).get(url).status_code == 404
    work_and_draw()

    own = client_for(world.teacher).get(url)
    seen = client_for(world.reader).get(url)

    assert own.data == photograph((80, 40))
    assert seen.status_code == 200
    picture = Image.open(io.BytesIO(seen.data))
    assert picture.size == (40, 80)
    assert not picture.getexif()
    assert "wall.jpg" in seen.headers["Content-Disposition"]


def test_photograph_that_tells_no_place_is_given_as_it_came(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("wall.jpg", photograph(place=False))
    work()

    url = page_of(item, f"/versions/{version_of(backends, item)}/file")

    assert client_for(world.reader).get(url).data == photograph(place=False)


def test_page_drawn_from_words_says_so(
    client_for: OpenBrowser, world: World, filed: FileItem, work_and_draw: Callable[[], None]
) -> None:
    item = filed("page.html", b"<html><body><h1>Our garden</h1><p>It grows.</p></body></html>")
    work_and_draw()
    browser = client_for(world.reader)
    browser.get(page_of(item))
    work_and_draw()

    assert "Drawn from its words" in browser.get(page_of(item)).text
