"""Pictures of the visitor's reading room, taken through a share that lives as long as they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from evidence_app.domain import reports, selfstudy, sharing
from evidence_app.domain.access import Role
from tests.journeys.browser import Theme, new_context, take_picture
from tests.journeys.school import LivingSchool, do_work


def take_room(
    browser: Browser,
    school: LivingSchool,
    looks: tuple[tuple[int, Theme], ...],
    target: Path,
    shrink: Callable[[Path], None],
) -> str:
    """Why there are no pictures of the room; an empty text when door, practice and search lie in `target`."""
    with _share(school) as issued:
        if issued is None:
            return "reading-room: no self-study to share"
        for width, theme in looks:
            context = new_context(browser, width=width, theme=theme, base_url=school.address)
            page = context.new_page()
            page.goto(f"/s/{issued.token}")
            shrink(take_picture(page, target, "room-door", width, theme))
            page.get_by_label("Passcode").fill(issued.passcodes[0][1])
            page.get_by_label("Passcode").press("Enter")
            page.wait_for_url("**/part/**")
            room = page.url.rpartition("/part/")[0]
            page.goto(f"{room}/exhibits")
            shrink(take_picture(page, target, "room-exhibits", width, theme))
            cited = page.locator("table.exlist .opt a").first
            if cited.count():
                number = page.locator("table.exlist a.cite").first.inner_text()
                page.goto(f"{cited.get_attribute('href')}?exhibit={number}")
            shrink(take_picture(page, target, "room", width, theme, whole=width == 390))
            page.goto(f"{room}/search?q=students")
            shrink(take_picture(page, target, "room-search", width, theme, whole=False))
            context.close()
    return ""


@contextmanager
def _share(school: LivingSchool) -> Iterator[sharing.Issued | None]:
    actor, backends = school.actors[Role.COORDINATOR], school.backends
    with backends.database.reading() as session:
        evaluations = [e for e in selfstudy.evaluations_of(session, actor) if sharing.may_share(actor, e)]
    if not evaluations:
        yield None
        return
    frozen = reports.freeze(
        backends.database, backends.blobs, actor=actor, evaluation_id=evaluations[0].id, keep_texts=True
    )
    with backends.database.unit_of_work() as session:
        issued = sharing.issue(session, actor=actor, snapshot_id=frozen.snapshot.id)
    do_work(school)
    yield issued
    with backends.database.unit_of_work() as session:
        sharing.revoke(session, actor=actor, share_id=issued.share.id)
