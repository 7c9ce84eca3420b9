"""Filing: many files, photos, links and notes at once, each safe from the moment it is answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from evidence_app.database import new_id
from evidence_app.domain import evidence, intake, mail
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Hold, Item, Visibility
from evidence_app.domain.intake import CardState, Shown
from evidence_app.errors import AppError, Invalid
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.cards import said_of, view_of, views_of
from evidence_app.pages.evidence.facts import CarryForm
from evidence_app.pages.evidence.series import files_in_batch
from evidence_app.pages.evidence.storing import store_text, store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.forms import Form
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import nodes
from evidence_app.web.templating import language
from storage_adapters import Blob

REFUSALS_SAID = 5
"""How many refused files are told one by one; each stands in a cookie until the next page."""


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


@pages.get("/new")
@open_to(Action.FILE_EVIDENCE)
def new(school_key: str) -> str:
    return _filing_page(CarryForm.for_facts(intake.next_facts(reading(), actor())))


@pages.post("/new")
@open_to(Action.FILE_EVIDENCE)
def save(school_key: str) -> Response:
    carry = CarryForm.for_facts(intake.next_facts(reading(), actor()))
    shown = [said_of(request.form, item_id) for item_id in dict.fromkeys(request.form.getlist("item"))]
    if carry.validate_on_submit():
        try:
            with unit_of_work() as work:
                count = intake.save_batch(work, actor=actor(), shown=shown, facts=carry.facts())
        except Invalid as error:
            carry.take_error(error)
        else:
            say_done(ngettext("%(num)d filed.", "%(num)d filed.", count) if count else gettext("Nothing is ready yet."))
            if count and carry.facts().visibility == Visibility.PRIVATE:
                words = gettext("You alone open what you filed as private. Name a second custodian on its page.")
                say_trouble(words, tone="wait")
            _tell_of_questions([one.item_id for one in shown])
            left = intake.count_in_batch(reading(), actor())
            return redirect(url_for("evidence.new" if left else "evidence.library", school_key=school_key))
    return make_response(_filing_page(carry, {one.item_id: one for one in shown}), 422)


def _tell_of_questions(item_ids: Collection[str]) -> None:
    """Say at the top of the next page how many of these were filed less open than was asked."""
    held = sum(item.held != Hold.NONE for item in evidence.items_by_id(reading(), actor(), item_ids).values())
    if held:
        words = ngettext(
            "%(num)d looks as if it were about single pupils. It is held back until you have answered for it.",
            "%(num)d look as if they were about single pupils. They are held back until you have answered for them.",
            held,
        )
        say_trouble(words, tone="wait")


@pages.post("/new/files")
@open_to(Action.FILE_EVIDENCE)
def upload(school_key: str) -> str | Response:
    """A script's file, also one that came in pieces, is answered with its card; those of a bare form, with a page."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if wants_fragment():
        key = request.headers.get("Idempotency-Key", "")
        return _cards_fragment([_file_one(file, f"{key}-{n}" if n else key) for n, file in enumerate(files or [None])])
    if not files:
        say_trouble(gettext("Choose a file first, then press Send."), tone="wait")
    refused = []
    for n, file in enumerate(files):
        try:
            _file_one(file, f"{request.form.get('form_key', '')}-{n}")
        except AppError as error:
            refused.append(error.message.in_language(language()))
    for words in refused[:REFUSALS_SAID]:
        say_trouble(words)
    if refused[REFUSALS_SAID:]:
        more = len(refused) - REFUSALS_SAID
        say_trouble(ngettext("%(num)d more was not filed.", "%(num)d more were not filed.", more))
    return redirect(url_for("evidence.new", school_key=school_key))


@pages.get("/new/link")
@open_to(Action.FILE_EVIDENCE)
def new_link(school_key: str) -> str:
    return render_template("evidence/link.html", form=LinkForm())


@pages.post("/new/link")
@open_to(Action.FILE_EVIDENCE)
def add_link(school_key: str) -> Response:
    form = LinkForm()

    def add(work: Session, blob: Blob) -> Item:
        url, title = form.url.data or "", form.title.data or ""
        return intake.add_link_to_batch(
            work, actor=actor(), blob=blob, url=url, title=title, filing_key=form.key.data or ""
        )

    if form.validate_on_submit() and _file_text(form, form.url.data or "", add):
        return redirect(url_for("evidence.new", school_key=school_key))
    return make_response(render_template("evidence/link.html", form=form), 422)


@pages.get("/new/note")
@open_to(Action.FILE_EVIDENCE)
def new_note(school_key: str) -> str:
    return render_template("evidence/note.html", form=NoteForm())


@pages.post("/new/note")
@open_to(Action.FILE_EVIDENCE)
def add_note(school_key: str) -> Response:
    form = NoteForm()

    def add(work: Session, blob: Blob) -> Item:
        return intake.add_note_to_batch(
            work, actor=actor(), blob=blob, title=form.title.data or "", filing_key=form.key.data or ""
        )

    if form.validate_on_submit() and _file_text(form, form.text.data or "", add):
        return redirect(url_for("evidence.new", school_key=school_key))
    return make_response(render_template("evidence/note.html", form=form), 422)


@pages.get("/new/<item_id>/card")
@open_to(Action.FILE_EVIDENCE)
def card(school_key: str, item_id: str) -> Response:
    """The card as it stands now, asked for again while its text is being read; nothing once it left the batch."""
    cards = [card for card in intake.cards_of(reading(), actor()) if card.item.id == item_id]
    answer = make_response(_cards_fragment([card.item for card in cards]))
    if all(card.state != CardState.READING for card in cards):
        answer.headers["HX-Trigger"] = "filed"
    return answer


@pages.post("/new/<item_id>/card")
@open_to(Action.FILE_EVIDENCE)
def say_more(school_key: str, item_id: str) -> str:
    """The card with one more practice on it, nothing saved yet."""
    view = view_of(intake.card_of(reading(), actor(), item_id), said_of(request.form, item_id))
    return render_template("evidence/_card.html", view=view, choices=nodes().choices(), is_open=True)


@pages.get("/new/summary")
@open_to(Action.FILE_EVIDENCE)
def summary(school_key: str) -> str:
    return render_template("evidence/_savebar.html", **_counts(intake.cards_of(reading(), actor())))


@pages.post("/new/<item_id>/leave-out")
@open_to(Action.FILE_EVIDENCE)
def leave_out(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        intake.leave_out(work, actor=actor(), item_id=item_id)
    return _changed("")


@pages.post("/new/<item_id>/keep-both")
@open_to(Action.FILE_EVIDENCE)
def keep_both(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        intake.keep_both(work, actor=actor(), item_id=item_id)
    return _changed(item_id)


@pages.post("/new/<item_id>/use/<known_id>")
@open_to(Action.FILE_EVIDENCE)
def use_known(school_key: str, item_id: str, known_id: str) -> Response:
    with unit_of_work() as work:
        known = intake.use_known(work, actor=actor(), item_id=item_id, known_id=known_id)
    return _changed(known.id)


@pages.post("/new/<item_id>/version-of/<known_id>")
@open_to(Action.FILE_EVIDENCE)
def use_as_version(school_key: str, item_id: str, known_id: str) -> Response:
    """What is being filed becomes the newest version of what is there, which stands in the batch in its place."""
    with unit_of_work() as work:
        intake.make_version(work, actor=actor(), item_id=item_id, of_id=known_id, is_chosen=True)
    return _changed(known_id)


def _file_one(file: FileStorage | None, key: str) -> Item:
    """The item one file has become; whatever is wrong with it is said by name, and nothing of it is kept."""
    stored = store_upload(file)
    seen_by = request.form.get("visibility", "")
    with unit_of_work() as work:
        return intake.add_file_to_batch(
            work,
            actor=actor(),
            file=stored,
            filing_key=key,
            visibility=Visibility(seen_by) if seen_by in set(Visibility) else None,
        )


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


def _filing_page(carry: CarryForm, said: Mapping[str, Shown] | None = None) -> str:
    cards = intake.cards_of(reading(), actor())
    return render_template(
        "evidence/new.html",
        views=views_of(cards, said),
        choices=nodes().choices(),
        carry=carry,
        form_key=new_id(),
        files=files_in_batch(cards),
        mail_address=mail.address_of(reading(), actor()),
        mails_told=mail.told_to(reading(), actor()),
        **_counts(cards),
    )


def _counts(cards: list[intake.Card]) -> dict[str, int]:
    """How many cards are ready, on their way, and want a decision."""
    states = [card.state for card in cards]
    return {
        "ready": states.count(CardState.READY),
        "reading": states.count(CardState.READING),
        "undecided": states.count(CardState.KNOWN),
    }


def _cards_fragment(items: list[Item]) -> str:
    views = [view_of(intake.card_of(reading(), actor(), item.id)) for item in items]
    choices = nodes().choices()
    return "".join(render_template("evidence/_card.html", view=view, choices=choices) for view in views)


def _changed(item_id: str) -> Response:
    """After a decision about a card: the card that stands in its place, or the whole page without scripts."""
    if not wants_fragment():
        return redirect(url_for("evidence.new", school_key=request.view_args["school_key"]))  # type: ignore[index]
    found = intake.card_of(reading(), actor(), item_id).item if item_id else None
    answer = make_response(_cards_fragment([found]) if found else "")
    answer.headers["HX-Trigger"] = "filed"
    return answer
