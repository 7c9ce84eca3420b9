"""Changing an item: its facts, what it shows, a new version, who can see it, the bin."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import FileField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.domain import accounts, evidence, intake, suggesting, tagging
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, ItemKind, Visibility
from evidence_app.errors import AppError, Invalid, NotAllowed
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.facts import FactsForm
from evidence_app.pages.evidence.storing import store_text, store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import Form
from evidence_app.web.return_to import safe_path


class VersionForm(Form):
    """A newer file, and what changed."""

    files = FileField(_("The new file"))
    comment = StringField(_("What changed"), description=_("One line, for those who cited the version before."))


class RewriteForm(Form):
    """A note, written anew."""

    text = TextAreaField(_("What happened, and what it shows"), [InputRequired(_("Write a line or two."))])
    comment = StringField(_("What changed"))


class AddressForm(Form):
    """Where a page of the web is now."""

    url = StringField(_("The address now"), [InputRequired(_("Paste the address of the page."))])
    comment = StringField(_("What changed"))


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
    found = _mine(item_id)
    return render_template("evidence/edit.html", item=found, form=FactsForm.for_facts(evidence.facts_of(found)))


@pages.post("/<item_id>/edit")
@open_to(Action.FILE_EVIDENCE)
def save_facts(school_key: str, item_id: str) -> Response:
    found = _mine(item_id)
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


@pages.get("/<item_id>/versions/new")
@open_to(Action.FILE_EVIDENCE)
def new_version(school_key: str, item_id: str) -> str:
    found = _mine(item_id)
    return render_template("evidence/new_version.html", item=found, form=_version_form(found))


@pages.post("/<item_id>/versions/new")
@open_to(Action.FILE_EVIDENCE)
def replace(school_key: str, item_id: str) -> Response:
    found = _mine(item_id)
    form = _version_form(found)
    if form.validate_on_submit():
        try:
            stored = _new_content(found, form)
            comment = str(form.comment.data or "")
            with unit_of_work() as work:
                intake.put_new_version(work, actor=actor(), item_id=item_id, file=stored, comment=comment)
        except Invalid as error:
            form.take_error(error)
        else:
            say_done(gettext("The new version is in its place. The one before stays, and so does what cites it."))
            return to_item(item_id)
    return make_response(render_template("evidence/new_version.html", item=found, form=form), 422)


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


@pages.post("/<item_id>/version-of/<other_id>")
@open_to(Action.FILE_EVIDENCE)
def make_version(school_key: str, item_id: str, other_id: str) -> Response:
    """The file of this item is now the newest version of the other, and this item is in the bin."""
    with unit_of_work() as work:
        added = intake.make_version(work, actor=actor(), item_id=item_id, of_id=other_id)
    words = gettext("It is version %(number)s of this one now. Its own page is in the bin.", number=added.number)
    say_done(words)
    return redirect(url_for("evidence.item", school_key=school_key, item_id=other_id))


def to_item(item_id: str) -> Response:
    """The way back to the page of an item; to the library, where the asker closed it to themselves."""
    school_key = str((request.view_args or {})["school_key"])
    try:
        evidence.item(reading(), actor(), item_id, withdrawn=True)
    except AppError:
        return redirect(url_for("evidence.library", school_key=school_key))
    return redirect(url_for("evidence.item", school_key=school_key, item_id=item_id))


def _mine(item_id: str) -> Item:
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


def _version_form(found: Item) -> VersionForm | RewriteForm | AddressForm:
    if found.kind == ItemKind.FILE:
        return VersionForm()
    version = evidence.current_version(reading(), found)
    if found.kind == ItemKind.LINK:
        return AddressForm(data={"url": version.url})
    now_there = backends().blobs.read_verified(found.school_id, version.sha256, max_bytes=1024 * 1024)
    return RewriteForm(data={"text": now_there.decode(errors="replace")})


def _new_content(found: Item, form: VersionForm | RewriteForm | AddressForm) -> intake.StoredFile:
    if isinstance(form, AddressForm):
        url = evidence.checked_url(form.url.data or "")
        return intake.StoredFile(urlsplit(url).hostname or url, store_text(url), "text/uri-list", url)
    if isinstance(form, RewriteForm):
        return intake.StoredFile(f"{found.title}.md", store_text(form.text.data or ""), "text/markdown")
    return store_upload(request.files.get("files"))


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
