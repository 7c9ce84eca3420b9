"""Who leads an answer, and which requirements below its practice are in place."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Action
from evidence_app.domain.selfstudy import RequirementState
from evidence_app.errors import NotFound
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import answer_url
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.fragments import wants_fragment


@pages.post("/<evaluation_id>/answers/<response_id>/lead")
@open_to(Action.MANAGE_STUDY)
def lead(school_key: str, evaluation_id: str, response_id: str) -> Response:
    with unit_of_work() as work:
        selfstudy.assign_lead(
            work, actor=actor(), response_id=response_id, person_id=request.form.get("lead", "") or None
        )
    say_done(gettext("The lead is changed."))
    return redirect(answer_url(evaluation_id, response_id))


@pages.post("/<evaluation_id>/answers/<response_id>/requirements/<code>")
@open_to(Action.WRITE_STUDY)
def requirement(school_key: str, evaluation_id: str, response_id: str, code: str) -> str | Response:
    """Keeps one answer at once; a script is answered with its row."""
    page = selfstudy.response_page(reading(), actor(), response_id)
    line = next((line for line in page.requirements if line.node.code == code), None)
    if line is None:
        raise NotFound(msg("There is no such requirement here."))
    state = request.form.get("state", "")
    with unit_of_work() as work:
        selfstudy.answer_requirement(
            work,
            actor=actor(),
            response_id=response_id,
            node_key=line.node.key,
            state=RequirementState(state) if state in set(RequirementState) else None,
            note=request.form.get("note", ""),
        )
    if not wants_fragment():
        return redirect(answer_url(evaluation_id, response_id, _anchor="requirements"))
    page = selfstudy.response_page(reading(), actor(), response_id)
    line = next(line for line in page.requirements if line.node.code == code)
    states = list(RequirementState)
    return render_template("study/_requirement.html", page=page, line=line, requirement_states=states, kept=True)
