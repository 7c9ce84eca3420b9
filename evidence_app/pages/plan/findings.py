"""What evaluation reports said, what became of it, and turning it into actions."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from evidence_app.database import now
from evidence_app.domain import planning, selfstudy
from evidence_app.domain.access import Action, can
from evidence_app.domain.planning import Finding, FindingFacts, FindingKind, FindingState
from evidence_app.errors import AppError, NotFound
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.plan.blueprint import pages
from evidence_app.pages.plan.views import action_url
from evidence_app.typed import LONGEST_TEXT
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.nodes import nodes
from evidence_app.web.templating import say


class FindingForm(Form):
    """What a report said about the school, and what was done about it."""

    kind = SelectField(_("Kind"))
    text = TextAreaField(_("What it says"), [InputRequired(_("Write what the report says.")), AtMost(LONGEST_TEXT)])
    year = IntegerField(_("Year of the report"), [Optional(), NumberRange(1990, 2100, _("A year such as 2022."))])
    evaluation_id = SelectField(_("Evaluation"))
    node_key = SelectField(_("Practice"))
    programme = SelectField(_("Programme"))
    due_on = DateField(_("To be answered by"), [Optional()])
    state = SelectField(_("State"))
    done = TextAreaField(_("What was done"), [AtMost(LONGEST_TEXT)])

    def offer(self) -> FindingForm:
        """The form with kinds, states, practices, programmes and evaluations to choose from."""
        everything = [("", gettext("About everything"))]
        self.kind.choices = options((kind.value, say(kind.label)) for kind in FindingKind)
        self.state.choices = options((state.value, say(state.label)) for state in FindingState)
        known = [node for _group, inside in nodes().choices() for node in inside]
        self.node_key.choices = options(everything + [(n.key, f"{n.label} {n.code}") for n in known])
        mine = [p for p in school().programmes if selfstudy.may_reach(actor(), p)]
        self.programme.choices = options(everything + [(p, p) for p in mine])
        found = selfstudy.evaluations_of(reading(), actor())
        self.evaluation_id.choices = options([("", gettext("An earlier one")), *((one.id, one.name) for one in found)])
        return self

    def facts(self, action_id: str | None = None) -> FindingFacts:
        """What the form says."""
        return FindingFacts(
            kind=FindingKind(self.kind.data),
            text=self.text.data or "",
            evaluation_id=self.evaluation_id.data or None,
            year=self.year.data,
            node_key=self.node_key.data or "",
            programme=self.programme.data or "",
            due_on=self.due_on.data,
            done=self.done.data or "",
            state=FindingState(self.state.data),
            action_id=action_id,
        )


@pages.get("/findings")
@open_to(Action.READ_PLAN)
def findings(school_key: str) -> str:
    found = planning.findings_of(reading(), actor())
    plans = [
        planning.plan_table(reading(), actor(), one.id, today=now().date())
        for one in planning.plans_of(reading(), actor())
    ]
    answered = {row.action.id: (row, table.plan.id) for table in plans for row in table.actions}
    return render_template(
        "plan/findings.html",
        years=_by_year(found),
        nodes=nodes(),
        kinds={kind.value: say(kind.label) for kind in FindingKind},
        states={state.value: say(state.label) for state in FindingState},
        answers={
            one.id: (action_url(answered[one.action_id][1], one.action_id), answered[one.action_id][0])
            for one in found
            if one.action_id in answered
        },
        objectives=[
            (row.objective.id, f"{table.plan.name}: {row.code} {row.objective.title}")
            for table in plans
            for row in table.objectives
        ],
        may_write=can(actor(), Action.WRITE_PLAN),
    )


@pages.get("/findings/new")
@open_to(Action.WRITE_PLAN)
def new_finding(school_key: str) -> str:
    form = FindingForm(formdata=None, data={"kind": FindingKind.RECOMMENDATION.value}).offer()
    return render_template("plan/edit_finding.html", form=form, finding=None)


@pages.post("/findings/new")
@open_to(Action.WRITE_PLAN)
def add_finding(school_key: str) -> Response:
    form = FindingForm().offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                planning.add_finding(work, actor=actor(), facts=form.facts())
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("The finding is kept."))
            return redirect(url_for("plan.findings", school_key=school_key))
    return make_response(render_template("plan/edit_finding.html", form=form, finding=None), 422)


@pages.get("/findings/<finding_id>")
@open_to(Action.WRITE_PLAN)
def finding(school_key: str, finding_id: str) -> str:
    found = _finding(finding_id)
    data = {"evaluation_id": found.evaluation_id or ""}
    form = FindingForm(formdata=None, obj=found, data=data).offer()
    return render_template("plan/edit_finding.html", form=form, finding=found)


@pages.post("/findings/<finding_id>")
@open_to(Action.WRITE_PLAN)
def save_finding(school_key: str, finding_id: str) -> Response:
    found, form = _finding(finding_id), FindingForm().offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                facts = form.facts(found.action_id)
                planning.update_finding(work, actor=actor(), finding_id=finding_id, facts=facts)
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("The finding is saved."))
            return redirect(url_for("plan.findings", school_key=school_key))
    return make_response(render_template("plan/edit_finding.html", form=form, finding=_finding(finding_id)), 422)


@pages.post("/findings/<finding_id>/act")
@open_to(Action.WRITE_PLAN)
def act_on(school_key: str, finding_id: str) -> Response:
    """Makes the finding an action of an objective, and goes there to say who and by when."""
    with unit_of_work() as work:
        added = planning.act_on_finding(
            work, actor=actor(), finding_id=finding_id, objective_id=request.form.get("objective", "")
        )
        action_id = added.id
    tables = (
        planning.plan_table(reading(), actor(), one.id, today=now().date())
        for one in planning.plans_of(reading(), actor())
    )
    plan_id = next(table.plan.id for table in tables if action_id in {row.action.id for row in table.actions})
    say_done(gettext("The finding is an action now. Say who sees to it, and by when."))
    return redirect(action_url(plan_id, action_id))


def _by_year(found: list[Finding]) -> list[tuple[int | None, list[Finding]]]:
    years = dict.fromkeys(one.year for one in found)
    return [(year, [one for one in found if one.year == year]) for year in years]


def _finding(finding_id: str) -> Finding:
    found = next((one for one in planning.findings_of(reading(), actor()) if one.id == finding_id), None)
    if found is None:
        raise NotFound(msg("There is no such finding, or it is not open to you."))
    return found
