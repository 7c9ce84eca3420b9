"""What a handover keeps: from whom to whom, and which things moved, so that it can be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned
from evidence_app.i18n import Labelled, msg


class Kind(Labelled):
    """What moves."""

    ITEMS = "items", msg("Evidence they own")
    PRIVATE = "private", msg("Private evidence they own that the other opens already")
    FILING = "filing", msg("Things they filed and have not said the practices of")
    ASKED = "asked", msg("Open requests to them")
    ASKING = "asking", msg("Open requests of theirs, whose answers come back to them")
    ACTIONS = "actions", msg("Actions in plans that are not over")
    LEADS = "leads", msg("Practices they lead in the self-study")
    TEAMS = "teams", msg("Places in the teams of open evaluations")
    GROUPS = "groups", msg("Groups they are in")
    SEARCHES = "searches", msg("Searches they share with the school")


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
