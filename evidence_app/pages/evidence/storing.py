"""Bytes on their way in: what was uploaded or typed, put into the store before any row names it."""

from __future__ import annotations

import io
import os

from flask import request
from werkzeug.datastructures import FileStorage

from evidence_app.domain import intake
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, backends, reading
from evidence_app.i18n import msg
from storage_adapters import Blob


def pieces() -> intake.Pieces:
    """The uploads of this installation that arrive in pieces."""
    return intake.Pieces(backends().blobs, backends().settings.home)


def store_upload(file: FileStorage | None) -> intake.StoredFile:
    """The uploaded file, durable in the store; without one, the file that arrived in pieces and is named in `uploaded`.

    Invalid names what is wrong with it, and nothing of it is kept.
    """
    if file is None or not file.filename:
        if "uploaded" in request.form:
            return pieces().finish(actor=actor(), upload_id=request.form["uploaded"])
        raise Invalid(msg("Choose a file first."), field="files")
    size_bytes = file.stream.seek(0, os.SEEK_END)
    intake.require_room(reading(), backends().blobs, actor=actor(), size_bytes=size_bytes)
    return intake.store_file(
        backends().blobs,
        actor=actor(),
        stream=file.stream,
        name=file.filename,
        max_bytes=backends().settings.max_upload_bytes,
        size_bytes=size_bytes,
    )


def store_text(text: str) -> Blob:
    """A text that was typed, cleaned and durable in the store."""
    clean = intake.fitting_text(text).strip().encode()
    return backends().blobs.put(actor().school_id, io.BytesIO(clean), max_bytes=intake.MOST_TEXT_BYTES)
