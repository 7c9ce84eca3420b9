"""The milestones: a path with steps, each with where the school is on it, what it thinks, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.database import now
from evidence_app.domain import planning
from evidence_app.domain.access import Action, can
from evidence_app.domain.planning import Path, PathStep, Plan, PlanKind, StepState
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.web.access import open_to
from evidence_app.web.errors import STATUS
from evidence_app.web.flashes import say_done
from evidence_app.web.item_choices import accepted_for, choice_sent, found_by
from evidence_app.web.narratives import Narratives, Printed
from evidence_app.web.templating import language, say

pages = Blueprint("milestones", __name__, url_prefix="/<school_key>/milestones")


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One milestone: `state` is where the school is on it as a whole, said by its steps and never counted."""

    code: str
    label: str
    summary: str
    state: StepState
    steps: tuple[PathStep, ...]


@pages.get("/")
@open_to(Action.READ_PLAN)
def newest(school_key: str) -> str | Response:
    """The path of the newest programme development plan, at once."""
    mine = _plans()
    if not mine:
        return render_template("milestones/none.html")
    return redirect(_path_url(mine[0].id))


@pages.get("/<plan_id>")
@open_to(Action.READ_PLAN)
def path(school_key: str, plan_id: str) -> str:
    round_ = request.args.get("round", type=int)
    found = planning.path_of(reading(), actor(), plan_id, round=round_)
    return render_template(
        "milestones/path.html",
        path=found,
        milestones=_milestones(found),
        plans=_plans(),
        is_newest=not found.rounds or found.round == found.rounds[-1],
        may_write=can(actor(), Action.WRITE_PLAN),
        lead=_lead(found),
        printed=_printed(found),
    )


@pages.post("/<plan_id>/rounds")
@open_to(Action.WRITE_PLAN)
def begin_round(school_key: str, plan_id: str) -> Response:
    with unit_of_work() as work:
        round_ = planning.walk(work, actor=actor(), plan_id=plan_id)
    say_done(gettext("Round %(number)s begins. Earlier rounds stay as they are.", number=round_))
    return redirect(_path_url(plan_id))


@pages.get("/<plan_id>/<step_id>")
@open_to(Action.READ_PLAN)
def step(school_key: str, plan_id: str, step_id: str) -> str:
    return _step_page(plan_id, step_id)


@pages.post("/<plan_id>/<step_id>")
@open_to(Action.WRITE_PLAN)
def save_step(school_key: str, plan_id: str, step_id: str) -> Response:
    form = request.form
    try:
        with unit_of_work() as work:
            planning.write_step(
                work,
                actor=actor(),
                step_id=step_id,
                state=form.get("state", ""),  # type: ignore[arg-type]  # any text; the action says what is wrong with it
                reflection=form.get("reflection", ""),
                today=now().date(),
                base_revision=form.get("revision", type=int),
            )
    except (Conflict, Invalid) as error:
        page = _step_page(plan_id, step_id, typed=form.get("reflection", ""), error=say(error.message))
        return make_response(page, STATUS[error.code])
    say_done(gettext("The step is saved."))
    return redirect(_path_url(plan_id) + f"#{step_id}")


@pages.post("/<plan_id>/<step_id>/evidence")
@open_to(Action.WRITE_PLAN)
def attach(school_key: str, plan_id: str, step_id: str) -> Response:
    with unit_of_work() as work:
        planning.attach_evidence(work, actor=actor(), step_id=step_id, **choice_sent())
    say_done(gettext("The evidence is attached, in the version it has now."))
    return redirect(_step_url(plan_id, step_id) + "#evidence")


@pages.post("/<plan_id>/<step_id>/evidence/<evidence_id>/detach")
@open_to(Action.WRITE_PLAN)
def detach(school_key: str, plan_id: str, step_id: str, evidence_id: str) -> Response:
    with unit_of_work() as work:
        gone = planning.detach_evidence(work, actor=actor(), evidence_id=evidence_id)
    say_done(
        gettext("The evidence is no longer attached; it stays in the library."),
        undo_url=url_for("milestones.attach", school_key=school_key, plan_id=plan_id, step_id=step_id),
        version=gone.version_id,
        how=gone.how,
    )
    return redirect(_step_url(plan_id, step_id) + "#evidence")


def _plans() -> list[Plan]:
    found = planning.plans_of(reading(), actor())
    return [plan for plan in found if plan.kind == PlanKind.PROGRAMME_DEVELOPMENT]


def _milestones(found: Path) -> list[MilestoneView]:
    return [
        MilestoneView(
            one.node.code, one.node.label(language()), one.node.summary(language()), _whole(one.steps), one.steps
        )
        for one in found.milestones
    ]


def _whole(steps: tuple[PathStep, ...]) -> StepState:
    """Reached when every step is, ahead when none is begun, otherwise on the way."""
    states = {StepState(one.step.state) if one.step else StepState.NOT_BEGUN for one in steps}
    return states.pop() if len(states) == 1 else StepState.UNDER_WAY


def _lead(found: Path) -> str:
    """Where the school is, in one line."""
    if not found.rounds:
        return str(gettext("A path to walk at your own pace; its end is the beginning of the next."))
    on = next((one for one in _milestones(found) if one.state != StepState.REACHED), None)
    if on is None:
        return str(gettext("The whole path is walked. What was learned leads to the next round."))
    return str(gettext("We are at “%(milestone)s”.", milestone=on.label))


def _printed(found: Path) -> dict[str, Printed]:
    """Id of a step -> its reflection as it will be printed."""
    narratives = Narratives(found.plan.evaluation_id)
    steps = [one.step for milestone in found.milestones for one in milestone.steps if one.step is not None]
    return {step.id: narratives.print(step.reflection) for step in steps if step.reflection}


def _step_page(plan_id: str, step_id: str, *, typed: str | None = None, error: str = "") -> str:
    found, milestone, one = _find_step(plan_id, step_id)
    assert one.step is not None
    words = request.args.get("find", "").strip()
    there = {proof.item.id for proof in one.proofs.shown}
    offered = found_by(words) if words else accepted_for([one.node.key])
    return render_template(
        "milestones/step.html",
        path=found,
        milestone=milestone,
        one=one,
        step=one.step,
        reflection=one.step.reflection if typed is None else typed,
        printed=Narratives(found.plan.evaluation_id).print(one.step.reflection),
        states=list(StepState),
        error=error,
        may_write=can(actor(), Action.WRITE_PLAN),
        picked={"words": words, "offered": [choice for choice in offered if choice.item.id not in there]},
    )


def _find_step(plan_id: str, step_id: str) -> tuple[Path, MilestoneView, PathStep]:
    """The round, milestone and step of an id, in whichever round of the plan it lies; NotFound when in none."""
    newest_path = planning.path_of(reading(), actor(), plan_id)
    for round_ in reversed(newest_path.rounds):
        found = planning.path_of(reading(), actor(), plan_id, round=round_)
        for milestone in _milestones(found):
            for one in milestone.steps:
                if one.step is not None and one.step.id == step_id:
                    return found, milestone, one
    raise NotFound(msg("There is no such step on this path."))


def _path_url(plan_id: str) -> str:
    return url_for("milestones.path", school_key=school().key, plan_id=plan_id)


def _step_url(plan_id: str, step_id: str) -> str:
    return url_for("milestones.step", school_key=school().key, plan_id=plan_id, step_id=step_id)
