"""What was read from a version. Derived: it can be thrown away and read again from the bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from evidence_app.database import Base, school_key
from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning

DRAWABLE_PAGES = "drawable_pages"
"""The fact that says how many pages can be drawn, known once the first were; 0 where nothing can."""

DRAWN_FROM_WORDS = "drawn_from_words"
"""The fact that the pages drawn so far are made of the words of the file, and do not look as it does."""


class VersionText(Base):
    """The text and facts of one version. The text is loaded only when asked for, since lists do not show it."""

    __tablename__ = "version_texts"
    __table_args__ = (school_key("version_id", "versions", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    state: Mapped[ReadingState] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(3))
    title: Mapped[str] = mapped_column(String(300))
    pages: Mapped[int | None]
    headings: Mapped[list[str]] = mapped_column(JSON)
    page_starts: Mapped[list[int]] = mapped_column(JSON)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    text: Mapped[str] = deferred(mapped_column(Text))
    read_at: Mapped[datetime]

    @property
    def reading_warnings(self) -> list[ReadingWarning]:
        """The warnings, ready to be put into words."""
        return [ReadingWarning(w["code"], w["params"]) for w in self.warnings]

    @property
    def is_unread(self) -> bool:
        """Whether what the file says stays unknown."""
        return ReadingState(self.state).is_unread

    @property
    def drawable_pages(self) -> int | None:
        """How many pages can be drawn; None while nobody has tried."""
        known = self.facts.get(DRAWABLE_PAGES)
        return int(known) if known is not None else None

    @property
    def is_true_look(self) -> bool:
        """Whether the pages drawn look as the file does."""
        return not self.facts.get(DRAWN_FROM_WORDS)

    def take(self, reading: Reading) -> None:
        """These are now the text and facts of the version."""
        self.state, self.media_type, self.language = reading.state, reading.media_type[:120], reading.language[:3]
        self.title, self.pages, self.text = reading.title[:300], reading.pages, reading.text
        self.headings, self.page_starts = list(reading.headings), list(reading.page_starts)
        self.warnings = [{"code": w.code, "params": dict(w.params)} for w in reading.warnings]
        self.facts = dict(reading.facts)

    def give_up_ocr(self, reading: Reading) -> None:
        """The text stays as it was read without OCR, with the warnings of the reading that failed."""
        self.state = ReadingState.TEXT_FOUND if self.text.strip() else ReadingState.FAILED
        self.warnings = [*self.warnings, *({"code": w.code, "params": dict(w.params)} for w in reading.warnings)]


class PreviewImage(Base):
    """A picture of a version, kept in the blob store: its thumbnail (page 0) or one of its pages (from 1)."""

    __tablename__ = "preview_images"
    __table_args__ = (
        school_key("version_id", "versions", ondelete="CASCADE"),
        CheckConstraint("page >= 0", name="page"),
        Index("ix_preview_images_sha256", "school_id", "sha256"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    width_px: Mapped[int]
    height_px: Mapped[int]


class PlainCopy(Base):
    """A picture that tells where it was taken, copied without that: what others get in place of the original."""

    __tablename__ = "plain_copies"
    __table_args__ = (
        school_key("version_id", "versions", ondelete="CASCADE"),
        Index("ix_plain_copies_sha256", "school_id", "sha256"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
