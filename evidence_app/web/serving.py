"""The one way out for the bytes of an upload: checked, sandboxed, in ranges, under a safe name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request
from werkzeug.http import parse_range_header

from evidence_app.database import Database
from evidence_app.domain import upkeep
from evidence_app.extensions import backends, reading
from evidence_app.web.headers import set_user_bytes_headers
from storage_adapters import BlobDamaged, BlobStore

SHOWN_IN_BROWSER = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"})
PLAYED_IN_BROWSER = frozenset(
    {
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "video/3gpp",
        "video/mp4",
        "video/quicktime",
        "video/webm",
    }
)
"""Films and sounds that browsers play, or say themselves that they cannot."""
SAFE_TYPES = re.compile(r"(?:application|audio|image|text|video)/[\w.+-]+")
CHECKED_WHOLE_BYTES = 8 * 1024 * 1024
CHUNK_BYTES = 256 * 1024


def serve_bytes(
    blobs: BlobStore, *, school_id: str, sha256: str, media_type: str, file_name: str, download: bool = False
) -> Response:
    """The answer that sends a blob, after the caller has decided that the asker may have it.

    Only pictures, PDF, films and sounds are shown in the browser, everything else is a download; nothing of it may run.
    Small blobs are verified before the first byte leaves, larger ones while they are sent: damage ends the answer
    before its last bytes. Parts of larger ones are not given out once damage is known.
    Raises BlobDamaged, BlobNotFound.
    """
    size = blobs.size(school_id, sha256)
    shown = (media_type in SHOWN_IN_BROWSER or media_type in PLAYED_IN_BROWSER) and not download
    wanted = parse_range_header(request.headers.get("Range", ""))
    # Several parts at once, and other units, may be answered with the whole (RFC 9110, 14.2).
    is_part = wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1
    span = wanted.range_for_length(size) if wanted and is_part else None
    if is_part and span is None:
        response = Response(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return set_user_bytes_headers(response)
    start, stop = span or (0, size)
    if request.method == "HEAD":
        body: Iterator[bytes] | bytes = b""
    elif size <= CHECKED_WHOLE_BYTES:
        body = blobs.read_verified(school_id, sha256, max_bytes=CHECKED_WHOLE_BYTES)[start:stop]
    elif span:
        if upkeep.is_known_damaged(reading(), school_id, sha256):
            raise BlobDamaged(school_id, sha256, "it was found so when it was last read")
        body = _chunks(blobs.open(school_id, sha256, start=start, length=stop - start))
    else:
        body = _told_on_damage(blobs.stream_verified(school_id, sha256), backends().database)
    response = Response(body, status=206 if span else 200, mimetype=_safe_type(media_type))
    response.headers["Content-Length"] = str(stop - start)
    response.headers["Accept-Ranges"] = "bytes"
    if span:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response.headers["Content-Disposition"] = content_disposition(file_name, inline=shown)
    return set_user_bytes_headers(response)


def content_disposition(file_name: str, *, inline: bool) -> str:
    """The header that names a file: an ASCII fallback and the real name (RFC 8187), never a line break."""
    name = _fit(file_name)[:150].strip() or "file"
    # Taken apart, some signs become the very ones that end the header's value: a full-width quotation mark does.
    plain = _fit(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()) or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _fit(name: str) -> str:
    return "".join(c for c in name if c.isprintable() and c not in '"\\/;%').strip()


def _safe_type(media_type: str) -> str:
    """The type, when it can do no harm; anything a browser might run or style a page with becomes plain bytes."""
    active = ("html", "xml", "script", "svg", "xsl", "flash", "css", "wasm", "manifest")
    media_type = media_type.lower()
    if not SAFE_TYPES.fullmatch(media_type) or any(word in media_type for word in active):
        return "application/octet-stream"
    return media_type


def _told_on_damage(chunks: Iterator[bytes], database: Database) -> Iterator[bytes]:
    """The chunks; damage is noted and ends them too early, which a browser calls a download that failed."""
    try:
        yield from chunks
    except BlobDamaged as error:
        with database.unit_of_work() as session:
            upkeep.note_damage(session, error.prefix, error.sha256, upkeep.Damage.DAMAGED)
        raise


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
