"""Takes the pictures under docs/screenshots: `python -m tests.journeys.screenshots [HOME]`.

Without HOME, the data of an installation, a demo school is built for it and thrown away afterwards. Every page is taken
at three widths in light and dark, in the window of somebody who works with it. What could not be taken is listed at the
end, and the exit status says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from evidence_app.domain import accounts
from evidence_app.domain.access import Role
from tests.journeys.browser import Theme, chromium, new_context, take_picture
from tests.journeys.known import hand_in_drive
from tests.journeys.living_ids import ids_in
from tests.journeys.room_pictures import take_room
from tests.journeys.school import LivingSchool, do_work, school_in

TARGET = Path(__file__).parents[2] / "docs" / "screenshots"
LOOKS: tuple[tuple[int, Theme], ...] = (
    (1440, "light"),
    (1440, "dark"),
    (1024, "light"),
    (1024, "dark"),
    (390, "light"),
    (390, "dark"),
)
TALLEST = 1800
"""Pixels of a page that are kept, from its top: enough to see how it is built."""
QUALITY = 42
DOCUMENTS = "160"
INTRODUCTION = """# Pictures of every page

Taken by `make screenshots` from the demo school, whose people and papers are invented: each page at 1440, 1024 and 390
pixels, in light and dark, down to {tallest} pixels.

| page | whose | 1440 | 1024 | 390 |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Picture:
    """One page: its name, whose window it is in (None: nobody is signed in), and its address; `{…}` are known ids."""

    name: str
    role: Role | None
    address: str


HERE = "/{school_key}"
ANSWER = HERE + "/study/{evaluation_id}/answers/{response_id}"
COMPARED = HERE + "/evidence/{versions_id}/versions/{earlier_id}/compare"
PICTURES = (
    Picture("sign-in", None, "/sign-in"),
    Picture("invitation", None, "/invitation/{token}"),
    Picture("home-teacher", Role.TEACHER, f"{HERE}/"),
    Picture("home-coordinator", Role.COORDINATOR, f"{HERE}/"),
    Picture("home-head", Role.HEAD, f"{HERE}/"),
    Picture("home-reader", Role.READER, f"{HERE}/"),
    Picture("filing", Role.TEACHER, f"{HERE}/evidence/new"),
    Picture("filing-link", Role.TEACHER, f"{HERE}/evidence/new/link"),
    Picture("filing-note", Role.TEACHER, f"{HERE}/evidence/new/note"),
    Picture("drives", Role.TEACHER, f"{HERE}/evidence/drives"),
    Picture("drive-plan", Role.TEACHER, f"{HERE}/evidence/drives/{{drive_id}}"),
    Picture("library", Role.COORDINATOR, f"{HERE}/evidence/"),
    Picture("library-search", Role.TEACHER, f"{HERE}/evidence/?q=inclusion"),
    Picture("item", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}"),
    Picture("item-text", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}?view=text"),
    Picture("item-facts", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}/edit"),
    Picture("item-new-version", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}/versions/new"),
    Picture("item-versions-compared", Role.COORDINATOR, COMPARED),
    Picture("item-link", Role.COORDINATOR, f"{HERE}/evidence/{{link_id}}"),
    Picture("item-link-copy", Role.COORDINATOR, f"{HERE}/evidence/{{link_id}}/copy"),
    Picture("item-series", Role.COORDINATOR, f"{HERE}/evidence/{{series_id}}"),
    Picture("item-series-order", Role.COORDINATOR, f"{HERE}/evidence/{{series_id}}/series"),
    Picture("item-erase", Role.ADMINISTRATOR, f"{HERE}/evidence/{{item_id}}/erase"),
    Picture("links", Role.COORDINATOR, f"{HERE}/evidence/links"),
    Picture("questions", Role.COORDINATOR, f"{HERE}/evidence/questions"),
    Picture("question", Role.COORDINATOR, f"{HERE}/evidence/{{asked_id}}/question"),
    Picture("suggestions", Role.COORDINATOR, f"{HERE}/review/suggestions/"),
    Picture("suggestions-by-folder", Role.COORDINATOR, f"{HERE}/review/suggestions/?by=folder"),
    Picture("bin", Role.COORDINATOR, f"{HERE}/evidence/bin"),
    Picture("coverage", Role.COORDINATOR, f"{HERE}/coverage/"),
    Picture("coverage-gaps", Role.COORDINATOR, f"{HERE}/coverage/?show=gaps"),
    Picture("practice", Role.COORDINATOR, f"{HERE}/practice/0301-02"),
    Picture("review", Role.COORDINATOR, f"{HERE}/review/?tag={{tag_id}}"),
    Picture("requests", Role.COORDINATOR, f"{HERE}/requests/"),
    Picture("requests-new", Role.COORDINATOR, f"{HERE}/requests/new"),
    Picture("request", Role.COORDINATOR, f"{HERE}/requests/{{request_id}}"),
    Picture("study", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}"),
    Picture("study-new", Role.COORDINATOR, f"{HERE}/study/new"),
    Picture("study-frame", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/frame"),
    Picture("study-dates", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/dates"),
    Picture("study-people", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/people"),
    Picture("study-introduction", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/introductions/school"),
    Picture("study-standard", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/standards/0301"),
    Picture("answer", Role.COORDINATOR, ANSWER),
    Picture("answer-history", Role.COORDINATOR, f"{ANSWER}/history"),
    Picture("exhibit", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/exhibits/{{number}}"),
    Picture("plan", Role.COORDINATOR, f"{HERE}/plan/{{plan_id}}"),
    Picture("plan-action", Role.COORDINATOR, f"{HERE}/plan/{{plan_id}}/actions/{{action_id}}"),
    Picture("findings", Role.COORDINATOR, f"{HERE}/plan/findings"),
    Picture("milestones", Role.COORDINATOR, f"{HERE}/milestones/{{path_id}}"),
    Picture("milestones-step", Role.COORDINATOR, f"{HERE}/milestones/{{path_id}}/{{step_id}}"),
    Picture("reports", Role.COORDINATOR, f"{HERE}/reports/"),
    Picture("shares", Role.COORDINATOR, f"{HERE}/shares/"),
    Picture("shares-new", Role.COORDINATOR, f"{HERE}/shares/new"),
    Picture("share", Role.COORDINATOR, f"{HERE}/shares/{{share_id}}"),
    Picture("admin-people", Role.ADMINISTRATOR, f"{HERE}/admin/"),
    Picture("admin-person", Role.ADMINISTRATOR, f"{HERE}/admin/people/{{person_id}}"),
    Picture("admin-groups", Role.ADMINISTRATOR, f"{HERE}/admin/groups"),
    Picture("admin-handover", Role.ADMINISTRATOR, f"{HERE}/admin/people/{{person_id}}/handover"),
    Picture("admin-mail", Role.ADMINISTRATOR, f"{HERE}/admin/mail"),
    Picture("admin-disk", Role.ADMINISTRATOR, f"{HERE}/admin/disk"),
    Picture("installation", Role.ADMINISTRATOR, "/installation"),
    Picture("installation-disk", Role.ADMINISTRATOR, "/installation/disk"),
    Picture("admin-school", Role.ADMINISTRATOR, f"{HERE}/admin/school"),
    Picture("admin-frameworks", Role.ADMINISTRATOR, f"{HERE}/admin/frameworks"),
    Picture("admin-framework", Role.ADMINISTRATOR, f"{HERE}/admin/frameworks/ib-psp-2020"),
    Picture("admin-health", Role.ADMINISTRATOR, f"{HERE}/admin/health"),
    Picture("settings", Role.TEACHER, "/me"),
    Picture("help", Role.COORDINATOR, f"{HERE}/help/"),
)
NO_PAGE = Picture("not-found", Role.TEACHER, f"{HERE}/evidence/nothing")
ROOM = ("room-door", "room", "room-search")


def take_all(browser: Browser, school: LivingSchool) -> list[str]:
    """Every picture at every look; what could not be taken, in words."""
    troubles = []
    ids = ids_in(school) | {"token": _invitation(school), "drive_id": hand_in_drive(school, Role.TEACHER)}
    _have_pages_drawn(browser, school, ids)
    for width, theme in LOOKS:
        for role in (None, *Role):
            chosen = [picture for picture in (*PICTURES, NO_PAGE) if picture.role is role]
            if not chosen:
                continue
            with _window(browser, school, role, width, theme) as page:
                for picture in chosen:
                    try:
                        trouble = _take(page, picture, ids, width, theme)
                    except (Error, KeyError) as error:
                        trouble = (str(error).splitlines() or [""])[0]
                    if trouble:
                        troubles.append(f"{picture.name} {width} {theme}: {trouble}")
    if trouble := take_room(browser, school, LOOKS, TARGET, _compress):
        troubles.append(trouble)
    return troubles


def _take(page: Page, picture: Picture, ids: dict[str, str], width: int, theme: Theme) -> str:
    """Why the picture could not be taken; an empty text when it lies in TARGET."""
    answer = page.goto(picture.address.format(**ids))
    wanted = 404 if picture is NO_PAGE else 200
    if answer is None or answer.status != wanted:
        return f"{page.url} answered {answer.status if answer else 'nothing'}"
    page.wait_for_load_state("networkidle")
    _compress(take_picture(page, TARGET, picture.name, width, theme, whole=width != 390))
    return ""


def _invitation(school: LivingSchool) -> str:
    """The token of a fresh link for the school's reader, as an administrator would send it."""
    with school.backends.database.unit_of_work() as session:
        reader = school.actors[Role.READER].person_id
        return accounts.invite(session, actor=school.actors[Role.ADMINISTRATOR], person_id=reader)


def _have_pages_drawn(browser: Browser, school: LivingSchool, ids: dict[str, str]) -> None:
    """Pages of documents are drawn when somebody looks at them: look once, and do the work."""
    with _window(browser, school, Role.COORDINATOR, 1440, "light") as page:
        for picture in PICTURES:
            if picture.name in ("item", "item-series", "review", "exhibit"):
                page.goto(picture.address.format(**ids))
    do_work(school)


@contextmanager
def _window(browser: Browser, school: LivingSchool, role: Role | None, width: int, theme: Theme) -> Iterator[Page]:
    context = new_context(browser, width=width, theme=theme, base_url=school.address)
    if role is not None:
        school.sign_in(context, role, theme)
    yield context.new_page()
    context.close()


def _compress(path: Path) -> None:
    """The picture as WebP in the place of its PNG, cut at the height that is kept."""
    with Image.open(path) as image:
        kept = image.convert("RGB").crop((0, 0, image.width, min(image.height, TALLEST)))
        kept.save(path.with_suffix(".webp"), quality=QUALITY, method=6)
    path.unlink()


def write_index() -> None:
    """The list of the pictures, beside them."""
    lines = []
    for name, role in [*((p.name, p.role) for p in (*PICTURES, NO_PAGE)), *((name, None) for name in ROOM)]:
        links = [
            ", ".join(f"[{theme}]({name}-{width}-{theme}.webp)" for theme in ("light", "dark"))
            for width in (1440, 1024, 390)
            if (TARGET / f"{name}-{width}-light.webp").exists()
        ]
        if len(links) == 3:
            whose = str(role.label) if role else "visitor" if name in ROOM else "nobody yet"
            lines.append(f"| {name} | {whose.lower()} | {' | '.join(links)} |")
    (TARGET / "README.md").write_text(INTRODUCTION.format(tallest=TALLEST) + "\n".join(lines) + "\n")


@contextmanager
def _home(arguments: list[str]) -> Iterator[Path]:
    """The installation to picture: the one that is named, or a demo that lives as long as the block runs."""
    if arguments:
        yield Path(arguments[0])
        return
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        command = [sys.executable, "-m", "evidence_app.cli", "demo", "--documents", DOCUMENTS, "--no-serve"]
        subprocess.run(command, check=True, env={**os.environ, "EVIDENCE_HOME": folder})
        yield Path(folder)


def main(arguments: list[str]) -> int:
    """0 when every picture was taken."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with _home(arguments) as home, school_in(home) as school, chromium() as browser:
        troubles = take_all(browser, school)
    write_index()
    print("\n".join(troubles) or "Every picture was taken.")  # noqa: T201
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
