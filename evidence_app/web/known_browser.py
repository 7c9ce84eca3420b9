"""Telling a browser that has signed in to an account before from a stranger's, so that a stranger locks nobody out.

The cookie says nothing to who reads it: a random part, and a signature over it and the address it belongs to.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import request
from werkzeug.wrappers import Response

from evidence_app.extensions import backends

LASTS_SECONDS = 180 * 24 * 3600


def known_browser(email: str) -> str:
    """What this browser is counted as when it signs in to this address; empty for one that never did."""
    random_part, _, signature = request.cookies.get(_name(), "").partition(".")
    is_ours = hmac.compare_digest(signature.encode(), _sign(random_part, email).encode())
    return f"browser {random_part}" if is_ours else ""


def remember_browser(response: Response, email: str) -> None:
    """Have this browser known as one that signed in to this address."""
    random_part = secrets.token_hex(16)
    response.set_cookie(
        _name(),
        f"{random_part}.{_sign(random_part, email)}",
        max_age=LASTS_SECONDS,
        secure=backends().settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _name() -> str:
    return "__Host-evidence-known" if backends().settings.is_https else "evidence-known"


def _sign(random_part: str, email: str) -> str:
    words = f"known browser {random_part} {email.strip().lower()}".encode()
    return hmac.new(backends().settings.secret_key.encode(), words, hashlib.sha256).hexdigest()
