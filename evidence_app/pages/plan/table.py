"""The plan on one page: as a table, a board by state, or a timeline."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from evidence_app.domain import planning, selfstudy
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, reading
from evidence_app.pages.plan.blueprint import pages
from evidence_app.pages.plan.views import plan_url, plan_view
from evidence_app.web.access import open_to

VIEWS = ("table", "board", "timeline")


@pages.get("/")
@open_to(Action.READ_PLAN)
def newest(school_key: str) -> str | Response:
    """The newest plan, at once."""
    found = planning.plans_of(reading(), actor())
    return redirect(plan_url(found[0].id)) if found else render_template("plan/none.html")


@pages.get("/<plan_id>")
@open_to(Action.READ_PLAN)
def plan(school_key: str, plan_id: str) -> str:
    view = request.args.get("view", "table")
    shown = plan_view(plan_id)
    frame_id = shown.table.plan.evaluation_id
    return render_template(
        "plan/plan.html",
        plan=shown,
        view=view if view in VIEWS else "table",
        views=VIEWS,
        plans=planning.plans_of(reading(), actor()),
        frame=selfstudy.evaluation(reading(), actor(), frame_id) if frame_id else None,
    )
