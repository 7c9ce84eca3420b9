"""Questions about pupils' data in a version, and their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, school_key
from evidence_app.domain.evidence.models.states import Settled, Visibility
from evidence_app.domain.guarding import Signs, Weight, signs_from_plain


class Flag(Base):
    """A question about pupils' data in one version, and its answer. It holds kinds, places and counts, never the words.

    `asked` is the visibility the item would have had; `copy_item_id` names a redacted copy, which may be erased since.
    """

    __tablename__ = "flags"
    __table_args__ = (
        school_key("version_id", "versions", ondelete="CASCADE"),
        school_key("item_id", "items", ondelete="CASCADE"),
        CheckConstraint("(settled_as is null) = (settled_by is null)", name="settled_by"),
        CheckConstraint("(settled_as is null) = (settled_at is null)", name="settled_at"),
        Index("ix_flags_item", "school_id", "item_id"),
        Index("ix_flags_open", "school_id", "settled_as"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26))
    weight: Mapped[Weight] = mapped_column(String(8))
    signs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    asked: Mapped[Visibility] = mapped_column(String(9))
    raised_at: Mapped[datetime]
    settled_as: Mapped[Settled | None] = mapped_column(String(8))
    settled_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    copy_item_id: Mapped[str] = mapped_column(String(26), default="")

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.settled_as is None

    @property
    def holds(self) -> bool:
        """Whether the version may not leave the school: not answered, or answered so that it stays."""
        return self.settled_as is None or not Settled(self.settled_as).lifts

    @classmethod
    def holding(cls) -> ColumnElement[bool]:
        """`holds`, as a condition; false for a version that has no flag."""
        unanswered = and_(cls.version_id.is_not(None), cls.settled_as.is_(None))
        return or_(unanswered, cls.settled_as.in_([answer for answer in Settled if not answer.lifts]))

    @property
    def what_was_seen(self) -> Signs:
        """The signs, with their weight."""
        return signs_from_plain(self.weight, self.signs)

    @property
    def mark(self) -> str:
        """What is asked and when it was answered: another one once more was seen, or somebody answered."""
        kinds = sorted(kind.value for kind in self.what_was_seen.kinds)
        return " ".join([self.weight, *kinds, self.settled_at.isoformat() if self.settled_at else ""])
