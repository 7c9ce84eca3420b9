"""The first run: whoever holds the link that 'evidence init' printed becomes the first administrator."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from evidence_app.domain import accounts
from evidence_app.errors import AppError
from evidence_app.extensions import reading, unit_of_work
from evidence_app.typed import LONGEST_NAME
from evidence_app.web.access import Door, open_to
from evidence_app.web.forms import AtMost, Form

pages = Blueprint("setup", __name__)


class SetupForm(Form):
    """The first administrator."""

    name = StringField(
        _("Your name"), [InputRequired(_("Write your name as colleagues know it.")), AtMost(LONGEST_NAME)]
    )
    email = StringField(_("E-mail"), [InputRequired(_("Write your e-mail address."))])
    password = PasswordField(_("Password"), [InputRequired(_("Choose a password."))])


@pages.get("/setup/<token>")
@open_to(Door.EVERYBODY)
def first_administrator(token: str) -> str:
    accounts.open_setup(reading(), token)
    return render_template("setup/first_administrator.html", form=SetupForm())


@pages.post("/setup/<token>")
@open_to(Door.EVERYBODY)
def first_administrator_submit(token: str) -> Response:
    form = SetupForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                accounts.claim_installation(
                    work,
                    token=token,
                    email=form.email.data or "",
                    name=form.name.data or "",
                    password=form.password.data or "",
                )
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("You run this installation now. Sign in to create your first school."))
            return redirect(url_for("account.sign_in"))
    return make_response(render_template("setup/first_administrator.html", form=form), 422)
