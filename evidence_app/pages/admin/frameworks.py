"""The frameworks a school follows, and its own wording over them: what lies there now, importing and taking away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

import standards
from evidence_app.domain import frameworks as rooms
from evidence_app.domain import intake
from evidence_app.domain.access import Action
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import LANGUAGES
from evidence_app.pages.admin.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.templating import language, say

ROWS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a sheet, in the reader's words."""

    line: int
    column: str
    what: str
    remedy: str


@pages.get("/frameworks")
@open_to(Action.MANAGE_SCHOOL)
def frameworks(school_key: str) -> str:
    found = rooms.followed(reading(), actor().school_id)
    own = rooms.count_own_wording(reading(), actor().school_id)
    return render_template(
        "admin/frameworks.html", frameworks=[(each, _counts(each), own.get(each.key, 0)) for each in found]
    )


@pages.get("/frameworks/<framework_key>")
@open_to(Action.MANAGE_SCHOOL)
def framework(school_key: str, framework_key: str) -> str:
    return _framework_page(framework_key)


@pages.post("/frameworks/<framework_key>")
@open_to(Action.MANAGE_SCHOOL)
def import_wording(school_key: str, framework_key: str) -> Response:
    rooms.catalogue_for(reading(), actor().school_id, framework_key)
    troubles, kept = _import(framework_key)
    if troubles:
        return make_response(_framework_page(framework_key, troubles), 422)
    flash(ngettext("%(num)s text is laid over it.", "%(num)s texts are laid over it.", kept))
    return redirect(url_for("admin.framework", school_key=school_key, framework_key=framework_key))


@pages.post("/frameworks/<framework_key>/remove")
@open_to(Action.MANAGE_SCHOOL)
def remove_wording(school_key: str, framework_key: str) -> Response:
    with unit_of_work() as work:
        rooms.remove_wording(work, actor=actor(), framework_key=framework_key)
    flash(gettext("Your wording is taken away. The framework reads as it came."))
    return redirect(url_for("admin.framework", school_key=school_key, framework_key=framework_key))


def _import(framework_key: str) -> tuple[list[Trouble], int]:
    """What is wrong with the sheet that was sent, and how many texts were kept: none when anything is wrong."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return [Trouble(0, "", gettext("No file was chosen."), gettext("Choose a CSV or XLSX file."))], 0
    chosen = request.form.get("language", "")
    try:
        rows = intake.read_table(sent.stream, sent.filename)
    except standards.OverlayError as error:
        return [_trouble(error.problem)], 0
    except Invalid as error:
        return [Trouble(0, "", str(say(error.message)), "")], 0
    with unit_of_work() as work:
        result = rooms.import_wording(
            work,
            actor=actor(),
            framework_key=framework_key,
            rows=rows,
            language=chosen if chosen in LANGUAGES else school().language,
        )
    return [_trouble(problem) for problem in result.problems], len(result.rows)


def _trouble(problem: standards.Problem) -> Trouble:
    return Trouble(
        problem.line, problem.column, gettext(problem.what) % problem.params, gettext(problem.remedy) % problem.params
    )


def _framework_page(framework_key: str, troubles: list[Trouble] | None = None) -> str:
    found = rooms.catalogue_for(reading(), actor().school_id, framework_key)
    own = rooms.own_wording(reading(), actor().school_id, framework_key)
    known = standards.load(framework_key)
    return render_template(
        "admin/framework.html",
        framework=found,
        counts=_counts(found),
        troubles=troubles or [],
        rows=[(row, found.node(row.code), row.code not in known) for row in own[:ROWS_SHOWN] if row.code in found],
        total=len(own),
        languages=list(LANGUAGES.items()),
        example=next((node.code for node in found.practices()), found.nodes[0].code),
    )


def _counts(framework: standards.Catalogue) -> list[tuple[str, int]]:
    """The levels of a framework in the reader's words, with how many entries stand on each."""
    counted = Counter(node.level for node in framework)
    return [(level.label(language()), counted[level.name]) for level in framework.levels if counted[level.name]]
