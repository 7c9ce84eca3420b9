"""After a backup was restored: nothing that lets somebody in comes back to life with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from evidence_app.domain import accounts, schools, sharing
from evidence_app.domain.access import Actor, Role


@dataclass(frozen=True, slots=True)
class Closed:
    """How many shares, sign-ins and links were ended."""

    shares: int
    sign_ins: int
    links: int


def close_doors(session: Session) -> Closed:
    """What was ended: every live share, every sign-in and every unused link of every school. Safe to repeat.

    A share revoked, a person signed out or a link used since the backup would open again otherwise. Whoever calls this
    runs the machine; people sign in with the password of the time of the backup, and shares are issued anew.
    """
    shares = 0
    for school in schools.all_schools(session):
        operator = Actor(person_id="", school_id=school.id, role=Role.ADMINISTRATOR, name="command line")
        shares += sharing.revoke_all(session, actor=operator)
    return Closed(shares, accounts.end_all_sessions(session), accounts.end_all_links(session))
