"""Evidence: the library, filing, and one item on one page."""

from __future__ import annotations

from flask import Blueprint, render_template

from evidence_app.domain import evidence
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, reading
from evidence_app.web.access import open_to

pages = Blueprint("evidence", __name__, url_prefix="/<school_key>/evidence")


@pages.get("/")
@open_to(Action.READ_EVIDENCE)
def library(school_key: str) -> str:
    return render_template("evidence/library.html", items=evidence.recent_items(reading(), actor()))


@pages.get("/new")
@open_to(Action.FILE_EVIDENCE)
def new(school_key: str) -> str:
    return render_template("evidence/new.html")
