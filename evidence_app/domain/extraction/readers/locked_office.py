"""Office files under a password: an encrypted package inside an old container."""

from __future__ import annotations

from evidence_app.domain.extraction.draft import Draft, Encrypted, Source


def read(source: Source, draft: Draft) -> None:
    """Always raises Encrypted: there is nothing to read without the password."""
    del source, draft
    raise Encrypted
