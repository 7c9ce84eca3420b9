"""The door of a share: a link becomes a cookie, a passcode becomes a visit, and a visit is ended."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from evidence_app.domain import sharing
from evidence_app.domain.sharing import Visitor
from evidence_app.errors import NotFound
from evidence_app.extensions import reading, unit_of_work
from evidence_app.pages.visitor.blueprint import GONE, for_visitors, pages, path_of, remember, room_cookie
from evidence_app.web.access import Door, open_to


@pages.get("/<token>")
@open_to(Door.VISITOR)
def link(token: str) -> Response:
    """The link is exchanged for a cookie of its room, and is gone from the address line."""
    room = sharing.room_of(reading(), token)
    if room is None:
        raise NotFound(GONE)
    response = redirect(url_for("visitor.door", room=room), 303)
    return remember(response, room, token)


@pages.get("/room/<room>/enter")
@open_to(Door.VISITOR)
def door(room: str) -> str:
    _require_link(room)
    return render_template("visitor/enter.html", refused="")


@pages.post("/room/<room>/enter")
@open_to(Door.VISITOR)
def enter(room: str) -> Response:
    token = _require_link(room)
    with unit_of_work() as work:
        entry = sharing.enter(work, room=room, link_token=token, passcode=request.form.get("passcode", ""))
    if entry.refused == "gone":
        raise NotFound(GONE)
    if entry.refused:
        status = 429 if entry.refused == "throttled" else 422
        return make_response(render_template("visitor/enter.html", refused=entry.refused), status)
    return remember(redirect(url_for("visitor.first", room=room), 303), room, entry.token)


@pages.post("/room/<room>/leave")
@for_visitors
def leave(visitor: Visitor) -> Response:
    with unit_of_work() as work:
        sharing.leave(work, token=request.cookies.get(room_cookie(), ""))
    response = make_response(render_template("visitor/left.html"))
    response.delete_cookie(room_cookie(), path=path_of(visitor.room))
    return response


def _require_link(room: str) -> str:
    token = request.cookies.get(room_cookie(), "")
    if not sharing.knows_link(reading(), room, token):
        raise NotFound(GONE)
    return token
