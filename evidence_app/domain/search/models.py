"""Searches people keep, and those they made lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned


class SavedSearch(SchoolOwned, Base):
    """Words, filters and order under a name. A shared one is offered to everybody in the school.

    `asked` is what the library's address asks, as a query string: it says what to look for, never what was found.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("school_id", "person_id", "name"),)

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(100))
    asked: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool]
    created_at: Mapped[datetime]


class RecentSearch(SchoolOwned, Base):
    """What somebody asked lately, as a query string like `SavedSearch.asked`. Nobody but they ever see it."""

    __tablename__ = "recent_searches"
    __table_args__ = (Index("ix_recent_searches_person", "school_id", "person_id", "asked_at"),)

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    asked: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
