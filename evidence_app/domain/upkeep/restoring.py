"""After a backup was restored: nothing that lets somebody in comes back to life with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from evidence_app.domain import accounts, calendar, schools, sharing
from evidence_app.domain.access import Actor, Role


@dataclass(frozen=True, slots=True)
class Closed:
    """How many shares, sign-ins, unused links and addresses of calendars were ended."""

    shares: int
    sign_ins: int
    links: int
    calendars: int


def close_doors(session: Session) -> Closed:
    """What was ended: every live share, sign-in, unused link and calendar of every school. Safe to repeat.

    A share revoked, a person signed out or a link used since the backup would open again otherwise. Whoever calls this
    runs the machine; people sign in with the password of the time of the backup, and shares are issued anew.
    """
    shares = 0
    for school in schools.all_schools(session):
        operator = Actor(person_id="", school_id=school.id, role=Role.ADMINISTRATOR, name="command line")
        shares += sharing.revoke_all(session, actor=operator)
    return Closed(
        shares=shares,
        sign_ins=accounts.end_all_sessions(session),
        links=accounts.end_all_links(session),
        calendars=calendar.end_all_feeds(session),
    )
