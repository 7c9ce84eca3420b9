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
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from evidence_app.domain.access import Role
from tests.journeys.browser import Theme, chromium, new_context, take_picture
from tests.journeys.pictures import NO_PAGE, PICTURES, ROOM, Picture
from tests.journeys.room_pictures import take_room
from tests.journeys.school import LivingSchool, do_work, school_in
from tests.journeys.staged import staged

TARGET = Path(__file__).parents[2] / "docs" / "screenshots"
PHONE = 390
LOOKS: tuple[tuple[int, Theme], ...] = (
    (1440, "light"),
    (1440, "dark"),
    (1024, "light"),
    (1024, "dark"),
    (PHONE, "light"),
    (PHONE, "dark"),
)
TALLEST = 1800
TALLEST_ON_A_PHONE = 2600
"""Pixels of a page that are kept, from its top: enough to see how it is built; on a phone all stands below each other.
"""
QUALITY = 42
DOCUMENTS = "160"
INTRODUCTION = """# Pictures of every page

Taken by `make screenshots` from the demo school, whose people and papers are invented: each page at 1440, 1024 and 390
pixels, in light and dark, down to {tallest} pixels, on a phone {on_a_phone}.

| page | whose | 1440 | 1024 | 390 |
| --- | --- | --- | --- | --- |
"""


def take_all(browser: Browser, school: LivingSchool) -> list[str]:
    """Every picture at every look; what could not be taken, in words."""
    troubles = []
    with staged(school) as ids:
        _have_pages_drawn(browser, school, ids)
        for width, theme in LOOKS:
            for role in dict.fromkeys(picture.role for picture in (*PICTURES, NO_PAGE)):
                chosen = [picture for picture in (*PICTURES, NO_PAGE) if picture.role is role]
                with _window(browser, school, role, width, theme) as page:
                    for picture in chosen:
                        if trouble := _take(page, picture, ids, width, theme):
                            troubles.append(f"{picture.name} {width} {theme}: {trouble}")
    if trouble := take_room(browser, school, LOOKS, TARGET, _compress):
        troubles.append(trouble)
    return troubles


def _take(page: Page, picture: Picture, ids: dict[str, str], width: int, theme: Theme) -> str:
    """Why the picture could not be taken; an empty text when it lies in TARGET."""
    try:
        address = picture.address.format(**ids)
        answer = page.goto(address)
    except (Error, KeyError) as error:
        return (str(error).splitlines() or [""])[0]
    wanted = 404 if picture is NO_PAGE else 200
    if answer is None or answer.status != wanted:
        return f"{page.url} answered {answer.status if answer else 'nothing'}"
    if urlsplit(page.url).path != urlsplit(address).path:
        return f"{address} led on to {page.url}"
    page.wait_for_load_state("networkidle")
    _compress(take_picture(page, TARGET, picture.name, width, theme))
    return ""


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
        tallest = TALLEST_ON_A_PHONE if image.width == PHONE else TALLEST
        kept = image.convert("RGB").crop((0, 0, image.width, min(image.height, tallest)))
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
    (TARGET / "README.md").write_text(
        INTRODUCTION.format(tallest=TALLEST, on_a_phone=TALLEST_ON_A_PHONE) + "\n".join(lines) + "\n"
    )


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
