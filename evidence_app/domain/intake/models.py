"""What somebody is in the middle of filing: one thing after another, or the whole of a drive."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.domain.evidence import Visibility
from evidence_app.i18n import Labelled, msg


class EntryState(StrEnum):
    """How an item came into a batch: filed with it, sent by e-mail, filed although the same bytes are there, or there
    before.
    """

    FILED = "filed"
    KEPT_BOTH = "kept both"
    KNOWN = "known"
    MAILED = "mailed"


class DraftPart(StrEnum):
    """What a draft holds: a link, a note, what goes with every file, or what is being asked for."""

    FACTS = "facts"
    LINK = "link"
    NOTE = "note"
    ASK = "ask"


class BatchEntry(Base):
    """An item that one person has filed or chosen, and has not yet said the practices of. The item is safe already.

    `request_id` is the request it is going to answer, if any, and `also_for` are those it answers too, because it took
    the place of what was begun for them. `said` is what the person ticked and wrote of it and has not saved, see
    `batch.Shown`.
    """

    __tablename__ = "batch_entries"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        school_key("request_id", "evidence_requests"),
        Index("ix_batch_entries_person", "school_id", "person_id", "added_at"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    state: Mapped[EntryState] = mapped_column(String(10), default=EntryState.FILED)
    added_at: Mapped[datetime]
    request_id: Mapped[str | None] = mapped_column(String(26))
    also_for: Mapped[list[str]] = mapped_column(JSON, default=list)
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class FilingDraft(Base):
    """What one person typed while filing or asking that belongs to no item yet, see `DraftPart`.

    `request_id` is the request they answer with it, or "".
    """

    __tablename__ = "filing_drafts"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    part: Mapped[DraftPart] = mapped_column(String(5), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(26), primary_key=True, default="")
    said: Mapped[dict[str, str]] = mapped_column(JSON)
    kept_at: Mapped[datetime]


class DriveState(Labelled):
    """How far the bringing in of a drive is. Nothing is kept before somebody has seen the plan and started it."""

    LOOKING = "looking", msg("Looking into it")
    PLANNED = "planned", msg("Waits for you to start it")
    RUNNING = "running", msg("Coming in")
    PAUSED = "paused", msg("Paused")
    DONE = "done", msg("All is in")
    FAILED = "failed", msg("Could not be opened")
    DROPPED = "dropped", msg("Left out")

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self in (DriveState.DONE, DriveState.FAILED, DriveState.DROPPED)


class FileState(Labelled):
    """What became of one file of a drive, or will: not yet in, an item now, one that was there, not kept."""

    WAITING = "waiting", msg("Not in yet")
    KEPT = "kept", msg("Filed")
    KNOWN = "known", msg("Was there already")
    REFUSED = "refused", msg("Not kept")


class Drive(SchoolOwned, Base):
    """A ZIP file that one person brings in. Its bytes stay in the store as `source_sha256` until some time after all of
    it is in; while they are removed they are `leaving_sha256`, which keeps nothing alive.

    What is exported in several parts is one drive: the others are a `DrivePart` each. `together` is the mark with which
    they are handed in, and `parts` how many there will be; it is looked into once all are here.

    `folders` holds what the person said of folders instead of their names: folder -> what, see `folders.Said`. It goes
    for all below until another folder or a file says otherwise.
    `trouble` is the message of what stopped it. `worked_seconds` is the time it was running until `stepped_at`, with
    the reading in between.
    """

    __tablename__ = "drives"
    __table_args__ = (Index("ix_drives_person", "school_id", "person_id", "created_at"),)

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(300))
    source_sha256: Mapped[str] = mapped_column(String(64))
    leaving_sha256: Mapped[str] = mapped_column(String(64), default="")
    source_bytes: Mapped[int] = mapped_column(BigInteger)
    together: Mapped[str] = mapped_column(String(40), default="")
    parts: Mapped[int] = mapped_column(default=1)
    state: Mapped[DriveState] = mapped_column(String(7), default=DriveState.LOOKING)
    visibility: Mapped[Visibility] = mapped_column(String(9), default=Visibility.STAFF)
    folders: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]
    worked_seconds: Mapped[float] = mapped_column(default=0.0)
    stepped_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    names_forgotten: Mapped[bool] = mapped_column(default=False)

    @property
    def state_now(self) -> DriveState:
        """How far it is, with its words."""
        return DriveState(self.state)


class DrivePart(Base):
    """Another ZIP file of a drive; the first is in the drive itself, whose columns have the same names."""

    __tablename__ = "drive_parts"
    __table_args__ = (school_key("drive_id", "drives", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    drive_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    source_sha256: Mapped[str] = mapped_column(String(64))
    leaving_sha256: Mapped[str] = mapped_column(String(64), default="")
    source_bytes: Mapped[int] = mapped_column(BigInteger)


class DriveFile(Base):
    """One file of a drive, by its place in it.

    `copy_of` is the number of the first file with its size and checksum. `item_id` is the item it became or was (or, as
    long as it waits, seems to be); that may be erased since.
    """

    __tablename__ = "drive_files"
    __table_args__ = (
        school_key("drive_id", "drives", ondelete="CASCADE"),
        Index("ix_drive_files_state", "school_id", "drive_id", "state"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    drive_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(1000))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[FileState] = mapped_column(String(7))
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    copy_of: Mapped[int | None]
    item_id: Mapped[str] = mapped_column(String(26), default="")

    @property
    def state_now(self) -> FileState:
        """What became of it, with its words."""
        return FileState(self.state)
