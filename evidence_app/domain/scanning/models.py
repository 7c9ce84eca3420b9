"""What a scanner for malware said of versions. There are no rows where none was ever set up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, school_key
from evidence_app.i18n import Message, msg


class ScanState(StrEnum):
    """What is known of a version. Only what is clean leaves the school; what is infected is given to nobody."""

    CLEAN = "clean"
    INFECTED = "infected"
    WAITING = "waiting"
    TOO_LARGE = "too_large"

    @property
    def words(self) -> Message | None:
        """What whoever filed it is told, with the next step; None where all is well."""
        return STATE_WORDS.get(self)


STATE_WORDS: Mapping[ScanState, Message] = MappingProxyType(
    {
        ScanState.INFECTED: msg(
            "The scanner found malware in this file. Nobody can download it, and it goes to no visitor. Put a clean "
            "version in its place, or withdraw it; if you opened it on a computer, tell whoever looks after that."
        ),
        ScanState.WAITING: msg(
            "This file was not looked at for malware yet. It stays in the school until the scanner has seen it, which "
            "happens by itself as soon as the scanner answers. Open it only if you know where it comes from."
        ),
        ScanState.TOO_LARGE: msg(
            "The scanner takes no file of this size, so nobody knows whether it holds malware, and it stays in the "
            "school. Put a smaller version in its place, or ask whoever runs the installation to raise the limit."
        ),
    }
)


class Scan(Base):
    """The verdict on one version; `threat` is what the scanner calls what it found."""

    __tablename__ = "scans"
    __table_args__ = (
        school_key("version_id", "versions", ondelete="CASCADE"),
        Index("ix_scans_state", "state", "school_id"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    state: Mapped[ScanState] = mapped_column(String(9))
    threat: Mapped[str] = mapped_column(String(200), default="")
    scanned_at: Mapped[datetime | None]

    @property
    def state_now(self) -> ScanState:
        """The state, with its words."""
        return ScanState(self.state)
