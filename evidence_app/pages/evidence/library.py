"""The library: what the school has, found by words and by facets."""

from __future__ import annotations

from flask import render_template

from evidence_app.domain import evidence
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, reading
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to


@pages.get("/")
@open_to(Action.READ_EVIDENCE)
def library(school_key: str) -> str:
    return render_template("evidence/library.html", items=evidence.recent_items(reading(), actor()))
