"""The mailbox evidence can be sent to: set up, tried, turned off."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired

from evidence_app.domain import mail
from evidence_app.domain.access import Action
from evidence_app.domain.mail import CannotReach, Mailbox, MailboxFacts, Outcome, Security
from evidence_app.errors import AppError
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.pages.admin.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.forms import Form, options
from evidence_app.web.templating import language, say


class MailboxForm(Form):
    """Where the mailbox is, and how it is signed in to."""

    address = StringField(_("Address evidence is sent to"), [InputRequired(_("Write the address."))])
    host = StringField(_("IMAP server"), [InputRequired(_("Write the name of the server, such as imap.school.org."))])
    port = IntegerField(_("Port"), [InputRequired(_("Write the port; usually it is 993."))], default=993)
    security = SelectField(_("Security"), default=Security.TLS.value)
    user = StringField(_("User name"), [InputRequired(_("Write the user name; often it is the address."))])
    password = PasswordField(
        _("Password"),
        description=_("Kept on this machine beside its secret key, shown to nobody. Empty: the one there stays."),
    )
    folder = StringField(_("Folder"), default="INBOX")
    trusted_server = StringField(
        _("Name of the receiving server in Authentication-Results"),
        description=_(
            "Only if your mail server removes this header from what comes in and writes its own. Mails it vouches for "
            "are then as open as what their sender filed last; all others stay private until their sender saves them."
        ),
    )


@pages.get("/mail")
@open_to(Action.MANAGE_SCHOOL)
def mailbox(school_key: str) -> str:
    there = mail.mailbox_of(reading(), actor())
    return _mailbox_page(_form_of(there), there)


@pages.post("/mail")
@open_to(Action.MANAGE_SCHOOL)
def set_mailbox(school_key: str) -> Response:
    form = _form_of(None)
    if form.validate_on_submit():
        try:
            mail.keep_mailbox(
                backends().database,
                backends().settings.home,
                actor=actor(),
                facts=_facts_of(form),
                password=form.password.data or "",
            )
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("Saved. What is sent there from now on is filed."))
            return redirect(url_for("admin.mailbox", school_key=school_key))
    return make_response(_mailbox_page(form, mail.mailbox_of(reading(), actor())), 422)


@pages.post("/mail/try")
@open_to(Action.MANAGE_SCHOOL)
def try_mailbox(school_key: str) -> Response:
    """Signs in to the mailbox and says in plain words how that went."""
    try:
        state = mail.try_mailbox(
            backends().database,
            backends().settings.home,
            actor=actor(),
            allowed=backends().settings.mail_hosts,
        )
    except CannotReach as error:
        say_trouble(error.trouble.sentence.in_language(language()))
    else:
        say_done(gettext("The mailbox answers; %(count)s mails are in it.", count=state.count))
    return redirect(url_for("admin.mailbox", school_key=school_key))


@pages.post("/mail/<any(on, off):state>")
@open_to(Action.MANAGE_SCHOOL)
def switch_mailbox(school_key: str, state: str) -> Response:
    with unit_of_work() as work:
        mail.switch_mailbox(work, actor=actor(), on=state == "on")
    say_done(gettext("The mailbox is read again.") if state == "on" else gettext("The mailbox is not read any more."))
    return redirect(url_for("admin.mailbox", school_key=school_key))


@pages.post("/mail/unread/<any(again, leave):what>")
@open_to(Action.MANAGE_SCHOOL)
def unread_mails(school_key: str, what: str) -> Response:
    with unit_of_work() as work:
        (mail.try_unread_again if what == "again" else mail.leave_unread)(work, actor=actor())
    is_again = what == "again"
    say_done(gettext("They are looked at once more.") if is_again else gettext("Left alone. They lie in the mailbox."))
    return redirect(url_for("admin.mailbox", school_key=school_key))


@pages.post("/mail/remove")
@open_to(Action.MANAGE_SCHOOL)
def remove_mailbox(school_key: str) -> Response:
    mail.forget_mailbox(backends().database, backends().settings.home, actor=actor())
    say_done(gettext("The mailbox is forgotten, and so is its password. What was filed from it stays."))
    return redirect(url_for("admin.mailbox", school_key=school_key))


def _form_of(there: Mailbox | None) -> MailboxForm:
    known = {name: getattr(there, name) for name in MailboxFacts.__dataclass_fields__} if there else {}
    form = MailboxForm(**known)
    form.security.choices = options((one.value, say(one.label)) for one in Security)
    return form


def _facts_of(form: MailboxForm) -> MailboxFacts:
    return MailboxFacts(
        address=form.address.data or "",
        host=form.host.data or "",
        port=form.port.data or 0,
        security=Security(form.security.data),
        user=form.user.data or "",
        folder=form.folder.data or "",
        trusted_server=form.trusted_server.data or "",
    )


def _mailbox_page(form: MailboxForm, there: Mailbox | None) -> str:
    counts = mail.counts_of_mails(reading(), actor())
    return render_template(
        "admin/mail.html",
        form=form,
        mailbox=there,
        trouble=mail.Trouble(there.trouble).sentence if there and there.trouble else None,
        in_part=counts.get(Outcome.IN_PART, 0),
        refused=sum(count for outcome, count in counts.items() if outcome.is_refusal),
        unread=mail.unread_mails(reading(), actor()),
    )
