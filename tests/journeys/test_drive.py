"""A drive comes in through a real browser: dropped as a ZIP, planned, put right, watched, told of."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

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
    page.get_by_text("1 folder in it").click()
    expect(page.locator(".folders-in")).to_contain_text("2024-25")
    page.get_by_role("link", name="Change To sort").click()
    practices = page.get_by_role("combobox", name="Practices")
    practices.press_sequentially("0301-02, 0402-0")
    choice = page.get_by_role("option", name=re.compile("0402-06"))
    expect(choice).to_be_visible()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    choice.click()
    expect(practices).to_have_value("0301-02, 0402-06")
    practices.press("Escape")
    expect(practices).to_have_value("0301-02, 0402-06")
    practices.fill("0402-06")
    page.get_by_role("button", name="Use this").click()
    expect(page.locator(".folder-row", has_text="To sort")).to_contain_text("put right by you")
    page.get_by_text(re.compile("0402-06\\s*1 file")).click()
    expect(page.locator(".given[open]")).to_contain_text("Wall of the drive.txt")
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


PACK = """async (most) => {
  const script = document.querySelector("script[src*='js/app.js']").src;
  const { filesOf, packed } = await import(script.replace("js/app.js", "js/folder.js"));
  const { name, files } = filesOf(document.querySelector("#probe"));
  const parts = await packed(name, files, most, () => {});
  const base64 = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  };
  return Promise.all(parts.map(async (part) => [part.name, await base64(part)]));
}"""


def a_folder(tmp_path: Path) -> Path:
    """A folder of a computer: names in several scripts, folders in folders, one file twice, one empty, one large."""
    folder = tmp_path / "Staff share"
    for path, content in {
        "0301-02 Politique d\u2019inclusion/Réunion.txt": "On lève les obstacles.".encode(),
        "0301-02 Politique d\u2019inclusion/Anciens/Réunion (1).txt": "On lève les obstacles.".encode(),
        "To sort/評価.txt": "評価の方針".encode(),
        "To sort/empty.txt": b"",
        "To sort/film.bin": bytes(range(256)) * 40_000,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.mark.parametrize("page_of_it", ["/evidence/drives", "/evidence/new"])
def test_a_folder_is_chosen_and_has_its_plan(
    page_for: PageFor, school: LivingSchool, tmp_path: Path, page_of_it: str
) -> None:
    page = page_for(Role.TEACHER, page_of_it)
    page.set_input_files("#drop-folder", a_folder(tmp_path))
    expect(page.locator("h1")).to_have_text("Staff share.zip")
    do_work(school)
    main = page.locator("main")
    expect(main).to_contain_text("Nothing is filed yet")
    expect(main).to_contain_text(
        re.compile("3\\s*new documents.*1\\s*copies of another.*1\\s*will not be kept", re.DOTALL)
    )
    expect(main).to_contain_text("0301-02 Politique d\u2019inclusion")
    page.get_by_role("button", name="Leave all of it out").click()
    expect(page.locator("body")).to_contain_text("Nothing more of it comes in")


def test_what_is_made_of_a_folder_is_a_sound_zip(page_for: PageFor, tmp_path: Path) -> None:
    """As the script packs it in the browser, read by another program; too large for one part, it is several."""
    page = page_for(Role.TEACHER, "/evidence/drives")
    folder = a_folder(tmp_path)
    page.evaluate("""() => {
      const input = document.createElement("input");
      input.type = "file"; input.webkitdirectory = true; input.id = "probe";
      document.body.append(input);
    }""")
    page.set_input_files("#probe", folder)
    packed = page.evaluate(PACK, 1_000_000)
    assert [name for name, _ in packed] == [f"Staff share ({number}, 3).zip" for number in (1, 2, 3)]
    found = {}
    for _, content in packed:
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as archive:
            assert archive.testzip() is None
            found.update({info.filename: archive.read(info) for info in archive.infolist()})
    expected = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert found == expected
