"""`evidence verify`, `repair`, `read-again`, `after-restore`: checking, reading what waited, closing doors."""

from __future__ import annotations

import time
from dataclasses import asdict

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import COULD_NOT, FINDINGS, acting_as, as_json, in_school, leave, opened, tell
from evidence_app.domain import extraction
from evidence_app.domain.upkeep import (
    LIST_NAME,
    Remedy,
    Repair,
    Verdict,
    close_doors,
    erase_again,
    read_list,
    repair,
    verify,
)
from storage_adapters import open_store


@click.command("verify")
@as_json
def verify_installation(as_json: bool) -> None:
    """Check everything: every blob re-hashed, rows, blobs and index compared, audit chains walked. Changes nothing."""
    start = time.perf_counter()
    with opened() as backends:
        verdict = verify(backends.database, backends.blobs, backends.index)
    answer = {
        "clean": verdict.is_clean,
        "findings": [asdict(finding) for finding in verdict.findings],
        "unreadable": [asdict(finding) for finding in verdict.unreadable],
        "unreferenced": verdict.unreferenced,
        "counts": dict(verdict.counts),
        "seconds": round(time.perf_counter() - start, 2),
    }
    if verdict.unreadable:
        message = f"{len(verdict.unreadable)} files could not be read: {verdict.unreadable[0].what}"
        answer["error"] = {"code": "unreadable", "message": message}
    tell(answer, _report(verdict), json_wanted=as_json)
    if not verdict.is_clean:
        leave(COULD_NOT if verdict.unreadable else FINDINGS)


def _report(verdict: Verdict) -> str:
    """A line for each thing that is wrong, those worth knowing, and what was checked."""
    wrong = [*verdict.findings, *verdict.unreadable]
    lines = [f"{f.kind} {f.school} {f.subject}: {f.what}. {f.remedy}" for f in wrong]
    lines += [f"note: no row names the bytes {name}; harmless" for name in verdict.unreferenced]
    checked = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in sorted(verdict.counts.items()))
    lines.append(f"{'Clean' if verdict.is_clean else f'{len(wrong)} findings'}: {checked}.")
    return "\n".join(lines)


@click.command("repair")
@click.option("--apply", is_flag=True, help="Do it. Without this nothing is changed, only told.")
@click.option("--from", "source_url", metavar="URL", help="The store of a backup, such as file:///backup/blobs.")
@as_json
def repair_installation(apply: bool, source_url: str | None, as_json: bool) -> None:
    """Mend what can be mended: documents from a backup, pictures drawn anew, indexes built anew.

    Damaged bytes are never overwritten but set aside, below `.damaged` of the store. Leaves with 1 while anything is
    damaged still.
    """
    with opened() as backends:
        source = open_store(source_url) if source_url else None
        repairs = repair(backends.database, backends.blobs, backends.index, source=source, apply=apply)
    left = [one for one in repairs if not one.is_done]
    answer = {"applied": apply, "repairs": [asdict(one) for one in repairs], "left": len(left)}
    tell(answer, _mended(repairs, apply=apply), json_wanted=as_json)
    if left:
        leave(FINDINGS)


def _mended(repairs: list[Repair], *, apply: bool) -> str:
    """A line for each damage with what was or would be done, and what to do next."""
    if not repairs:
        return "Nothing is damaged."
    lines = []
    for one in repairs:
        done = "done" if one.is_done else one.remedy
        lines.append(f"{one.school} {one.subject}: {one.why}. {done if apply else f'To do: {one.remedy}'}.")
    hopeless = sum(one.remedy is Remedy.NONE for one in repairs)
    if hopeless:
        lines.append(f"{hopeless} are left as they are: name a backup that holds them with --from, or file them again.")
    if not apply and hopeless < len(repairs):
        lines.append("Nothing was changed. Run it with --apply to mend them.")
    return "\n".join(lines)


@click.command("read-again")
@acting_as
@in_school
@click.option("--failed", is_flag=True, help="Also files whose reading was stopped because it took too much.")
@as_json
def read_files_again(email: str, school_key: str | None, failed: bool, as_json: bool) -> None:
    """Read again what waited for a program that is installed now; the worker does it when nothing else waits."""
    left_alone = set() if failed else {extraction.Unread.FAILED}
    whys = [why for why in extraction.Unread if why not in left_alone]
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.unit_of_work() as session:
            count = extraction.read_again(session, actor=actor, whys=whys)
        with backends.database.reading() as session:
            waiting = [one for one in extraction.backlogs(session, actor) if not one.can_be_read]
    missing = {one.tool: one.count for one in waiting}
    lines = [f"{count} files are read again, as soon as nothing else waits."]
    lines += [f"{number} files need {tool}, which is not installed here." for tool, number in missing.items()]
    tell({"read_again": count, "missing": missing}, "\n".join(lines), json_wanted=as_json)


@click.command("after-restore")
@as_json
def after_restore(as_json: bool) -> None:
    """End what a restored backup would open again: every share, sign-in, unused link and calendar. Safe to repeat.

    What was erased since the backup, by the list in the home folder, is erased once more.
    """
    with opened() as backends:
        with backends.database.unit_of_work() as session:
            closed = close_doors(session)
        path = backends.settings.home / LIST_NAME
        with backends.database.unit_of_work() as session:
            again = erase_again(session, read_list(path)) if path.exists() else 0
    sentence = (
        f"{closed.shares} shares, {closed.sign_ins} sign-ins, {closed.links} unused links and {closed.calendars} "
        f"addresses of calendars are ended, {again} items that were erased before leave again. "
        "Run 'evidence verify' and 'evidence search rebuild' now, and issue shares anew where they are still wanted."
    )
    tell({**asdict(closed), "erased_again": again}, sentence, json_wanted=as_json)


COMMANDS = (verify_installation, repair_installation, read_files_again, after_restore)
