"""Links and notes, written while filing, and what was typed or ticked so far: kept before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import jsonify, make_response, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.database import new_id
from evidence_app.domain import intake, requests
from evidence_app.domain.access import Action
from evidence_app.domain.intake import DraftPart
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.cards import said_of
from evidence_app.pages.evidence.facts import CARRIED
from evidence_app.pages.evidence.filing_form import answered_id, answering, filing_url
from evidence_app.pages.evidence.storing import store_text
from evidence_app.typed import LONGEST_LINE
from evidence_app.web.access import open_to
from evidence_app.web.forms import AtMost, Form


class LinkForm(Form):
    """An address, and what it is called. The key keeps a second press of the button from filing it twice."""

    url = StringField(_("Address"), [InputRequired(_("Paste the address of the page."))])
    title = StringField(_("Title"), [AtMost(LONGEST_LINE)])
    key = HiddenField(default=new_id)

    def file(self, request_id: str, draft_id: str) -> None:
        """Put the link in the batch; its text is in the store before the row that names it."""
        blob = store_text(self.url.data or "")
        with unit_of_work() as work:
            intake.add_link_to_batch(
                work,
                actor=actor(),
                blob=blob,
                url=self.url.data or "",
                title=self.title.data or "",
                filing_key=self.key.data or "",
                request_id=request_id,
                draft_id=draft_id,
            )


class NoteForm(Form):
    """A few words of one's own; the key as of a link."""

    title = StringField(_("Title"), [InputRequired(_("Write a title; people find it by this.")), AtMost(LONGEST_LINE)])
    text = TextAreaField(_("What happened, and what it shows"), [InputRequired(_("Write a line or two."))])
    key = HiddenField(default=new_id)

    def file(self, request_id: str, draft_id: str) -> None:
        """Put the note in the batch; its text is in the store before the row that names it."""
        blob = store_text(self.text.data or "")
        with unit_of_work() as work:
            intake.add_note_to_batch(
                work,
                actor=actor(),
                blob=blob,
                title=self.title.data or "",
                filing_key=self.key.data or "",
                request_id=request_id,
                draft_id=draft_id,
            )


FORMS: Mapping[str, type[LinkForm | NoteForm]] = MappingProxyType({DraftPart.LINK: LinkForm, DraftPart.NOTE: NoteForm})
"""What is written while filing -> its form."""
KEPT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {DraftPart.LINK: ("url", "title"), DraftPart.NOTE: ("title", "text"), DraftPart.FACTS: CARRIED}
)
"""What is kept before it is filed -> its fields."""


@pages.get("/new/<any(link, note):part>")
@open_to(Action.FILE_EVIDENCE)
def write(school_key: str, part: str) -> str:
    draft = intake.draft_of(reading(), actor(), DraftPart(part), answered_id())
    draft_id = intake.draft_id_of(reading(), actor(), DraftPart(part), answered_id())
    return _page(part, FORMS[part](data=draft), draft_id)


@pages.post("/new/<any(link, note):part>")
@open_to(Action.FILE_EVIDENCE)
def file_written(school_key: str, part: str) -> Response:
    form, request_id = FORMS[part](), answered_id()
    if form.validate_on_submit():
        try:
            form.file(request_id, _draft_id(DraftPart(part)))
        except Invalid as error:
            form.take_error(error)
        else:
            return redirect(filing_url(request_id))
    return make_response(_page(part, form, _draft_id(DraftPart(part))), 422)


@pages.post("/new/<any(link, note):part>/kept")
@open_to(Action.FILE_EVIDENCE)
def keep_written(school_key: str, part: str) -> Response:
    return _keep(DraftPart(part))


@pages.post("/new/kept")
@open_to(Action.FILE_EVIDENCE)
def keep(school_key: str) -> Response:
    """Keeps what is being ticked and typed: of the cards that are sent along, and of what goes with every file."""
    shown = [said_of(request.form, item_id) for item_id in dict.fromkeys(request.form.getlist("item"))]
    with unit_of_work() as work:
        intake.keep_said(work, actor=actor(), shown=shown)
    return _keep(DraftPart.FACTS) if "visibility" in request.form else jsonify(saved=gettext("Draft kept"))


def _keep(part: DraftPart) -> Response:
    said = {name: request.form.get(name, "") for name in KEPT[part]}
    request_id = answered_id() if part == DraftPart.FACTS else _draft_id(part)
    with unit_of_work() as work:
        intake.keep_draft(work, actor=actor(), part=part, said=said, request_id=request_id)
    return jsonify(saved=gettext("Draft kept"))


def _draft_id(part: DraftPart) -> str:
    """The request for which was begun what is being typed, though it may be closed by now, or ask the asker no more."""
    named = request.form.get("draft", request.values.get("request", ""))
    if not named or intake.is_begun(reading(), actor(), part, named):
        return named
    return requests.request_line(reading(), actor(), named).request.id


def _page(part: str, form: Form, draft_id: str) -> str:
    return render_template(
        f"evidence/{part}.html",
        form=form,
        part=part,
        draft_id=draft_id,
        answering=answering(),
        back=filing_url(answered_id()),
    )
