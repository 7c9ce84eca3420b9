"""One action on one page: what, who, by when, its state, what was seen of it, and what shows that it was achieved."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from evidence_app.domain import accounts, planning
from evidence_app.domain.access import Action, can
from evidence_app.domain.planning import ActionFacts, ActionRow, ActionState
from evidence_app.errors import AppError, NotFound
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.plan.blueprint import pages
from evidence_app.pages.plan.views import PlanView, action_url, action_view, plan_url, plan_view
from evidence_app.typed import LONGEST_BUDGET, LONGEST_LINE, LONGEST_TEXT
from evidence_app.web.access import open_to
from evidence_app.web.errors import STATUS
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.item_choices import accepted_for, choice_sent, found_by
from evidence_app.web.nodes import nodes
from evidence_app.web.people import member_choices


class ActionForm(Form):
    """Everything that is said about an action, but for its practices, which are chips."""

    title = StringField(
        _("What will be done"), [InputRequired(_("Say in a line what will be done.")), AtMost(LONGEST_LINE)]
    )
    objective = SelectField(_("Objective"))
    owner = SelectField(_("Who sees to it"))
    start_on = DateField(_("Begins"), [Optional()])
    due_on = DateField(_("Done by"), [Optional()])
    budget = StringField(
        _("Budget"), [AtMost(LONGEST_BUDGET)], description=_("With its currency, for example: € 1,200.")
    )
    success_indicator = TextAreaField(_("We will know that it worked when"), [AtMost(LONGEST_TEXT)])
    description = TextAreaField(_("More about it"), [AtMost(LONGEST_TEXT)])
    revision = HiddenField()

    def offer(self, shown: PlanView) -> ActionForm:
        """The form with the plan's objectives and the school's people to choose from."""
        self.objective.choices = options((o.id, f"{o.code} {o.title}") for o in shown.objectives)
        self.owner.choices = options(member_choices())
        return self

    def facts(self) -> ActionFacts:
        """What the form says."""
        return ActionFacts(
            title=self.title.data or "",
            description=self.description.data or "",
            owner_id=self.owner.data or None,
            start_on=self.start_on.data,
            due_on=self.due_on.data,
            budget=self.budget.data or "",
            success_indicator=self.success_indicator.data or "",
            node_keys=tuple(dict.fromkeys(request.form.getlist("practices"))),
        )


@pages.get("/<plan_id>/actions/new")
@open_to(Action.WRITE_PLAN)
def new_action(school_key: str, plan_id: str) -> str:
    shown = plan_view(plan_id)
    if not shown.objectives:
        raise NotFound(msg("An action belongs to an objective, and this plan has none yet. Add one first."))
    form = ActionForm(formdata=None, data={"objective": request.args.get("objective", "")}).offer(shown)
    return _new_page(shown, form)


@pages.post("/<plan_id>/actions/new")
@open_to(Action.WRITE_PLAN)
def add_action(school_key: str, plan_id: str) -> Response:
    shown = plan_view(plan_id)
    form = ActionForm().offer(shown)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                planning.add_action(work, actor=actor(), objective_id=form.objective.data, facts=form.facts())
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("The action is in the plan."))
            return redirect(plan_url(plan_id))
    return make_response(_new_page(shown, form), 422)


@pages.get("/<plan_id>/actions/<action_id>")
@open_to(Action.READ_PLAN)
def action(school_key: str, plan_id: str, action_id: str) -> str:
    return _page(plan_id, action_id)


@pages.post("/<plan_id>/actions/<action_id>")
@open_to(Action.WRITE_PLAN)
def save_action(school_key: str, plan_id: str, action_id: str) -> Response:
    """Saves the facts and the objective; what somebody else saved meanwhile is shown, and nothing overwritten."""
    shown = plan_view(plan_id)
    row = _row(shown, action_id)
    form, status = ActionForm().offer(shown), 422
    if form.validate_on_submit():
        base = request.form.get("revision", type=int)
        target = next(o for o in shown.table.objectives if o.objective.id == form.objective.data)
        try:
            with unit_of_work() as work:
                planning.update_action(work, actor=actor(), action_id=action_id, facts=form.facts(), base_revision=base)
                if target.objective.id != row.action.objective_id:
                    planning.move_action(
                        work,
                        actor=actor(),
                        action_id=action_id,
                        objective_id=target.objective.id,
                        position=len(target.actions),
                    )
        except AppError as error:
            form.take_error(error)
            status = STATUS.get(error.code, 422)
        else:
            say_done(gettext("The action is saved."))
            return redirect(action_url(plan_id, action_id))
    return make_response(_page(plan_id, action_id, form, is_clash=status == 409), status)


@pages.post("/<plan_id>/actions/<action_id>/state")
@open_to(Action.WRITE_PLAN)
def set_state(school_key: str, plan_id: str, action_id: str) -> Response:
    state = request.form.get("state", "")
    before = str(_row(plan_view(plan_id), action_id).action.state)
    with unit_of_work() as work:
        planning.set_action_state(work, actor=actor(), action_id=action_id, state=state)  # type: ignore[arg-type]  # any text; the action says what is wrong with it
    say_done(
        gettext("The state is changed."), undo_url=url_for("plan.set_state", **(request.view_args or {})), state=before
    )
    on_board = request.form.get("view") == "board"
    return redirect(plan_url(plan_id, view="board") if on_board else action_url(plan_id, action_id))


@pages.post("/<plan_id>/actions/<action_id>/notes")
@open_to(Action.WRITE_PLAN)
def add_note(school_key: str, plan_id: str, action_id: str) -> Response:
    with unit_of_work() as work:
        planning.note_progress(work, actor=actor(), action_id=action_id, text=request.form.get("text", ""))
    say_done(gettext("The note is kept."))
    return redirect(action_url(plan_id, action_id) + "#notes")


@pages.post("/<plan_id>/actions/<action_id>/evidence")
@open_to(Action.WRITE_PLAN)
def attach(school_key: str, plan_id: str, action_id: str) -> Response:
    with unit_of_work() as work:
        planning.attach_evidence(work, actor=actor(), action_id=action_id, **choice_sent())
    say_done(gettext("The evidence is attached, in the version it has now."))
    return redirect(action_url(plan_id, action_id) + "#evidence")


@pages.post("/<plan_id>/actions/<action_id>/evidence/<evidence_id>/detach")
@open_to(Action.WRITE_PLAN)
def detach(school_key: str, plan_id: str, action_id: str, evidence_id: str) -> Response:
    with unit_of_work() as work:
        gone = planning.detach_evidence(work, actor=actor(), evidence_id=evidence_id)
    say_done(
        gettext("The evidence is no longer attached; it stays in the library."),
        undo_url=url_for("plan.attach", school_key=school_key, plan_id=plan_id, action_id=action_id),
        version=gone.version_id,
        how=gone.how,
    )
    return redirect(action_url(plan_id, action_id) + "#evidence")


def _page(plan_id: str, action_id: str, form: ActionForm | None = None, *, is_clash: bool = False) -> str:
    shown = plan_view(plan_id)
    row = _row(shown, action_id)
    facts = row.action
    if form is None:
        data = {"objective": facts.objective_id, "owner": facts.owner_id or ""}
        form = ActionForm(formdata=None, obj=facts, data=data).offer(shown)
        chosen: tuple[str, ...] = facts.node_keys
    else:
        chosen = tuple(request.form.getlist("practices"))
    form.revision.data = str(facts.revision)
    writers = accounts.names_of(reading(), school().id, {facts.changed_by, *(n.written_by for n in row.notes)})
    return render_template(
        "plan/action.html",
        plan=shown,
        view=action_view(plan_id, row),
        form=form,
        is_clash=is_clash,
        states=list(ActionState),
        writers=writers,
        may_write=can(actor(), Action.WRITE_PLAN),
        picked=picked(facts.node_keys, {proof.item.id for proof in row.proofs.shown}),
        **chips(chosen),
    )


def _new_page(shown: PlanView, form: ActionForm) -> str:
    return render_template("plan/new_action.html", plan=shown, form=form, **chips(request.form.getlist("practices")))


def chips(chosen: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """What the choice of practices shows: those that are chosen, and all there are in their groups."""
    return {"chosen": nodes().of(chosen), "chosen_keys": set(chosen), "choices": nodes().choices()}


def picked(node_keys: tuple[str, ...], there: set[str]) -> dict[str, Any]:
    """Evidence to attach: what a search found, else what was accepted for these practices; `there` is left out."""
    words = request.args.get("find", "").strip()
    offered = found_by(words) if words else accepted_for(node_keys) if node_keys else []
    return {"words": words, "offered": [choice for choice in offered if choice.item.id not in there]}


def _row(shown: PlanView, action_id: str) -> ActionRow:
    found = next((row for row in shown.table.actions if row.action.id == action_id), None)
    if found is None:
        raise NotFound(msg("There is no such part of a plan, or it is not open to you."))
    return found
