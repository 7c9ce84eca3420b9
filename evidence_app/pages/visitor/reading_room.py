"""The parts of a report as pages, the search in them, and larger letters."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from evidence_app.domain import sharing
from evidence_app.domain.sharing import VisitKind, Visitor
from evidence_app.errors import NotFound
from evidence_app.extensions import backends
from evidence_app.pages.visitor.blueprint import NOT_IN_ROOM, for_visitors, is_https, note_visit, pages, path_of, rooms
from evidence_app.pages.visitor.drawing import LARGE_TYPE, draw


@pages.get("/room/<room>/")
@for_visitors
def first(visitor: Visitor) -> Response:
    """The overview, where there is one."""
    room = rooms().room(visitor.snapshot)
    start = "overview" if "overview" in room.parts else room.pages[0].anchor
    return redirect(url_for("visitor.part", room=visitor.room, anchor=start))


@pages.get("/room/<room>/part/<anchor>")
@for_visitors
def part(visitor: Visitor, anchor: str) -> str | Response:
    room = rooms().room(visitor.snapshot)
    found = room.part(anchor)
    if found is None:
        raise NotFound(NOT_IN_ROOM)
    note_visit(visitor, VisitKind.READ, found.code or found.anchor)
    before, after = room.neighbours(found)
    return draw(visitor, room, f"visitor/{found.kind}.html", part=found, before=before, after=after)


@pages.get("/room/<room>/<path:address>")
@for_visitors
def nothing(visitor: Visitor, address: str) -> Response:
    """What the room has no page for."""
    raise NotFound(NOT_IN_ROOM)


@pages.get("/room/<room>/search")
@for_visitors
def search(visitor: Visitor) -> str:
    room = rooms().room(visitor.snapshot)
    text = request.args.get("q", "").strip()
    settings = backends().settings
    index = sharing.open_share_index(settings.search_url, settings.home, visitor.snapshot.id)
    try:
        looked = sharing.look(room, index, text)
    finally:
        index.close()
    if text:
        note_visit(visitor, VisitKind.SEARCHED)
    return draw(visitor, room, "visitor/search.html", looked=looked, room_search=text)


@pages.get("/room/<room>/type")
@for_visitors
def change_type(visitor: Visitor) -> Response:
    """Larger letters, or the ordinary ones again; back to the part one was reading."""
    back, path = request.args.get("back", ""), path_of(visitor.room)
    response = redirect(url_for("visitor.part", room=visitor.room, anchor=back) if back else path, 303)
    if request.cookies.get(LARGE_TYPE):
        response.delete_cookie(LARGE_TYPE, path=path)
    else:
        response.set_cookie(LARGE_TYPE, "large", path=path, httponly=True, samesite="Lax", secure=is_https())
    return response
