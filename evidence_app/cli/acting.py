"""Who acts when a command runs."""

from __future__ import annotations

from evidence_app.backends import Backends
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor


def actor_for(backends: Backends, email: str, school_key: str | None) -> Actor:
    """The person with this address, acting in the named school or in their only one."""
    with backends.database.reading() as session:
        return accounts.actor_by_email(session, email, school_key)
