"""`evidence erase`: an item for good, or what came back with a restored backup."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import func, select

from evidence_app.backends import Backends
from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import as_json, in_school, opened, tell
from evidence_app.domain import upkeep
from evidence_app.domain.upkeep import Erasure, ErasureState
from evidence_app.worker.loop import run_until_done

PATIENCE_SECONDS = 600


@click.command("erase")
@click.argument("item", default="")
@click.option("--as", "email", default="", metavar="EMAIL", help="The person who erases ITEM.")
@in_school
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask again.")
@click.option(
    "--apply-list",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Erase again, after a restore, what such a list names: erased.jsonl of the home folder, or a copy.",
)
@as_json
def erase_item(item: str, email: str, school_key: str | None, is_sure: bool, path: Path | None, as_json: bool) -> None:
    """Erase ITEM for good, in use or in the bin: rows, bytes, index, pictures, and what names it. No undo."""
    if bool(path) == bool(item) or (item and not email):
        raise click.UsageError("Name an ITEM and who erases it (--as), or a list (--apply-list).")
    with opened() as backends:
        if path is not None:
            with backends.database.unit_of_work() as session:
                count = upkeep.erase_again(session, upkeep.read_list(path))
            left = _work(backends)
            sentence = f"{count} items of the list had come back and were erased again. {_end(left)}"
            tell({"erased": count, "left": left}, sentence, json_wanted=as_json)
            return
        actor = actor_for(backends, email, school_key)
        with backends.database.reading() as session:
            found = upkeep.consequences(session, actor, item)
        if not is_sure and not as_json:
            editions = f", and everything in edition {found.editions}" if found.editions else ""
            click.confirm(
                f"{found.item.title}: {found.versions} versions, {found.citations} citations, {found.in_plans} places "
                f"in plans, {found.drafts} drafts{editions} go for good. Erase it?",
                abort=True,
            )
        with backends.database.unit_of_work() as session:
            upkeep.erase(session, actor=actor, item_id=item)
        left = _work(backends)
    answer = {"item": item, "done": not left, "drafts": found.drafts, "editions": list(found.editions)}
    tell(answer, f"{item} is erased. {_end(left)}", json_wanted=as_json)


def _work(backends: Backends) -> int:
    """How many erasures are not over, after the worker (this process, where there is no other) did what can be done."""

    def count() -> int:
        with backends.database.reading() as session:
            return session.scalar(select(func.count()).where(Erasure.state != ErasureState.DONE)) or 0

    def is_done() -> bool:
        with backends.database.reading() as session:
            return not upkeep.is_being_erased(session)

    run_until_done(backends, is_done, patience_seconds=PATIENCE_SECONDS)
    return count()


def _end(left: int) -> str:
    if not left:
        return "Nothing is left of it."
    return f"{left} erasures go on by themselves: bytes put within the last hour, or a drive's ZIP, still have to go."


COMMANDS = (erase_item,)
