"""A page of the reading room: contents at the left, text in the middle, the exhibit that is open beside it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

import exports
from evidence_app.domain import sharing
from evidence_app.domain.sharing import Part, Room, VisitKind, Visitor
from evidence_app.extensions import reading
from evidence_app.pages.visitor.blueprint import note_visit
from evidence_app.web.documents import has_pages
from evidence_app.web.navigation import Links
from evidence_app.web.serving import PLAYED_IN_BROWSER
from exports.words import Words

LARGE_TYPE = "evidence-type"
ASKED_OF_LISTS = ("category", "kind", "from", "q")
"""What the address of a list asks, kept while an exhibit is opened beside it; other names are none of ours."""


def draw(visitor: Visitor, room: Room, template: str, **values: Any) -> str:
    """The page, from its template and from what every page of the room shows."""
    here: Part | None = values.get("part")
    report = room.report
    ready = sharing.preparation(reading(), visitor.school_id, visitor.snapshot.id)
    links = Links(
        home=url_for("visitor.first", room=visitor.room),
        search=url_for("visitor.search", room=visitor.room),
        offline=url_for("visitor.offline", room=visitor.room)
        if visitor.may_download and ready and ready.bundle_sha256
        else "",
        larger=url_for("visitor.change_type", room=visitor.room, back=here.anchor if here else None),
    )
    return render_template(
        template,
        school=SimpleNamespace(name=report.cover.school),
        links=links,
        visitor=visitor,
        room=room,
        report=report,
        words=Words(report.language),
        # What `exports` wrote is markup already: every text in it was escaped there.
        markup=Markup,
        category_here=_category(here),
        large_type=bool(request.cookies.get(LARGE_TYPE)),
        opened=_opened(visitor, room),
        beside=_beside,
        **values,
    )


def _beside(number: str = "", **seen: Any) -> str:
    """This page with an exhibit open beside it, seen as `seen` says; without a number, with none open."""
    kept = {name: request.args[name] for name in ASKED_OF_LISTS if name in request.args}
    shown = {"exhibit": number, "_anchor": "exhibit"} if number else {}
    return url_for(request.endpoint or "", **{**kept, **shown, **seen, **(request.view_args or {})})


def _opened(visitor: Visitor, room: Room) -> SimpleNamespace | None:
    """The exhibit that is open beside the text, with its pictures or its text."""
    found = room.exhibits.get(request.args.get("exhibit", ""))
    if found is None:
        return None
    note_visit(visitor, VisitKind.OPENED, found.number)
    if found.parts:
        return _opened_series(visitor, room, found)
    drawn = sharing.pages_of(reading(), visitor.school_id, visitor.snapshot.id, found.sha256)
    numbers = [p.page for p in drawn] or ([0] if found.thumbnail_sha256 else [])
    if not has_pages(found.media_type, found.url):
        numbers = []
    wanted = request.args.get("page", type=int) or 0
    at = numbers.index(wanted) if wanted in numbers else 0
    as_text = request.args.get("as") == "text" or not (numbers or found.media_type.startswith("image/"))
    return SimpleNamespace(
        exhibit=found,
        how=next((how for _, how in room.uses.get(found.number, ()) if how), found.purpose),
        page=numbers[at] if numbers else None,
        at=at + 1,
        count=len(numbers),
        previous_page=numbers[at - 1] if at else None,
        next_page=numbers[at + 1] if at + 1 < len(numbers) else None,
        picture=next((p for p in drawn if p.page == numbers[at]), None) if numbers else None,
        text=room.text_of(found) if as_text else None,
        may_download=visitor.may_download and bool(found.sha256),
        plays=found.media_type.partition("/")[0] if visitor.may_download and _is_played(found) else "",
        part=None,
    )


def _opened_series(visitor: Visitor, room: Room, found: exports.Exhibit) -> SimpleNamespace:
    """An exhibit of several files, open at one of them: its pages are its parts, each with its caption."""
    count = len(found.parts)
    at = min(max(request.args.get("page", 1, type=int), 1), count)
    drawn = sharing.pages_of(reading(), visitor.school_id, visitor.snapshot.id, found.parts[at - 1].sha256)
    as_text = request.args.get("as") == "text"
    return SimpleNamespace(
        exhibit=found,
        how=next((how for _, how in room.uses.get(found.number, ()) if how), found.purpose),
        page=at,
        at=at,
        count=count,
        previous_page=at - 1 if at > 1 else None,
        next_page=at + 1 if at < count else None,
        picture=drawn[0] if drawn else None,
        text=room.text_of(found) if as_text else None,
        may_download=visitor.may_download,
        plays="",
        part=found.parts[at - 1],
    )


def _is_played(found: exports.Exhibit) -> bool:
    return found.media_type in PLAYED_IN_BROWSER


def _category(here: Part | None) -> str:
    if here is None:
        return ""
    return here.anchor if here.kind == "category" else here.category
