"""Answers as plain text, in the order of the framework, to copy into a form of somebody else's and tick off."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, selfstudy
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, may, reading, unit_of_work
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import answer_url, catalogue_of, desk
from evidence_app.web.access import open_to
from evidence_app.web.narratives import Narratives
from evidence_app.web.plain_text import plain_text
from evidence_app.web.templating import language


@dataclass(frozen=True, slots=True)
class CopyView:
    """One answer: its level in a word, and its texts as one plain text."""

    label: str
    code: str
    url: str
    status: str
    level: str
    text: str
    response: selfstudy.Response
    entered_by: str

    @property
    def is_entered(self) -> bool:
        """Whether these very words stand in the form."""
        return self.response.entered_revision == self.response.revision

    @property
    def is_outdated(self) -> bool:
        """Whether earlier words stand in the form."""
        return self.response.entered_revision is not None and not self.is_entered


@pages.get("/<evaluation_id>/copy-out")
@open_to(Action.READ_STUDY)
def copy_out(school_key: str, evaluation_id: str) -> str:
    table = desk(evaluation_id)
    narratives = Narratives(evaluation_id)
    scale = selfstudy.scale_of(catalogue_of(table.evaluation), table.evaluation)
    answers = selfstudy.answers_of(reading(), actor(), evaluation_id, table.programme)
    names = accounts.names_of(reading(), actor().school_id, {one.entered_by or "" for one in answers.values()})
    may_tick = may(Action.WRITE_STUDY) and table.evaluation.state == selfstudy.EvaluationState.OPEN
    views = []
    for row in table.tree.rows:
        said = answers.get(row.node.key)
        if said is None or not said.revision:
            continue
        views.append(
            CopyView(
                label=row.node.label(language()),
                code=row.node.code,
                url=answer_url(evaluation_id, said.id),
                status=str(said.status),
                level=scale.level(said.rating).label(language()) if scale and said.rating else "",
                text=_text(said, narratives),
                response=said,
                entered_by=names.get(said.entered_by or "", ""),
            )
        )
    return render_template("study/copy_out.html", desk=table, answers=views, may_tick=may_tick)


@pages.post("/<evaluation_id>/copy-out/<response_id>")
@open_to(Action.WRITE_STUDY)
def mark_entered(school_key: str, evaluation_id: str, response_id: str) -> Response:
    """The words that were shown are in the form now, or are not after all."""
    with unit_of_work() as work:
        asked = request.form.get("revision")
        if asked is not None and not asked.isdecimal():
            abort(400)
        revision = None if asked is None else int(asked)
        marked = selfstudy.mark_entered(work, actor=actor(), response_id=response_id, revision=revision)
    back = url_for("study.copy_out", school_key=school_key, evaluation_id=evaluation_id, programme=marked.programme)
    return redirect(f"{back}#a-{response_id}", 303)


def _text(said: selfstudy.Response, narratives: Narratives) -> str:
    parts = ((None, said.narrative), (gettext("Strengths"), said.strengths), (gettext("Next steps"), said.next_steps))
    texts = []
    for title, text in parts:
        if text:
            words = plain_text(narratives.print(text).html)
            texts.append(f"{title}:\n{words}" if title else words)
    return "\n\n".join(texts)
