"""What belongs to no practice: introductions, and the level of each standard with its reason."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

import standards
from evidence_app.domain import accounts, selfstudy
from evidence_app.domain.access import Action
from evidence_app.domain.selfstudy import Evaluation, IntroductionPart
from evidence_app.errors import NotFound
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import Message, msg
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import Desk, catalogue_of, desk
from evidence_app.web.access import open_to
from evidence_app.web.differences import differences
from evidence_app.web.flashes import say_done
from evidence_app.web.narratives import Narratives
from evidence_app.web.nodes import said_once
from evidence_app.web.templating import language, say

HINTS: dict[str, Message] = {
    IntroductionPart.SCHOOL: msg("Who we are, whom we teach, what is particular about us."),
    IntroductionPart.PROCESS: msg("Who took part, how views were heard, how decisions were made."),
    IntroductionPart.STRENGTHS: msg("What we are proud of, seen over all practices."),
    IntroductionPart.PRIORITIES: msg("What we work on next, and why just this."),
    IntroductionPart.MISSING: msg("What we cannot show yet, said plainly, and what we do about it."),
}


@pages.get("/<evaluation_id>/introductions/<part>")
@open_to(Action.READ_STUDY)
def introduction(school_key: str, evaluation_id: str, part: str) -> str:
    return _introduction_page(evaluation_id, part)


@pages.post("/<evaluation_id>/introductions/<part>")
@open_to(Action.WRITE_STUDY)
def save_introduction(school_key: str, evaluation_id: str, part: str) -> Response:
    text = request.form.get("text", "")
    with unit_of_work() as work:
        written = selfstudy.write_introduction(
            work,
            actor=actor(),
            evaluation_id=evaluation_id,
            part=part,
            text=text,
            base_revision=request.form.get("revision", 0, type=int),
        )
        clash = written.conflict is not None
    if clash:
        return make_response(_introduction_page(evaluation_id, part, typed=text), 409)
    say_done(gettext("Saved."))
    return redirect(url_for("study.introduction", **(request.view_args or {})))


@pages.post("/<evaluation_id>/preview")
@open_to(Action.READ_STUDY)
def preview_text(school_key: str, evaluation_id: str) -> str:
    printed = Narratives(evaluation_id).print(request.form.get("text", request.form.get("reason", "")))
    return render_template("study/_preview.html", printed=printed)


@pages.get("/<evaluation_id>/standards/<code>")
@open_to(Action.READ_STUDY)
def standard(school_key: str, evaluation_id: str, code: str) -> str:
    return _standard_page(evaluation_id, code)


@pages.post("/<evaluation_id>/standards/<code>")
@open_to(Action.WRITE_STUDY)
def save_standard(school_key: str, evaluation_id: str, code: str) -> Response:
    programme, reason = request.form.get("programme", ""), request.form.get("reason", "")
    level = request.form.get("level", 0, type=int)
    with unit_of_work() as work:
        written = selfstudy.set_standard_level(
            work,
            actor=actor(),
            evaluation_id=evaluation_id,
            node_key=code,
            programme=programme,
            level=level,
            reason=reason,
            base_revision=request.form.get("revision", 0, type=int),
        )
        clash = written.conflict is not None
    if clash:
        return make_response(_standard_page(evaluation_id, code, typed=(level, reason)), 409)
    say_done(gettext("The level and its reason are saved."))
    return redirect(url_for("study.standard", **(request.view_args or {}), programme=programme))


def _introduction_page(evaluation_id: str, part: str, typed: str | None = None) -> str:
    frame = selfstudy.evaluation(reading(), actor(), evaluation_id)
    key, label, hint = _named(frame, part)
    now = selfstudy.introductions(reading(), actor(), evaluation_id).get(key)
    saved = now.text if now else ""
    return render_template(
        "study/introduction.html",
        desk=desk(evaluation_id, here=key),
        part=part,
        label=label,
        hint=hint,
        now=now,
        text=saved if typed is None else typed,
        revision=now.revision if now else 0,
        printed=Narratives(evaluation_id).print(saved if typed is None else typed),
        clash=differences(saved, typed) if typed is not None else None,
        names=_names(now.written_by) if now else "",
    )


def _standard_page(evaluation_id: str, code: str, typed: tuple[int, str] | None = None) -> str:
    frame = selfstudy.evaluation(reading(), actor(), evaluation_id)
    node = _node(frame, code)
    table = desk(evaluation_id, here=node.key, programme=request.values.get("programme", ""))
    scale = selfstudy.scale_of(catalogue_of(frame), frame)
    steps = scale.levels if scale else ()
    row = next((row for row in table.tree.rows if row.node.key == node.key and row.levels is not None), None)
    if row is None or row.levels is None:
        raise NotFound(msg("There is no level to set for '%(code)s'.", code=code))
    now = row.levels.get(table.programme)
    saved = (now.level or 0, now.reason) if now else (0, "")
    level, reason = typed or saved
    return render_template(
        "study/standard.html",
        desk=table,
        node=node,
        parents=said_once((*catalogue_of(frame).ancestors(node.key), node))[:-1],
        steps=[(step.value, step.label(language()), step.descriptor(language())) for step in steps],
        now=now,
        level=level,
        reason=reason,
        revision=now.revision if now else 0,
        printed=Narratives(evaluation_id).print(reason),
        clash=differences(saved[1], typed[1]) if typed is not None else None,
        practices=_practices(table, node),
        names=_names(now.written_by) if now else "",
    )


def _practices(table: Desk, node: standards.Node) -> list[tuple[str, str, str, str]]:
    """The answers below a standard: words, code, status and level, to decide from. Nothing is averaged."""
    scale = selfstudy.scale_of(catalogue_of(table.evaluation), table.evaluation)
    return [
        (
            row.node.label(language()),
            row.node.code,
            str(cell.status),
            scale.level(cell.rating).label(language()) if scale and cell.rating else "",
        )
        for row in table.tree.rows
        for cell in row.cells
        if row.node.parent_key == node.key and cell.programme == table.programme
    ]


def _named(frame: Evaluation, part: str) -> tuple[str, str, str]:
    """The key a text is kept under, what it is called, and what belongs into it."""
    if part in set(IntroductionPart):
        return part, say(IntroductionPart(part).label), say(HINTS[part])
    node = _node(frame, part)
    return node.key, node.label(language()), node.summary(language())


def _node(frame: Evaluation, code: str) -> standards.Node:
    catalogue = catalogue_of(frame)
    if code not in catalogue:
        raise NotFound(msg("There is no '%(code)s' in this evaluation.", code=code))
    return catalogue.node(code)


def _names(person_id: str) -> str:
    return accounts.names_of(reading(), actor().school_id, [person_id]).get(person_id, "")
