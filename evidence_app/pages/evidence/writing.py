"""Links and notes, written while filing, and what was typed or ticked so far: kept before it is saved."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, make_response, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.database import new_id
from evidence_app.domain import intake
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item
from evidence_app.domain.intake import DraftPart
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.cards import said_of
from evidence_app.pages.evidence.facts import CARRIED
from evidence_app.pages.evidence.filing_form import answered_id, answering, filing_url
from evidence_app.pages.evidence.storing import store_text
from evidence_app.web.access import open_to
from evidence_app.web.forms import Form
from storage_adapters import Blob


class LinkForm(Form):
    """An address, and what it is called. The key keeps a second press of the button from filing it twice."""

    url = StringField(_("Address"), [InputRequired(_("Paste the address of the page."))])
    title = StringField(_("Title"))
    key = HiddenField(default=new_id)


class NoteForm(Form):
    """A few words of one's own."""

    title = StringField(_("Title"), [InputRequired(_("Write a title; people find it by this."))])
    text = TextAreaField(_("What happened, and what it shows"), [InputRequired(_("Write a line or two."))])
    key = HiddenField(default=new_id)


@pages.get("/new/link")
@open_to(Action.FILE_EVIDENCE)
def new_link(school_key: str) -> str:
    return _page("evidence/link.html", LinkForm(data=_draft(DraftPart.LINK)))


@pages.post("/new/link")
@open_to(Action.FILE_EVIDENCE)
def add_link(school_key: str) -> Response:
    form, request_id = LinkForm(), answered_id()

    def add(work: Session, blob: Blob) -> Item:
        return intake.add_link_to_batch(
            work,
            actor=actor(),
            blob=blob,
            url=form.url.data or "",
            title=form.title.data or "",
            filing_key=form.key.data or "",
            request_id=request_id,
        )

    if form.validate_on_submit() and _file_text(form, form.url.data or "", add):
        return redirect(filing_url(request_id))
    return make_response(_page("evidence/link.html", form), 422)


@pages.get("/new/note")
@open_to(Action.FILE_EVIDENCE)
def new_note(school_key: str) -> str:
    return _page("evidence/note.html", NoteForm(data=_draft(DraftPart.NOTE)))


@pages.post("/new/note")
@open_to(Action.FILE_EVIDENCE)
def add_note(school_key: str) -> Response:
    form, request_id = NoteForm(), answered_id()

    def add(work: Session, blob: Blob) -> Item:
        return intake.add_note_to_batch(
            work,
            actor=actor(),
            blob=blob,
            title=form.title.data or "",
            filing_key=form.key.data or "",
            request_id=request_id,
        )

    if form.validate_on_submit() and _file_text(form, form.text.data or "", add):
        return redirect(filing_url(request_id))
    return make_response(_page("evidence/note.html", form), 422)


@pages.post("/new/kept")
@open_to(Action.FILE_EVIDENCE)
def keep(school_key: str) -> Response:
    """Keeps what is being ticked and typed: of the cards that are sent along, and of what goes with every file."""
    shown = [said_of(request.form, item_id) for item_id in dict.fromkeys(request.form.getlist("item"))]
    with unit_of_work() as work:
        intake.keep_said(work, actor=actor(), shown=shown)
    return _keep(DraftPart.FACTS, CARRIED) if "visibility" in request.form else jsonify(saved=gettext("Draft kept"))


@pages.post("/new/link/kept")
@open_to(Action.FILE_EVIDENCE)
def keep_link(school_key: str) -> Response:
    return _keep(DraftPart.LINK, ("url", "title"))


@pages.post("/new/note/kept")
@open_to(Action.FILE_EVIDENCE)
def keep_note(school_key: str) -> Response:
    return _keep(DraftPart.NOTE, ("title", "text"))


def _keep(part: DraftPart, names: tuple[str, ...]) -> Response:
    said, request_id = {name: request.form.get(name, "") for name in names}, answered_id()
    with unit_of_work() as work:
        intake.keep_draft(work, actor=actor(), part=part, said=said, request_id=request_id)
    return jsonify(saved=gettext("Draft kept"))


def _draft(part: DraftPart) -> dict[str, str]:
    return intake.draft_of(reading(), actor(), part, answered_id())


def _page(template: str, form: Form) -> str:
    return render_template(template, form=form, answering=answering(), back=filing_url(answered_id()))


def _file_text(form: Form, text: str, add: Callable[[Session, Blob], Item]) -> bool:
    """Whether a link or note is filed now; its text is in the store before the row that names it."""
    try:
        blob = store_text(text)
        with unit_of_work() as work:
            add(work, blob)
    except Invalid as error:
        form.take_error(error)
        return False
    return True
