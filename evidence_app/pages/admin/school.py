"""The facts of a school, its colour, and how it is divided."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.domain import schools, suggesting
from evidence_app.domain.access import Action
from evidence_app.errors import AppError
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import LANGUAGES
from evidence_app.pages.admin.blueprint import pages
from evidence_app.typed import LONGEST_IB_CODE, LONGEST_NAME, LONGEST_TEXT
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_trouble
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.templating import language

ACCENTS = (
    ("teal", _("Teal")),
    ("forest", _("Forest")),
    ("ocean", _("Ocean")),
    ("indigo", _("Indigo")),
    ("plum", _("Plum")),
    ("wine", _("Wine")),
    ("copper", _("Copper")),
    ("slate", _("Slate")),
)
"""The measured sets of colours: key in the style sheets and word."""
ADD_DIVISION = {"campus": schools.add_campus, "subject": schools.add_subject, "year-group": schools.add_year_group}


class SchoolForm(Form):
    """The facts of the school."""

    name = StringField(_("Name of the school"), [InputRequired(_("Write the school's name.")), AtMost(LONGEST_NAME)])
    ib_code = StringField(_("IB school code"), [AtMost(LONGEST_IB_CODE)])
    place = StringField(_("Town and country"), [AtMost(LONGEST_NAME)])
    programmes = SelectMultipleField(_("Programmes"), choices=options((p, p) for p in schools.PROGRAMMES))
    language = SelectField(_("Language of its reports"), choices=options(LANGUAGES.items()))
    accent = RadioField(_("Colour of these pages"), choices=options(ACCENTS))
    profile = TextAreaField(
        _("The school in a few sentences"),
        [AtMost(LONGEST_TEXT)],
        description=_("Stands at the beginning of the self-study."),
    )


@pages.get("/school")
@open_to(Action.MANAGE_SCHOOL)
def school_facts(school_key: str) -> str:
    here = school()
    form = SchoolForm(
        name=here.name,
        ib_code=here.ib_code,
        place=here.place,
        programmes=list(here.programmes),
        language=here.language,
        accent=here.accent or ACCENTS[0][0],
        profile=here.profile,
    )
    return _school_page(form)


@pages.post("/school")
@open_to(Action.MANAGE_SCHOOL)
def school_facts_submit(school_key: str) -> Response:
    form = SchoolForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                schools.update_school(
                    work,
                    actor=actor(),
                    name=form.name.data or "",
                    programmes=form.programmes.data or [],
                    language=form.language.data,
                    ib_code=form.ib_code.data or "",
                    place=form.place.data or "",
                    profile=form.profile.data or "",
                    accent=form.accent.data,
                )
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("The school's facts are saved."))
            return redirect(url_for("admin.school_facts", school_key=school_key))
    return make_response(_school_page(form), 422)


@pages.post("/suggestions")
@open_to(Action.MANAGE_SCHOOL)
def switch_suggestions(school_key: str) -> Response:
    on = request.form.get("on") == "yes"
    with unit_of_work() as work:
        suggesting.switch_suggestions(work, actor=actor(), on=on)
    flash(gettext("Suggestions are on; what is filed is looked at now.") if on else gettext("Suggestions are off."))
    return redirect(url_for("admin.school_facts", school_key=school_key))


@pages.post("/divisions/<any(campus, subject, 'year-group'):kind>")
@open_to(Action.MANAGE_SCHOOL)
def add_division(school_key: str, kind: str) -> Response:
    name = request.form.get("name", "")
    try:
        with unit_of_work() as work:
            ADD_DIVISION[kind](work, actor=actor(), name=name)
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    else:
        flash(gettext("“%(name)s” is on the list.", name=name.strip()))
    return redirect(url_for("admin.school_facts", school_key=school_key))


def _school_page(form: SchoolForm) -> str:
    return render_template("admin/school.html", form=form, divisions=schools.divisions_of(reading(), actor()))
