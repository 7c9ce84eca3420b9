"""The front door, and each role's home."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from evidence_app.domain import accounts
from evidence_app.extensions import reading, signed_in
from evidence_app.web.access import Door, open_to

pages = Blueprint("home", __name__)


@pages.get("/")
@open_to(Door.SIGNED_IN)
def front() -> str | Response:
    user = signed_in()
    assert user is not None
    mine = accounts.schools_of(reading(), user.person.id)
    if len(mine) == 1:
        return redirect(url_for("home.home", school_key=mine[0].key))
    if not mine and user.person.runs_installation:
        return redirect(url_for("installation.overview"))
    return render_template("home/schools.html", schools=mine)


@pages.get("/<school_key>/")
@open_to(Door.MEMBER)
def home(school_key: str) -> str:
    return render_template("home/home.html")
