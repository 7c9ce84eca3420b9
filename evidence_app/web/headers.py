"""Headers every answer carries: what a page may load, who may frame it, what may be kept in caches."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, request

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Content-Security-Policy of our own pages: nothing inline, nothing from elsewhere."""

USER_BYTES_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of what a person uploaded: it runs nothing and reaches nothing."""

ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Frame-Options": "DENY",
    }
)
YEAR_SECONDS = 365 * 24 * 3600


def protect(app: Flask) -> None:
    """Have every answer of the app carry the security headers."""
    app.after_request(set_security_headers)


def set_security_headers(response: Response) -> Response:
    """The answer with the headers of a page of ours; a stricter policy it already has is kept."""
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    for name, value in ALWAYS.items():
        response.headers[name] = value
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    # What is said of a static file that is not there is a page, drawn for whoever asked.
    if request.endpoint != "static" or response.status_code >= 400:
        _keep_pages_out_of_caches(response)
    return response


def set_user_bytes_headers(response: Response) -> Response:
    """The answer with the headers of an uploaded file: sandboxed, whatever it claims to be."""
    response.headers["Content-Security-Policy"] = USER_BYTES_POLICY
    return response


def _keep_pages_out_of_caches(response: Response) -> None:
    """School computers are shared: pages are kept nowhere, unless a view said so for its bytes."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    response.vary.add("Cookie")
