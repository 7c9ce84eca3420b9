"""Searches kept under a name, and those made lately: offered in the library, run by their address."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from flask import g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.database import DatabaseBusy
from evidence_app.domain import search
from evidence_app.domain.access import Action
from evidence_app.errors import AppError
from evidence_app.extensions import actor, backends, reading, school, unit_of_work
from evidence_app.pages.evidence.asking import Question, read_asked
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


@dataclass(frozen=True, slots=True)
class RecentSearchView:
    """A search made lately as a link: its words, and how many filters were on."""

    text: str
    filters: int
    url: str


def saved_searches() -> list[SavedSearchView]:
    """What the asker may run with one click."""
    library = url_for("evidence.library", school_key=school().key)
    return [
        SavedSearchView(one.id, one.name, f"{library}?{one.asked}", one.is_shared, one.by)
        for one in search.searches_for(reading(), actor())
    ]


def recently_asked() -> list[str]:
    """What the asker looked for last, as query strings, the latest first; read once a request."""
    if "recently_asked" not in g:
        g.recently_asked = search.recent_searches(reading(), actor())
    return cast(list[str], g.recently_asked)


def recent_searches() -> list[RecentSearchView]:
    """What the asker looked for last, the latest first; only they see it."""
    asked = [read_asked(one) for one in recently_asked()]
    return [RecentSearchView(one.text, sum(map(len, one.filters.values())), one.url) for one in asked]


def remember(question: Question) -> None:
    """The question is the asker's latest; nothing happens where it is already, or while somebody else writes."""
    asked = question.as_text
    if not question.text or question.like or recently_asked()[:1] == [asked]:
        return
    with suppress(DatabaseBusy), backends().database.unit_of_work(patience_seconds=0.2) as work:
        search.remember_search(work, actor=actor(), asked=asked)


@pages.post("/searches/recent/forget")
@open_to(Action.READ_EVIDENCE)
def forget_recent(school_key: str) -> Response:
    with unit_of_work() as work:
        search.forget_recent(work, actor=actor())
    say_done(gettext("What you looked for is forgotten."))
    return redirect(Question.read(request.form).url)


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
