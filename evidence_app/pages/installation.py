"""For whoever runs the installation: its schools, and a new one with its first administrator."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import InputRequired

from evidence_app.domain import accounts, frameworks, intake, schools, upkeep
from evidence_app.domain.access import Role, worker_for
from evidence_app.errors import AppError
from evidence_app.extensions import backends, reading, signed_in, unit_of_work
from evidence_app.i18n import LANGUAGES
from evidence_app.pages.admin.disk import mib_of
from evidence_app.typed import LONGEST_NAME
from evidence_app.web.access import Door, open_to
from evidence_app.web.flashes import say_trouble
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.templating import language

pages = Blueprint("installation", __name__)


class SchoolForm(Form):
    """A new school."""

    name = StringField(_("Name of the school"), [InputRequired(_("Write the school's name.")), AtMost(LONGEST_NAME)])
    key = StringField(
        _("Short name for addresses"),
        [InputRequired(_("Write a short name."))],
        description=_("Lower-case letters, digits and hyphens, for example alder-bay. It stays as it is."),
    )
    programmes = SelectMultipleField(
        _("Programmes"),
        choices=options(
            [
                ("PYP", _("Primary Years (PYP)")),
                ("MYP", _("Middle Years (MYP)")),
                ("DP", _("Diploma (DP)")),
                ("CP", _("Career-related (CP)")),
            ]
        ),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        validators=[InputRequired(_("Choose at least one programme."))],
    )
    language = SelectField(_("Language of its reports"), choices=options(LANGUAGES.items()))


@pages.get("/installation")
@open_to(Door.OPERATOR)
def overview() -> str:
    return render_template(
        "installation/overview.html",
        schools=schools.all_schools(reading()),
        damaged=upkeep.damages_by_school(reading()),
    )


@pages.get("/installation/disk")
@open_to(Door.OPERATOR)
def disk() -> str:
    files, pieces = backends(), intake.Pieces(backends().blobs, backends().settings.home)
    found = [
        (
            one,
            upkeep.use_of(
                reading(),
                files.blobs,
                one.id,
                index_bytes=files.index(one.id).size_bytes(),
                arriving_bytes=pieces.arriving_bytes(one.id),
            ),
        )
        for one in schools.all_schools(reading())
    ]
    return render_template(
        "installation/disk.html",
        schools=found,
        total_bytes=sum(use.total_bytes for _, use in found),
        database_bytes=files.database.size_bytes(),
        free_bytes=files.blobs.free_bytes(),
        is_nearly_full=intake.is_nearly_full(files.blobs),
    )


@pages.post("/installation/disk/<school_id>")
@open_to(Door.OPERATOR)
def set_quota(school_id: str) -> Response:
    try:
        with unit_of_work() as work:
            school = schools.set_quota(work, school_id=school_id, quota_mib=mib_of(request.form.get("mib", "")))
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    else:
        flash(gettext("Saved for %(school)s. What is filed already stays.", school=school.name))
    return redirect(url_for("installation.disk"))


@pages.get("/installation/schools/new")
@open_to(Door.OPERATOR)
def new_school() -> str:
    return render_template("installation/new_school.html", form=SchoolForm())


@pages.post("/installation/schools/new")
@open_to(Door.OPERATOR)
def new_school_submit() -> Response:
    form, user = SchoolForm(), signed_in()
    assert user is not None
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                school = schools.add_school(
                    work,
                    key=form.key.data or "",
                    name=form.name.data or "",
                    programmes=form.programmes.data or [],
                    language=form.language.data,
                )
                for framework_key in frameworks.EVERY_IB_SCHOOL:
                    frameworks.follow(work, school_id=school.id, framework_key=framework_key)
                accounts.add_founder(
                    work, actor=worker_for(school.id), person_id=user.person.id, role=Role.ADMINISTRATOR
                )
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("%(school)s is open. Invite its first people.", school=form.name.data))
            return redirect(url_for("admin.people", school_key=form.key.data))
    return make_response(render_template("installation/new_school.html", form=form), 422)
