"""The versions of an item: a new one, an earlier one again, what two of them say differently, one item made of two."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.domain import evidence, extraction, intake
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, ItemKind
from evidence_app.errors import Invalid, NotFound
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.changing import own_item, to_item
from evidence_app.pages.evidence.files import item_and_version
from evidence_app.pages.evidence.storing import store_text, store_upload
from evidence_app.typed import LONGEST_LINE
from evidence_app.web.access import open_to
from evidence_app.web.differences import is_compared_whole, passages
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form


class VersionForm(Form):
    """A newer file, and what changed."""

    files = FileField(_("The new file"))
    comment = StringField(
        _("What changed"), [AtMost(LONGEST_LINE)], description=_("One line, for those who cited the version before.")
    )


class RewriteForm(Form):
    """A note, written anew."""

    text = TextAreaField(_("What happened, and what it shows"), [InputRequired(_("Write a line or two."))])
    comment = StringField(_("What changed"), [AtMost(LONGEST_LINE)])


class AddressForm(Form):
    """Where a page of the web is now."""

    url = StringField(_("The address now"), [InputRequired(_("Paste the address of the page."))])
    comment = StringField(_("What changed"), [AtMost(LONGEST_LINE)])


@pages.get("/<item_id>/versions/new")
@open_to(Action.FILE_EVIDENCE)
def new_version(school_key: str, item_id: str) -> str:
    found = own_item(item_id)
    return render_template("evidence/new_version.html", item=found, form=_version_form(found))


@pages.post("/<item_id>/versions/new")
@open_to(Action.FILE_EVIDENCE)
def replace(school_key: str, item_id: str) -> Response:
    found = own_item(item_id)
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


@pages.get("/<item_id>/versions/<version_id>/compare")
@open_to(Action.READ_EVIDENCE)
def compare_versions(school_key: str, item_id: str, version_id: str) -> str:
    """What the newest version says otherwise than an earlier one, in their texts."""
    found, earlier = item_and_version(item_id, version_id)
    if earlier.part:
        raise NotFound(msg("There is no such version, or it is not open to you."))
    newest = evidence.current_version(reading(), found)
    texts = [extraction.text_of(reading(), version) for version in (earlier, newest)]
    before, after = (text.text if text else "" for text in texts)
    return render_template(
        "evidence/compare_versions.html",
        item=found,
        earlier=earlier,
        newest=newest,
        has_texts=all(text is not None and text.text.strip() for text in texts),
        passages=passages(before, after),
        is_whole=is_compared_whole(before, after),
        may_change=found.withdrawn_at is None and evidence.may_change(actor(), found),
    )


@pages.post("/<item_id>/versions/<version_id>/bring-back")
@open_to(Action.FILE_EVIDENCE)
def bring_back(school_key: str, item_id: str, version_id: str) -> Response:
    with unit_of_work() as work:
        added = evidence.bring_back(work, actor=actor(), item_id=item_id, version_id=version_id)
    say_done(gettext("It is version %(number)s now. The ones between stay.", number=added.number))
    return to_item(item_id)


@pages.post("/<item_id>/version-of/<other_id>")
@open_to(Action.FILE_EVIDENCE)
def make_version(school_key: str, item_id: str, other_id: str) -> Response:
    """The file of this item is now the newest version of the other, and this item is in the bin."""
    with unit_of_work() as work:
        added = intake.make_version(work, actor=actor(), item_id=item_id, of_id=other_id)
    words = gettext("It is version %(number)s of this one now. Its own page is in the bin.", number=added.number)
    say_done(words)
    return redirect(url_for("evidence.item", school_key=school_key, item_id=other_id))


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
