"""What the calendar keeps: the addresses under which somebody's own calendar reads what is due. Never what is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned


class CalendarFeed(SchoolOwned, Base):
    """An address that tells one person's calendar what is due in one school. Of its token only the hash is kept.

    It counts for the `standing` it was made in: once a link has opened the account, it opens nothing any more.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("school_id", "person_id"),)

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    standing: Mapped[str] = mapped_column(String(26))
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
