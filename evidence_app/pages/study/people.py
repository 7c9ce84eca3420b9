"""Who works on the self-study, and who was heard."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import desk, overview_url
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.people import member_choices

EMPTY_ROWS = 3


@pages.get("/<evaluation_id>/people")
@open_to(Action.WRITE_STUDY)
def people(school_key: str, evaluation_id: str) -> str:
    team = [(member.person_id, member.part) for member, _ in selfstudy.team_of(reading(), actor(), evaluation_id)]
    heard = selfstudy.participants_of(reading(), actor(), evaluation_id)
    return render_template(
        "study/people.html",
        desk=desk(evaluation_id),
        team=team + [("", "")] * EMPTY_ROWS,
        heard=[(row.who, row.people, row.did) for row in heard] + [("", "", "")] * EMPTY_ROWS,
        members=member_choices(),
    )


@pages.post("/<evaluation_id>/team")
@open_to(Action.MANAGE_STUDY)
def save_team(school_key: str, evaluation_id: str) -> Response:
    chosen = zip(request.form.getlist("person"), request.form.getlist("part"), strict=False)
    with unit_of_work() as work:
        selfstudy.set_team(
            work, actor=actor(), evaluation_id=evaluation_id, members=[(id, part) for id, part in chosen if id]
        )
    say_done(gettext("The team is saved."))
    return redirect(overview_url(evaluation_id))


@pages.post("/<evaluation_id>/participants")
@open_to(Action.WRITE_STUDY)
def save_participants(school_key: str, evaluation_id: str) -> Response:
    form = request.form
    rows = list(zip(form.getlist("who"), form.getlist("people"), form.getlist("did"), strict=False))
    with unit_of_work() as work:
        selfstudy.set_participants(work, actor=actor(), evaluation_id=evaluation_id, rows=rows)
    say_done(gettext("Who was heard is saved."))
    return redirect(overview_url(evaluation_id))
