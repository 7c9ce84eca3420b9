"""How the school's installation is doing: work that waits or failed, and who did what."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, audit, jobs, tagging
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.admin.blueprint import pages
from evidence_app.web.access import open_to

ENTRIES_SHOWN = 50


@pages.get("/health")
@open_to(Action.MANAGE_SCHOOL)
def health(school_key: str) -> str:
    entries = audit.recent_entries(reading(), actor(), limit=ENTRIES_SHOWN)
    return render_template(
        "admin/health.html",
        parked=jobs.parked_jobs(reading(), actor().school_id),
        waiting=jobs.unfinished_count(reading(), actor().school_id, list(jobs.JobKind)),
        entries=entries,
        closed=tagging.closed_entries(reading(), actor(), entries),
        names=accounts.names_of(reading(), actor().school_id, {entry.actor_id for entry in entries}),
    )


@pages.post("/health/retry")
@open_to(Action.MANAGE_SCHOOL)
def retry_jobs(school_key: str) -> Response:
    with unit_of_work() as work:
        jobs.retry_parked(work, actor().school_id)
    flash(gettext("The failed work is tried again."))
    return redirect(url_for("admin.health", school_key=school_key))
