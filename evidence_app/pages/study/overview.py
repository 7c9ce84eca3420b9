"""All evaluations of the school, and one as a whole: the road to the visit, how far each programme is, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.database import now
from evidence_app.domain import selfstudy
from evidence_app.domain.access import Action, can
from evidence_app.domain.selfstudy import (
    Evaluation,
    EvaluationDeadline,
    EvaluationState,
    IntroductionPart,
    ResponseStatus,
)
from evidence_app.extensions import actor, reading
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import Desk, answer_url, desk, overview_url, text_url
from evidence_app.web.access import open_to
from evidence_app.web.nodes import nodes
from evidence_app.web.people import Face
from evidence_app.web.templating import ago, day, language, say


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """An answer somebody should look at."""

    label: str
    code: str
    programme: str
    status: str
    url: str


@dataclass(frozen=True, slots=True)
class TextLink:
    """An introduction: whether it is written, and how long it is."""

    label: str
    url: str
    words: int


@pages.get("/")
@open_to(Action.READ_STUDY)
def current(school_key: str) -> str | Response:
    """The evaluation that is being worked on, at once; the list when there is none."""
    found = selfstudy.evaluations_of(reading(), actor())
    if found and found[0].state == EvaluationState.OPEN:
        return redirect(overview_url(found[0].id))
    return _list(found)


@pages.get("/all")
@open_to(Action.READ_STUDY)
def evaluations(school_key: str) -> str:
    return _list(selfstudy.evaluations_of(reading(), actor()))


@pages.get("/<evaluation_id>")
@open_to(Action.READ_STUDY)
def overview(school_key: str, evaluation_id: str) -> str:
    table = desk(evaluation_id)
    frame = table.evaluation
    progress = selfstudy.progress(reading(), actor(), evaluation_id)
    return render_template(
        "study/overview.html",
        desk=table,
        frame=frame,
        lead=_lead(frame, progress),
        stops=road_of(frame, selfstudy.deadlines_of(reading(), actor(), evaluation_id)),
        progress=[(p, _figures(evaluation_id, p, counts), sum(counts.values())) for p, counts in progress.items()],
        waiting=_answers(table, ResponseStatus.IN_REVIEW),
        mine=_mine(table),
        introductions=_introductions(table),
        team=[(Face(name), member.part) for member, name in selfstudy.team_of(reading(), actor(), evaluation_id)],
        participants=selfstudy.participants_of(reading(), actor(), evaluation_id),
        problems=_problems(evaluation_id),
        new_node=_new_node(table),
    )


def road_of(frame: Evaluation, deadlines: Sequence[EvaluationDeadline]) -> list[tuple[str, str, str]]:
    """The dates as stops of the road: what, when, and done, now, next or end."""
    today = now().date()
    ahead = next((row for row in deadlines if row.done_on is None and row.due_on >= today), None)
    return [(deadline_words(row), day(row.due_on), _stop(row, row is ahead, frame, today)) for row in deadlines]


def deadline_words(row: EvaluationDeadline) -> str:
    """What is due on that day."""
    if row.key in set(selfstudy.DeadlineKind):
        return str(say(selfstudy.DeadlineKind(row.key).label))
    return row.title


def _stop(row: EvaluationDeadline, is_next: bool, frame: Evaluation, today: date) -> str:
    if row.done_on is not None or row.due_on < today:
        return "done"
    if is_next:
        return "now"
    return "end" if row.due_on == frame.visit_on else "next"


def _list(found: list[Evaluation]) -> str:
    rows = [(one, _approved(one)) for one in found]
    return render_template("study/evaluations.html", rows=rows, can_manage=can(actor(), Action.MANAGE_STUDY))


def _approved(one: Evaluation) -> tuple[int, int]:
    counts = selfstudy.progress(reading(), actor(), one.id).values()
    return sum(by[ResponseStatus.APPROVED] for by in counts), sum(sum(by.values()) for by in counts)


def _lead(frame: Evaluation, progress: dict[str, dict[ResponseStatus, int]]) -> str:
    approved = sum(by[ResponseStatus.APPROVED] for by in progress.values())
    waiting = sum(by[ResponseStatus.IN_REVIEW] for by in progress.values())
    total = sum(sum(by.values()) for by in progress.values())
    said = [gettext("%(approved)s of %(total)s answers are approved", approved=approved, total=total)]
    if waiting:
        said.append(ngettext("%(num)s waits for approval", "%(num)s wait for approval", waiting))
    if frame.visit_on:
        said.append(
            gettext("the visit is %(when)s", when=ago(frame.visit_on))
            if frame.visit_on >= now().date()
            else gettext("the visit was %(when)s", when=ago(frame.visit_on))
        )
    return "; ".join(said) + "."


def _figures(evaluation_id: str, programme: str, counts: dict[ResponseStatus, int]) -> list[tuple[str, int, str]]:
    """Status, how many, and where they are listed."""
    return [
        (str(status), count, overview_url(evaluation_id, programme=programme, status=str(status)))
        for status, count in counts.items()
    ]


def _answers(table: Desk, status: ResponseStatus) -> list[AnswerLink]:
    """The answers in this status, in all programmes."""
    return [
        AnswerLink(
            row.node.label(language()),
            row.node.code,
            cell.programme,
            str(cell.status),
            answer_url(table.evaluation.id, cell.response_id),
        )
        for row in table.tree.rows
        for cell in row.cells
        if cell.status == status and cell.response_id
    ]


def _mine(table: Desk) -> list[AnswerLink]:
    """What the asker leads and is not approved yet."""
    led = [r for r in selfstudy.asked_to_lead(reading(), actor()) if r.evaluation_id == table.evaluation.id]
    return [
        AnswerLink(
            nodes()[row.node_key].label,
            nodes()[row.node_key].code,
            row.programme,
            str(row.status),
            answer_url(table.evaluation.id, row.id),
        )
        for row in led
    ]


def _introductions(table: Desk) -> list[TextLink]:
    written = selfstudy.introductions(reading(), actor(), table.evaluation.id)
    return [
        TextLink(
            str(say(part.label)),
            text_url(table.evaluation.id, part.value),
            len(written[part].text.split()) if part in written else 0,
        )
        for part in IntroductionPart
    ]


def _problems(evaluation_id: str) -> list[tuple[AnswerLink, str]]:
    """Exhibit numbers nobody was ever given, each with the answer that names it."""
    return [
        (
            AnswerLink(
                nodes()[found.node_key].label,
                nodes()[found.node_key].code,
                found.programme,
                "draft",
                answer_url(evaluation_id, found.response_id),
            ),
            str(say(found.message)),
        )
        for found in selfstudy.narrative_problems(reading(), actor(), evaluation_id)
    ]


def _new_node(table: Desk) -> tuple[str, str] | None:
    """A practice that came into the framework after the opening and was asked for: its code and words."""
    code = request.args.get("new", "")
    row = next((row for row in table.tree.rows if row.cells and row.node.code == code), None)
    return (row.node.code, row.node.label(language())) if row and table.may_write else None
