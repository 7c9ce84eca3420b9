"""What sharing keeps: shares with their passcodes, the browsers that were let in, what they opened, and what was
prepared for them. Of every secret only a hash is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.domain.reports import Snapshot
from evidence_app.i18n import Labelled, msg


class Share(SchoolOwned, Base):
    """Read-only access to one snapshot. `room` is its random name in addresses; it opens nothing by itself.

    `edition` is the number of the edition it was issued from, 0 for a snapshot nobody published. `form_key` is the key
    of the form that asked for it, so that the same form sent twice makes one share. Once `expired_at`, `revoked_at` or
    `locked_at` is set the link stays dead, whatever a clock says later.
    """

    __tablename__ = "shares"
    __table_args__ = (
        school_key("snapshot_id", "snapshots"),
        CheckConstraint("length(token_hash) = 64", name="token"),
        CheckConstraint("wrong_guesses >= 0", name="guesses"),
        UniqueConstraint("school_id", "created_by", "form_key"),
        Index("ix_shares_created", "school_id", "created_at"),
    )

    snapshot_id: Mapped[str] = mapped_column(String(26))
    edition: Mapped[int]
    room: Mapped[str] = mapped_column(String(32), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(String(200), default="")
    may_download: Mapped[bool] = mapped_column(default=True)
    wrong_guesses: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    form_key: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    expired_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    passcodes: Mapped[list[SharePasscode]] = relationship(lazy="selectin", order_by="SharePasscode.position")
    snapshot: Mapped[Snapshot] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    @property
    def last_day(self) -> date:
        """The last day on which somebody may read, in UTC."""
        return (self.expires_at - timedelta(microseconds=1)).date()

    def is_live(self, moment: datetime) -> bool:
        """Whether who was let in may go on reading."""
        return self.revoked_at is None and self.expired_at is None and moment < self.expires_at


class SharePasscode(SchoolOwned, Base):
    """The passcode of one visitor, by name, so that the log can say who read what."""

    __tablename__ = "share_passcodes"
    __table_args__ = (
        school_key("share_id", "shares", ondelete="CASCADE"),
        UniqueConstraint("school_id", "share_id", "name"),
    )

    share_id: Mapped[str] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]


class VisitorSession(Base):
    """A browser that gave the right passcode. Deleting the row shows it out."""

    __tablename__ = "visitor_sessions"
    __table_args__ = (
        school_key("share_id", "shares", ondelete="CASCADE"),
        school_key("passcode_id", "share_passcodes", ondelete="CASCADE"),
        Index("ix_visitor_sessions_share", "school_id", "share_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    school_id: Mapped[str] = mapped_column(String(26))
    share_id: Mapped[str] = mapped_column(String(26))
    passcode_id: Mapped[str] = mapped_column(String(26))
    created_at: Mapped[datetime]


class VisitKind(Labelled):
    """What a visitor did."""

    ENTERED = "entered", msg("Came in")
    READ = "read", msg("Read")
    OPENED = "opened", msg("Opened")
    DOWNLOADED = "downloaded", msg("Downloaded")
    TOOK_ALL = "took_all", msg("Took the bundle")
    SEARCHED = "searched", msg("Searched")


class Visit(SchoolOwned, Base):
    """One thing a visitor did. `what` is a part of the report, an exhibit's number or nothing; never what was typed."""

    __tablename__ = "visits"
    __table_args__ = (
        school_key("share_id", "shares", ondelete="CASCADE"),
        school_key("passcode_id", "share_passcodes", ondelete="CASCADE"),
        Index("ix_visits_share", "school_id", "share_id", "at"),
    )

    share_id: Mapped[str] = mapped_column(String(26))
    passcode_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[VisitKind] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime]


class Preparation(Base):
    """What the worker has made ready for the readers of a snapshot: page pictures, search, and the bundle."""

    __tablename__ = "preparations"
    __table_args__ = (school_key("snapshot_id", "snapshots", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    snapshot_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    drawn: Mapped[int] = mapped_column(default=0)
    bundle_sha256: Mapped[str] = mapped_column(String(64), default="")
    bundle_name: Mapped[str] = mapped_column(String(200), default="")
    is_complete: Mapped[bool] = mapped_column(default=False)


class ExhibitPage(Base):
    """The picture of one page (from 1) of bytes that a snapshot names; drawn from those bytes alone."""

    __tablename__ = "exhibit_pages"
    __table_args__ = (
        school_key("snapshot_id", "snapshots", ondelete="CASCADE"),
        CheckConstraint("page >= 1", name="page"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    snapshot_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    exhibit_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    width_px: Mapped[int]
    height_px: Mapped[int]
    is_true_look: Mapped[bool] = mapped_column(default=True)
