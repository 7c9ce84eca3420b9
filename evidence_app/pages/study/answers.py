"""One answer: read, written, kept as a draft while it is typed, and previewed as it will be printed."""

from __future__ import annotations

from typing import Any

from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Action, can
from evidence_app.domain.selfstudy import ResponsePage, ResponseStatus, Words, Written
from evidence_app.errors import AppError, NotFound
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.comparing import clashes, said_saved
from evidence_app.pages.study.desk import answer_url, catalogue_of, desk
from evidence_app.pages.study.exhibits import pane_of
from evidence_app.web.access import open_to
from evidence_app.web.errors import STATUS
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.narratives import Narratives
from evidence_app.web.nodes import said_once
from evidence_app.web.people import face, member_choices
from evidence_app.web.templating import language, say

DONE = {
    ResponseStatus.DRAFT: msg("Back to draft."),
    ResponseStatus.IN_REVIEW: msg("Saved and sent to review."),
    ResponseStatus.APPROVED: msg("Approved."),
}


@pages.get("/<evaluation_id>/answers/<response_id>")
@open_to(Action.READ_STUDY)
def answer(school_key: str, evaluation_id: str, response_id: str) -> str:
    return answer_page(evaluation_id, response_id)


@pages.post("/<evaluation_id>/answers/<response_id>")
@open_to(Action.WRITE_STUDY)
def save(school_key: str, evaluation_id: str, response_id: str) -> Response:
    """Saves the words, then moves the status if a button said so; a clash is shown, both texts kept."""
    said, base, step = said_words(), base_revision(), request.form.get("do", "save")
    try:
        with unit_of_work() as work:
            found = found_in(selfstudy.response(work, actor(), response_id), evaluation_id)
            written = selfstudy.write_response(
                work,
                actor=actor(),
                evaluation_id=evaluation_id,
                node_key=found.node_key,
                programme=found.programme,
                base_revision=base,
                rating=said.rating or 0,
                narrative=said.narrative,
                strengths=said.strengths,
                next_steps=said.next_steps,
            )
            is_step = step in set(ResponseStatus) and not written.holds_unseen
            if written.conflict is None and is_step:
                status = ResponseStatus(step)
                selfstudy.set_status(
                    work,
                    actor=actor(),
                    response_id=response_id,
                    status=status,
                    without_evidence="without_evidence" in request.form,
                )
            after = _after(written, evaluation_id, base)
    except AppError as error:
        page = answer_page(evaluation_id, response_id, typed=said, error=say(error.message))
        return make_response(page, STATUS.get(error.code, 422))
    if written.conflict is None:
        say_done(say(DONE[ResponseStatus(step)]) if is_step else said_saved(written, gettext("Saved.")))
        if step in set(ResponseStatus) and not is_step:
            # Nobody approves, or sends on, what was not before their eyes.
            say_trouble(
                gettext("Somebody saved other words here since you opened this page. Read them, then press again."),
                tone="wait",
            )
    return redirect(after)


@pages.post("/<evaluation_id>/answers/<response_id>/draft")
@open_to(Action.WRITE_STUDY)
def keep(school_key: str, evaluation_id: str, response_id: str) -> Response:
    """Keeps what is being typed as the asker's draft; 409 when it would clash with what was saved meanwhile."""
    said, base = said_words(), base_revision()
    with unit_of_work() as work:
        found = found_in(selfstudy.response(work, actor(), response_id), evaluation_id)
        if said == found.words and base == found.revision:
            selfstudy.discard_draft(work, actor=actor(), response_id=response_id)
        else:
            selfstudy.keep_draft(
                work,
                actor=actor(),
                response_id=response_id,
                base_revision=base,
                rating=said.rating,
                narrative=said.narrative,
                strengths=said.strengths,
                next_steps=said.next_steps,
            )
    page = selfstudy.response_page(reading(), actor(), response_id)
    if page.draft is not None and clashes(page, page.draft.words, page.draft.base_revision):
        is_mine = page.response.changed_by == actor().person_id
        message = (
            gettext("You saved other words in another window meanwhile. These are kept as your draft.")
            if is_mine
            else gettext(
                "%(name)s saved other words meanwhile. Yours are kept as your draft.", name=page.changed_by_name
            )
        )
        where = url_for("study.compare", **(request.view_args or {}))
        return make_response(jsonify(error={"code": "conflict", "message": message}, compare_url=where), 409)
    return jsonify(revision=base, saved=gettext("Draft kept"))


@pages.post("/<evaluation_id>/answers/<response_id>/discard")
@open_to(Action.WRITE_STUDY)
def discard(school_key: str, evaluation_id: str, response_id: str) -> Response:
    """Puts the asker's unsaved words away; the page that compares them with what is saved leads here."""
    with unit_of_work() as work:
        selfstudy.discard_draft(work, actor=actor(), response_id=response_id)
    say_done(gettext("Your unsaved words are put away. What was saved stands."))
    return redirect(answer_url(evaluation_id, response_id))


@pages.post("/<evaluation_id>/answers/<response_id>/preview")
@open_to(Action.READ_STUDY)
def preview(school_key: str, evaluation_id: str, response_id: str) -> str:
    found_in(selfstudy.response(reading(), actor(), response_id), evaluation_id)
    printed = Narratives(evaluation_id).print(request.form.get("text", ""))
    return render_template("study/_preview.html", printed=printed)


@pages.post("/<evaluation_id>/answers")
@open_to(Action.WRITE_STUDY)
def begin(school_key: str, evaluation_id: str) -> Response:
    """Takes in a practice that came into the framework after the evaluation was opened."""
    code, programme = request.form.get("code", ""), request.form.get("programme", "")
    with unit_of_work() as work:
        written = selfstudy.write_response(
            work, actor=actor(), evaluation_id=evaluation_id, node_key=code, programme=programme
        )
        where = answer_url(evaluation_id, written.response.id)
    return redirect(where)


def answer_page(evaluation_id: str, response_id: str, *, typed: Words | None = None, error: str = "") -> str:
    """The page of an answer; with `typed`, words that could not be saved stand in its fields, and why."""
    page = selfstudy.response_page(reading(), actor(), response_id)
    found_in(page.response, evaluation_id)
    table = desk(evaluation_id, programme=page.response.programme, here=page.response.node_key)
    template = "study/answer.html" if table.may_write else "study/answer_read.html"
    return render_template(template, **answer_context(page, typed), desk=table, error=error)


def answer_context(page: ResponsePage, typed: Words | None = None) -> dict[str, Any]:
    """What the page of an answer shows in its middle and at its right."""
    draft = page.draft if typed is None else None
    words = typed or (draft.words if draft else page.response.words)
    narratives = Narratives(page.evaluation.id)
    catalogue = catalogue_of(page.evaluation)
    return {
        "page": page,
        "words": words,
        "revision": base_revision() if typed else draft.base_revision if draft else page.response.revision,
        "draft": draft,
        "is_clashing": draft is not None and clashes(page, draft.words, draft.base_revision),
        "printed": {part: narratives.print(getattr(words, part)) for part in ("narrative", "strengths", "next_steps")},
        "parents": said_once((*catalogue.ancestors(page.node.key), page.node))[:-1],
        "own_text": page.node.own_text(language(), page.response.programme),
        "levels": levels_of(page),
        "lead": face(page.lead_name),
        "changed_by": face(page.changed_by_name),
        "others": [
            (face(other.name), other.kept_at)
            for other in selfstudy.others_writing(reading(), actor(), page.response.id)
        ],
        "members": member_choices(),
        "requirement_states": list(selfstudy.RequirementState),
        "requirement_words": {state.value: say(state.label) for state in selfstudy.RequirementState},
        "pane": pane_of(page),
        "can_approve": can(actor(), Action.APPROVE_STUDY),
    }


def levels_of(page: ResponsePage) -> list[tuple[int, str, str]]:
    """The steps of the scale: value, name and what it means."""
    steps = page.scale.levels if page.scale else ()
    return [(step.value, step.label(language()), step.descriptor(language())) for step in steps]


def said_words() -> Words:
    """The words of the posted form, as they would be kept."""
    form = request.form
    texts = {part: form.get(part, "").replace("\r\n", "\n").strip() for part in ("strengths", "next_steps")}
    narrative = form.get("text", "").replace("\r\n", "\n").strip()
    return Words(form.get("rating", 0, type=int) or None, narrative, texts["strengths"], texts["next_steps"])


def base_revision() -> int:
    """The revision the writer had before their eyes."""
    return max(0, request.form.get("revision", 0, type=int))


def found_in(found: selfstudy.Response, evaluation_id: str) -> selfstudy.Response:
    """The response, when it belongs to the evaluation in the address; NotFound otherwise."""
    if found.evaluation_id != evaluation_id:
        raise NotFound(msg("There is no such part of a self-study, or it is not open to you."))
    return found


def _after(written: Written, evaluation_id: str, base: int) -> str:
    """Where to go after saving: the answer, or the comparison when others changed the same words."""
    where = {"school_key": (request.view_args or {})["school_key"], "evaluation_id": evaluation_id}
    if written.conflict is None:
        return answer_url(evaluation_id, written.response.id)
    return url_for("study.compare", **where, response_id=written.response.id, kept=written.conflict.number, base=base)
