"""The frame of an evaluation: opened, its programmes and scale changed, its dates set, closed and opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional

from evidence_app.domain import frameworks, selfstudy
from evidence_app.domain.access import Action
from evidence_app.domain.selfstudy import Evaluation
from evidence_app.errors import AppError
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import catalogue_of, desk, overview_url
from evidence_app.pages.study.overview import deadline_words, road_of
from evidence_app.typed import LONGEST_NAME
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form, options, read_day
from evidence_app.web.templating import language


class FrameForm(Form):
    """What an evaluation is about, and when."""

    programmes = SelectMultipleField(_("Programmes"))
    visit_on = DateField(_("First day of the visit"), [Optional()], description=_("All other dates follow from it."))
    visit_until = DateField(_("Last day"), [Optional()])
    period_from = DateField(_("The self-study looks at the time from"), [Optional()])
    period_to = DateField(_("to"), [Optional()])
    name = StringField(
        _("Name"), [AtMost(LONGEST_NAME)], description=_("Without one, it is called by its programmes and year.")
    )
    scale = SelectField(_("How answers are rated"))

    def offer(self, framework_key: str) -> FrameForm:
        """The form with the school's programmes and the framework's scales to choose from."""
        mine = [p for p in school().programmes if selfstudy.may_reach(actor(), p)]
        self.programmes.choices = options((p, p) for p in mine)
        catalogue = frameworks.catalogue_for(reading(), school().id, framework_key)
        scales = catalogue.scales_for(catalogue.answered_level or "")
        self.scale.choices = options(
            (scale.key, ", ".join(step.label(language()) for step in scale.levels)) for scale in scales
        )
        return self

    def facts(self) -> dict[str, Any]:
        """What the fields say, as the actions of the self-study take it."""
        return {
            "programmes": self.programmes.data or [],
            "visit_on": self.visit_on.data,
            "visit_until": self.visit_until.data,
            "period_from": self.period_from.data,
            "period_to": self.period_to.data,
            "name": self.name.data or "",
            "scale_key": self.scale.data or None,
        }


class OpeningForm(FrameForm):
    """A new evaluation: also which framework it answers."""

    framework = SelectField(_("Framework"), [InputRequired(_("Choose what is answered."))])

    def offer_frameworks(self) -> OpeningForm:
        """The form with the frameworks a self-study can answer."""
        answered = [c for c in frameworks.followed(reading(), school().id) if c.answered_level]
        self.framework.choices = options((c.key, c.name(language())) for c in answered)
        asked = self.framework.data
        self.offer(asked if asked in {c.key for c in answered} else answered[0].key)
        return self


@pages.get("/new")
@open_to(Action.MANAGE_STUDY)
def new(school_key: str) -> str:
    form = OpeningForm(formdata=None, data={"programmes": list(school().programmes)}).offer_frameworks()
    return render_template("study/new.html", form=form)


@pages.post("/new")
@open_to(Action.MANAGE_STUDY)
def open_new(school_key: str) -> Response:
    form = OpeningForm().offer_frameworks()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                opened = selfstudy.open_evaluation(
                    work, actor=actor(), framework_key=form.framework.data, **form.facts()
                )
                evaluation_id = opened.id
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("The evaluation is open. These dates follow from the visit; change any of them."))
            return redirect(url_for("study.dates", school_key=school_key, evaluation_id=evaluation_id))
    return make_response(render_template("study/new.html", form=form), 422)


@pages.get("/<evaluation_id>/frame")
@open_to(Action.MANAGE_STUDY)
def frame(school_key: str, evaluation_id: str) -> str:
    found = selfstudy.evaluation(reading(), actor(), evaluation_id)
    return render_template("study/frame.html", form=_frame_form(found), desk=desk(evaluation_id))


@pages.post("/<evaluation_id>/frame")
@open_to(Action.MANAGE_STUDY)
def save_frame(school_key: str, evaluation_id: str) -> Response:
    found = selfstudy.evaluation(reading(), actor(), evaluation_id)
    form = FrameForm().offer(found.framework_key)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                selfstudy.update_evaluation(work, actor=actor(), evaluation_id=evaluation_id, **form.facts())
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("Saved. Dates nobody set by hand moved with the visit."))
            return redirect(url_for("study.dates", school_key=school_key, evaluation_id=evaluation_id))
    return make_response(render_template("study/frame.html", form=form, desk=desk(evaluation_id)), 422)


@pages.get("/<evaluation_id>/dates")
@open_to(Action.READ_STUDY)
def dates(school_key: str, evaluation_id: str) -> str:
    table = desk(evaluation_id)
    rows = selfstudy.deadlines_of(reading(), actor(), evaluation_id)
    return render_template(
        "study/dates.html",
        desk=table,
        stops=road_of(table.evaluation, rows),
        rows=[(row, deadline_words(row), row.key in set(selfstudy.DeadlineKind)) for row in rows],
    )


@pages.post("/<evaluation_id>/dates")
@open_to(Action.MANAGE_STUDY)
def save_dates(school_key: str, evaluation_id: str) -> Response:
    """Keeps the dates that were changed; an emptied one is reckoned from the visit again."""
    rows = selfstudy.deadlines_of(reading(), actor(), evaluation_id)
    wanted = [
        (row, _day(f"due-{row.key}"), _day(f"done-{row.key}")) for row in rows if f"due-{row.key}" in request.form
    ]
    with unit_of_work() as work:
        for row, due_on, done_on in wanted:
            if (due_on, done_on) != (row.due_on, row.done_on):
                selfstudy.set_deadline(
                    work, actor=actor(), evaluation_id=evaluation_id, key=row.key, due_on=due_on, done_on=done_on
                )
        if request.form.get("title", "").strip() and (day := _day("due_on")):
            selfstudy.add_deadline(
                work, actor=actor(), evaluation_id=evaluation_id, title=request.form["title"], due_on=day
            )
    say_done(gettext("The dates are saved."))
    return redirect(url_for("study.dates", school_key=school_key, evaluation_id=evaluation_id))


@pages.post("/<evaluation_id>/dates/<key>/remove")
@open_to(Action.MANAGE_STUDY)
def remove_date(school_key: str, evaluation_id: str, key: str) -> Response:
    with unit_of_work() as work:
        selfstudy.remove_deadline(work, actor=actor(), evaluation_id=evaluation_id, key=key)
    say_done(gettext("The date is taken off the road."))
    return redirect(url_for("study.dates", school_key=school_key, evaluation_id=evaluation_id))


@pages.post("/<evaluation_id>/close")
@open_to(Action.MANAGE_STUDY)
def close(school_key: str, evaluation_id: str) -> Response:
    with unit_of_work() as work:
        selfstudy.close_evaluation(work, actor=actor(), evaluation_id=evaluation_id)
    say_done(
        gettext("The evaluation is closed: everybody can read it, nobody can change it."),
        undo_url=url_for("study.reopen", school_key=school_key, evaluation_id=evaluation_id),
    )
    return redirect(overview_url(evaluation_id))


@pages.post("/<evaluation_id>/reopen")
@open_to(Action.MANAGE_STUDY)
def reopen(school_key: str, evaluation_id: str) -> Response:
    with unit_of_work() as work:
        selfstudy.reopen_evaluation(work, actor=actor(), evaluation_id=evaluation_id)
    say_done(gettext("The evaluation is open again."))
    return redirect(overview_url(evaluation_id))


def _frame_form(found: Evaluation) -> FrameForm:
    form = FrameForm(
        formdata=None,
        data={
            "programmes": list(found.programmes),
            "visit_on": found.visit_on,
            "visit_until": found.visit_until,
            "period_from": found.period_from,
            "period_to": found.period_to,
            "name": found.name,
            "scale": found.scale_key,
        },
    )
    return form.offer(catalogue_of(found).key)


def _day(field: str) -> date | None:
    """The day of a field, None for an empty one; Invalid for what is no day."""
    return read_day(request.form.get(field, ""))
