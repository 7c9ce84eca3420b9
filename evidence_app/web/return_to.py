"""Where to go after signing in or a form: a path of ours, rebuilt from our own addresses, never what somebody wrote."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def safe_path(wanted: str, otherwise: str) -> str:
    """The wanted path when a page of ours answers it by GET, else `otherwise`."""
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or any(ord(c) < 33 for c in wanted):
        return otherwise
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc:
        return otherwise
    adapter = current_app.url_map.bind(request.host)
    try:
        endpoint, values = adapter.match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return otherwise
    path = adapter.build(endpoint, values)
    return urlunsplit(("", "", path, parts.query, parts.fragment))
