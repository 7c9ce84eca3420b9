"""A tiny app that draws every part with every layout, for looking at and for axe; it is never shipped as a route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from markupsafe import escape
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.i18n import msg
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.forms import AtMost, options
from evidence_app.web.headers import protect
from evidence_app.web.navigation import PLACES, Link, Links, navigation
from evidence_app.web.static_files import prepare_static_files
from evidence_app.web.templating import prepare_templates

HERE = Path(__file__).parent
PRODUCT = Path(__file__).parents[2] / "evidence_app"
PAGES = sorted(path.stem for path in (HERE / "pages").glob("[!_]*.html"))
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
    kind = SelectField("Kind", choices=options([("policy", "Policy"), ("minutes", "Minutes")]))
    due = DateField("Due", description="A weekday gives people time.")
    message = TextAreaField("Message", [AtMost(40)])
    visibility = RadioField(
        "Who can see it", choices=options([("staff", "Staff"), ("private", "Private")]), default="staff"
    )
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
    app.config.update(
        SECRET_KEY="only for looking at parts", TEMPLATES_AUTO_RELOAD=True, MAX_CONTENT_LENGTH=8 * 1024 * 1024
    )
    app.jinja_loader.searchpath.append(str(HERE / "pages"))  # type: ignore[union-attr]
    Babel(app)
    CSRFProtect(app)
    prepare_static_files(app)
    prepare_templates(app)
    protect(app)
    app.context_processor(_context)
    app.add_url_rule("/<page>", view_func=_page, endpoint="page")
    app.add_url_rule("/filing/one", view_func=_file_one, methods=["POST"])
    app.add_url_rule("/study/save", view_func=_save, methods=["POST"])
    app.add_url_rule("/study/preview", view_func=_preview, methods=["POST"])
    app.add_url_rule("/study/exhibits", view_func=_exhibits)
    app.add_url_rule("/account/sign-in", view_func=lambda: "", endpoint="account.sign_in")
    app.add_url_rule("/account/token", view_func=lambda: {"person": "", "token": ""}, endpoint="account.form_token")
    return app


def _file_one() -> tuple[str, int]:
    """A filing card, as a real page would answer; a file called too-late.txt fails once, with our own words."""
    sent = request.files["files"]
    keys = current_app.extensions.setdefault("keys", {})
    known = keys.setdefault(request.headers["Idempotency-Key"], 0)
    keys[request.headers["Idempotency-Key"]] += 1
    if sent.filename == "too-late.txt" and not known:
        return "<div class='callout'><p data-message>The disk is full. Nothing was kept.</p></div>", 507
    return render_template("_card.html", name=sent.filename, length=len(sent.read())), 201


def _save() -> tuple[dict[str, object], int]:
    """The next revision; a text with "clash" in it was changed by somebody else meanwhile."""
    if "clash" in request.form["text"]:
        return {"error": {"code": "conflict", "message": "Sofia saved at 10:24."}, "compare_url": "/trouble"}, 409
    return {"revision": int(request.form["revision"]) + 1, "saved": "10:24"}, 200


def _preview() -> str:
    return f"<p>{escape(request.form['text'])}</p>"


def _exhibits() -> str:
    return f"<button type='button' class='btn' data-cite='[[E-0301-02-07]]'>Found {escape(request.args['q'])}</button>"


def _page(page: str) -> str:
    if page == "flash":
        say_done("Accepted “Advisory, week 8”", undo_url="/flash", id="1")
        say_trouble("Two files could not be read: they are kept, and can be tagged by hand.", tone="wait")
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


if __name__ == "__main__":
    create_styleguide().run(port=5055)
