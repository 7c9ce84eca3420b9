"""What a visitor sees: the door of a share, and the room in which a snapshot is read. Nothing of the school is asked.

Every view of the room goes through `for_visitors`, which asks anew whether the share is open. What is shown comes from
the snapshot alone; this module imports none of the rooms that keep the school's work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any, cast

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

import exports
from evidence_app.domain import sharing
from evidence_app.domain.sharing import Part, Room, Rooms, VisitKind, Visitor
from evidence_app.errors import NotFound
from evidence_app.extensions import backends, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.web.access import Door, open_to
from evidence_app.web.navigation import Links
from evidence_app.web.serving import serve_bytes
from exports.words import Words

pages = Blueprint("visitor", __name__, url_prefix="/s")

GONE = msg("It has ended, or a sign of its address is missing. Ask the school for a new one.")
LARGE_TYPE = "evidence-type"
EXHIBITS_A_PAGE = 200
ASKED_OF_LISTS = ("category", "kind", "from", "q")
"""What the address of a list asks, kept while an exhibit is opened beside it; other names are none of ours."""
View = Callable[..., Any]


def for_visitors(view: View) -> View:
    """The view for somebody who was let in; anybody else stands at the door again, or finds nothing."""

    @wraps(view)
    def checked(room: str, **values: Any) -> Any:
        token = request.cookies.get(_cookie(), "")
        visitor = sharing.visitor_in(reading(), room, token)
        if visitor is None:
            return _turn_away(room, token)
        return view(visitor, **values)

    checked.is_for_visitors = True  # type: ignore[attr-defined]
    return open_to(Door.VISITOR)(checked)


# -- the door
@pages.get("/<token>")
@open_to(Door.VISITOR)
def link(token: str) -> Response:
    """The link is exchanged for a cookie of its room, and is gone from the address line."""
    room = sharing.room_of(reading(), token)
    if room is None:
        raise NotFound(GONE)
    response = redirect(url_for("visitor.door", room=room), 303)
    return _remember(response, room, token)


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
    return _remember(redirect(url_for("visitor.first", room=room), 303), room, entry.token)


@pages.post("/room/<room>/leave")
@for_visitors
def leave(visitor: Visitor) -> Response:
    with unit_of_work() as work:
        sharing.leave(work, token=request.cookies.get(_cookie(), ""))
    response = make_response(render_template("visitor/left.html"))
    response.delete_cookie(_cookie(), path=_path(visitor.room))
    return response


# -- the room
@pages.get("/room/<room>/")
@for_visitors
def first(visitor: Visitor) -> Response:
    """The overview, where there is one."""
    room = _rooms().room(visitor.snapshot)
    start = "overview" if "overview" in room.parts else room.pages[0].anchor
    return redirect(url_for("visitor.part", room=visitor.room, anchor=start))


@pages.get("/room/<room>/part/<anchor>")
@for_visitors
def part(visitor: Visitor, anchor: str) -> str | Response:
    room = _rooms().room(visitor.snapshot)
    found = room.part(anchor)
    if found is None:
        raise NotFound(GONE)
    _note(visitor, VisitKind.READ, found.code or found.anchor)
    before, after = room.neighbours(found)
    return _render(visitor, room, f"visitor/{found.kind}.html", part=found, before=before, after=after)


@pages.get("/room/<room>/exhibits")
@for_visitors
def exhibits(visitor: Visitor) -> str:
    """Every exhibit, or those of one category and kind."""
    room = _rooms().room(visitor.snapshot)
    category, kind = request.args.get("category", ""), request.args.get("kind", "")
    uses = room.uses
    shown = [
        exhibit
        for exhibit in room.exhibits.values()
        if (not kind or exhibit.kind == kind)
        and (not category or any(code.startswith(category) for code, _ in uses.get(exhibit.number, ())))
    ]
    first = max(0, request.args.get("from", 1, type=int) - 1)
    return _render(
        visitor,
        room,
        "visitor/exhibits.html",
        exhibits=shown[first : first + EXHIBITS_A_PAGE],
        total=len(shown),
        first=first + 1,
        a_page=EXHIBITS_A_PAGE,
        kinds=sorted({e.kind for e in room.exhibits.values() if e.kind}),
        category=category,
        kind=kind,
    )


@pages.get("/room/<room>/search")
@for_visitors
def search(visitor: Visitor) -> str:
    room = _rooms().room(visitor.snapshot)
    text = request.args.get("q", "").strip()
    settings = backends().settings
    index = sharing.open_share_index(settings.search_url, settings.home, visitor.snapshot.id)
    try:
        looked = sharing.look(room, index, text)
    finally:
        index.close()
    if text:
        _note(visitor, VisitKind.SEARCHED)
    return _render(visitor, room, "visitor/search.html", looked=looked, room_search=text)


@pages.get("/room/<room>/<number>")
@for_visitors
def exhibit(visitor: Visitor, number: str) -> Response:
    """Where an exhibit is opened, for links in documents: beside the practice that cites it."""
    room = _rooms().room(visitor.snapshot)
    _require_exhibit(room, number)
    cited = [code for code, _ in room.uses.get(number, ())]
    home = next((p for p in room.pages if cited and p.code == cited[0]), room.pages[0])
    return redirect(url_for("visitor.part", room=visitor.room, anchor=home.anchor, exhibit=number))


@pages.get("/room/<room>/exhibit/<number>/file")
@for_visitors
def file(visitor: Visitor, number: str) -> Response:
    """The file of an exhibit. Where nothing may be taken home, only pictures that a page shows anyway."""
    found = _require_exhibit(_rooms().room(visitor.snapshot), number)
    is_picture = found.media_type.startswith("image/") and "download" not in request.args
    if not found.sha256 or not (visitor.may_download or is_picture):
        raise NotFound(GONE)
    if not is_picture:
        _note(visitor, VisitKind.DOWNLOADED, number)
    return serve_bytes(
        backends().blobs,
        school_id=visitor.school_id,
        sha256=found.sha256,
        media_type=found.media_type,
        file_name=found.file_name,
        download="download" in request.args,
    )


@pages.get("/room/<room>/exhibit/<number>/page/<int:page>")
@for_visitors
def page(visitor: Visitor, number: str, page: int) -> Response:
    """The picture of one page; 0 is the thumbnail."""
    found = _require_exhibit(_rooms().room(visitor.snapshot), number)
    if page == 0 and found.thumbnail_sha256:
        return _picture(visitor, found.thumbnail_sha256, "image/webp")
    drawn = sharing.pages_of(reading(), visitor.school_id, visitor.snapshot.id, found.sha256)
    picture = next((p for p in drawn if p.page == page), None)
    if picture is None:
        raise NotFound(GONE)
    return _picture(visitor, picture.sha256, picture.media_type)


@pages.get("/room/<room>/offline")
@for_visitors
def offline(visitor: Visitor) -> Response:
    """The whole as a bundle to take home."""
    ready = sharing.preparation(reading(), visitor.school_id, visitor.snapshot.id)
    if not visitor.may_download or ready is None or not ready.bundle_sha256:
        raise NotFound(GONE)
    _note(visitor, VisitKind.TOOK_ALL)
    return serve_bytes(
        backends().blobs,
        school_id=visitor.school_id,
        sha256=ready.bundle_sha256,
        media_type="application/zip",
        file_name=ready.bundle_name,
        download=True,
    )


@pages.get("/room/<room>/type")
@for_visitors
def change_type(visitor: Visitor) -> Response:
    """Larger letters, or the ordinary ones again; back to the part one was reading."""
    back, path = request.args.get("back", ""), _path(visitor.room)
    response = redirect(url_for("visitor.part", room=visitor.room, anchor=back) if back else path, 303)
    if request.cookies.get(LARGE_TYPE):
        response.delete_cookie(LARGE_TYPE, path=path)
    else:
        response.set_cookie(LARGE_TYPE, "large", path=path, httponly=True, samesite="Lax", secure=_https())
    return response


# -- what the views share
def _render(visitor: Visitor, room: Room, template: str, **values: Any) -> str:
    """A page of the room: contents at the left, text in the middle, the exhibit that is open beside it."""
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
    _note(visitor, VisitKind.OPENED, found.number)
    drawn = sharing.pages_of(reading(), visitor.school_id, visitor.snapshot.id, found.sha256)
    numbers = [p.page for p in drawn] or ([0] if found.thumbnail_sha256 else [])
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
    )


def _category(here: Part | None) -> str:
    if here is None:
        return ""
    return here.anchor if here.kind == "category" else here.category


def _require_exhibit(room: Room, number: str) -> exports.Exhibit:
    found = room.exhibits.get(number)
    if found is None:
        raise NotFound(GONE)
    return found


def _picture(visitor: Visitor, sha256: str, media_type: str) -> Response:
    return serve_bytes(
        backends().blobs, school_id=visitor.school_id, sha256=sha256, media_type=media_type, file_name="page.webp"
    )


def _note(visitor: Visitor, kind: VisitKind, what: str = "") -> None:
    if request.method == "GET" and not sharing.is_logged(reading(), visitor, kind, what):
        with unit_of_work() as work:
            sharing.log_visit(work, visitor, kind, what)


def _turn_away(room: str, token: str) -> Response:
    if sharing.has_unlatched(reading(), room):
        with unit_of_work() as work:
            sharing.latch_expired(work)
    if request.method == "GET" and sharing.knows_link(reading(), room, token):
        return redirect(url_for("visitor.door", room=room))
    raise NotFound(GONE)


def _require_link(room: str) -> str:
    token = request.cookies.get(_cookie(), "")
    if not sharing.knows_link(reading(), room, token):
        raise NotFound(GONE)
    return token


def _remember(response: Response, room: str, token: str) -> Response:
    """The cookie goes to this room and nowhere else, ends with the browser, and no script reads it."""
    response.set_cookie(_cookie(), token, path=_path(room), httponly=True, samesite="Lax", secure=_https())
    return response


def _path(room: str) -> str:
    return url_for("visitor.first", room=room)


def _cookie() -> str:
    return "__Secure-evidence-room" if _https() else "evidence-room"


def _https() -> bool:
    return backends().settings.is_https


def _rooms() -> Rooms:
    kept = current_app.extensions.setdefault("rooms", Rooms(backends().blobs))
    return cast(Rooms, kept)
