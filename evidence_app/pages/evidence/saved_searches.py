"""Searches kept under a name: offered in the library, run by their address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import search
from evidence_app.domain.access import Action
from evidence_app.errors import AppError
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.pages.evidence.asking import Question
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.templating import language


@dataclass(frozen=True, slots=True)
class SavedSearchView:
    """A search as a link; `by` is the colleague who shares it, empty for one's own."""

    id: str
    name: str
    url: str
    is_shared: bool
    by: str


def saved_searches() -> list[SavedSearchView]:
    """What the asker may run with one click."""
    library = url_for("evidence.library", school_key=school().key)
    return [
        SavedSearchView(one.id, one.name, f"{library}?{one.asked}", one.is_shared, one.by)
        for one in search.searches_for(reading(), actor())
    ]


@pages.post("/searches")
@open_to(Action.READ_EVIDENCE)
def save_search(school_key: str) -> Response:
    question = Question.read(request.form)
    try:
        with unit_of_work() as work:
            kept = search.save_search(
                work,
                actor=actor(),
                name=request.form.get("name", ""),
                asked=question.as_text,
                is_shared="is_shared" in request.form,
            )
            name = kept.name
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    else:
        say_done(gettext("“%(name)s” is kept under Searches.", name=name))
    return redirect(question.url)


@pages.post("/searches/<search_id>/forget")
@open_to(Action.READ_EVIDENCE)
def forget_search(school_key: str, search_id: str) -> Response:
    with unit_of_work() as work:
        search.forget_search(work, actor=actor(), search_id=search_id)
    say_done(gettext("Removed."))
    return redirect(Question.read(request.form).url)
