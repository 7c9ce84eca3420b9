"""A drive for tests, and how it is worked on, started and looked at as its bringer does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import func, select

from evidence_app.domain import intake
from evidence_app.domain.evidence import Item
from evidence_app.domain.intake import Drive
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.fixtures import World

FILES = {
    "0301-02 Inclusion/2024-25/policy.txt": b"How we include everybody.",
    "0301-02 Inclusion/2024-25/Copy of policy.txt": b"How we include everybody.",
    "0402-01/DP/plan.txt": b"How we plan.",
    "0402-01/page.url": b"[InternetShortcut]\nURL=https://school.example/plan\n",
    "To sort/photo notes.txt": b"What one sees.",
    "To sort/.DS_Store": b"x",
    "To sort/empty.txt": b"",
}
Begin = Callable[..., Drive]


def work(tools: Tools, *, most: int = 200) -> None:
    """Works until nothing waits."""
    while work_once(tools):
        most -= 1
        assert most, "the work does not end"


def now(world: World, drive: Drive) -> tuple[Drive, intake.Progress]:
    with world.database.reading() as session:
        found = intake.drive_of(session, world.teacher, drive.id)
        return found, intake.progress_of(session, found)


def say(world: World, drive: Drive, folder: str, **said: object) -> None:
    """Puts right what is said of a folder; the rest stays as its plan has it."""
    with world.database.unit_of_work() as session:
        plan = intake.folder_of(session, world.teacher, intake.drive_of(session, world.teacher, drive.id), folder)
        named = replace(plan.named, **said)  # type: ignore[arg-type]
        intake.say_of_folder(session, actor=world.teacher, drive_id=drive.id, folder=folder, named=named)


def start(world: World, drive: Drive, folders: dict[str, str] | None = None, visibility: str = "staff") -> None:
    """Starts it; `folders` says by code which practice a folder shows, "" for none."""
    for folder, code in (folders or {}).items():
        say(world, drive, folder, node_keys=(code,) if code else ())
    with world.database.unit_of_work() as session:
        intake.start_drive(session, actor=world.teacher, drive_id=drive.id, visibility=visibility)


def count_items(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Item)) or 0
