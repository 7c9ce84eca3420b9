"""Takes the pictures under docs/screenshots from an installation: `python -m tests.journeys.screenshots HOME`.

Every picture names its page, whose window it is and where it starts; `follow` is a link to click once on the way.
Pages that could not be taken are listed at the end, and the exit status says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error

from evidence_app.domain.access import Role
from tests.journeys.browser import Theme, chromium, new_context, take_picture
from tests.journeys.room_pictures import take_room
from tests.journeys.school import LivingSchool, school_in

TARGET = Path(__file__).parents[2] / "docs" / "screenshots"
LOOKS: tuple[tuple[int, Theme], ...] = ((1440, "light"), (1440, "dark"), (1024, "light"), (390, "light"))


@dataclass(frozen=True)
class Picture:
    """One page: its name, whose it is (None: nobody signed in), its address below the school, and a link to follow."""

    name: str
    role: Role | None
    address: str
    follow: str = ""


PICTURES = (
    Picture("sign-in", None, "/sign-in"),
    Picture("home-teacher", Role.TEACHER, "/"),
    Picture("home-coordinator", Role.COORDINATOR, "/"),
    Picture("home-head", Role.HEAD, "/"),
    Picture("filing", Role.TEACHER, "/evidence/new"),
    Picture("library", Role.COORDINATOR, "/evidence/"),
    Picture("item", Role.COORDINATOR, "/evidence/", ".hit h2 a"),
    Picture("coverage", Role.COORDINATOR, "/coverage"),
    Picture("practice", Role.COORDINATOR, "/coverage", ".mx tbody th a"),
    Picture("review", Role.COORDINATOR, "/review"),
    Picture("requests", Role.COORDINATOR, "/requests"),
    Picture("study", Role.COORDINATOR, "/study"),
    Picture("response", Role.COORDINATOR, "/study", "#main a[href*='/study/']"),
    Picture("plan", Role.COORDINATOR, "/plan"),
    Picture("milestones", Role.COORDINATOR, "/milestones"),
    Picture("policies", Role.COORDINATOR, "/policies"),
    Picture("calendar", Role.COORDINATOR, "/calendar"),
    Picture("insight", Role.COORDINATOR, "/insight"),
    Picture("reports", Role.COORDINATOR, "/reports"),
    Picture("shares", Role.COORDINATOR, "/shares"),
    Picture("admin", Role.ADMINISTRATOR, "/admin"),
    Picture("help", Role.TEACHER, "/help"),
)


def take(browser: Browser, school: LivingSchool, picture: Picture, width: int, theme: Theme) -> str:
    """Why the picture could not be taken; an empty text when it lies in TARGET."""
    with _window(browser, school, picture, width, theme) as context:
        page = context.new_page()
        answer = page.goto(picture.address if picture.role is None else school.home + picture.address)
        if picture.follow:
            links = page.locator(picture.follow)
            if not links.count():
                return f"no link {picture.follow} on {picture.address}"
            with page.expect_navigation() as seen:
                links.first.click()
            answer = seen.value
        if answer is None or answer.status != 200:
            return f"{page.url} answered {answer.status if answer else 'nothing'}"
        page.wait_for_load_state("networkidle")
        _shrink(take_picture(page, TARGET, picture.name, width, theme, whole=width != 390))
    return ""


@contextmanager
def _window(
    browser: Browser, school: LivingSchool, picture: Picture, width: int, theme: Theme
) -> Iterator[BrowserContext]:
    context = new_context(browser, width=width, theme=theme, base_url=school.address)
    if picture.role is not None:
        school.sign_in(context, picture.role, theme)
    yield context
    context.close()


def _shrink(path: Path) -> None:
    """256 colours are enough for a page, and a third of the bytes."""
    with Image.open(path) as image:
        image.convert("RGB").quantize(256).save(path, optimize=True)


def main(arguments: list[str]) -> int:
    """0 when every picture was taken."""
    home = Path(arguments[0] if arguments else os.environ.get("EVIDENCE_HOME", "demo-home"))
    troubles = []
    with school_in(home) as school, chromium() as browser:
        for picture in PICTURES:
            for width, theme in LOOKS:
                try:
                    trouble = take(browser, school, picture, width, theme)
                except Error as error:
                    trouble = str(error).splitlines()[0]
                if trouble:
                    troubles.append(f"{picture.name} {width} {theme}: {trouble}")
        troubles += [why for why in [take_room(browser, school, LOOKS, TARGET, _shrink)] if why]
    print("\n".join(troubles) or "Every picture was taken.")  # noqa: T201
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
