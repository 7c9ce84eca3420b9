"""What reports keep: snapshots with the bytes they protect, published editions, signatures, and what was compiled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.i18n import Labelled, msg


class Snapshot(SchoolOwned, Base):
    """An immutable copy of a self-study at a moment: `sha256` is that of its report and the name people see.

    `texts_sha256` names the pack of its exhibits' texts; it is empty for a draft that nobody shares. Once `emptied_at`,
    because something in it had to be erased, the store holds nothing of it any more; what it was called stays.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        school_key("evaluation_id", "evaluations"),
        UniqueConstraint("school_id", "evaluation_id", "sha256"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index("ix_snapshots_frozen", "school_id", "evaluation_id", "frozen_at"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    sha256: Mapped[str] = mapped_column(String(64))
    texts_sha256: Mapped[str] = mapped_column(String(64), default="")
    exhibits: Mapped[int]
    frozen_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    frozen_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]

    @property
    def short_id(self) -> str:
        """The first twelve digits, for people to compare."""
        return self.sha256[:12]


class SnapshotBlob(Base):
    """Bytes a snapshot names: as long as this row stands they are not collected, whatever becomes of the item."""

    __tablename__ = "snapshot_blobs"
    __table_args__ = (
        school_key("snapshot_id", "snapshots", ondelete="CASCADE"),
        Index("ix_snapshot_blobs_sha256", "school_id", "sha256"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    snapshot_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class Edition(SchoolOwned, Base):
    """A published, numbered compile of a snapshot."""

    __tablename__ = "editions"
    __table_args__ = (
        school_key("evaluation_id", "evaluations"),
        school_key("snapshot_id", "snapshots"),
        UniqueConstraint("school_id", "evaluation_id", "number"),
        UniqueConstraint("school_id", "snapshot_id"),
        CheckConstraint("number >= 1", name="number"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    snapshot_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int]
    published_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    published_at: Mapped[datetime]
    snapshot: Mapped[Snapshot] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class Signature(Base):
    """The head's signature under an edition: name and role as they were, and the hash of what was signed."""

    __tablename__ = "signatures"
    __table_args__ = (school_key("edition_id", "editions"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    edition_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]


class CompilationState(Labelled):
    """How far a compilation is."""

    WAITING = "waiting", msg("Waiting for its turn")
    WRITING = "writing", msg("Writing the documents")
    DONE = "done", msg("Ready")
    FAILED = "failed", msg("Not made")

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self in (CompilationState.DONE, CompilationState.FAILED)


class Compilation(SchoolOwned, Base):
    """One making of documents, as somebody asked for it: a draft, or the edition it published.

    `left_out` and `problems` are what its maker was told; they hold ids and codes, never titles.
    """

    __tablename__ = "compilations"
    __table_args__ = (
        school_key("evaluation_id", "evaluations"),
        school_key("snapshot_id", "snapshots"),
        school_key("edition_id", "editions"),
        Index("ix_compilations_evaluation", "school_id", "evaluation_id", "requested_at"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    is_edition: Mapped[bool]
    snapshot_id: Mapped[str | None] = mapped_column(String(26))
    edition_id: Mapped[str | None] = mapped_column(String(26))
    state: Mapped[CompilationState] = mapped_column(String(8), default=CompilationState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[list[str]] = mapped_column(JSON)
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    error: Mapped[str] = mapped_column(Text, default="")
    requested_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    files: Mapped[list[CompiledFile]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="CompiledFile.position"
    )
    edition: Mapped[Edition | None] = relationship(lazy="joined", viewonly=True)
    snapshot: Mapped[Snapshot | None] = relationship(lazy="joined", viewonly=True)

    @property
    def state_now(self) -> CompilationState:
        """How far it is, with its words."""
        return CompilationState(self.state)


class CompiledFile(Base):
    """One document of a compilation; its bytes are in the blob store. `kind` is one of documents.KINDS."""

    __tablename__ = "compiled_files"
    __table_args__ = (
        school_key("compilation_id", "compilations", ondelete="CASCADE"),
        Index("ix_compiled_files_sha256", "school_id", "sha256"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    compilation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(200))
