"""Static files: their addresses name what they hold, so that browsers keep them for ever; text is sent small."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request

STATIC: Final = Path(__file__).parent.parent / "static"
_PATH: Final = "/static"
_YEAR_SECONDS: Final = 365 * 24 * 3600
_SMALLER: Final = frozenset({"text/css", "text/javascript", "image/svg+xml"})
"""Media types of what compression makes much smaller; fonts and pictures are compressed already.

Pages are not compressed: beside what somebody else had written into them, the length of an answer would tell what
secrets stand there.
"""


def prepare_static_files(app: Flask) -> None:
    """Have the app's static files answer below an address with a fingerprint too, which `static_url` gives.

    Style sheets and scripts name each other beside themselves, so these are below the same address, and kept as long.
    """
    app.add_url_rule(f"{_PATH}/at-<fingerprint>/<path:filename>", endpoint="static")
    app.view_functions["static"] = _send
    app.jinja_env.globals.update(static_url=static_url)


def static_url(filename: str) -> str:
    """The address of a static file; another one whenever any static file is another. FileNotFoundError if none is."""
    return f"{request.script_root}{_address(filename)}"


@lru_cache(maxsize=256)
def _address(filename: str) -> str:
    if not (STATIC / filename).is_file():
        raise FileNotFoundError(STATIC / filename)
    return f"{_PATH}/at-{fingerprint()}/{filename}"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Twelve characters that stand for all static files as they are now."""
    found = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(STATIC).as_posix()}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _send(filename: str, **at: str) -> Response:
    """The file, whatever the fingerprint: a page of the release before asks for what is there now, and keeps it not."""
    answer = current_app.send_static_file(filename)
    is_named = at.get("fingerprint") == fingerprint()
    answer.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable" if is_named else "no-cache"
    if answer.mimetype in _SMALLER:
        answer.vary.add("Accept-Encoding")
        if answer.status_code == 200 and request.accept_encodings["gzip"]:
            _compress(answer, filename)
    return answer


def _compress(answer: Response, filename: str) -> None:
    answer.close()
    answer.direct_passthrough = False
    answer.set_data(_compressed(filename))
    answer.headers["Content-Encoding"] = "gzip"
    etag, _ = answer.get_etag()
    if etag:
        answer.set_etag(etag, weak=True)


@lru_cache(maxsize=128)
def _compressed(filename: str) -> bytes:
    return gzip.compress((STATIC / filename).read_bytes(), mtime=0)
