"""A tiny app that draws every part with every layout, for looking at and for axe; it is never shipped as a route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, flash, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.i18n import msg
from evidence_app.web.headers import protect
from evidence_app.web.navigation import PLACES, Link, Links, navigation
from evidence_app.web.templating import prepare_templates

HERE = Path(__file__).parent
PRODUCT = Path(__file__).parents[2] / "evidence_app"
PAGES = sorted(path.stem for path in (HERE / "pages").glob("*.html"))
TEACHER_PLACES = ("home", "evidence", "requests", "calendar", "study", "policies", "help")


@dataclass(frozen=True)
class Node:
    key: str
    label: str

    @property
    def code(self) -> str:
        return self.key.rpartition("/")[2]


@dataclass(frozen=True)
class Person:
    name: str

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2])


@dataclass(frozen=True)
class School:
    key: str
    name: str


class ExampleForm(FlaskForm):  # type: ignore[misc]
    title = StringField("Title", [InputRequired("Write a title; people find it by this.")])
    kind = SelectField("Kind", choices=[("policy", "Policy"), ("minutes", "Minutes")])
    due = DateField("Due", description="A weekday gives people time.")
    message = TextAreaField("Message")
    visibility = RadioField("Who can see it", choices=[("staff", "Staff"), ("private", "Private")], default="staff")
    remind = BooleanField("Remind people two days before")


NODES = {
    key: Node(f"ib-psp-2020/{key}", label)
    for key, label in {
        "0301-01": "Access and admissions",
        "0301-02": "Inclusion policy",
        "0401-02": "Teachers plan together",
        "0402-06": "Ownership of learning",
        "0403-05": "Removing barriers to learning",
        "0202-02": "Learning support",
    }.items()
}


def create_styleguide() -> Flask:
    """The app: /PAGE draws tests/journeys/pages/PAGE.html; ?theme= and ?accent= choose the look."""
    app = Flask(__name__, template_folder=str(PRODUCT / "templates"), static_folder=str(PRODUCT / "static"))
    app.config.update(SECRET_KEY="only for looking at parts", TEMPLATES_AUTO_RELOAD=True)
    app.jinja_loader.searchpath.append(str(HERE / "pages"))  # type: ignore[union-attr]
    Babel(app)
    CSRFProtect(app)
    prepare_templates(app)
    protect(app)
    app.context_processor(_context)
    app.add_url_rule("/<page>", view_func=_page, endpoint="page")
    return app


def _page(page: str) -> str:
    if page == "flash":
        flash({"text": "Accepted “Advisory, week 8”", "undo_url": "/flash", "fields": {"id": "1"}}, "undo")
        flash("Two files could not be read: they are kept, and can be tagged by hand.", "wait")
    form = ExampleForm(formdata=None)
    if page == "form":
        form.title.errors = ("Write a title; people find it by this.",)
    return render_template(f"{page}.html", form=form)


def _context() -> dict[str, Any]:
    teacher = request.path in ("/home-teacher", "/filing")
    shown = TEACHER_PLACES if teacher else tuple(place.key for place in PLACES)
    here = {"/home-teacher": "home", "/home-coordinator": "home"}.get(request.path, request.path.strip("/"))
    counts = {"review": 14, "requests": 3}
    return {
        "language": "en",
        "theme": request.args.get("theme", "light"),
        "accent": request.args.get("accent", "teal"),
        "school": School("alder-bay", "Alder Bay International School"),
        "me": Person("Noor Haddad") if teacher else Person("Amara Osei"),
        "nav": navigation("/alder-bay", shown=shown, here=here, counts=counts),
        "links": Links(
            home="/home-teacher",
            search="/library",
            file="/filing",
            sign_out="/sign-out",
            larger="?larger=1",
            offline="/offline",
            account=(Link(msg("Settings"), "settings", "/account"),),
        ),
        "nodes": NODES,
        "people": [Person(name) for name in ("Amara Osei", "Sofia Marchetti", "Jun Takeda", "Noor Haddad")],
        "now": datetime.now(UTC),
        "hour": timedelta(hours=1),
    }
