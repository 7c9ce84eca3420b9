"""Searches people keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
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
