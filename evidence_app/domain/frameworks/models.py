"""Which frameworks a school follows, and what it laid over them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned


class SchoolFramework(Base):
    """A framework a school follows. `overlay_changed_at` tells a loaded catalogue from an outdated one."""

    __tablename__ = "school_frameworks"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    framework_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]
    overlay_changed_at: Mapped[datetime]


class OverlayText(SchoolOwned, Base):
    """One row of a school's own wording: the text of a code in a language; no programmes means all of them."""

    __tablename__ = "overlay_texts"
    __table_args__ = (Index("ix_overlay_texts_framework", "school_id", "framework_key"),)

    framework_key: Mapped[str] = mapped_column(String(60))
    line: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    programmes: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)
