"""Who has words on a response that are not saved yet: names and moments, never the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import names_of
from evidence_app.domain.selfstudy.models import ResponseDraft
from evidence_app.domain.selfstudy.queries.finding import response


@dataclass(frozen=True, slots=True)
class Writing:
    """Somebody with unsaved words on a response, and when they last typed."""

    person_id: str
    name: str
    kept_at: datetime


def others_writing(session: Session, actor: Actor, response_id: str) -> list[Writing]:
    """The colleagues who have unsaved words on a response the actor may read, the latest first."""
    found = response(session, actor, response_id)
    chosen = select(ResponseDraft.person_id, ResponseDraft.kept_at).where(
        ResponseDraft.school_id == actor.school_id,
        ResponseDraft.response_id == found.id,
        ResponseDraft.person_id != actor.person_id,
    )
    rows = session.execute(chosen.order_by(ResponseDraft.kept_at.desc())).all()
    names = names_of(session, actor.school_id, {row.person_id for row in rows})
    return [Writing(row.person_id, names.get(row.person_id, ""), row.kept_at) for row in rows]
