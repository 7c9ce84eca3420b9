"""What the audit log keeps: one hash chain for each school."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base


class AuditEntry(Base):
    """One act: who did what to which thing, and a hash over it and its predecessor. Names never enter, only ids."""

    __tablename__ = "audit_entries"

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(26))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest entry of a school's chain; locked while one more is added, so that the chain cannot fork."""

    __tablename__ = "audit_heads"

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
