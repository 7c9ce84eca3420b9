"""Citations, which pin a version, and the numbers under which a report speaks of what is cited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned, school_key


class Citation(SchoolOwned, Base):
    """A version cited by a response, with how it shows what is claimed there. A newer version changes nothing here."""

    __tablename__ = "citations"
    __table_args__ = (
        school_key("response_id", "responses", ondelete="CASCADE"),
        school_key("item_id", "items"),
        school_key("version_id", "versions"),
        UniqueConstraint("school_id", "response_id", "version_id"),
        Index("ix_citations_item", "school_id", "item_id"),
    )

    response_id: Mapped[str] = mapped_column(String(26))
    item_id: Mapped[str] = mapped_column(String(26))
    version_id: Mapped[str] = mapped_column(String(26))
    how: Mapped[str] = mapped_column(String(500), default="")
    cited_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    cited_at: Mapped[datetime]


class Exhibit(SchoolOwned, Base):
    """A version with a number in one evaluation. `home` is the code of the smallest practice that cites it, else the
    milestone ("M3"), else "P" for a plan. Until an edition is published the number is provisional."""

    __tablename__ = "exhibits"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        school_key("item_id", "items"),
        school_key("version_id", "versions"),
        UniqueConstraint("school_id", "evaluation_id", "version_id"),
        UniqueConstraint("school_id", "evaluation_id", "number"),
        Index("ix_exhibits_item", "school_id", "item_id"),
    )

    evaluation_id: Mapped[str] = mapped_column(String(26))
    item_id: Mapped[str] = mapped_column(String(26))
    version_id: Mapped[str] = mapped_column(String(26))
    home: Mapped[str] = mapped_column(String(40))
    running: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    is_fixed: Mapped[bool] = mapped_column(default=False)


class ExhibitNumber(Base):
    """A number that was once given, and the exhibit it means; none once that was erased. Numbers are never given twice,
    so an old text still finds its exhibit after it got another number, and never finds another one."""

    __tablename__ = "exhibit_numbers"
    __table_args__ = (
        school_key("evaluation_id", "evaluations", ondelete="CASCADE"),
        school_key("exhibit_id", "exhibits", ondelete="CASCADE"),
        UniqueConstraint("school_id", "evaluation_id", "home", "running"),
        CheckConstraint("running >= 1", name="running"),
        Index("ix_exhibit_numbers_exhibit", "school_id", "exhibit_id"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    evaluation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(60), primary_key=True)
    home: Mapped[str] = mapped_column(String(40))
    running: Mapped[int]
    exhibit_id: Mapped[str | None] = mapped_column(String(26))
