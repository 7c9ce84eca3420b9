"""The folders of a drive before it comes in: what their names say, level by level, and putting it right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import cast

from flask import g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import intake, schools
from evidence_app.domain.access import Action
from evidence_app.domain.intake import Drive, FolderPlan, Given, Named, Suggested
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import Message, msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import nodes

SAID_WORDS = {
    "node_keys": msg("Practices"),
    "school_year": msg("School years"),
    "programmes": msg("Programmes"),
    "subject_id": msg("Subjects"),
    "year_group_id": msg("Grades"),
}
SUGGESTED_SHOWN = 300
ROWS_SHOWN = 100
"""Folders of one level, or files of one practice, that are sent at once; more come when they are asked for."""


@pages.get("/drives/<drive_id>/folders")
@open_to(Action.FILE_EVIDENCE)
def drive_folders(school_key: str, drive_id: str) -> str:
    """A folder, to be put right, with those in it, or those at the top; a script is answered with their rows alone."""
    drive = intake.drive_of(reading(), actor(), drive_id)
    folder = request.args.get("folder", "")
    rows = rows_of(intake.folders_of(reading(), actor(), drive, folder), drive, folder, _after())
    if wants_fragment():
        return render_template("evidence/_drive_folders.html", **rows)
    return _folder_page(drive, folder, rows)


@pages.get("/drives/<drive_id>/folders/edit")
@open_to(Action.FILE_EVIDENCE)
def edit_folder(school_key: str, drive_id: str) -> str | Response:
    """The row of a folder as a form; a bare browser is led to the folder's page, where the same form is."""
    drive = intake.drive_of(reading(), actor(), drive_id)
    folder = request.args.get("folder", "")
    if not wants_fragment():
        return redirect(url_for("evidence.drive_folders", school_key=school_key, drive_id=drive_id, folder=folder))
    one = intake.folder_of(reading(), actor(), drive, folder)
    return render_template("evidence/_drive_folder_edit.html", **_form(drive, one, one.named))


@pages.post("/drives/<drive_id>/folders")
@open_to(Action.FILE_EVIDENCE)
def say_of_folder(school_key: str, drive_id: str) -> str | Response:
    """A script is answered with the row as it stands now, or the form with what is wrong."""
    folder = request.args.get("folder", "")
    said, shown = _said(), request.form.get("shown", "")
    try:
        with unit_of_work() as work:
            drive = intake.say_of_folder(work, actor=actor(), drive_id=drive_id, folder=folder, named=said, shown=shown)
    except Invalid as error:
        return _wrong(drive_id, folder, said, error.message)
    one = intake.folder_of(reading(), actor(), drive, folder)
    if wants_fragment():
        answer = make_response(render_template("evidence/_drive_folder.html", one=one, **_words(drive)))
        answer.headers["HX-Trigger"] = "said"
        return answer
    words = ngettext("Said for %(num)s file.", "Said for %(num)s files.", one.files)
    say_done(words)
    return redirect(url_for("evidence.drive", school_key=school_key, drive_id=drive_id, _anchor="folders"), 303)


@pages.get("/drives/<drive_id>/given")
@open_to(Action.FILE_EVIDENCE)
def drive_given(school_key: str, drive_id: str) -> str:
    """What the names of all files give, asked for again once a folder was put right."""
    drive = intake.drive_of(reading(), actor(), drive_id)
    found = given(intake.given_in(reading(), actor(), drive))
    return render_template("evidence/_drive_given.html", drive=drive, is_anew=True, asked=None, **found)


@pages.get("/drives/<drive_id>/saying")
@open_to(Action.FILE_EVIDENCE)
def drive_saying(school_key: str, drive_id: str) -> str:
    """The files that get one thing by their names, some at a time."""
    drive = intake.drive_of(reading(), actor(), drive_id)
    return render_template("evidence/_drive_saying.html", **saying(drive))


def given(found: Given) -> dict[str, object]:
    """What the list of that needs."""
    return {"suggested": _by_kind(found.suggested), "kinds": SAID_WORDS, "tagged": found.tagged}


def saying(drive: Drive) -> dict[str, object]:
    """What the address of the page asks of the files that get one thing: these, and where the next ones are."""
    what, value = request.args.get("what", ""), request.args.get("value", "")
    found, after = intake.files_saying(reading(), actor(), drive, what, value) if value else [], _after()
    ahead = after + ROWS_SHOWN
    key = school().key
    more = url_for("evidence.drive_saying", school_key=key, drive_id=drive.id, what=what, value=value, after=ahead)
    return {"paths": found[after:ahead], "more": more if found[ahead:] else "", "asked": (what, value)}


def rows_of(folders: list[FolderPlan], drive: Drive, folder: str, after: int = 0) -> dict[str, object]:
    """What the rows of folders need: some of them, and where the next ones are."""
    ahead = after + ROWS_SHOWN
    more = url_for("evidence.drive_folders", school_key=school().key, drive_id=drive.id, after=ahead, folder=folder)
    return {"folders": folders[after:ahead], "more": more if folders[ahead:] else "", **_words(drive)}


def _words_of_value(what: str, value: str) -> str:
    """A value that names say, in words."""
    if what == "node_keys":
        node = nodes()[value]
        return f"{node.label} {node.code}".strip()
    return _place_names().get(value, value)


def _by_kind(suggested: Sequence[Suggested]) -> list[tuple[str, list[tuple[str, Suggested]]]]:
    """What the names say, kind by kind, each with its words."""
    grouped = groupby(suggested[:SUGGESTED_SHOWN], key=lambda one: one.what)
    return [(what, [(_words_of_value(what, one.value), one) for one in ones]) for what, ones in grouped]


def _words(drive: Drive) -> dict[str, object]:
    return {"drive": drive, "says": _says}


def _says(one: FolderPlan) -> list[tuple[str, bool]]:
    """What the files of a folder get, in words, each with whether the folder says it itself."""
    said = [("node_keys", key) for key in one.named.node_keys]
    said += [("school_year", one.named.school_year), *(("programmes", p) for p in one.named.programmes)]
    said += [("subject_id", one.named.subject_id or ""), ("year_group_id", one.named.year_group_id or "")]
    return [(_words_of_value(what, value), what in one.own) for what, value in said if value]


def _place_names() -> dict[str, str]:
    """Id of each subject and year group of the school -> its name; asked for once a request."""
    if "place_names" not in g:
        divisions = schools.divisions_of(reading(), actor())
        g.place_names = {one.id: one.name for one in divisions.subjects} | {
            one.id: one.name for one in divisions.year_groups
        }
    return cast(dict[str, str], g.place_names)


def _said() -> Named:
    """What was written in the form of a folder."""
    return Named(
        node_keys=tuple(code for code in request.form.get("practices", "").replace(",", " ").split() if code),
        school_year=request.form.get("school_year", "").strip(),
        programmes=tuple(request.form.getlist("programmes")),
        subject_id=request.form.get("subject_id") or None,
        year_group_id=request.form.get("year_group_id") or None,
    )


def _form(drive: Drive, one: FolderPlan, said: Named, trouble: Message | None = None) -> dict[str, object]:
    divisions = schools.divisions_of(reading(), actor())
    none = [("", gettext("Not said"))]
    allowed = [p for p in school().programmes if not actor().programmes or p in actor().programmes]
    return {
        "drive": drive,
        "one": one,
        "said": said,
        "codes": ", ".join(nodes()[key].code or key for key in said.node_keys),
        "trouble": trouble,
        "programmes": list(dict.fromkeys((*allowed, *said.programmes))),
        "subjects": none + [(each.id, each.name) for each in divisions.subjects],
        "year_groups": none + [(each.id, each.name) for each in divisions.year_groups],
    }


def _wrong(drive_id: str, folder: str, said: Named, why: Message) -> Response:
    drive = intake.drive_of(reading(), actor(), drive_id)
    one = intake.folder_of(reading(), actor(), drive, folder)
    if wants_fragment():
        form = _form(drive, one, said, why)
        return make_response(render_template("evidence/_drive_folder_edit.html", **form), 422)
    rows = rows_of(intake.folders_of(reading(), actor(), drive, folder), drive, folder)
    return make_response(_folder_page(drive, folder, rows, said=said, trouble=why), 422)


def _folder_page(
    drive: Drive, folder: str, rows: dict[str, object], *, said: Named | None = None, trouble: Message | None = None
) -> str:
    one = intake.folder_of(reading(), actor(), drive, folder) if folder else None
    above = [folder[:at] for at, letter in enumerate(folder) if letter == "/"]
    form = _form(drive, one, said or one.named, trouble) if one else {"one": None}
    return render_template("evidence/drive_folder.html", above=above, choices=nodes().choices(), **(rows | form))


def _after() -> int:
    after = request.args.get("after", "0")
    return int(after) if after.isdecimal() and len(after) < 8 else 0
