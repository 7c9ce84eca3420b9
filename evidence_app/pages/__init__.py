"""The pages: one module a noun, views of at most a few lines. Adding a page is a blueprint here."""

from __future__ import annotations

from evidence_app.domain.access import Action, Actor, can
from evidence_app.domain.tagging import count_waiting
from evidence_app.extensions import reading
from evidence_app.pages import (
    account,
    admin,
    calendar,
    coverage,
    evidence,
    help,
    home,
    insight,
    installation,
    milestones,
    plan,
    policies,
    practice,
    reports,
    requests,
    review,
    setup,
    shares,
    study,
    suggestions,
    visitor,
)
from evidence_app.web.navigation import MOST_COUNTED

BLUEPRINTS = (
    home.pages,
    account.pages,
    setup.pages,
    installation.pages,
    admin.pages,
    evidence.pages,
    coverage.pages,
    practice.pages,
    review.pages,
    suggestions.pages,
    requests.pages,
    study.pages,
    plan.pages,
    milestones.pages,
    policies.pages,
    insight.pages,
    calendar.pages,
    reports.pages,
    shares.pages,
    visitor.pages,
    help.pages,
)

PLACES_BY_ACTION = (
    ("home", None),
    ("evidence", Action.READ_EVIDENCE),
    ("coverage", Action.READ_COVERAGE),
    ("review", Action.REVIEW_TAGS),
    ("requests", Action.READ_EVIDENCE),
    ("calendar", Action.READ_EVIDENCE),
    ("study", Action.READ_STUDY),
    ("plan", Action.READ_PLAN),
    ("milestones", Action.READ_PLAN),
    ("policies", Action.READ_COVERAGE),
    ("insight", Action.READ_COVERAGE),
    ("reports", Action.COMPILE_REPORT),
    ("shares", Action.SHARE_REPORT),
    ("admin", Action.MANAGE_PEOPLE),
    ("help", None),
)
"""Place of the navigation -> the action it needs. A place is shown once its page exists and the role includes it."""


def places_of(actor: Actor) -> tuple[list[str], dict[str, int]]:
    """The places this actor can go to, and what waits there."""
    shown = [place for place, action in PLACES_BY_ACTION if action is None or can(actor, action)]
    if not can(actor, Action.REVIEW_TAGS):
        return shown, {}
    return shown, {"review": count_waiting(reading(), actor, most=MOST_COUNTED + 1)}
