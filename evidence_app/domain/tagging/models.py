"""Tags: evidence item <-> framework node, with how it shows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.i18n import Labelled, msg

STRENGTHS = (msg("Not rated"), msg("Weak"), msg("Adequate"), msg("Strong"))
"""The words for strength 0 to 3."""


class TagState(Labelled):
    """Where a tag stands. Suggestions are not tags: a person proposes, a reviewer accepts or returns."""

    PROPOSED = "proposed", msg("Waiting for review")
    ACCEPTED = "accepted", msg("Accepted")
    RETURNED = "returned", msg("Returned")


class Tag(SchoolOwned, Base):
    """One item tagged to one node. It points at the item, so it outlives the item's versions."""

    __tablename__ = "tags"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        UniqueConstraint("school_id", "item_id", "node_key"),
        CheckConstraint("strength between 0 and 3", name="strength"),
        Index("ix_tags_node", "school_id", "node_key", "state"),
        Index("ix_tags_state", "school_id", "state", "tagged_at"),
    )

    item_id: Mapped[str] = mapped_column(String(26))
    node_key: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(500), default="")
    strength: Mapped[int] = mapped_column(default=0)
    state: Mapped[TagState] = mapped_column(String(10))
    tagged_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    tagged_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
