"""`evidence import`: documents come in from a folder, a ZIP or one file, after a plan if one wants to see it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import click

from evidence_app.backends import Backends
from evidence_app.cli.acting import actor_for
from evidence_app.cli.how_far import progress_of
from evidence_app.cli.import_report import write_report
from evidence_app.cli.output import FINDINGS, acting_as, as_json, in_school, leave, opened, tell
from evidence_app.domain import evidence, extraction, intake, jobs
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, ItemFacts, Visibility
from evidence_app.domain.guarding import Looks, Signs
from evidence_app.i18n import msg
from evidence_app.worker import run_until_done

EXISTING = click.Path(exists=True, path_type=Path)
WORK_OF_INTAKE = (jobs.JobKind.READ_VERSION, jobs.JobKind.INDEX_ITEM, jobs.JobKind.SUGGEST_ITEM)
WORK_WITH_PICTURES = (*WORK_OF_INTAKE, jobs.JobKind.DRAW_THUMBNAIL, jobs.JobKind.RECOGNISE_TEXT)
HOLD_WORDS = {Hold.PRIVATE: "private", Hold.RELEASE: "held   "}
PICTURES_WAITED_FOR = 50
"""So many scans and photographs take a minute or two. More of them are left to the worker of `evidence serve`."""
THUMBNAILS_WAITED_FOR = 300
"""So many small pictures take some seconds. More of them are left to that worker too."""
ITEMS_AT_ONCE = 500


@click.command("import")
@click.argument("paths", type=EXISTING, nargs=-1, required=True, metavar="PATH...")
@in_school
@acting_as
@click.option("--visibility", type=click.Choice([v.value for v in Visibility]), default="staff", show_default=True)
@click.option("--plan", "only_plan", is_flag=True, help="Say what would be filed, and file nothing.")
@click.option("--tag-by-names", is_flag=True, help="Tag each document to the practices its name or its folder says.")
@click.option("--wait-for-pictures", is_flag=True, help="Return only when the words in all scans and photos are read.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what became of each file as CSV."
)
@as_json
def import_documents(
    paths: tuple[Path, ...],
    school_key: str | None,
    email: str,
    visibility: str,
    only_plan: bool,
    tag_by_names: bool,
    wait_for_pictures: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """File a document, or every document of a folder or a ZIP; return when texts are read and indexed.

    Several paths are the parts of one drive, as exports come in: they are looked at and filed as one.

    Thumbnails, and words in scans and photographs, come last; many of them are left to the worker of `evidence serve`.
    """
    start = time.perf_counter()
    if report is not None and not os.access(report.absolute().parent, os.W_OK):
        raise click.BadParameter(f"no file can be written in {report.absolute().parent}.", param_hint="--report")
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        if only_plan:
            _tell_plan(backends, actor, paths, json_wanted=as_json)
            return
        seen_by = Visibility(visibility)
        with (
            intake.files_at(*paths) as found,
            _reading_beside(backends, actor.school_id),
            progress_of(found) as tell_how_far,
        ):
            brought = intake.import_found(
                backends.database,
                backends.blobs,
                actor=actor,
                found=found,
                max_bytes=backends.settings.max_upload_bytes,
                describe=_by_names(backends, actor, seen_by) if tag_by_names else _as_it_is(seen_by),
                tell=tell_how_far,
            )
        with backends.database.reading() as session:
            pictures = jobs.unfinished_count(session, actor.school_id, [jobs.JobKind.RECOGNISE_TEXT])
            thumbnails = jobs.unfinished_count(session, actor.school_id, [jobs.JobKind.DRAW_THUMBNAIL])
        is_soon = pictures <= PICTURES_WAITED_FOR and thumbnails <= THUMBNAILS_WAITED_FOR
        if is_soon or wait_for_pictures:
            run_until_done(backends, lambda: not _is_work_left(backends, actor.school_id, WORK_WITH_PICTURES))
            pictures = 0
        warnings = _warnings(backends, actor, brought.added)
        held = _held(backends, actor, brought.added)
        if report is not None:
            write_report(backends, actor, brought, {item_id: seen for item_id, (_, seen) in held.items()}, report)
    paths_of = {entry.item_id: entry.path for entry in brought.added}
    answer = {
        "found": len(brought.entries),
        "added": len(brought.added),
        "duplicates": len(brought.duplicates),
        "items": [_item_entry(entry) for entry in brought.entries if entry.item_id],
        "refused": [{"path": e.path, "reason": str(e.reason)} for e in brought.refused],
        "warnings": warnings,
        "private": [paths_of[id] for id, (hold, _seen) in held.items() if hold is Hold.PRIVATE],
        "held": [paths_of[id] for id, (hold, _seen) in held.items() if hold is Hold.RELEASE],
        "live_exam_papers": [paths_of[id] for id, (_hold, seen) in held.items() if seen.looks is Looks.EXAM],
        "pictures_waiting": pictures,
        "seconds": round(time.perf_counter() - start, 2),
    }
    lines = [f"{answer['found']} found, {answer['added']} filed, {answer['duplicates']} known already."]
    if pictures:
        lines.append(f"{pictures} scans and photographs wait: the worker of 'evidence serve' reads the words in them.")
    lines += [f"{HOLD_WORDS[hold]}  {paths_of[id]}: {seen.looks.label}" for id, (hold, seen) in held.items()]
    if held:
        lines.append("What is asked about them, and the answers: see 'evidence questions'.")
    lines += [f"refused  {e.path}: {e.reason}" for e in brought.refused]
    lines += [f"warning  {w['path']}: {w['reason']}" for w in warnings]
    tell(answer, "\n".join(lines), json_wanted=as_json)
    if brought.refused:
        leave(FINDINGS)


def _tell_plan(backends: Backends, actor: Actor, where: Collection[Path], *, json_wanted: bool) -> None:
    """What importing would do; exit status 1 where something would be refused."""
    with intake.files_at(*where) as found:
        looks = intake.look_at(backends.database, actor, found, backends.settings.max_upload_bytes)
    with backends.database.reading() as session:
        paths = intake.PathReader(intake.NameReader(session, actor))
    guarded = intake.guarded_of(
        one.path for one, look in zip(found, looks, strict=True) if not look.refused and look.copy_of is None
    )
    refused = [(one, look.refused) for one, look in zip(found, looks, strict=True) if look.refused]
    wanted = [one for one, look in zip(found, looks, strict=True) if not look.refused]
    folders = intake.naming_folders(paths, {one.folder for one in found})
    copies = sum(look.copy_of is not None for look in looks)
    known = sum(look.known_id != "" and look.copy_of is None for look in looks)
    new = [
        one.path
        for one, look in zip(found, looks, strict=True)
        if not look.refused and look.copy_of is None and not look.known_id
    ]
    alike = intake.alike_among(new)
    answer = {
        "found": len(found),
        "new": len(new),
        "copies": copies,
        "known": known,
        "likely_versions": alike,
        "bytes": sum(one.size_bytes for one in wanted),
        "kinds": dict(intake.kinds_of(one.path for one in wanted)),
        "pupils_data": [_guard_entry(one) for one in guarded],
        "folders": [{"folder": folder, "node_key": key} for folder, keys in folders.items() for key in keys],
        "refused": [{"path": one.path, "reason": str(reason)} for one, reason in refused],
    }
    lines = [f"{answer['found']} found: {answer['new']} new, {copies} copies of those, {known} known already."]
    lines += [f"{alike} of the new ones are likely versions of another one beside them."] if alike else []
    lines += [f"{kind or 'no ending':12} {count}" for kind, count in answer["kinds"].items()]  # type: ignore[attr-defined]
    lines += [f"{' '.join(key.partition('/')[2] for key in keys):12} {folder}" for folder, keys in folders.items()]
    lines += [f"{entry['becomes']:8} {entry['path']}: {entry['because']}" for entry in map(_guard_entry, guarded)]
    lines += [f"refused  {one.path}: {reason}" for one, reason in refused]
    tell(answer, "\n".join(lines), json_wanted=json_wanted)
    if refused:
        leave(FINDINGS)


def _guard_entry(one: intake.GuardedPath) -> dict[str, str]:
    """What becomes of a file whose names make the guard ask, what it looks like, and why."""
    because = ", ".join(f"{sign.kind.label} {sign.place.label}" for sign in one.signs.seen)
    looks = one.signs.looks
    return {"path": one.path, "becomes": "private", "looks_like": looks.value, "because": because}


def _as_it_is(visibility: Visibility) -> Callable[[str], intake.Described]:
    return lambda _path: intake.Described(ItemFacts(visibility=visibility))


def _by_names(backends: Backends, actor: Actor, visibility: Visibility) -> Callable[[str], intake.Described]:
    """What the names of a file and its folders say, as facts and practices."""
    with backends.database.reading() as session:
        paths = intake.PathReader(intake.NameReader(session, actor))

    def describe(path: str) -> intake.Described:
        named = paths.read(path)
        return intake.Described(named.on(ItemFacts(visibility=visibility)), node_keys=named.node_keys)

    return describe


@contextmanager
def _reading_beside(backends: Backends, school_id: str) -> Iterator[None]:
    """Reads what the block brings in, as it comes; ends when all of it is read, indexed and has suggestions.

    A block that fails is not waited for: what came in is read by the next worker.
    """
    all_in, given_up = threading.Event(), threading.Event()

    def is_done() -> bool:
        return given_up.is_set() or (all_in.is_set() and not _is_work_left(backends, school_id, WORK_OF_INTAKE))

    with ThreadPoolExecutor(1) as beside:
        work = beside.submit(run_until_done, backends, is_done)
        try:
            yield
        except BaseException:
            given_up.set()
            raise
        all_in.set()
        work.result()


def _is_work_left(backends: Backends, school_id: str, kinds: Collection[jobs.JobKind]) -> bool:
    with backends.database.reading() as session:
        return jobs.is_work_left(session, school_id, kinds)


def _item_entry(entry: intake.Entry) -> dict[str, str]:
    known = {"duplicate_of": entry.duplicate_of} if entry.duplicate_of else {}
    return {"path": entry.path, "item": entry.item_id, **known}


def _warnings(backends: Backends, actor: Actor, entries: Iterable[intake.Entry]) -> list[dict[str, str]]:
    """One line for each file that was kept although something about it should be known."""
    entries = list(entries)
    paths = {entry.item_id: entry.path for entry in entries}
    found = [{"path": entry.path, "reason": str(entry.reason)} for entry in entries if entry.reason]
    with backends.database.reading() as session:
        ids = list(paths)
        for start in range(0, len(ids), ITEMS_AT_ONCE):
            items = evidence.items_by_id(session, actor, ids[start : start + ITEMS_AT_ONCE])
            versions = [item.current_version_id for item in items.values()]
            texts = extraction.texts_of(session, actor.school_id, versions)
            for item_id in filter(items.__contains__, ids[start : start + ITEMS_AT_ONCE]):
                said = _reading_warnings(texts.get(items[item_id].current_version_id))
                found += [{"path": paths[item_id], "reason": reason} for reason in said]
    return found


def _held(backends: Backends, actor: Actor, entries: Iterable[intake.Entry]) -> dict[str, tuple[Hold, Signs]]:
    """Id of an item -> how it is held back, and why, for the files that the guard asks about."""
    ids = {entry.item_id for entry in entries}
    with backends.database.reading() as session:
        holds = {id: hold for id, hold in evidence.holds_of(session, actor).items() if id in ids}
        signs = evidence.signs_of_held(session, actor.school_id, holds)
        return {id: (hold, signs[id]) for id, hold in holds.items()}


def _reading_warnings(text: extraction.VersionText | None) -> list[str]:
    if text is None:
        return [str(msg("It could not be read; see the work that failed on the page Health."))]
    sentences = [str(extraction.warning_sentence(w)) for w in text.reading_warnings]
    if not sentences and text.state not in (extraction.ReadingState.TEXT_FOUND, extraction.ReadingState.READ_BY_OCR):
        sentences = [str(extraction.state_words(extraction.ReadingState(text.state)))]
    return sentences


COMMANDS = (import_documents,)
