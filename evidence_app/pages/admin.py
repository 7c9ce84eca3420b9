"""A school's administration: its people and roles, its programmes and divisions."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import InputRequired

from evidence_app.domain import accounts, audit, jobs, schools
from evidence_app.domain.access import Action, Role
from evidence_app.errors import AppError
from evidence_app.extensions import actor, backends, reading, school, unit_of_work
from evidence_app.i18n import LANGUAGES
from evidence_app.web.access import open_to
from evidence_app.web.forms import Form, options
from evidence_app.web.templating import say

pages = Blueprint("admin", __name__, url_prefix="/<school_key>/admin")
ROLES = [(role.value, role.label) for role in Role if role is not Role.NOBODY]


class Boxes(SelectMultipleField):
    """Several of a few, each with a box to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class PersonForm(Form):
    """Somebody new, or somebody whose role changes."""

    email = StringField(_("E-mail"), [InputRequired(_("Write an e-mail address."))])
    name = StringField(_("Name"))
    role = SelectField(_("Role"))
    programmes = Boxes(_("Only for these programmes"), description=_("None ticked means: all of them."))

    def offer(self) -> PersonForm:
        """The form with the roles and programmes of this school to choose from."""
        self.role.choices = options((value, say(label)) for value, label in ROLES)
        self.programmes.choices = options((p, p) for p in school().programmes)
        return self


class SchoolForm(Form):
    """The facts of the school."""

    name = StringField(_("Name of the school"), [InputRequired(_("Write the school's name."))])
    ib_code = StringField(_("IB school code"))
    place = StringField(_("Town and country"))
    programmes = Boxes(_("Programmes"), choices=options((p, p) for p in schools.PROGRAMMES))
    language = SelectField(_("Language of its reports"), choices=options(LANGUAGES.items()))
    profile = TextAreaField(
        _("The school in a few sentences"), description=_("Stands at the beginning of the self-study.")
    )


@pages.get("/")
@open_to(Action.MANAGE_PEOPLE)
def people(school_key: str) -> str:
    form = PersonForm(role=Role.TEACHER.value).offer()
    return _people_page(form)


@pages.post("/people")
@open_to(Action.MANAGE_PEOPLE)
def add_person(school_key: str) -> Response:
    form = PersonForm().offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                membership = accounts.add_person(
                    work,
                    actor=actor(),
                    email=form.email.data or "",
                    name=form.name.data or "",
                    role=Role(form.role.data),
                    programmes=form.programmes.data or (),
                )
                work.flush()
                token = accounts.invite(work, actor=actor(), person_id=membership.person_id)
        except AppError as error:
            form.take_error(error)
        else:
            return make_response(_people_page(PersonForm(formdata=None).offer(), link=_link(token), to=form.email.data))
    return make_response(_people_page(form), 422)


@pages.get("/people/<person_id>")
@open_to(Action.MANAGE_PEOPLE)
def person(school_key: str, person_id: str) -> str:
    membership = accounts.managed_member(reading(), actor(), person_id)
    limits = membership.limited_to(accounts.LimitKind.PROGRAMME)
    form = PersonForm(
        email=membership.person.email,
        name=membership.person.display_name,
        role=membership.role,
        programmes=list(limits),
    ).offer()
    return render_template("admin/person.html", membership=membership, form=form)


@pages.post("/people/<person_id>")
@open_to(Action.MANAGE_PEOPLE)
def change_person(school_key: str, person_id: str) -> Response:
    with unit_of_work() as work:
        accounts.change_role(
            work,
            actor=actor(),
            person_id=person_id,
            role=Role(request.form.get("role", "")) if request.form.get("role") in set(Role) else Role.NOBODY,
            programmes=request.form.getlist("programmes"),
        )
    flash(gettext("The role is changed. It holds from the next sign-in."))
    return redirect(url_for("admin.people", school_key=school_key))


@pages.post("/people/<person_id>/invite")
@open_to(Action.MANAGE_PEOPLE)
def invite(school_key: str, person_id: str) -> Response:
    with unit_of_work() as work:
        token = accounts.invite(work, actor=actor(), person_id=person_id)
    membership = accounts.managed_member(reading(), actor(), person_id)
    form = PersonForm(formdata=None).offer()
    return make_response(_people_page(form, link=_link(token), to=membership.person.email))


@pages.post("/people/<person_id>/remove")
@open_to(Action.MANAGE_PEOPLE)
def remove_person(school_key: str, person_id: str) -> Response:
    with unit_of_work() as work:
        accounts.remove_member(work, actor=actor(), person_id=person_id)
    flash(gettext("This person has no access any more. What they filed stays."))
    return redirect(url_for("admin.people", school_key=school_key))


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
                    accent=school().accent,
                )
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("The school's facts are saved."))
            return redirect(url_for("admin.school_facts", school_key=school_key))
    return make_response(_school_page(form), 422)


@pages.post("/divisions/<kind>")
@open_to(Action.MANAGE_SCHOOL)
def add_division(school_key: str, kind: str) -> Response:
    add = {"campus": schools.add_campus, "subject": schools.add_subject, "year-group": schools.add_year_group}.get(kind)
    if add is not None:
        with unit_of_work() as work:
            add(work, actor=actor(), name=request.form.get("name", ""))
        flash(gettext("Added to the list."))
    return redirect(url_for("admin.school_facts", school_key=school_key))


@pages.get("/health")
@open_to(Action.MANAGE_SCHOOL)
def health(school_key: str) -> str:
    return render_template(
        "admin/health.html",
        parked=jobs.parked_jobs(reading(), actor().school_id),
        waiting=jobs.unfinished_count(reading(), actor().school_id, list(jobs.JobKind)),
        entries=audit.recent_entries(reading(), actor(), limit=50),
        settings=backends().settings,
    )


@pages.post("/health/retry")
@open_to(Action.MANAGE_SCHOOL)
def retry_jobs(school_key: str) -> Response:
    with unit_of_work() as work:
        jobs.retry_parked(work, actor().school_id)
    flash(gettext("The failed work is tried again."))
    return redirect(url_for("admin.health", school_key=school_key))


def _people_page(form: PersonForm, link: str = "", to: str | None = "") -> str:
    members = accounts.members_of(reading(), actor())
    return render_template("admin/people.html", members=members, form=form, invitation_link=link, invited=to)


def _school_page(form: SchoolForm) -> str:
    return render_template("admin/school.html", form=form, divisions=schools.divisions_of(reading(), actor()))


def _link(token: str) -> str:
    path = url_for("account.invitation", token=token)
    return f"{backends().settings.base_url or request.host_url.rstrip('/')}{path}"
