"""The first administrator of an installation."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.accounts.actions import new_person
from evidence_app.domain.accounts.models import Person, SetupToken
from evidence_app.domain.accounts.queries import open_setup
from evidence_app.domain.accounts.tokens import new_token, token_hash


def set_up_installation(session: Session) -> str | None:
    """The token of the link for the first administrator, or None once somebody runs the installation."""
    if session.scalar(select(Person.id).where(Person.runs_installation).limit(1)):
        return None
    session.execute(delete(SetupToken))
    token = new_token()
    session.add(SetupToken(token_hash=token_hash(token), created_at=now()))
    return token


def claim_installation(session: Session, *, token: str, email: str, name: str, password: str) -> Person:
    """The first administrator. The link works once; NotFound afterwards or for a wrong token."""
    session.delete(open_setup(session, token, locked=True))
    return new_person(session, email=email, name=name, password=password, runs_installation=True)
