"""Schools and how they are divided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, new_id

PROGRAMMES = ("PYP", "MYP", "DP", "CP")


class School(Base):
    """One school of the installation; `key` is its short name in every address."""

    __tablename__ = "schools"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    ib_code: Mapped[str] = mapped_column(String(20), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    accent: Mapped[str] = mapped_column(String(20), default="")
    profile: Mapped[str] = mapped_column(Text, default="")
    suggests: Mapped[bool] = mapped_column(default=True)
    """Whether practices are suggested for what is filed."""
    quota_mib: Mapped[int] = mapped_column(default=0)
    """How much of the disk its evidence may take, in MiB, 0 for any; whoever runs the installation says so."""
    person_mib: Mapped[int] = mapped_column(default=0)
    """How much one person may file, in MiB, 0 for any; the school says so."""
    created_at: Mapped[datetime]
    offered: Mapped[list[SchoolProgramme]] = relationship(
        order_by="SchoolProgramme.position", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes the school offers, in the IB's order."""
        return tuple(row.programme for row in self.offered)


class SchoolProgramme(Base):
    """A programme a school offers."""

    __tablename__ = "school_programmes"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    programme: Mapped[str] = mapped_column(String(3), primary_key=True)
    position: Mapped[int]


class Campus(SchoolOwned, Base):
    """A site of the school."""

    __tablename__ = "campuses"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))


class Subject(SchoolOwned, Base):
    """A subject or subject group, in the school's own words."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))


class YearGroup(SchoolOwned, Base):
    """A grade or class level, in the school's own words."""

    __tablename__ = "year_groups"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
