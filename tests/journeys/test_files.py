"""Files in a real browser: sound and film are played, a locked file is opened, health reads again what waited."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evidence_app.domain import extraction
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Item, ItemFacts, add_file
from tests.evidence_app.domain.extraction.making import pdf_file
from tests.evidence_app.domain.extraction.making_media import sound
from tests.journeys.browser import Theme, axe_violations, scrolls_sideways
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool, do_work

pytestmark = pytest.mark.browser

WORD = "café-2026"


def file(school: LivingSchool, name: str, content: bytes, media_type: str) -> Item:
    """An item of the teacher's, read."""
    actor = school.actors[Role.TEACHER]
    blob = school.backends.blobs.put(actor.school_id, [content])
    with school.backends.database.unit_of_work() as session:
        item = add_file(
            session, actor=actor, blob=blob, file_name=name, media_type=media_type, facts=ItemFacts(title=name)
        )
    do_work(school)
    return item


def keep_picture(page: Page, name: str) -> None:
    """For somebody who wants to look: a picture of the page in the folder that EVIDENCE_PICTURES names."""
    if folder := os.environ.get("EVIDENCE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), pytest.param(390, "dark", marks=pytest.mark.soak)])
def test_sound_is_played_on_the_page_of_its_item(
    page_for: PageFor, school: LivingSchool, width: int, theme: Theme
) -> None:
    item = file(school, "Interview.wav", sound(3), "audio/wav")
    page = page_for(Role.READER, f"/evidence/{item.id}", width=width, theme=theme)

    expect(page.locator("audio.player")).to_be_visible()
    page.locator("audio").evaluate("sound => sound.readyState || new Promise(seen => sound.onloadedmetadata = seen)")
    assert page.locator("audio").evaluate("sound => Math.round(sound.duration)") == 3
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    keep_picture(page, f"sound-{width}")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize(("width", "theme"), [pytest.param(1440, "dark", marks=pytest.mark.soak), (390, "light")])
def test_film_is_shown_on_the_page_of_its_item(
    page_for: PageFor, school: LivingSchool, tmp_path: Path, width: int, theme: Theme
) -> None:
    path = tmp_path / "clip.mp4"
    made = ["-f", "lavfi", "-i", "testsrc=s=640x360:d=4", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(["ffmpeg", "-v", "error", *made], check=True, capture_output=True)
    item = file(school, "Assembly.mp4", path.read_bytes(), "video/mp4")
    page = page_for(Role.READER, f"/evidence/{item.id}", width=width, theme=theme)

    film = page.locator("video.player")
    expect(film).to_be_visible()
    assert "pictures/" in (film.get_attribute("poster") or "")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    keep_picture(page, f"film-{width}")


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), pytest.param(390, "dark", marks=pytest.mark.soak)])
def test_locked_file_is_opened_where_it_stands(
    page_for: PageFor, school: LivingSchool, width: int, theme: Theme
) -> None:
    locked = pdf_file([[("What the review found", 30)]], password=WORD)
    item = file(school, f"Review {width}.pdf", locked, "application/pdf")
    page = page_for(Role.TEACHER, f"/evidence/{item.id}", width=width, theme=theme)

    expect(page.get_by_text("once it was opened with its password")).to_be_visible()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    keep_picture(page, f"locked-{width}")
    page.get_by_label("Password of the file").fill("coffee")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("This password does not open the file")).to_be_visible()
    page.get_by_label("Password of the file").fill(WORD)
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("#preview img")).to_be_visible()
    expect(page.get_by_label("Password of the file")).to_have_count(0)
    keep_picture(page, f"opened-{width}")


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), pytest.param(390, "dark", marks=pytest.mark.soak)])
def test_health_tells_what_waits_for_a_program(
    page_for: PageFor, school: LivingSchool, width: int, theme: Theme
) -> None:
    item = file(school, "Scan.txt", b"words", "text/plain")
    codes = ("ocr-not-installed", "heic-not-installed")
    reading = extraction.Reading(
        media_type="text/plain",
        state=extraction.ReadingState.TOOL_MISSING,
        warnings=tuple(extraction.ReadingWarning(code) for code in codes),
    )
    with school.backends.database.unit_of_work() as session:
        extraction.keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})
    page = page_for(Role.ADMINISTRATOR, "/admin/health", width=width, theme=theme)

    expect(page.get_by_role("heading", name="Files without their text")).to_be_visible()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    keep_picture(page, f"health-{width}")
    page.goto(f"{school.home}/admin/health")
    with school.backends.database.unit_of_work() as session:
        plain = extraction.Reading(media_type="text/plain", state=extraction.ReadingState.TEXT_FOUND, text="words")
        extraction.keep_readings(session, school_id=item.school_id, readings={item.current_version_id: plain})
