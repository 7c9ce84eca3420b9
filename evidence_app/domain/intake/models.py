"""What somebody is in the middle of filing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, school_key


class EntryState(StrEnum):
    """How an item came into a batch: filed with it, filed although the same bytes are there, or there before."""

    FILED = "filed"
    KEPT_BOTH = "kept both"
    KNOWN = "known"


class BatchEntry(Base):
    """An item that one person has filed or chosen, and has not yet said the practices of. The item is safe already."""

    __tablename__ = "batch_entries"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        Index("ix_batch_entries_person", "school_id", "person_id", "added_at"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    state: Mapped[EntryState] = mapped_column(String(10), default=EntryState.FILED)
    added_at: Mapped[datetime]
