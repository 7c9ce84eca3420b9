"""A drive comes in through a real browser: dropped as a ZIP, planned, put right, watched, told of."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect

from evidence_app.domain.access import Role
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.journeys.browser import Complaints, axe_violations, scrolls_sideways
from tests.journeys.conftest import PageFor
from tests.journeys.school import LivingSchool, do_work

pytestmark = pytest.mark.browser

DRIVE = zip_bytes(
    {
        "0301-02 Inclusion policy and everything around it/2024-25/Minutes of the drive.txt": b"Barriers are removed.",
        "To sort/Wall of the drive.txt": b"What we choose to learn.",
        "To sort/Thumbs.db": b"x",
    }
)
ZIP = FilePayload(name="Shared drive.zip", mimeType="application/zip", buffer=DRIVE)
TEXT = FilePayload(name="No drive.txt", mimeType="text/plain", buffer=b"A text.")


def test_a_drive_is_planned_started_and_comes_in(
    page_for: PageFor, school: LivingSchool, complaints: Complaints
) -> None:
    page = page_for(Role.TEACHER, "/evidence/new", width=390, theme="dark")
    page.get_by_role("link", name="Bring in a whole drive").click()
    page.set_input_files("#drop-files", [TEXT])
    expect(page.locator("#filings")).to_contain_text("is no ZIP file")
    complaints.forget()
    page.get_by_role("button", name="Leave it out").click()
    page.set_input_files("#drop-files", [ZIP])
    expect(page.locator("h1")).to_have_text("Shared drive.zip")
    do_work(school)

    expect(page.locator("main")).to_contain_text("Nothing is filed yet")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_text("Folders that name no practice").click()
    page.get_by_label("Practice that To sort shows").fill("0402-06")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("main")).to_contain_text("Coming in")
    assert axe_violations(page) == []
    do_work(school)

    expect(page.locator("main")).to_contain_text("All is in")
    expect(page.locator("main")).to_contain_text(re.compile("2 Filed.*1 Not kept", re.DOTALL))
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="See your evidence").click()
    expect(page.locator(".hit", has_text="Wall of the drive").first).to_contain_text("0402-06")
