"""What an undo button takes back, however much that is: the page carries a place in the audit log, not the ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evidence_app.domain import audit
from evidence_app.domain.audit import AuditEntry
from evidence_app.extensions import actor, reading, unit_of_work

PLACES = re.compile(r"(\d{1,12})-(\d{1,12})")


@dataclass
class Doing:
    """A unit of work whose acts can be taken back; `places` says where in the log they stand, once it has ended."""

    session: Session
    places: str = ""


@contextmanager
def undoable() -> Iterator[Doing]:
    """A unit of work that remembers where in the log of the school its acts stand."""
    with unit_of_work() as session:
        doing = Doing(session)
        before = audit.end_of_log(session, actor())
        yield doing
        session.flush()
        doing.places = f"{before}-{audit.end_of_log(session, actor())}"


def done_to(places: str, action: str) -> list[str]:
    """The ids of what the asker did this to at these places of the log; none where the places make no sense."""
    return [act.subject_id for act in acts_done(places, action)]


def acts_done(places: str, action: str) -> list[AuditEntry]:
    """The asker's acts of this kind at these places of the log; none where the places make no sense."""
    found = PLACES.fullmatch(places)
    if found is None:
        return []
    return audit.own_acts(reading(), actor(), action=action, after=int(found[1]), until=int(found[2]))
