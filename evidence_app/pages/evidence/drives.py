"""Bringing in a drive: a ZIP is handed in, its plan is shown and put right, it comes in, and a report tells of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import format_timedelta, gettext
from sqlalchemy import Row
from werkzeug.wrappers import Response

from evidence_app.database import new_id
from evidence_app.domain import intake, jobs
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.guarding import Looks
from evidence_app.domain.intake import Drive, DriveFile, DriveState, FileState
from evidence_app.errors import AppError, Invalid, NoRoom
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.i18n import Message, words_of
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.drive_folders import given, rows_of, saying
from evidence_app.pages.evidence.storing import store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import nodes
from evidence_app.web.templating import language

REFUSED_SHOWN = 200
READ_AFTER = (jobs.JobKind.READ_VERSION, jobs.JobKind.INDEX_ITEM)


@pages.get("/drives")
@open_to(Action.FILE_EVIDENCE)
def drives(school_key: str) -> str:
    found = intake.drives_of(reading(), actor())
    return render_template(
        "evidence/drives.html",
        drives=[(drive, intake.progress_of(reading(), drive)) for drive in found],
        most_bytes=backends().settings.max_upload_bytes,
    )


@pages.post("/drives")
@open_to(Action.FILE_EVIDENCE)
def hand_in_drive(school_key: str) -> str | Response:
    """A script is answered with the line of the drive in the list; a bare form, with the drive's page.

    Several files of one form, and those that come with the same mark, as from the page of a drive of which parts are
    missing, are the parts of one drive.
    """
    files = [file for file in request.files.getlist("files") if file.filename]
    together, parts = request.form.get("together", ""), request.form.get("parts", type=int) or 1
    try:
        stored = [store_upload(file) for file in files] or [store_upload(None)]
        if len(stored) > 1 and not together:
            together, parts = new_id(), len({file.blob.sha256 for file in stored})
        with unit_of_work() as work:
            for file in stored:
                drive = intake.begin_drive(work, actor=actor(), file=file, together=together, parts=parts)
    except AppError as error:
        if wants_fragment():
            raise
        say_trouble(error.message.in_language(language()))
        return redirect(url_for("evidence.drives", school_key=school_key))
    if wants_fragment():
        return render_template("evidence/_drive_row.html", drive=drive, progress=intake.progress_of(reading(), drive))
    return _to(drive)


@pages.get("/drives/newest")
@open_to(Action.FILE_EVIDENCE)
def newest_drive(school_key: str) -> Response:
    """Where the page goes on once a ZIP is handed in."""
    found = intake.drives_of(reading(), actor())
    return _to(found[0]) if found else redirect(url_for("evidence.drives", school_key=school_key))


@pages.get("/drives/<drive_id>")
@open_to(Action.FILE_EVIDENCE)
def drive(school_key: str, drive_id: str) -> str:
    return _page(intake.drive_of(reading(), actor(), drive_id))


@pages.get("/drives/<drive_id>/progress")
@open_to(Action.FILE_EVIDENCE)
def drive_progress(school_key: str, drive_id: str) -> Response:
    """How far it is, asked again and again; once that is another page than the one shown, the page is loaded anew."""
    found = intake.drive_of(reading(), actor(), drive_id)
    if not wants_fragment():
        return _to(found)
    answer = make_response(render_template("evidence/_drive_progress.html", **_progress(found)))
    if found.state != request.args.get("shown"):
        answer.headers["HX-Refresh"] = "true"
    return answer


@pages.post("/drives/<drive_id>/start")
@open_to(Action.FILE_EVIDENCE)
def start_drive(school_key: str, drive_id: str) -> Response:
    try:
        _require_room(drive_id)
        with unit_of_work() as work:
            found = intake.start_drive(
                work, actor=actor(), drive_id=drive_id, visibility=request.form.get("visibility", "")
            )
    except AppError as error:
        if error.code != "invalid":
            raise
        page = _page(intake.drive_of(reading(), actor(), drive_id), trouble=error)
        return make_response(page, 422)
    return _to(found)


@pages.post("/drives/<drive_id>/pause")
@open_to(Action.FILE_EVIDENCE)
def pause_drive(school_key: str, drive_id: str) -> Response:
    with unit_of_work() as work:
        return _to(intake.pause_drive(work, actor=actor(), drive_id=drive_id))


@pages.post("/drives/<drive_id>/resume")
@open_to(Action.FILE_EVIDENCE)
def resume_drive(school_key: str, drive_id: str) -> Response:
    with unit_of_work() as work:
        return _to(intake.resume_drive(work, actor=actor(), drive_id=drive_id))


@pages.post("/drives/<drive_id>/drop")
@open_to(Action.FILE_EVIDENCE)
def drop_drive(school_key: str, drive_id: str) -> Response:
    with unit_of_work() as work:
        intake.drop_drive(work, actor=actor(), drive_id=drive_id)
    say_done(gettext("Nothing more of it comes in. What was in already stays."))
    return redirect(url_for("evidence.drives", school_key=school_key))


def _page(found: Drive, *, trouble: AppError | None = None) -> str:
    """The page of a drive as it stands: the plan before it is started, how far it is while it comes in, the report."""
    if found.state_now is DriveState.PLANNED:
        plan, may_release = intake.plan_of(reading(), actor(), found), can(actor(), Action.RELEASE_EVIDENCE)
        return render_template(
            "evidence/drive_plan.html",
            plan=plan,
            **given(plan.given),
            seen_by=request.form.get("visibility", found.visibility),
            trouble=trouble,
            refused=_with_reasons(plan.refused[:REFUSED_SHOWN]),
            noticed=_with_reasons(plan.noticed[:REFUSED_SHOWN]),
            papers=plan.guarded_as(Looks.PAPER),
            exams=plan.guarded_as(Looks.EXAM),
            names=plan.guarded_as(Looks.NAMES),
            most_shown=REFUSED_SHOWN,
            visibilities=[(v.value, v.label) for v in Visibility if v != Visibility.PUBLIC or may_release],
            choices=nodes().choices(),
            **(saying(found) | rows_of(list(plan.folders), found, "")),
        )
    return render_template(
        "evidence/drive.html",
        refused=_with_reasons(intake.files_of(reading(), found, FileState.REFUSED, most=REFUSED_SHOWN)),
        texts=intake.texts_in(reading(), actor(), found),
        unread=intake.unread_in(reading(), actor(), found, most=REFUSED_SHOWN),
        shown=[(nodes()[key], count) for key, count in intake.shown_by(reading(), actor(), found)],
        alike=intake.alike_in(reading(), found),
        **_progress(found),
    )


def _require_room(drive_id: str) -> None:
    """Nothing, where there is room for all of it; Invalid says what is in the way before anything came in."""
    found = intake.drive_of(reading(), actor(), drive_id)
    wanted = intake.bytes_to_come(reading(), found)
    try:
        intake.require_room(reading(), backends().blobs, actor=actor(), size_bytes=wanted)
    except NoRoom as error:
        raise Invalid(error.message) from error


def _with_reasons(files: Sequence[DriveFile | Row[Any]]) -> list[tuple[DriveFile | Row[Any], Message | None]]:
    return [(file, words_of(file.reason)) for file in files]


def _progress(found: Drive) -> dict[str, object]:
    progress = intake.progress_of(reading(), found)
    left = progress.seconds_left
    held = Counter(signs.looks for signs in intake.held_of(reading(), actor(), found).values())
    return {
        "drive": found,
        "progress": progress,
        "time_left": format_timedelta(timedelta(seconds=left)) if left is not None else "",
        "states": FileState,
        "trouble": words_of(found.trouble),
        "papers": held[Looks.PAPER],
        "exams": held[Looks.EXAM],
        "names": held[Looks.NAMES],
        "is_stuck": intake.is_stuck(reading(), found),
        "parts_here": len(intake.zips_of(reading(), found)) if intake.is_gathering(reading(), found) else 0,
        "reading_left": jobs.unfinished_count(reading(), found.school_id, READ_AFTER),
    }


def _to(found: Drive) -> Response:
    return redirect(url_for("evidence.drive", school_key=_school_key(), drive_id=found.id), 303)


def _school_key() -> str:
    return str((request.view_args or {})["school_key"])
