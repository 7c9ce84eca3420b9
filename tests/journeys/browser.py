"""A real browser for tests: what it complained about, what axe found, and pictures of what it showed."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from evidence_app.web.server import Server

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = {390: 844, 1024: 768, 1440: 900}
"""The widths every page is looked at, with the height of such a window."""
TIMEOUT_MS = 30_000
"""Longest wait for anything a page should do: a page of ours answers in a tenth of a second, a busy machine later."""
expect.set_options(timeout=TIMEOUT_MS)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
Theme = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that talks to nobody but us; about 0.2 s to start, so keep one for a whole session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of `app`, served as `evidence serve` does, from a thread, as long as the block runs."""
    temporary = tempfile.tempdir
    server = Server(app, host="127.0.0.1", port=0, threads=4)
    stopping = threading.Event()
    thread = threading.Thread(target=server.run, args=(stopping,), daemon=True)
    thread.start()
    try:
        yield server.addresses[0]
    finally:
        stopping.set()
        thread.join()
        # The server has this process keep its temporary files in the folder of the app, which is gone soon.
        tempfile.tempdir = temporary


@dataclass
class Complaints:
    """What the browser complained about since the page was opened: console errors (CSP too) and uncaught ones."""

    console: list[str] = field(default_factory=list)
    uncaught: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        """Everything, in no particular order; empty when the page is sound."""
        return [*self.console, *self.uncaught]

    def forget(self) -> None:
        """Start anew, after trouble a test made on purpose."""
        self.console.clear()
        self.uncaught.clear()


def listen(page: Page, complaints: Complaints | None = None) -> Complaints:
    """The complaints of `page` from now on, added to those given."""
    complaints = complaints or Complaints()

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.console.append(f"{message.type}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.uncaught.append(str(error)))
    return complaints


def new_context(
    browser: Browser, *, width: int = 1440, theme: Theme = "light", scripts: bool = True, base_url: str | None = None
) -> BrowserContext:
    """A clean profile with a window of this width on a device of this theme; below 768 it can be touched."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 900)},
        color_scheme=theme,
        java_script_enabled=scripts,
        base_url=base_url,
        has_touch=width < 768,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(TIMEOUT_MS)
    return context


def axe_violations(page: Page, within: str | None = None) -> list[str]:
    """What axe finds on the page or `within` a part of it: one line a fault.

    By WCAG 2.0 to 2.2, A and AA, and axe's best practices.
    """
    options = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    page.evaluate(AXE_SCRIPT)
    # Not by `Axe.run`: that brings what was found to be right as well, which takes as long as many a page.
    run = "([within, options]) => axe.run(within ?? document, options).then((found) => found.violations)"
    found = page.evaluate(run, [within, options])
    return [
        f"{fault['id']}: {fault['help']} -> " + "; ".join(str(node["target"]) for node in fault["nodes"][:5])
        for fault in found
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def hidden_headings(page: Page) -> list[str]:
    """The headings of what is on the page and can be neither seen nor opened: no fold, no link leads to them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main h2, main h3")].filter((heading) => {
            if (heading.checkVisibility()) return false;
            if (heading.closest("details, dialog, [popover], [hidden], [role=tabpanel]")) return false;
            const place = heading.closest("[id]:not(h2, h3)");
            return place?.checkVisibility() !== false || !document.querySelector(`a[href="#${place.id}"]`);
        }).map((heading) => heading.textContent.trim())"""
    )
    return found


def take_picture(page: Page, folder: Path, name: str, width: int, theme: Theme, *, whole: bool = True) -> Path:
    """The path of a picture of the page as it stands: NAME-WIDTH-THEME.png.

    On a phone the window is as tall as the whole page meanwhile: the bar at its bottom would lie across the page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{width}-{theme}.png"
    window = page.viewport_size
    grows = whole and window is not None and width < 768
    if grows:
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=path, full_page=whole, animations="disabled")
    if grows:
        page.set_viewport_size(window)
    return path
