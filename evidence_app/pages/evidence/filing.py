"""Filing: many files, photos, links and notes at once, each safe from the moment it is answered, and seen by others
once it is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, intake, mail
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Hold, Item, Visibility
from evidence_app.domain.intake import CardState, Shown
from evidence_app.domain.requests import EvidenceRequest
from evidence_app.errors import AppError, Conflict, Invalid
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.cards import CardView, said_of, view_of, views_of
from evidence_app.pages.evidence.facts import CarryForm
from evidence_app.pages.evidence.filing_form import (
    answered_id,
    answering,
    bar_of,
    carry_form,
    filing_form,
    filing_url,
)
from evidence_app.pages.evidence.storing import store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import nodes
from evidence_app.web.templating import language

REFUSALS_SAID = 5
"""How many refused files are told one by one; each stands in a cookie until the next page."""


@pages.get("/new")
@open_to(Action.FILE_EVIDENCE)
def new(school_key: str) -> str:
    return _filing_page()


@pages.post("/new")
@open_to(Action.FILE_EVIDENCE)
def save(school_key: str) -> Response:
    asked = answering()
    request_id = asked.id if asked else ""
    carry = carry_form(request_id)
    shown = [said_of(request.form, item_id) for item_id in dict.fromkeys(request.form.getlist("item"))]
    if carry.validate_on_submit():
        try:
            with unit_of_work() as work:
                saved = intake.save_batch(work, actor=actor(), shown=shown, facts=carry.facts(), request_id=request_id)
        except (Invalid, Conflict) as error:
            carry.take_error(error)
        else:
            _say_filed(saved, is_answer=asked is not None)
            if asked is None and "request" in request.form:
                words = gettext("The request was closed meanwhile. What you filed for it is kept, with its practice.")
                say_trouble(words, tone="note")
            if saved.count and carry.facts().visibility == Visibility.PRIVATE:
                words = gettext("You alone open what you filed as private. Name a second custodian on its page.")
                say_trouble(words, tone="wait")
            _tell_of_questions([one.item_id for one in shown])
            if asked or intake.count_in_batch(reading(), actor()):
                return redirect(filing_url(request_id))
            return redirect(url_for("evidence.library", school_key=school_key))
    return make_response(_filing_page(asked, carry, {one.item_id: one for one in shown}), 422)


def _say_filed(saved: intake.Saved, *, is_answer: bool) -> None:
    count = saved.count
    for title in saved.said_anew[:REFUSALS_SAID]:
        words = gettext(
            "“%(title)s” was saved in another window meanwhile, with other words. What you say of how it shows it "
            "stands on its page beside what you said there; its title and purpose are as they were saved there.",
            title=title,
        )
        say_trouble(words, tone="wait")
    if not count:
        say_done(gettext("Nothing is ready yet."))
    elif is_answer:
        say_done(gettext("Given in answer. Thank you."))
    else:
        say_done(ngettext("%(num)d filed.", "%(num)d filed.", count))


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
    return redirect(filing_url(answered_id()))


@pages.get("/new/<item_id>/card")
@open_to(Action.FILE_EVIDENCE)
def card(school_key: str, item_id: str) -> Response:
    """The card as it stands now, asked for again while its text is being read; nothing once it left the batch."""
    if not intake.is_in_batch(reading(), actor(), item_id):
        answer, is_reading = make_response(""), False
    else:
        card = intake.card_of(reading(), actor(), item_id)
        answer, is_reading = make_response(_cards_fragment([card.item])), card.state == CardState.READING
    if not is_reading:
        answer.headers["HX-Trigger"] = "filed"
    return answer


@pages.post("/new/<item_id>/card")
@open_to(Action.FILE_EVIDENCE)
def say_more(school_key: str, item_id: str) -> str:
    """The card with one more practice on it, nothing saved yet."""
    view = view_of(intake.card_of(reading(), actor(), item_id), said_of(request.form, item_id))
    return _card_of(view, is_open=True)


@pages.get("/new/summary")
@open_to(Action.FILE_EVIDENCE)
def summary(school_key: str) -> str:
    request_id = answered_id()
    bar = bar_of(views_of(intake.cards_of(reading(), actor(), request_id)))
    return render_template("evidence/_savebar.html", request_id=request_id or None, **bar)


@pages.post("/new/<item_id>/leave-out")
@open_to(Action.FILE_EVIDENCE)
def leave_out(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        intake.leave_out(work, actor=actor(), item_id=item_id)
    return changed("")


@pages.post("/new/<item_id>/keep-both")
@open_to(Action.FILE_EVIDENCE)
def keep_both(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        intake.keep_both(work, actor=actor(), item_id=item_id)
    return changed(item_id)


@pages.post("/new/<item_id>/use/<known_id>")
@open_to(Action.FILE_EVIDENCE)
def use_known(school_key: str, item_id: str, known_id: str) -> Response:
    with unit_of_work() as work:
        known = intake.use_known(work, actor=actor(), item_id=item_id, known_id=known_id)
    return changed(known.id)


@pages.post("/new/<item_id>/version-of/<known_id>")
@open_to(Action.FILE_EVIDENCE)
def use_as_version(school_key: str, item_id: str, known_id: str) -> Response:
    """What is being filed becomes the newest version of what is there, which stands in the batch in its place."""
    said = request.form.get("visibility")
    saved_as = Visibility(said) if said in set(Visibility) else Visibility.PRIVATE
    try:
        with unit_of_work() as work:
            intake.make_version(work, actor=actor(), item_id=item_id, of_id=known_id, is_chosen=True, saved_as=saved_as)
    except Invalid as error:
        if not wants_fragment():
            raise
        view = view_of(intake.card_of(reading(), actor(), item_id))
        return make_response(_card_of(view, wrong=error.message.in_language(language())), 422)
    return changed(known_id)


def _file_one(file: FileStorage | None, key: str) -> Item:
    """The item one file has become; whatever is wrong with it is said by name, and nothing of it is kept."""
    stored = store_upload(file)
    request_id = answered_id()
    with unit_of_work() as work:
        return intake.add_file_to_batch(work, actor=actor(), file=stored, filing_key=key, request_id=request_id)


def _filing_page(
    asked: EvidenceRequest | None = None, carry: CarryForm | None = None, said: Mapping[str, Shown] | None = None
) -> str:
    """The page for filing; of what could not be saved as an answer, the same form under the request's title."""
    return render_template(
        "evidence/new.html",
        begun={} if asked else intake.answers_begun(reading(), actor()),
        mail_address=mail.address_of(reading(), actor()),
        mails_told=mail.told_to(reading(), actor()),
        **filing_form(asked, carry, said),
    )


def _cards_fragment(items: list[Item]) -> str:
    views = [view_of(intake.card_of(reading(), actor(), item.id)) for item in items]
    return "".join(_card_of(view) for view in views)


def _card_of(view: CardView, **more: object) -> str:
    return render_template("evidence/_card.html", view=view, choices=nodes().choices(), **more)


def changed(item_id: str) -> Response:
    """After a decision about a card: the card that stands in its place, or the whole page without scripts."""
    if not wants_fragment():
        return redirect(filing_url(answered_id()))
    found = intake.card_of(reading(), actor(), item_id).item if item_id else None
    answer = make_response(_cards_fragment([found]) if found else "")
    answer.headers["HX-Trigger"] = "filed"
    return answer
