"""The blueprint of the visitor's pages, whom they are open to, and what is kept of a visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Blueprint, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from evidence_app.domain import sharing
from evidence_app.domain.sharing import Rooms, VisitKind, Visitor
from evidence_app.errors import NotFound
from evidence_app.extensions import backends, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.web.access import Door, open_to

pages = Blueprint("visitor", __name__, url_prefix="/s")

GONE = msg("It has ended, or a sign of its address is missing. Ask the school for a new one.")
NOT_IN_ROOM = msg("There is no such page in this room, or it is not open to you. The room itself is open.")
View = Callable[..., Any]


def for_visitors(view: View) -> View:
    """The view for somebody who was let in; anybody else stands at the door again, or finds nothing.

    Whether the share is still open is asked at every request.
    """

    @wraps(view)
    def checked(room: str, **values: Any) -> Any:
        token = request.cookies.get(room_cookie(), "")
        visitor = sharing.visitor_in(reading(), room, token)
        if visitor is None:
            return _turn_away(room, token)
        # Whoever stands in a room and follows a wrong address is led back into it.
        g.room = room
        return view(visitor, **values)

    checked.is_for_visitors = True  # type: ignore[attr-defined]
    return open_to(Door.VISITOR)(checked)


def rooms() -> Rooms:
    """The snapshots that were read lately, ready to be drawn."""
    kept = current_app.extensions.setdefault("rooms", Rooms(backends().blobs))
    return cast(Rooms, kept)


def note_visit(visitor: Visitor, kind: VisitKind, what: str = "") -> None:
    """Once a visit, that this was done: read, opened, searched, taken home."""
    if request.method == "GET" and not sharing.is_logged(reading(), visitor, kind, what):
        with unit_of_work() as work:
            sharing.log_visit(work, visitor, kind, what)


def remember(response: Response, room: str, token: str) -> Response:
    """The cookie goes to this room and nowhere else, ends with the browser, and no script reads it."""
    response.set_cookie(room_cookie(), token, path=path_of(room), httponly=True, samesite="Lax", secure=is_https())
    return response


def path_of(room: str) -> str:
    """Where the room begins; its cookies are sent nowhere else."""
    return url_for("visitor.first", room=room)


def room_cookie() -> str:
    """The name of the cookie that holds the link at the door, and the visit in the room."""
    return "__Secure-evidence-room" if is_https() else "evidence-room"


def is_https() -> bool:
    """Whether people reach the installation by https."""
    return backends().settings.is_https


def _turn_away(room: str, token: str) -> Response:
    if sharing.has_unlatched(reading(), room):
        with unit_of_work() as work:
            sharing.latch_expired(work)
    if request.method == "GET" and sharing.knows_link(reading(), room, token):
        return redirect(url_for("visitor.door", room=room))
    raise NotFound(GONE)
