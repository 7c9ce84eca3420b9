"""Plans and their objectives, made and changed."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.database import now
from evidence_app.domain import planning, selfstudy
from evidence_app.domain.access import Action
from evidence_app.domain.planning import Plan, PlanKind
from evidence_app.errors import AppError, NotFound
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.plan.blueprint import pages
from evidence_app.pages.plan.views import plan_url
from evidence_app.typed import LONGEST_NAME, LONGEST_TEXT
from evidence_app.web.access import open_to
from evidence_app.web.errors import STATUS
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.templating import say


class PlanForm(Form):
    """What a plan is about."""

    name = StringField(
        _("Name"), [InputRequired(_("Write a name, for example: Action plan 2026-27.")), AtMost(LONGEST_NAME)]
    )
    kind = SelectField(_("Kind"), description=_("Milestones belong to a programme development plan."))
    evaluation_id = SelectField(_("Belongs to the evaluation"))
    focus = TextAreaField(
        _("Focus"), [AtMost(LONGEST_TEXT)], description=_("The one thing that will be different for students.")
    )
    rationale = TextAreaField(_("Why this"), [AtMost(LONGEST_TEXT)])
    impact = TextAreaField(
        _("What came of it"), [AtMost(LONGEST_TEXT)], description=_("Filled in on the way and at the end.")
    )
    reflection = TextAreaField(_("What we learned"), [AtMost(LONGEST_TEXT)])
    revision = HiddenField()

    def offer(self) -> PlanForm:
        """The form with kinds and evaluations to choose from."""
        self.kind.choices = options((kind.value, say(kind.label)) for kind in PlanKind)
        found = selfstudy.evaluations_of(reading(), actor())
        self.evaluation_id.choices = options([("", gettext("None")), *((one.id, one.name) for one in found)])
        return self

    def words(self) -> dict[str, str]:
        """The texts of the form."""
        return {name: self[name].data or "" for name in ("name", "focus", "rationale", "impact")}


@pages.get("/new")
@open_to(Action.WRITE_PLAN)
def new_plan(school_key: str) -> str:
    form = PlanForm(formdata=None, data={"kind": request.args.get("kind", PlanKind.ACTION_PLAN.value)}).offer()
    return render_template("plan/edit_plan.html", form=form, plan=None)


@pages.post("/new")
@open_to(Action.WRITE_PLAN)
def add_plan(school_key: str) -> Response:
    form = PlanForm().offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                added = planning.add_plan(
                    work,
                    actor=actor(),
                    kind=PlanKind(form.kind.data),
                    evaluation_id=form.evaluation_id.data or None,
                    **form.words(),
                )
                plan_id = added.id
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("The plan is there. Begin with an objective."))
            return redirect(plan_url(plan_id))
    return make_response(render_template("plan/edit_plan.html", form=form, plan=None), 422)


@pages.get("/<plan_id>/edit")
@open_to(Action.WRITE_PLAN)
def edit_plan(school_key: str, plan_id: str) -> str:
    found = _plan(plan_id)
    return render_template("plan/edit_plan.html", form=PlanForm(formdata=None, obj=found).offer(), plan=found)


@pages.post("/<plan_id>/edit")
@open_to(Action.WRITE_PLAN)
def save_plan(school_key: str, plan_id: str) -> Response:
    found, form, status = _plan(plan_id), PlanForm().offer(), 422
    form.kind.data = found.kind
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                planning.update_plan(
                    work,
                    actor=actor(),
                    plan_id=plan_id,
                    evaluation_id=form.evaluation_id.data or None,
                    reflection=form.reflection.data or "",
                    base_revision=request.form.get("revision", type=int),
                    **form.words(),
                )
        except AppError as error:
            form.take_error(error)
            status = STATUS.get(error.code, 422)
        else:
            say_done(gettext("The plan is saved."))
            return redirect(plan_url(plan_id))
    found = _plan(plan_id)
    form.revision.data = str(found.revision)
    page = render_template("plan/edit_plan.html", form=form, plan=found, is_clash=status == 409)
    return make_response(page, status)


@pages.post("/<plan_id>/objectives")
@open_to(Action.WRITE_PLAN)
def add_objective(school_key: str, plan_id: str) -> Response:
    with unit_of_work() as work:
        added = planning.add_objective(
            work,
            actor=actor(),
            plan_id=plan_id,
            title=request.form.get("title", ""),
            description=request.form.get("description", ""),
        )
        work.flush()
        objective_id = added.id
    say_done(gettext("The objective is there. What is the first action?"))
    return redirect(url_for("plan.new_action", school_key=school_key, plan_id=plan_id, objective=objective_id))


@pages.post("/<plan_id>/objectives/<objective_id>")
@open_to(Action.WRITE_PLAN)
def change_objective(school_key: str, plan_id: str, objective_id: str) -> Response:
    """Saves, moves up, or takes away an objective, as the button says."""
    step = request.form.get("do", "save")
    place = _place(plan_id, objective_id)
    with unit_of_work() as work:
        if step == "remove":
            planning.remove_objective(work, actor=actor(), objective_id=objective_id)
        elif step == "up":
            planning.move_objective(work, actor=actor(), objective_id=objective_id, position=place - 1)
        else:
            planning.update_objective(
                work,
                actor=actor(),
                objective_id=objective_id,
                title=request.form.get("title", ""),
                description=request.form.get("description", ""),
            )
    say_done(gettext("The objective is taken away.") if step == "remove" else gettext("The objective is saved."))
    return redirect(plan_url(plan_id))


def _plan(plan_id: str) -> Plan:
    return planning.plan_table(reading(), actor(), plan_id, today=now().date()).plan


def _place(plan_id: str, objective_id: str) -> int:
    """Where an objective stands in its plan, counted from 0; NotFound when it is not in this plan."""
    rows = planning.plan_table(reading(), actor(), plan_id, today=now().date()).objectives
    found = [place for place, row in enumerate(rows) if row.objective.id == objective_id]
    if not found:
        raise NotFound(msg("There is no such part of a plan, or it is not open to you."))
    return found[0]
