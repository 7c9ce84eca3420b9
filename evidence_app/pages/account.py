"""Signing in and out, accepting an invitation, and one's own settings."""

from __future__ import annotations

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired

from evidence_app.domain import accounts, calendar
from evidence_app.errors import AppError
from evidence_app.extensions import backends, cookie_name, reading, signed_in, unit_of_work
from evidence_app.i18n import LANGUAGES
from evidence_app.typed import LONGEST_NAME
from evidence_app.web.access import Door, open_to
from evidence_app.web.browsers import browser_words
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.known_browser import known_browser, remember_browser
from evidence_app.web.return_to import safe_path

pages = Blueprint("account", __name__)


class SignInForm(Form):
    """Address and password."""

    email = StringField(_("E-mail"), [InputRequired(_("Write your e-mail address."))])
    password = PasswordField(_("Password"), [InputRequired(_("Write your password."))])


class InvitationForm(Form):
    """How one wants to be called, and a password."""

    name = StringField(
        _("Your name"), [InputRequired(_("Write your name as colleagues know it.")), AtMost(LONGEST_NAME)]
    )
    password = PasswordField(_("New password"), [InputRequired(_("Choose a password."))])


class SettingsForm(Form):
    """Name, language and theme."""

    name = StringField(
        _("Your name"), [InputRequired(_("Write your name as colleagues know it.")), AtMost(LONGEST_NAME)]
    )
    language = SelectField(_("Language"), choices=options(LANGUAGES.items()))
    theme = SelectField(
        _("Light or dark"), choices=options([("auto", _("As this device")), ("light", _("Light")), ("dark", _("Dark"))])
    )


class PasswordForm(Form):
    """The password one has, and the one one wants."""

    current = PasswordField(_("Password now"), [InputRequired(_("Write the password you have now."))])
    password = PasswordField(_("New password"), [InputRequired(_("Choose a password."))])


@pages.get("/sign-in")
@open_to(Door.EVERYBODY)
def sign_in() -> str | Response:
    if signed_in() is not None:
        return redirect(url_for("home.front"))
    # Who signs out takes the cookie along; one that opens nothing any more belongs to a session that was ended.
    was_signed_in = cookie_name() in request.cookies
    return render_template(
        "account/sign_in.html", form=SignInForm(), next=request.args.get("next", ""), was_signed_in=was_signed_in
    )


@pages.post("/sign-in")
@open_to(Door.EVERYBODY)
def sign_in_submit() -> Response:
    form = SignInForm()
    if form.validate_on_submit():
        compared = accounts.compare_password(
            reading(),
            email=form.email.data or "",
            password=form.password.data or "",
            source=request.remote_addr or "",
            browser=known_browser(form.email.data or ""),
        )
        with unit_of_work() as work:
            found = accounts.sign_in(work, compared, browser=request.user_agent.string)
        if found.token:
            answer = _signed_in_answer(found.token, safe_path(request.form.get("next", ""), url_for("home.front")))
            remember_browser(answer, form.email.data or "")
            return answer
        form.form_errors = [
            gettext(
                "Too many tries. Wait half a minute and try again; after ten of your own, a quarter of an hour. "
                "Or ask an administrator for a new link."
            )
            if found.refused == "throttled"
            else gettext(
                "This address and password do not belong together. Try again, or ask an administrator for a new link."
            )
        ]
    page = render_template("account/sign_in.html", form=form, next=request.form.get("next", ""))
    return make_response(page, 422)


@pages.get("/sign-in/token")
@open_to(Door.EVERYBODY)
def form_token() -> Response:
    """Who is signed in now, "" for nobody, and the token their forms carry: for a page that lay open meanwhile."""
    user = signed_in()
    return jsonify(person=user.person.id if user else "", token=generate_csrf())


@pages.post("/sign-out")
@open_to(Door.SIGNED_IN)
def sign_out() -> Response:
    user = signed_in()
    assert user is not None
    with unit_of_work() as work:
        accounts.sign_out(work, user.token)
    session.clear()
    response = redirect(url_for("account.sign_in"))
    response.delete_cookie(cookie_name(), path="/", secure=backends().settings.is_https, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.get("/invitation/<token>")
@open_to(Door.EVERYBODY)
def invitation(token: str) -> str:
    _invited, person = accounts.open_invitation(reading(), token)
    return render_template("account/invitation.html", form=InvitationForm(name=person.name))


@pages.post("/invitation/<token>")
@open_to(Door.EVERYBODY)
def invitation_submit(token: str) -> Response:
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                person = accounts.accept_invitation(
                    work, token=token, name=form.name.data or "", password=form.password.data or ""
                )
                key = accounts.open_session(work, person_id=person.id, browser=request.user_agent.string)
        except AppError as error:
            form.take_error(error)
        else:
            return _signed_in_answer(key, url_for("home.front"))
    return make_response(render_template("account/invitation.html", form=form), 422)


@pages.get("/me")
@open_to(Door.SIGNED_IN)
def settings() -> str:
    return _settings_page()


@pages.post("/me")
@open_to(Door.SIGNED_IN)
def settings_submit() -> str | Response:
    form, user = SettingsForm(), signed_in()
    assert user is not None
    if not form.validate_on_submit():
        return make_response(_settings_page(form=form), 422)
    with unit_of_work() as work:
        accounts.set_preferences(
            work,
            person_id=user.person.id,
            name=form.name.data or "",
            language=form.language.data,
            theme=form.theme.data,
        )
    flash(gettext("Your settings are saved."))
    return redirect(url_for("account.settings"))


@pages.post("/me/password")
@open_to(Door.SIGNED_IN)
def password_submit() -> Response:
    form, user = PasswordForm(prefix="pw-"), signed_in()
    assert user is not None
    if form.validate_on_submit():
        try:
            key, had_feed = _change_password(user.person.id, form)
        except AppError as error:
            form.take_error(error)
        else:
            if key:
                answer = _signed_in_answer(key, url_for("account.settings"))
                flash(gettext("Your password is changed. Every other browser is signed out."))
                if had_feed:
                    flash(gettext("The address of your calendar ended with it; make a new one on the calendar page."))
                return answer
    return make_response(_settings_page(password_form=form), 422)


def _change_password(person_id: str, form: PasswordForm) -> tuple[str, bool]:
    """The token of the one session left, and whether the address of a calendar ended.

    The token is empty when the password they have now is wrong, which the form then says.
    """
    is_right = accounts.is_own_password(reading(), person_id=person_id, password=form.current.data or "")
    if is_right is None:
        form.current.errors = [gettext("Too many tries. Wait a quarter of an hour and try again.")]
        return "", False
    with unit_of_work() as work:
        is_right = accounts.count_own_password(work, person_id=person_id, is_right=is_right)
    if not is_right:
        form.current.errors = [gettext("This is not the password you have now.")]
        return "", False
    with unit_of_work() as work:
        accounts.change_password(work, person_id=person_id, password=form.password.data or "")
        had_feed = calendar.end_feeds_of(work, person_id) > 0
        return accounts.open_session(work, person_id=person_id, browser=request.user_agent.string), had_feed


@pages.post("/me/sessions/<hash_of_token>/end")
@open_to(Door.SIGNED_IN)
def end_session(hash_of_token: str) -> Response:
    user = signed_in()
    assert user is not None
    with unit_of_work() as work:
        accounts.end_session(work, person_id=user.person.id, hash_of_token=hash_of_token)
    flash(gettext("That browser is signed out."))
    return redirect(url_for("account.settings"))


def _settings_page(form: SettingsForm | None = None, password_form: PasswordForm | None = None) -> str:
    user = signed_in()
    if user is None:
        abort(401)
    return render_template(
        "account/settings.html",
        form=form or SettingsForm(obj=user.person),
        password_form=password_form or PasswordForm(prefix="pw-"),
        sessions=accounts.sessions_of(reading(), user.person.id),
        browser_words=browser_words,
        this_session=accounts.token_hash(user.token),
    )


def _signed_in_answer(token: str, path: str) -> Response:
    """The redirect that carries the new session's cookie; the forms' own session begins anew with it."""
    session.clear()
    response = redirect(path)
    settings = backends().settings
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings.session_seconds,
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response
