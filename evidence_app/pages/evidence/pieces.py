"""A large file in pieces: begun, sent piece by piece, asked after; its form then names it in `uploaded`."""

from __future__ import annotations

from flask import abort, jsonify, make_response, request
from werkzeug.wrappers import Response

from evidence_app.domain import intake
from evidence_app.domain.access import Action
from evidence_app.domain.intake import Arriving, OutOfStep
from evidence_app.extensions import actor, backends, reading
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.storing import pieces
from evidence_app.web.access import open_to

MOST_PIECE_BYTES = 16 * 1024 * 1024
"""Our script sends 8 MiB at once. The server keeps each piece on disk until it has come as a whole, so it is small."""


def _require_room(size_bytes: int, on_its_way: intake.OnItsWay) -> None:
    intake.require_room(reading(), backends().blobs, actor=actor(), size_bytes=size_bytes, on_its_way=on_its_way)


@pages.post("/pieces")
@open_to(Action.FILE_EVIDENCE)
def begin_pieces(school_key: str) -> Response:
    """The upload that begins, or goes on: `name`, `size` in bytes, and `mark` to know the same file again by."""
    begun = pieces().begin(
        actor=actor(),
        name=request.form.get("name", ""),
        size_bytes=request.form.get("size", 0, type=int),
        mark=request.form.get("mark", ""),
        max_bytes=backends().settings.max_upload_bytes,
        require_room=_require_room,
    )
    return _standing(begun, 201)


@pages.get("/pieces/<upload_id>")
@open_to(Action.FILE_EVIDENCE)
def pieces_so_far(school_key: str, upload_id: str) -> Response:
    return _standing(pieces().standing(actor=actor(), upload_id=upload_id))


@pages.post("/pieces/<upload_id>")
@open_to(Action.FILE_EVIDENCE)
def take_piece(school_key: str, upload_id: str) -> Response:
    """One piece, the bare body, which begins in the file `at` so many bytes; 409 tells where it should have begun."""
    if request.mimetype != "application/octet-stream":
        abort(415)
    if (request.content_length or 0) > MOST_PIECE_BYTES:
        abort(413)
    try:
        grown = pieces().append(
            actor=actor(),
            upload_id=upload_id,
            offset=request.args.get("at", -1, type=int),
            source=request.stream,
        )
    except OutOfStep as error:
        return make_response(jsonify(arrived=error.arrived_bytes), 409)
    return _standing(grown)


@pages.post("/pieces/<upload_id>/leave-out")
@open_to(Action.FILE_EVIDENCE)
def leave_pieces_out(school_key: str, upload_id: str) -> Response:
    pieces().leave_out(actor=actor(), upload_id=upload_id)
    return Response(status=204)


def _standing(arriving: Arriving, status: int = 200) -> Response:
    return make_response(jsonify(id=arriving.id, arrived=arriving.arrived_bytes), status)
