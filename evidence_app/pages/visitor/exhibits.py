"""Exhibits: the list of all, one of them as file and as pictures of its pages, and everything to take home."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

import exports
from evidence_app.domain import sharing
from evidence_app.domain.sharing import Room, VisitKind, Visitor
from evidence_app.errors import NotFound
from evidence_app.extensions import backends, reading
from evidence_app.pages.visitor.blueprint import NOT_IN_ROOM, for_visitors, note_visit, pages, rooms
from evidence_app.pages.visitor.drawing import draw
from evidence_app.web.serving import serve_bytes

EXHIBITS_A_PAGE = 200


@pages.get("/room/<room>/exhibits")
@for_visitors
def exhibits(visitor: Visitor) -> str:
    """Every exhibit, or those of one category and kind. A page past the last shows the last."""
    room = rooms().room(visitor.snapshot)
    category, kind = request.args.get("category", ""), request.args.get("kind", "")
    uses = room.uses
    shown = [
        exhibit
        for exhibit in room.exhibits.values()
        if (not kind or exhibit.kind == kind)
        and (not category or any(code.startswith(category) for code, _ in uses.get(exhibit.number, ())))
    ]
    last_page = max(0, len(shown) - 1) // EXHIBITS_A_PAGE * EXHIBITS_A_PAGE
    first = min(max(0, request.args.get("from", 1, type=int) - 1), last_page)
    return draw(
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


@pages.get("/room/<room>/<number>")
@for_visitors
def exhibit(visitor: Visitor, number: str) -> Response:
    """Where an exhibit is opened, for links in documents: beside the practice that cites it."""
    room = rooms().room(visitor.snapshot)
    _require_exhibit(room, number)
    cited = [code for code, _ in room.uses.get(number, ())]
    home = next((p for p in room.pages if cited and p.code == cited[0]), room.pages[0])
    return redirect(url_for("visitor.part", room=visitor.room, anchor=home.anchor, exhibit=number))


@pages.get("/room/<room>/exhibit/<number>/file")
@for_visitors
def file(visitor: Visitor, number: str) -> Response:
    """The file of an exhibit, or the one at the place `part` of a series.

    Where nothing may be taken home, only pictures that a page shows anyway.
    """
    exhibit = _require_exhibit(rooms().room(visitor.snapshot), number)
    found = file_at(exhibit, request.args.get("part", 1, type=int))
    is_picture = found.media_type.startswith("image/") and "download" not in request.args
    if not (visitor.may_download or is_picture):
        raise NotFound(NOT_IN_ROOM)
    _require_clean(visitor, [found.sha256])
    if not is_picture:
        note_visit(visitor, VisitKind.DOWNLOADED, number)
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
    """The picture of one page, of a series that of one part; 0 is the thumbnail."""
    found = _require_exhibit(rooms().room(visitor.snapshot), number)
    if page == 0 and found.thumbnail_sha256:
        return _picture(visitor, found.thumbnail_sha256, "image/webp")
    of_file, wanted = (file_at(found, page), 1) if found.parts else (file_at(found, 1), page)
    drawn = sharing.pages_of(reading(), visitor.school_id, visitor.snapshot.id, of_file.sha256)
    picture = next((p for p in drawn if p.page == wanted), None)
    if picture is None:
        raise NotFound(NOT_IN_ROOM)
    return _picture(visitor, picture.sha256, picture.media_type)


@pages.get("/room/<room>/offline")
@for_visitors
def offline(visitor: Visitor) -> Response:
    """The whole as a bundle to take home."""
    ready = sharing.preparation(reading(), visitor.school_id, visitor.snapshot.id)
    if not visitor.may_download or ready is None or not ready.bundle_sha256:
        raise NotFound(NOT_IN_ROOM)
    _require_clean(visitor, [one.sha256 for e in rooms().room(visitor.snapshot).exhibits.values() for one in e.files])
    note_visit(visitor, VisitKind.TOOK_ALL)
    return serve_bytes(
        backends().blobs,
        school_id=visitor.school_id,
        sha256=ready.bundle_sha256,
        media_type="application/zip",
        file_name=ready.bundle_name,
        download=True,
    )


def _require_clean(visitor: Visitor, hashes: Sequence[str]) -> None:
    """Nothing; NotFound where a scanner has found malware in one of these files since they were shared."""
    if not sharing.may_be_given(reading(), visitor.school_id, hashes):
        raise NotFound(NOT_IN_ROOM)


def file_at(found: exports.Exhibit, place: int) -> exports.ExhibitFile:
    """The file of an exhibit at a place, counted from 1; NotFound where it has none there."""
    if not 0 < place <= len(found.files):
        raise NotFound(NOT_IN_ROOM)
    return found.files[place - 1]


def _require_exhibit(room: Room, number: str) -> exports.Exhibit:
    found = room.exhibits.get(number)
    if found is None:
        raise NotFound(NOT_IN_ROOM)
    return found


def _picture(visitor: Visitor, sha256: str, media_type: str) -> Response:
    return serve_bytes(
        backends().blobs, school_id=visitor.school_id, sha256=sha256, media_type=media_type, file_name="page.webp"
    )
