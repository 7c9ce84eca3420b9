"""Changing an item: its facts, what it shows, a new version, who can see it, the bin."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField

from evidence_app.domain import accounts, evidence, suggesting, tagging
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.errors import AppError, Invalid, NotAllowed
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.facts import FactsForm
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import Form
from evidence_app.web.return_to import safe_path


class AccessForm(Form):
    """Who opens a private item."""

    people = SelectMultipleField(_("People"))
    groups = SelectMultipleField(_("Groups"))
    custodians = SelectMultipleField(
        _("Custodians"),
        description=_("They may say who else opens it. Two are better, so that it outlives an absence."),
    )


@pages.get("/<item_id>/edit")
@open_to(Action.FILE_EVIDENCE)
def edit(school_key: str, item_id: str) -> str:
    found = own_item(item_id)
    return render_template("evidence/edit.html", item=found, form=FactsForm.for_facts(evidence.facts_of(found)))


@pages.post("/<item_id>/edit")
@open_to(Action.FILE_EVIDENCE)
def save_facts(school_key: str, item_id: str) -> Response:
    found = own_item(item_id)
    before = evidence.facts_of(found)
    form = FactsForm.for_facts(before)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                evidence.update_facts(work, actor=actor(), item_id=item_id, facts=form.facts(before))
        except Invalid as error:
            form.take_error(error)
        else:
            say_done(gettext("Saved."))
            return to_item(item_id)
    return make_response(render_template("evidence/edit.html", item=found, form=form), 422)


@pages.post("/<item_id>/tags")
@open_to(Action.TAG_EVIDENCE)
def add_tag(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        node_key, note = request.form.get("node_key", ""), request.form.get("note", "")
        tagging.attach(work, actor=actor(), item_id=item_id, node_key=node_key, note=note)
    is_private = evidence.item(reading(), actor(), item_id).visibility == Visibility.PRIVATE
    say_done(gettext("Added.") if is_private else gettext("Added. A coordinator looks at it next."))
    return _back_or_to_item(item_id)


@pages.post("/<item_id>/tags/<tag_id>/remove")
@open_to(Action.TAG_EVIDENCE)
def remove_tag(school_key: str, item_id: str, tag_id: str) -> Response:
    tag = next((t for t in tagging.tags_of(reading(), actor(), item_id) if t.id == tag_id), None)
    with unit_of_work() as work:
        tagging.detach(work, actor=actor(), tag_id=tag_id)
    undo = url_for("evidence.add_tag", school_key=school_key, item_id=item_id)
    say_done(gettext("Taken away."), undo_url=undo, node_key=tag.node_key if tag else "", note=tag.note if tag else "")
    return to_item(item_id)


@pages.post("/<item_id>/suggestions/decline")
@open_to(Action.TAG_EVIDENCE)
def decline(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        suggesting.decline(work, actor=actor(), item_id=item_id, node_key=request.form.get("node_key", ""))
    return _back_or_to_item(item_id)


def _back_or_to_item(item_id: str) -> Response:
    """Back to the page that asked, when it said so in `then`; to the item otherwise."""
    wanted = safe_path(request.form.get("then", ""), "")
    return redirect(wanted) if wanted else to_item(item_id)


@pages.get("/<item_id>/access")
@open_to(Action.FILE_EVIDENCE)
def access(school_key: str, item_id: str) -> str:
    found = _kept_by_me(item_id)
    return render_template("evidence/access.html", item=found, form=_access_form(found))


@pages.post("/<item_id>/access")
@open_to(Action.FILE_EVIDENCE)
def name_access(school_key: str, item_id: str) -> Response:
    found = _kept_by_me(item_id)
    form = _access_form(found)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                evidence.name_access(
                    work,
                    actor=actor(),
                    item_id=item_id,
                    person_ids=form.people.data or (),
                    group_ids=form.groups.data or (),
                    custodian_ids=form.custodians.data or (),
                )
        except Invalid as error:
            form.take_error(error)
        else:
            say_done(gettext("Saved. Nobody else can find or open it."))
            return to_item(item_id)
    return make_response(render_template("evidence/access.html", item=found, form=form), 422)


def to_item(item_id: str) -> Response:
    """The way back to the page of an item; to the library, where the asker closed it to themselves."""
    school_key = str((request.view_args or {})["school_key"])
    try:
        evidence.item(reading(), actor(), item_id, withdrawn=True)
    except AppError:
        return redirect(url_for("evidence.library", school_key=school_key))
    return redirect(url_for("evidence.item", school_key=school_key, item_id=item_id))


def own_item(item_id: str) -> Item:
    """The item, when the asker may change it."""
    found = evidence.item(reading(), actor(), item_id)
    if not evidence.may_change(actor(), found):
        raise NotAllowed(msg("Only the owner of this item or a coordinator may change it."))
    return found


def _kept_by_me(item_id: str) -> Item:
    """The item, when the asker is a custodian of it."""
    found = evidence.item(reading(), actor(), item_id)
    if actor().person_id not in evidence.access_names(reading(), actor(), item_id).custodian_ids:
        raise NotAllowed(msg("Only a custodian of this item may say who else opens it."))
    return found


def _access_form(found: Item) -> AccessForm:
    named = evidence.access_names(reading(), actor(), found.id)
    people = [p for p in named.person_ids if p not in named.custodian_ids]
    chosen = {"people": people, "groups": list(named.group_ids), "custodians": list(named.custodian_ids)}
    form = AccessForm(data=chosen)
    members = [(m.person_id, m.person.display_name) for m in accounts.members_of(reading(), actor())]
    form.people.choices = form.custodians.choices = members
    in_group = accounts.members_by_group(reading(), actor())
    names = dict(members)
    form.groups.choices = [
        (g.id, f"{g.name}: {', '.join(sorted(names[id] for id in in_group.get(g.id, ()))) or '–'}")
        for g in accounts.groups_of_school(reading(), actor())
    ]
    return form
