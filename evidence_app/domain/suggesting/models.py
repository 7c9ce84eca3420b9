"""Suggestions as they were computed, and what people declined. The first is derived, the second is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, school_key


class ItemSuggestion(Base):
    """A node that an item seems to show, with the score and the reasons, as of the last time it was looked at."""

    __tablename__ = "item_suggestions"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        # Holds all that is counted, so that no row is read for it: the reasons make rows long.
        Index("ix_item_suggestions_node", "school_id", "node_key", "is_sure", "position", "item_id", "leans_on"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    node_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int]
    score: Mapped[float] = mapped_column(Float)
    is_sure: Mapped[bool]
    because: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    leans_on: Mapped[str] = mapped_column(String(26), default="")
    """The item its only reason names: who may not open that one is not shown, nor counted, the suggestion."""


class DeclinedSuggestion(Base):
    """A suggestion somebody said no to. It does not come back for this item, and teaches the others."""

    __tablename__ = "declined_suggestions"
    __table_args__ = (school_key("item_id", "items", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    node_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    declined_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    declined_at: Mapped[datetime]


class ItemDigest(Base):
    """The words by which an item is compared with others. Derived from its text."""

    __tablename__ = "item_digests"
    __table_args__ = (school_key("item_id", "items", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
