"""What an answer cites, what it could cite, and one exhibit on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import reports, selfstudy
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import Item, Version, current_versions
from evidence_app.domain.selfstudy import Cited, ResponsePage
from evidence_app.errors import NotFound
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.preview import PreviewView, preview_of
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import answer_url, catalogue_of
from evidence_app.pages.study.fitting import fitting_for
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.item_choices import ItemChoice, accepted_for, choice_sent, choices_of, found_by
from evidence_app.web.narratives import exhibit_url
from evidence_app.web.nodes import nodes

OFFERED = 8


@dataclass(frozen=True, slots=True)
class CitedView:
    """An exhibit of the answer. `newer` is the item's newest version when that is another one."""

    cited: Cited
    choice: ItemChoice
    url: str
    newer: Version | None


@dataclass(frozen=True, slots=True)
class PinnedPreview(PreviewView):
    """The preview of the version that is cited; its pages stand at the address of the exhibit."""

    exhibit_url: str

    @classmethod
    def of(cls, cited: Cited, evaluation_id: str) -> PinnedPreview:
        """The preview of an exhibit, as the address asks for it."""
        shown = preview_of(cited.item, cited.version)
        kept = {field.name: getattr(shown, field.name) for field in fields(shown)}
        return cls(**kept, exhibit_url=exhibit_url(evaluation_id, cited.number))

    def url(self, view: str, page: int | None = None) -> str:
        """The address of the same exhibit, seen otherwise."""
        return f"{self.exhibit_url}?view={view}" + (f"&page={page}" if page else "")


@pages.get("/<evaluation_id>/answers/<response_id>/exhibits")
@open_to(Action.READ_STUDY)
def pane(school_key: str, evaluation_id: str, response_id: str) -> str:
    """The right side of the desk anew, and what it counts on the left: after something was cited, or for a search."""
    page = selfstudy.response_page(reading(), actor(), response_id)
    can_approve = can(actor(), Action.APPROVE_STUDY)
    return render_template("study/_exhibits.html", page=page, pane=pane_of(page), can_approve=can_approve, anew=True)


@pages.get("/<evaluation_id>/answers/<response_id>/pick")
@open_to(Action.WRITE_STUDY)
def pick(school_key: str, evaluation_id: str, response_id: str) -> str:
    """What the picker in the text offers for some words: exhibits of this evaluation, then other evidence."""
    page = selfstudy.response_page(reading(), actor(), response_id)
    words = request.args.get("q", "").strip()
    known = [c for c in selfstudy.exhibits_of(reading(), actor(), evaluation_id).shown if _matches(c, words, page)]
    there = {cited.item.id for cited in known}
    offered = found_by(words) if words else accepted_for(_keys(page), page.response.programme)
    others = [choice for choice in offered if choice.item.id not in there]
    cited = {one.version.id for one in page.citations.shown}
    return render_template("study/_pick.html", page=page, known=known[:OFFERED], others=others[:OFFERED], cited=cited)


@pages.post("/<evaluation_id>/answers/<response_id>/cite")
@open_to(Action.WRITE_STUDY)
def cite(school_key: str, evaluation_id: str, response_id: str) -> Response:
    """Cites the newest version of an item, or the one that is named; a script is told what to write into the text."""
    with unit_of_work() as work:
        cited = selfstudy.cite(work, actor=actor(), response_id=response_id, **choice_sent())
        version_id = cited.version_id
    shown = selfstudy.citations_of(reading(), actor(), response_id).shown
    number = next(one.number for one in shown if one.version.id == version_id)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(citation=f"[[{number}]]", number=number)
    say_done(gettext("Cited as %(number)s. Write [[%(number)s]] where the text needs it.", number=number))
    return redirect(answer_url(evaluation_id, response_id, _anchor="exhibits"))


@pages.post("/<evaluation_id>/answers/<response_id>/uncite")
@open_to(Action.WRITE_STUDY)
def uncite(school_key: str, evaluation_id: str, response_id: str) -> Response:
    with unit_of_work() as work:
        gone = selfstudy.uncite(work, actor=actor(), citation_id=request.form.get("citation", ""))
        number = selfstudy.still_named(work, actor=actor(), citation=gone)
    say_done(
        gettext("Not cited any more. Its number still means the same exhibit."),
        undo_url=url_for("study.cite", **(request.view_args or {})),
        version=gone.version_id,
        how=gone.how,
    )
    if number:
        words = gettext(
            "The text still names %(number)s: it is cited again once other words are saved here. Take [[%(number)s]] "
            "out of the text, too, if it is to stay away.",
            number=number,
        )
        say_trouble(words, tone="wait")
    return redirect(answer_url(evaluation_id, response_id, _anchor="exhibits"))


@pages.get("/<evaluation_id>/exhibits/<number>")
@open_to(Action.READ_STUDY)
def exhibit(school_key: str, evaluation_id: str, number: str) -> str:
    found = selfstudy.resolve_exhibit(reading(), actor(), evaluation_id, number)
    if found is None:
        raise NotFound(msg("There is no such exhibit, or it is not open to you."))
    preview = PinnedPreview.of(found, evaluation_id)
    if wants_fragment():
        return render_template("evidence/_preview.html", preview=preview, item=found.item)
    return render_template(
        "study/exhibit.html",
        frame=selfstudy.evaluation(reading(), actor(), evaluation_id),
        shown=_view(found, evaluation_id),
        asked=number,
        preview=preview,
        item=found.item,
        nodes=nodes(),
        cited_in=[
            place
            for place in selfstudy.cited_in(reading(), actor(), found.item.id)
            if place.version_id == found.version.id and place.evaluation.id == evaluation_id
        ],
    )


def pane_of(page: ResponsePage) -> dict[str, Any]:
    """What the right side shows: cited exhibits, accepted evidence that could be cited, and what a search found."""
    cited = [_view(one, page.evaluation.id) for one in page.citations.shown]
    there = {view.cited.item.id for view in cited}
    words = request.args.get("find", "").strip()
    fitting = fitting_for(
        request.args.get("sentence", ""), _keys(page), {view.cited.item.id: view.cited.number for view in cited}
    )
    accepted = [] if words or fitting else accepted_for(_keys(page), page.response.programme)
    return {
        "cited": cited,
        "staying": reports.staying(reading(), actor(), page.evaluation.id, [view.cited.number for view in cited]),
        "has_hidden": page.citations.has_hidden,
        "offered": [choice for choice in accepted if choice.item.id not in there],
        "found": [choice for choice in found_by(words) if choice.item.id not in there],
        "words": words,
        "fitting": fitting,
        "may_cite": can(actor(), Action.WRITE_STUDY) and page.evaluation.state == selfstudy.EvaluationState.OPEN,
    }


def _view(cited: Cited, evaluation_id: str) -> CitedView:
    pair: tuple[Item, Version] = (cited.item, cited.version)
    newer = None
    if cited.is_outdated:
        newer = current_versions(reading(), school().id, [cited.item])[cited.item.id]
    return CitedView(cited, choices_of([pair])[0], exhibit_url(evaluation_id, cited.number), newer)


def _keys(page: ResponsePage) -> list[str]:
    """The practice and what lies below it."""
    below = catalogue_of(page.evaluation).descendants(page.node.key)
    return [page.node.key, *(node.key for node in below)]


def _matches(cited: Cited, words: str, page: ResponsePage) -> bool:
    """Whether an exhibit fits the words; without words, whether this answer cites it."""
    if not words:
        return any(cited.version.id == one.version.id for one in page.citations.shown)
    return all(word in f"{cited.number} {cited.item.title}".lower() for word in words.lower().split())
