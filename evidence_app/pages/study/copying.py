"""Answers as plain text, in the order of the framework, to copy into a form of somebody else's."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Action
from evidence_app.extensions import actor, reading
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


@pages.get("/<evaluation_id>/copy-out")
@open_to(Action.READ_STUDY)
def copy_out(school_key: str, evaluation_id: str) -> str:
    table = desk(evaluation_id)
    narratives = Narratives(evaluation_id)
    scale = selfstudy.scale_of(catalogue_of(table.evaluation), table.evaluation)
    answers = selfstudy.answers_of(reading(), actor(), evaluation_id, table.programme)
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
            )
        )
    return render_template("study/copy_out.html", desk=table, answers=views)


def _text(said: selfstudy.Response, narratives: Narratives) -> str:
    parts = ((None, said.narrative), (gettext("Strengths"), said.strengths), (gettext("Next steps"), said.next_steps))
    texts = []
    for title, text in parts:
        if text:
            words = plain_text(narratives.print(text).html)
            texts.append(f"{title}:\n{words}" if title else words)
    return "\n\n".join(texts)
