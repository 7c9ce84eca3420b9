"""What was asked for: who is asked for evidence that a report still lacks, and how the asking went."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.requests import EvidenceRequest, RequestState, asked_names
from evidence_app.domain.selfstudy import Evaluation


@dataclass(frozen=True, slots=True)
class Asked:
    """An open request: of whom, by when."""

    node_key: str
    programme: str
    name: str
    due: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The open requests, soonest due first, how many were sent and answered (-1 where nothing was ever asked), and
    within how many days at least half of the answered ones were.
    """

    open: tuple[Asked, ...]
    sent: int
    answered: int
    median_days: int

    def about(self, node_keys: set[str], programme: str) -> Asked | None:
        """The soonest open request for any of these nodes in a programme or in the whole school."""
        return next((a for a in self.open if a.node_key in node_keys and a.programme in ("", programme)), None)


def asking_of(session: Session, actor: Actor, frame: Evaluation) -> Asking:
    """The requests of an evaluation's programmes since it was opened."""
    chosen = (
        select(EvidenceRequest)
        .where(
            EvidenceRequest.school_id == frame.school_id,
            EvidenceRequest.programme.in_(["", *frame.programmes]),
            EvidenceRequest.asked_at >= frame.created_at,
        )
        .order_by(EvidenceRequest.due_on, EvidenceRequest.id)
    )
    rows = list(session.scalars(chosen))
    still_open = [row for row in rows if row.state == RequestState.OPEN]
    names = asked_names(session, actor, still_open)
    days = [(row.answered_at - row.asked_at).days for row in rows if row.answered_at]
    return Asking(
        open=tuple(
            Asked(row.node_key, row.programme, names.get(row.id, ""), row.due_on.isoformat()) for row in still_open
        ),
        sent=len(rows) or -1,
        answered=len(days) if rows else -1,
        median_days=median_low(days) if days else -1,
    )
