"""Whether a part of a page was asked for, or the page."""

from __future__ import annotations

from flask import request


def wants_fragment() -> bool:
    """Whether a script asked (htmx, or the upload of one file), which puts the answer into the page that is there."""
    return request.headers.get("HX-Request") == "true"
