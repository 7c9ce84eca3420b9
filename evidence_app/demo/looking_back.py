"""The years behind the demo school: what was decided here within a minute gets a day of its own."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import and_, select, update

from evidence_app.demo.dice import dice
from evidence_app.demo.stage import Stage
from evidence_app.domain.evidence import Item
from evidence_app.domain.selfstudy import Response, ResponseStatus
from evidence_app.domain.tagging import Tag, TagState

TAGGED_WITHIN = 20
REVIEWED_WITHIN = 30
APPROVED_WITHIN = 100
"""Days."""


def date_back(stage: Stage) -> None:
    """Documents of earlier days came one by one, their tags were reviewed in the weeks after, answers in the last ones.

    The audit log keeps the truth: all of it was done while the demo was built.
    """
    this_morning = datetime.combine(stage.today, time.min, UTC)
    earlier = and_(Item.school_id == stage.school_id, Item.received_at < this_morning)
    with stage.backends.database.unit_of_work() as session:
        session.execute(update(Item).where(earlier).values(came_in_bulk=False))
        of_item = and_(Item.school_id == Tag.school_id, Item.id == Tag.item_id)
        tags = select(Tag, Item.received_at).join(Item, of_item).where(earlier, Tag.state == TagState.ACCEPTED)
        for tag, received_at in session.execute(tags.order_by(Item.received_at, Item.title, Tag.node_key)).all():
            throws = dice("looking back", tag.node_key, received_at)
            tag.tagged_at = min(received_at + timedelta(days=throws.randrange(TAGGED_WITHIN)), tag.tagged_at)
            tag.decided_at = min(
                tag.tagged_at + timedelta(days=throws.randrange(REVIEWED_WITHIN)), tag.decided_at or tag.tagged_at
            )
        approved = select(Response).where(
            Response.school_id == stage.school_id, Response.status == ResponseStatus.APPROVED
        )
        for response in session.scalars(approved).all():
            throws = dice("approved", response.node_key, response.programme)
            if response.approved_at is not None:
                response.approved_at -= timedelta(days=throws.randrange(APPROVED_WITHIN))
