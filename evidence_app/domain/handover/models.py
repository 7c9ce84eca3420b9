"""What a handover keeps: from whom to whom, and which things moved, so that it can be taken back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned
from evidence_app.i18n import Message, msg


class Kind(StrEnum):
    """What moves."""

    ITEMS = "items"
    PRIVATE = "private"
    FILING = "filing"
    ASKED = "asked"
    ASKING = "asking"
    ACTIONS = "actions"
    LEADS = "leads"
    TEAMS = "teams"
    GROUPS = "groups"
    SEARCHES = "searches"

    @property
    def label(self) -> Message:
        """What it is, in plain words."""
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.ITEMS: msg("Evidence they own"),
    Kind.PRIVATE: msg("Private evidence they own that the other opens already"),
    Kind.FILING: msg("Things they filed and have not said the practices of"),
    Kind.ASKED: msg("Open requests to them"),
    Kind.ASKING: msg("Open requests of theirs, whose answers come back to them"),
    Kind.ACTIONS: msg("Actions in plans that are not over"),
    Kind.LEADS: msg("Practices they lead in the self-study"),
    Kind.TEAMS: msg("Places in the teams of open evaluations"),
    Kind.GROUPS: msg("Groups they are in"),
    Kind.SEARCHES: msg("Searches they share with the school"),
}


class Handover(SchoolOwned, Base):
    """One act by which everything of one person went to another. `moved` says which things, by kind: ids alone.

    Private items that neither moved nor were confirmed since still have the one who left as their owner.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_people"),
        Index("ix_handovers_from", "school_id", "from_id"),
    )

    from_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    to_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    asked_by: Mapped[str] = mapped_column(String(26), default="")
    asked_at: Mapped[datetime]
    moved: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    ended_access: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
