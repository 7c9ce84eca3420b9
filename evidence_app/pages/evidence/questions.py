"""Questions about pupils' data: which ones wait, what gave reason to ask, and the answer."""

from __future__ import annotations

from dataclasses import replace

from flask import make_response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, RadioField, StringField
from wtforms.validators import InputRequired

from evidence_app.domain import accounts, evidence, extraction, guarding, intake, tagging
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import Flag, Item, Settled, Version, Visibility
from evidence_app.domain.guarding import Looks
from evidence_app.errors import Conflict, Invalid, NotAllowed
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.changing import to_item
from evidence_app.pages.evidence.storing import store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.templating import say

ANSWERS = {
    Settled.HARMLESS: msg("It is about no single pupil: a blank form, a procedure, a colleague's name"),
    Settled.CONSENT: msg("The families have agreed that it is shown; the note says where that is kept"),
    Settled.REDACTED: msg("Here is a redacted copy; this one stays as it is, and is never shown to visitors"),
    Settled.INTERNAL: msg("It names pupils and is for colleagues alone; it is never shown to visitors"),
}
"""What can be answered, as it is asked."""
PAST_PAPER = msg("It is a past paper, or no examination paper at all")
"""How harmless reads where it looks like a live examination paper."""


class AnswerForm(Form):
    """What somebody who has looked says about it."""

    answer = RadioField(_("What is it?"), [InputRequired(_("Choose what it is."))])
    files = FileField(_("The redacted copy"))
    note = StringField(
        _("Why"),
        [InputRequired(_("Say in a line why; whoever shares it later relies on it.")), AtMost(500)],
        description=_("In a line. Name no pupil here."),
    )
    reopen = BooleanField()

    def offer(self, flag: Flag) -> AnswerForm:
        """The form with the answers there are for this question."""
        offered = evidence.answers_to(flag)
        is_exam = flag.what_was_seen.looks is Looks.EXAM
        words = ANSWERS | ({Settled.HARMLESS: PAST_PAPER} if is_exam else {})
        self.answer.choices = options((answer.value, say(words[answer])) for answer in offered)
        if Settled.REDACTED not in offered:
            del self.files
        self.reopen.label.text = gettext("Then open it as it was meant: %(visibility)s", visibility=asked_words(flag))
        return self


@pages.get("/questions")
@open_to(Action.FILE_EVIDENCE)
def questions(school_key: str) -> str:
    found = evidence.questions_for(reading(), actor())
    names = accounts.names_of(reading(), actor().school_id, {one.item.owner_id for one in found})
    return render_template("evidence/questions.html", questions=found, names=names)


@pages.get("/<item_id>/question")
@open_to(Action.FILE_EVIDENCE)
def question(school_key: str, item_id: str) -> str:
    found, flag = _asked(item_id)
    if flag is None:
        return render_template("evidence/question.html", item=found, flag=None)
    return _page(found, flag, AnswerForm().offer(flag))


@pages.post("/<item_id>/question")
@open_to(Action.FILE_EVIDENCE)
def answer_question(school_key: str, item_id: str) -> Response:
    found, flag = _asked(item_id)
    if flag is None:
        return to_item(item_id)
    form = AnswerForm().offer(flag)
    if form.validate_on_submit():
        try:
            _answer(found, flag, form)
        except (Conflict, Invalid) as error:
            form.take_error(error)
        else:
            say_done(gettext("Answered. Who looked, when and why stands on its page."))
            return to_item(item_id)
    return make_response(_page(found, flag, form), 422)


def asked_words(flag: Flag) -> str:
    """How open the item would have been, in plain words."""
    return str(say(Visibility(flag.asked).label))


def _answer(found: Item, flag: Flag, form: AnswerForm) -> None:
    """Keep the answer, with the redacted copy as an item of its own where one was handed in."""
    answer = Settled(str(form.answer.data))
    stored = store_upload(request.files.get("files")) if answer is Settled.REDACTED else None
    with unit_of_work() as work:
        evidence.settle(
            work,
            actor=actor(),
            item_id=found.id,
            version_id=flag.version_id,
            answer=answer,
            note=form.note.data or "",
            copy_item_id=_file_copy(work, found, stored) if stored else "",
            as_seen=request.form.get("as_seen", ""),
        )
        if form.reopen.data and answer is not Settled.REDACTED and _may_open_as(found, flag):
            asked = Visibility(flag.asked) if answer.lifts else Visibility.STAFF
            evidence.set_visibility(work, actor=actor(), item_ids=[found.id], visibility=asked)


def _file_copy(work: Session, found: Item, stored: intake.StoredFile) -> str:
    """The id of the redacted copy, filed for the staff beside the original: its place in the school, and its tags.

    Its title is that of its file, and nothing else is taken over: the words on the original may name a pupil.
    """
    facts = replace(
        evidence.facts_of(found), title="", purpose="", description="", visibility=Visibility.STAFF, language=""
    )
    copy = evidence.add_file(
        work,
        actor=actor(),
        blob=stored.blob,
        file_name=stored.name,
        media_type=stored.media_type,
        facts=facts,
    )
    work.flush()
    for tag in tagging.tags_of(work, actor(), found.id):
        tagging.attach(work, actor=actor(), item_id=copy.id, node_key=tag.node_key)
    return copy.id


def _asked(item_id: str) -> tuple[Item, Flag | None]:
    """The item, and the question about it that the asker may answer: of the version named, or the newest open one."""
    found = evidence.item(reading(), actor(), item_id)
    flags = evidence.flags_of(reading(), actor(), item_id)
    if flags and not evidence.may_settle(reading(), actor(), found):
        raise NotAllowed(msg("Only its owner, a coordinator, or a custodian of a private item may answer this."))
    wanted = request.args.get("version", "")
    chosen = [flag for flag in flags if (flag.version_id == wanted if wanted else flag.is_open)]
    return found, next(iter(chosen), next(iter(flags), None) if not wanted else None)


def _page(found: Item, flag: Flag, form: AnswerForm) -> str:
    version = evidence.version(reading(), actor(), flag.version_id)
    return render_template(
        "evidence/question.html",
        item=found,
        flag=flag,
        form=form,
        version=version,
        seen=flag.what_was_seen,
        passages=_passages(version),
        may_reopen=_may_open_as(found, flag) and flag.asked != found.visibility,
        may_withdraw=found.withdrawn_at is None and evidence.may_change(actor(), found),
    )


def _passages(version: Version) -> list[guarding.Passage]:
    """The places in its text that gave reason to ask; they are looked for anew, since nothing of them is kept."""
    text = extraction.text_of(reading(), version)
    if text is None:
        return []
    return guarding.passages_in(text.text, text.language, title=f"{text.title}\n{version.file_name}")


def _may_open_as(found: Item, flag: Flag) -> bool:
    """Whether the asker may also open it as it was meant; a custodian who may not change it answers, no more."""
    if not evidence.may_change(actor(), found):
        return False
    return flag.asked != Visibility.PUBLIC or can(actor(), Action.RELEASE_EVIDENCE)
