"""Work to do later, kept in our own database so that it is written in the same transaction as its cause."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, new_id


class JobKind(StrEnum):
    """The only word that is sent downstream: what the worker is asked to do."""

    READ_VERSION = "read_version"
    RECOGNISE_TEXT = "recognise_text"
    DRAW_PAGES = "draw_pages"
    DRAW_THUMBNAIL = "draw_thumbnail"
    INDEX_ITEM = "index_item"
    INDEX_PERSON = "index_person"
    SUGGEST_ITEM = "suggest_item"
    LEARN_FROM_ITEM = "learn_from_item"
    COMPILE_EDITION = "compile_edition"
    REBUILD_INDEX = "rebuild_index"
    REMAKE_SHARE_INDEX = "remake_share_index"
    PREPARE_SHARE = "prepare_share"
    CHECK_LINK = "check_link"
    KEEP_PAGE = "keep_page"
    SCAN_VERSION = "scan_version"
    LOOK_INTO_DRIVE = "look_into_drive"
    BRING_IN_DRIVE = "bring_in_drive"
    LET_GO_OF_DRIVE = "let_go_of_drive"
    READ_MAILBOX = "read_mailbox"
    ERASE = "erase"
    CLEAR_TRACES = "clear_traces"


class Urgency(IntEnum):
    """Who waits for the work: a person before a page, whoever brings in a folder, or nobody."""

    NOW = 0
    BULK = 1
    LATER = 2


class JobState(StrEnum):
    """Where a job stands; one that is done is gone. Parked jobs failed too often and wait for a person."""

    WAITING = "waiting"
    RUNNING = "running"
    PARKED = "parked"


class Job(Base):
    """One piece of work. `subject` names the thing it is about; a waiting job for the same subject is not doubled."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_claim", "state", "kind", "urgency", "attempts", "run_at"),
        Index("ix_jobs_subject", "school_id", "subject"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[JobKind] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(80))
    urgency: Mapped[int] = mapped_column(SmallInteger, default=Urgency.NOW)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(String(10), default=JobState.WAITING)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(26))
    leased_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
