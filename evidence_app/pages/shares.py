"""Shares: letting visitors read a snapshot, seeing what they opened, and ending it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from evidence_app.database import new_id
from evidence_app.domain import links, reports, selfstudy, sharing
from evidence_app.domain.access import Action
from evidence_app.errors import AppError
from evidence_app.extensions import actor, backends, reading, stop_reading, unit_of_work
from evidence_app.typed import LONGEST_NAME
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.forms import AtMost, Form
from evidence_app.web.hosts import own_address

pages = Blueprint("shares", __name__, url_prefix="/<school_key>/shares")

AS_IT_STANDS = "now:"
SNAPSHOT = "snapshot:"


class ShareForm(Form):
    """A new share."""

    key = HiddenField(default=new_id)
    what = SelectField(_("What they read"))
    names = TextAreaField(
        _("Visitors"),
        description=_("One name a line. Each gets a passcode of their own, so that you see who read what."),
    )
    expires = DateField(
        _("Last day"), [InputRequired(_("Choose the last day."))], description=_("Half a year from now at most.")
    )
    may_download = BooleanField(_("They may download exhibits and take the whole offline"), default=True)
    note = StringField(_("Note for the list"), [Optional(), AtMost(LONGEST_NAME)])

    def offer(self, wanted_snapshot: str = "") -> ShareForm:
        """The form with what there is to share: each open self-study as it stands, and each edition."""
        choices, snapshots = [], []
        for frame in selfstudy.evaluations_of(reading(), actor()):
            if not sharing.may_share(actor(), frame):
                continue
            choices.append((AS_IT_STANDS + frame.id, gettext("%(name)s, as it stands now", name=frame.name)))
            for edition in reports.editions_of(reading(), actor(), frame.id):
                words = gettext("%(name)s, edition %(number)s", name=frame.name, number=edition.number)
                choices.append((SNAPSHOT + edition.snapshot_id, words))
                snapshots.append(edition.snapshot_id)
        self.what.choices = choices
        if wanted_snapshot in snapshots and not self.is_submitted():
            self.what.data = SNAPSHOT + wanted_snapshot
        return self


@pages.get("/")
@open_to(Action.SHARE_REPORT)
def overview(school_key: str) -> str:
    lines = sharing.shares_of(reading(), actor())
    return render_template(
        "shares/overview.html", lines=lines, locked=[line for line in lines if line.state == "locked"]
    )


@pages.get("/new")
@open_to(Action.SHARE_REPORT)
def new(school_key: str) -> str:
    last_day = datetime.now(UTC).date() + sharing.USUALLY_LASTS
    form = ShareForm(expires=last_day).offer(request.args.get("snapshot", ""))
    return _form_page(form)


@pages.post("/new")
@open_to(Action.SHARE_REPORT)
def issue(school_key: str) -> Response:
    form = ShareForm().offer()
    if form.validate_on_submit():
        key = str(form.key.data)
        if before := sharing.share_of_form(reading(), actor(), key):
            return _made_before(school_key, before)
        try:
            snapshot_id, left_out, problems = _snapshot(str(form.what.data))
            with unit_of_work() as work:
                issued = sharing.issue(
                    work,
                    actor=actor(),
                    snapshot_id=snapshot_id,
                    names=(form.names.data or "").splitlines(),
                    expires_at=_end_of(form.expires.data),
                    may_download=bool(form.may_download.data),
                    note=form.note.data or "",
                    form_key=key,
                )
        except AppError as error:
            form.take_error(error)
        else:
            if not issued.token:
                return _made_before(school_key, issued.share)
            told = reports.told_to(reading(), actor(), left_out)
            closed = [problem for problem in problems if problem.code == "closed-link"]
            link = own_address() + url_for("visitor.link", token=issued.token)
            return make_response(
                render_template("shares/issued.html", issued=issued, link=link, left_out=told, closed=closed)
            )
    return make_response(_form_page(form), 422)


@pages.get("/<share_id>")
@open_to(Action.SHARE_REPORT)
def share(school_key: str, share_id: str) -> str:
    return render_template(
        "shares/share.html",
        line=sharing.share_line(reading(), actor(), share_id),
        visits=sharing.visits_of(reading(), actor(), share_id),
    )


@pages.post("/<share_id>/revoke")
@open_to(Action.SHARE_REPORT)
def revoke(school_key: str, share_id: str) -> Response:
    with unit_of_work() as work:
        sharing.revoke(work, actor=actor(), share_id=share_id)
    say_done(gettext("The share is ended. Nobody can read there any more."))
    return redirect(url_for("shares.overview", school_key=school_key), 303)


@pages.post("/revoke-all")
@open_to(Action.SHARE_REPORT)
def revoke_all(school_key: str) -> Response:
    with unit_of_work() as work:
        count = sharing.revoke_all(work, actor=actor())
    say_done(gettext("%(count)s shares are ended.", count=count))
    return redirect(url_for("shares.overview", school_key=school_key), 303)


def _form_page(form: ShareForm) -> str:
    closed = links.count_links_to_look_at(reading(), actor(), for_visitors=True)
    return render_template("shares/new.html", form=form, closed_links=closed)


def _made_before(school_key: str, share: sharing.Share) -> Response:
    """The way to the share that the same form asked for before: its page was loaded again, or the button hit twice."""
    say_trouble(
        gettext(
            "This share was made already; its link and passcodes were shown once. If nobody noted them, end this share "
            "and make another one."
        ),
        tone="note",
    )
    return redirect(url_for("shares.share", school_key=school_key, share_id=share.id), 303)


def _snapshot(what: str) -> tuple[str, tuple[reports.LeftOut, ...], tuple[reports.Problem, ...]]:
    """The snapshot that was chosen, what stays out of it, its problems; a fresh one for a study as it stands."""
    if what.startswith(SNAPSHOT):
        return what.removeprefix(SNAPSHOT), (), ()
    store, asker = backends(), actor()
    stop_reading()
    frozen = reports.freeze(
        store.database,
        store.blobs,
        actor=asker,
        evaluation_id=what.removeprefix(AS_IT_STANDS),
        keep_texts=True,
    )
    return frozen.snapshot.id, frozen.left_out, frozen.problems


def _end_of(last_day: date | None) -> datetime | None:
    return datetime.combine(last_day, time(), tzinfo=UTC) + timedelta(days=1) if last_day else None
