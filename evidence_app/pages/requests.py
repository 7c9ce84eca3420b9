"""Asking for evidence, and answering."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

import standards
from evidence_app.domain import evidence, frameworks, intake, requests, schools, tagging
from evidence_app.domain.access import Action, can
from evidence_app.domain.coverage import Gap
from evidence_app.domain.intake import DraftPart
from evidence_app.errors import AppError, Invalid
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.coverage import missing_there
from evidence_app.pages.evidence.filing_form import filing_form
from evidence_app.typed import LONGEST_LINE, LONGEST_TEXT
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import AtMost, Form, options
from evidence_app.web.item_choices import newest
from evidence_app.web.templating import language, say, today

MOST_NAMED = 12
"""So many practices without evidence are named in the words of one request; a person can do no more at once."""

OWN_OFFERED = 5
"""So many of their own newest items somebody is offered to answer with."""

ASKED = ("node_key", "title", "asked", "programme", "due_on", "message")
"""The fields of a request that are kept while they are typed."""

DAY_IS_OVER = msg("This day is over. Choose one that is still to come.")

pages = Blueprint("requests", __name__, url_prefix="/<school_key>/requests")


class ChangeForm(Form):
    """What of a request may change once it is sent: its words and its day."""

    title = StringField(
        _("What would help"), [InputRequired(_("Say in a line what would help.")), AtMost(LONGEST_LINE)]
    )
    due_on = DateField(_("By"), [InputRequired(_("Choose a day."))])
    message = TextAreaField(_("A word with it"), [AtMost(LONGEST_TEXT)])

    def validate_due_on(self, field: DateField) -> None:
        """A day that can still be kept, or the one that was named before."""
        if field.data is not None and field.data < today() and field.data != field.object_data:
            raise ValidationError(say(DAY_IS_OVER))


class RequestForm(ChangeForm):
    """What is needed, from whom, by when."""

    node_key = SelectField(_("For which practice"), [InputRequired(_("Choose a practice."))])
    asked = SelectField(_("Ask"), [InputRequired(_("Choose whom to ask."))])
    programme = SelectField(_("Programme"))
    framework_key = ""

    def offer(self) -> RequestForm:
        """The form with the practices, people, groups and programmes of this school to choose from."""
        catalogue = frameworks.followed(reading(), actor().school_id)[0]
        self.framework_key = catalogue.key
        # Nobody and nothing is chosen beforehand: the first of a list would be asked by mistake.
        nothing = ("", gettext("Choose…"))
        practices = [(n.key, f"{n.label(language())} {n.code}") for n in catalogue.practices()]
        self.node_key.choices = options([nothing, *practices])
        people, groups = requests.able_to_answer(reading(), actor())
        named = [(f"p:{m.person_id}", m.person.display_name) for m in people]
        self.asked.choices = options([nothing, *((f"g:{g.id}", g.name) for g in groups), *named])
        offered = schools.school_of(reading(), actor()).programmes
        self.programme.choices = options([("", gettext("Whole school")), *((p, p) for p in offered)])
        return self


@pages.get("/")
@open_to(Action.READ_EVIDENCE)
def board(school_key: str) -> str:
    everybody = requests.requests_board(reading(), actor()) if can(actor(), Action.ASK_FOR_EVIDENCE) else None
    return render_template(
        "requests/board.html",
        mine=requests.asked_of(reading(), actor()),
        board=everybody,
        nodes=_nodes(),
        to_review=_to_review(everybody[requests.RequestState.ANSWERED]) if everybody is not None else {},
    )


@pages.get("/new")
@open_to(Action.ASK_FOR_EVIDENCE)
def new(school_key: str) -> str:
    kept = intake.draft_of(reading(), actor(), DraftPart.ASK)
    # Only the draft that was left stays behind: what is typed since then comes back where the page is loaded again.
    is_left = request.args.get("anew") == _mark(kept)
    shows_draft = bool(kept) and not is_left
    form = RequestForm(data=_from_draft(kept) if shows_draft else {**_pressed(), **_named()}).offer()
    return render_template("requests/new.html", form=form, kept=_mark(kept) if shows_draft else "")


@pages.post("/new/kept")
@open_to(Action.ASK_FOR_EVIDENCE)
def keep(school_key: str) -> Response:
    """Keeps what is being asked for while it is typed."""
    said = {name: request.form.get(name, "") for name in ASKED}
    with unit_of_work() as work:
        intake.keep_draft(work, actor=actor(), part=DraftPart.ASK, said=said)
    return jsonify(saved=gettext("Draft kept"))


@pages.post("/new")
@open_to(Action.ASK_FOR_EVIDENCE)
def new_submit(school_key: str) -> Response:
    form = RequestForm().offer()
    if form.validate_on_submit() and form.due_on.data is not None:
        kind, _colon, id = (form.asked.data or "").partition(":")
        try:
            with unit_of_work() as session:
                requests.ask(
                    session,
                    actor=actor(),
                    node_key=form.node_key.data,
                    due_on=form.due_on.data,
                    person_id=id if kind == "p" else None,
                    group_id=id if kind == "g" else None,
                    programme=form.programme.data or "",
                    title=form.title.data or "",
                    message=form.message.data or "",
                )
                intake.forget_draft(session, actor(), DraftPart.ASK)
        except AppError as error:
            form.take_error(error)
        else:
            say_done(gettext("Asked. You will see the answer here."))
            return redirect(url_for("requests.board", school_key=school_key))
    return make_response(render_template("requests/new.html", form=form, kept=""), 422)


@pages.get("/<request_id>")
@open_to(Action.READ_EVIDENCE)
def request_page(school_key: str, request_id: str) -> str:
    line = requests.request_line(reading(), actor(), request_id)
    may_answer = can(actor(), Action.FILE_EVIDENCE) and line.request.state != requests.RequestState.CLOSED
    return render_template(
        "requests/request.html",
        line=line,
        node=_nodes()[line.request.node_key],
        may_answer=may_answer,
        to_review=_to_review([line]),
        **(_ways_to_answer(line) if may_answer else {}),
    )


def _ways_to_answer(line: requests.RequestLine) -> dict[str, Any]:
    """The form for filing, with what the asker filed lately and has not given yet: it may be the answer."""
    given = {one.item.id for one in line.answers}
    own = evidence.recent_items(reading(), actor(), owner_id=actor().person_id, limit=OWN_OFFERED + len(given))
    form = filing_form(line.request)
    under_way = given | {view.id for view in form["views"]}
    return {**form, "found": newest([item for item in own if item.id not in under_way][:OWN_OFFERED])}


@pages.get("/<request_id>/change")
@open_to(Action.ASK_FOR_EVIDENCE)
def change(school_key: str, request_id: str) -> str:
    asked = requests.request_line(reading(), actor(), request_id).request
    return render_template("requests/change.html", asked=asked, form=ChangeForm(obj=asked))


@pages.post("/<request_id>/change")
@open_to(Action.ASK_FOR_EVIDENCE)
def change_submit(school_key: str, request_id: str) -> Response:
    asked = requests.request_line(reading(), actor(), request_id).request
    form = ChangeForm(obj=asked)
    if form.validate_on_submit() and form.due_on.data is not None:
        with unit_of_work() as session:
            requests.change(
                session,
                actor=actor(),
                request_id=request_id,
                title=form.title.data or "",
                message=form.message.data or "",
                due_on=form.due_on.data,
            )
        say_done(gettext("Changed."))
        return redirect(url_for("requests.request_page", school_key=school_key, request_id=request_id))
    return make_response(render_template("requests/change.html", asked=asked, form=form), 422)


@pages.post("/<request_id>/state")
@open_to(Action.ASK_FOR_EVIDENCE)
def change_state(school_key: str, request_id: str) -> Response:
    due_on = request.form.get("due_on", type=date.fromisoformat)
    if due_on is not None and due_on < today():
        raise Invalid(DAY_IS_OVER, field="due_on")
    with unit_of_work() as session:
        if request.form.get("do") == "close":
            requests.close(session, actor=actor(), request_id=request_id)
        else:
            requests.reopen(session, actor=actor(), request_id=request_id, due_on=due_on)
    return redirect(url_for("requests.request_page", school_key=school_key, request_id=request_id))


@pages.post("/<request_id>/answers/<answer_id>/take-back")
@open_to(Action.TAG_EVIDENCE)
def take_back(school_key: str, request_id: str, answer_id: str) -> Response:
    with unit_of_work() as session:
        requests.take_answer_back(session, actor=actor(), answer_id=answer_id)
    say_done(gettext("It answers this request no more. It stays filed, and keeps its tags."))
    return redirect(url_for("requests.request_page", school_key=school_key, request_id=request_id))


def _to_review(lines: Sequence[requests.RequestLine]) -> dict[tuple[str, str], str]:
    """Item id and node asked for -> the tag that waits for a decision, of what was given in answer; empty for who does
    not review.
    """
    if not can(actor(), Action.REVIEW_TAGS):
        return {}
    asked_for = {(one.item.id, line.request.node_key) for line in lines for one in line.answers}
    tags = tagging.tags_of_items(reading(), actor(), {item_id for item_id, _ in asked_for})
    waiting = {
        (tag.item_id, tag.node_key): tag.id
        for found in tags.values()
        for tag in found
        if tag.state == tagging.TagState.PROPOSED
    }
    return {place: waiting[place] for place in asked_for & waiting.keys()}


def _named() -> dict[str, str]:
    """The practice and programme that the address names."""
    node_key, programme = request.args.get("node", ""), request.args.get("programme", "")
    return {"node_key": node_key, "programme": programme} if node_key else {}


def _pressed() -> dict[str, str]:
    """What is missing on the page where "Ask for what is missing" was pressed, as words to be changed."""
    gaps = missing_there() if "missing" in request.args else []
    if not gaps:
        return {}
    practices: dict[str, list[Gap]] = {}
    for gap in gaps:
        practices.setdefault(gap.node.key, []).append(gap)
    programmes = {gap.cell.programme for gap in gaps}
    lines = [
        f"- {of_one[0].node.label(language())} {of_one[0].node.code}"
        + (f" ({', '.join(gap.cell.programme for gap in of_one)})" if len(programmes) > 1 else "")
        for of_one in practices.values()
    ]
    more = len(lines) - MOST_NAMED
    rest = [ngettext("and %(num)s more", "and %(num)s more", more)] if more > 0 else []
    return {
        "node_key": next(iter(practices)),
        "programme": programmes.pop() if len(programmes) == 1 else "",
        "title": gettext("Something that shows “%(practice)s”", practice=gaps[0].node.label(language()))
        if len(lines) == 1
        else gettext("Something that shows one of these practices"),
        "message": "\n".join((gettext("Nothing is accepted yet for:"), *lines[:MOST_NAMED], *rest)),
    }


def _from_draft(kept: dict[str, str]) -> dict[str, Any]:
    """What was said in the draft, as the form takes it; a day that was typed half is left out."""
    try:
        due_on = date.fromisoformat(kept.get("due_on", ""))
    except ValueError:
        due_on = None
    return {name: words for name, words in {**kept, "due_on": due_on}.items() if words}


def _mark(kept: dict[str, str]) -> str:
    """What tells the words of a draft from all others."""
    return hashlib.sha256(repr(sorted(kept.items())).encode()).hexdigest()[:16]


def _nodes() -> dict[str, standards.Node]:
    return {node.key: node for catalogue in frameworks.followed(reading(), actor().school_id) for node in catalogue}
