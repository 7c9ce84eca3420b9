"""The people of a school: who they are, what each may do, and the links that let them in."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from evidence_app.domain import accounts, handover, schools
from evidence_app.domain.access import Action, Role
from evidence_app.domain.accounts import LimitKind, Membership
from evidence_app.errors import AppError, Conflict
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.admin.blueprint import pages
from evidence_app.typed import LONGEST_NAME
from evidence_app.web.access import open_to
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.hosts import own_address
from evidence_app.web.templating import say

ROLES = [(role.value, role.label) for role in Role if role is not Role.NOBODY]


class PlaceForm(Form):
    """What somebody is in this school, and what they are limited to."""

    role = SelectField(_("Role"))
    programmes = SelectMultipleField(_("Only for these programmes"), description=_("None ticked means: all of them."))
    campuses = SelectMultipleField(_("Only for these campuses"), description=_("None ticked means: all of them."))

    def offer(self) -> None:
        """Give the lists of this school to choose from; a school without campuses is not asked about them."""
        self.role.choices = options((value, say(label)) for value, label in ROLES)
        self.programmes.choices = options((p, p) for p in school().programmes)
        self.campuses.choices = options((c.id, c.name) for c in schools.divisions_of(reading(), actor()).campuses)


class PersonForm(PlaceForm):
    """Somebody new."""

    email = StringField(_("E-mail"), [InputRequired(_("Write an e-mail address."))])
    name = StringField(_("Name"), [AtMost(LONGEST_NAME)])


@pages.get("/")
@open_to(Action.MANAGE_PEOPLE)
def people(school_key: str) -> str:
    return _people_page(PersonForm(role=Role.TEACHER.value))


@pages.post("/people")
@open_to(Action.MANAGE_PEOPLE)
def add_person(school_key: str) -> Response:
    form = PersonForm()
    form.offer()
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
                    campus_ids=form.campuses.data or (),
                )
                work.flush()
                is_known = accounts.opens_more_than(work, school().id, membership.person)
                token = "" if is_known else accounts.invite(work, actor=actor(), person_id=membership.person_id)
        except AppError as error:
            form.take_error(error)
        else:
            if is_known:
                flash(gettext("Added. They sign in with the password they have."))
                return redirect(url_for("admin.people", school_key=school_key))
            empty = PersonForm(formdata=None, role=Role.TEACHER.value)
            return make_response(_people_page(empty, link=_link(token), to=form.email.data or ""))
    return make_response(_people_page(form), 422)


@pages.get("/people/<person_id>")
@open_to(Action.MANAGE_PEOPLE)
def person(school_key: str, person_id: str) -> str:
    membership = accounts.managed_member(reading(), actor(), person_id)
    form = PlaceForm(
        role=membership.role,
        programmes=list(membership.limited_to(LimitKind.PROGRAMME)),
        campuses=list(membership.limited_to(LimitKind.CAMPUS)),
    )
    return _person_page(membership, form)


@pages.post("/people/<person_id>")
@open_to(Action.MANAGE_PEOPLE)
def change_person(school_key: str, person_id: str) -> Response:
    form = PlaceForm()
    form.offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                accounts.change_role(
                    work,
                    actor=actor(),
                    person_id=person_id,
                    role=Role(form.role.data),
                    programmes=form.programmes.data or (),
                    campus_ids=form.campuses.data or (),
                )
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("Saved. It holds from the next sign-in."))
            return redirect(url_for("admin.people", school_key=school_key))
    return make_response(_person_page(accounts.managed_member(reading(), actor(), person_id), form), 422)


@pages.post("/people/<person_id>/invite")
@open_to(Action.MANAGE_PEOPLE)
def invite(school_key: str, person_id: str) -> Response:
    with unit_of_work() as work:
        token = accounts.invite(work, actor=actor(), person_id=person_id)
    membership = accounts.managed_member(reading(), actor(), person_id)
    form = PersonForm(formdata=None, role=Role.TEACHER.value)
    return make_response(_people_page(form, link=_link(token), to=membership.person.email))


@pages.post("/people/<person_id>/remove")
@open_to(Action.MANAGE_PEOPLE)
def remove_person(school_key: str, person_id: str) -> Response:
    """Ends access; where private items would be open to nobody any more, only when that is said too."""
    alone = handover.count_only_theirs(reading(), actor().school_id, person_id)
    try:
        if alone and "all_the_same" not in request.form:
            raise Conflict(
                msg(
                    "%(num)d private items are open to this person alone, and would be open to nobody. They keep their "
                    "access until you say below that it ends all the same.",
                    num=alone,
                )
            )
        with unit_of_work() as work:
            accounts.remove_member(work, actor=actor(), person_id=person_id)
    except AppError as error:
        membership = accounts.managed_member(reading(), actor(), person_id)
        form = PlaceForm(formdata=None, role=membership.role)
        form.take_error(error)
        return make_response(_person_page(membership, form), 422)
    flash(gettext("This person has no access any more. What they filed stays."))
    return redirect(url_for("admin.people", school_key=school_key))


def _people_page(form: PersonForm, link: str = "", to: str = "") -> str:
    form.offer()
    campuses = {c.id: c.name for c in schools.divisions_of(reading(), actor()).campuses}
    members = accounts.members_of(reading(), actor())
    return render_template(
        "admin/people.html",
        members=members,
        limits={m.id: _limits(m, campuses) for m in members},
        form=form,
        invitation_link=link,
        invited=to,
    )


def _person_page(membership: Membership, form: PlaceForm) -> str:
    form.offer()
    groups = accounts.members_by_group(reading(), actor())
    return render_template(
        "admin/person.html",
        membership=membership,
        form=form,
        only_theirs=handover.count_only_theirs(reading(), membership.school_id, membership.person_id),
        groups=[
            g for g in accounts.groups_of_school(reading(), actor()) if membership.person_id in groups.get(g.id, ())
        ],
    )


def _limits(membership: Membership, campuses: dict[str, str]) -> str:
    """What a membership is limited to, in words; empty for the whole school."""
    programmes = membership.limited_to(LimitKind.PROGRAMME)
    names = [p for p in schools.PROGRAMMES if p in programmes]
    names += sorted(campuses[id] for id in membership.limited_to(LimitKind.CAMPUS) if id in campuses)
    return ", ".join(names)


def _link(token: str) -> str:
    return own_address() + url_for("account.invitation", token=token)
