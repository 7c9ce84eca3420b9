"""Secrets that travel in links and cookies. Only their hashes are ever kept."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A fresh secret of 256 bits, safe to stand in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token. A plain SHA-256 does, since a token of 256 bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
