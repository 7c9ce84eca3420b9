"""What upkeep keeps: which bytes are damaged, how far they were read again, what was erased and what is leaving."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base


class Damage(StrEnum):
    """What is wrong with kept bytes: not the ones that were filed, not there, or nobody can read them just now."""

    DAMAGED = "damaged"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class DamagedFile(Base):
    """Bytes that rows name and that are missing, not readable or not the ones that were filed; gone once they are read
    sound again.

    `found_at` is when somebody met them first, `seen_at` when they were looked at last.
    """

    __tablename__ = "damaged_files"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    damage: Mapped[Damage] = mapped_column(String(10))
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


class ErasureState(StrEnum):
    """How far an erasure is: asked for, its rows gone, everything gone."""

    ASKED = "asked"
    UNDER_WAY = "under way"
    DONE = "done"


class Erasure(Base):
    """An item that was erased, or is being: its id and the hashes of its bytes, never its name.

    The list is kept, so that a backup of before can be put in order after it was restored. `asked_by` is empty where
    the product did it, because the time in the bin was over. `sha256s` is empty until the rows are gone.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("(state = 'done') = (done_at is not null)", name="done"),
        Index("ix_erasures_state", "state"),
    )

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(26), default="")
    asked_at: Mapped[datetime]
    state: Mapped[ErasureState] = mapped_column(String(9), default=ErasureState.ASKED)
    sha256s: Mapped[list[str]] = mapped_column(JSON, default=list)
    done_at: Mapped[datetime | None]


class LeavingBlob(Base):
    """Bytes on their way out: an erased item had them, or no row names them any more. They go at `goes_at`, unless a
    row names them by then, or somebody put them again just now.
    """

    __tablename__ = "leaving_blobs"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    goes_at: Mapped[datetime]
