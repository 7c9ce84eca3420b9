"""Addresses: which may leave a document, and how they are spelled there."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

SCHEMES = ("http", "https", "mailto")
SAFE = "!#$%&'()*+,/:;=?@[]~-._"
MAX_LENGTH = 2000


def safe_url(address: str) -> str:
    """The address percent-encoded, or an empty text if it is not http, https or mailto with somewhere to go."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        reachable = parts.path if parts.scheme.lower() == "mailto" else parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in SCHEMES or not reachable or len(address) > MAX_LENGTH:
        return ""
    return quote(address, safe=SAFE)
