"""What upkeep has found out about the kept bytes: which are damaged, and how far they were read again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base


class DamagedFile(Base):
    """Bytes that rows name and that are missing or not the ones that were filed; gone once they are read sound again.

    `found_at` is when somebody met them first, `seen_at` when they were looked at last.
    """

    __tablename__ = "damaged_files"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    is_missing: Mapped[bool]
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Rereading(Base):
    """How far the files of a school were read again: one seventh of all hashes a day, so all of them in a week.

    `portion` (0 to 6) is the seventh in hand or to come next, `due_at` when it is or was due, `reached` the last hash
    read of it, `files` how many were read in this round. `finished_at` and `finished_files` are the last whole round's.
    """

    __tablename__ = "rereadings"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    portion: Mapped[int] = mapped_column(SmallInteger, default=0)
    reached: Mapped[str] = mapped_column(String(64), default="")
    files: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    finished_files: Mapped[int] = mapped_column(default=0)
