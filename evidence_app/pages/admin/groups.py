"""Groups of people, who are asked together or let into a private item together."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from evidence_app.domain import accounts
from evidence_app.domain.access import Action
from evidence_app.domain.accounts import Group
from evidence_app.errors import AppError
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.admin.blueprint import pages
from evidence_app.typed import LONGEST_GROUP_NAME
from evidence_app.web.access import open_to
from evidence_app.web.forms import AtMost, Form, options


class GroupForm(Form):
    """A group's name and who is in it."""

    name = StringField(_("Name of the group"), [InputRequired(_("Write a name.")), AtMost(LONGEST_GROUP_NAME)])
    people = SelectMultipleField(_("Who is in it"))
    is_learning_support = BooleanField(
        _("This is the learning support team"),
        description=_("What looks like an individual pupil's paper is opened to it, beside the one who filed it."),
    )

    def offer(self) -> None:
        """Give the people of this school to choose from."""
        members = accounts.members_of(reading(), actor())
        self.people.choices = options((m.person_id, m.person.display_name) for m in members)


@pages.get("/groups")
@open_to(Action.MANAGE_PEOPLE)
def groups(school_key: str) -> str:
    by_group = accounts.members_by_group(reading(), actor())
    names = {m.person_id: m.person.display_name for m in accounts.members_of(reading(), actor())}
    found = accounts.groups_of_school(reading(), actor())
    return render_template(
        "admin/groups.html",
        groups=[(g, sorted(names[id] for id in by_group.get(g.id, ()) if id in names)) for g in found],
    )


@pages.get("/groups/new")
@open_to(Action.MANAGE_PEOPLE)
def new_group(school_key: str) -> str:
    return _group_page(GroupForm())


@pages.post("/groups/new")
@open_to(Action.MANAGE_PEOPLE)
def new_group_submit(school_key: str) -> Response:
    form = GroupForm()
    form.offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                added = accounts.add_group(
                    work, actor=actor(), name=form.name.data or "", person_ids=form.people.data or ()
                )
                if form.is_learning_support.data:
                    accounts.name_learning_support(work, actor=actor(), group_id=added.id, is_it=True)
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("The group is there. It can be asked for evidence, and let into private items."))
            return redirect(url_for("admin.groups", school_key=school_key))
    return make_response(_group_page(form), 422)


@pages.get("/groups/<group_id>")
@open_to(Action.MANAGE_PEOPLE)
def group(school_key: str, group_id: str) -> str:
    found = accounts.managed_group(reading(), actor(), group_id)
    people = accounts.members_by_group(reading(), actor()).get(group_id, set())
    form = GroupForm(name=found.name, people=list(people), is_learning_support=found.is_learning_support)
    return _group_page(form, found)


@pages.post("/groups/<group_id>")
@open_to(Action.MANAGE_PEOPLE)
def change_group(school_key: str, group_id: str) -> Response:
    form = GroupForm()
    form.offer()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                accounts.change_group(
                    work,
                    actor=actor(),
                    group_id=group_id,
                    name=form.name.data or "",
                    person_ids=form.people.data or (),
                )
                accounts.name_learning_support(
                    work, actor=actor(), group_id=group_id, is_it=bool(form.is_learning_support.data)
                )
        except AppError as error:
            form.take_error(error)
        else:
            flash(gettext("The group is saved."))
            return redirect(url_for("admin.groups", school_key=school_key))
    return make_response(_group_page(form, accounts.managed_group(reading(), actor(), group_id)), 422)


def _group_page(form: GroupForm, group: Group | None = None) -> str:
    form.offer()
    return render_template("admin/group.html", form=form, group=group)
