"""Everything in the database that names a blob. Whatever is not named here may one day be collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, select, true, union
from sqlalchemy.orm import Session

from evidence_app.database import Base

TABLES = Base.metadata.tables
"""By name."""


class BlobColumn(NamedTuple):
    """A column that holds a blob's name, or nothing. Bytes that are `derived` can be made again from others.

    Where the column `unless` holds something, the row says only what the bytes were called, and keeps none.
    """

    table: str
    column: str
    subject: str
    subject_id: str
    is_derived: bool = False
    size: str = ""
    unless: str = ""

    def names_bytes(self) -> ColumnElement[bool]:
        """The condition under which a row keeps the bytes it names."""
        columns = TABLES[self.table].columns
        return and_(columns[self.column] != "", columns[self.unless].is_(None) if self.unless else true())


BLOB_COLUMNS = (
    BlobColumn("versions", "sha256", "version", "id", size="size_bytes"),
    BlobColumn("preview_images", "sha256", "preview of version", "version_id", is_derived=True),
    BlobColumn("plain_copies", "sha256", "copy of version", "version_id", is_derived=True, size="size_bytes"),
    BlobColumn("drives", "source_sha256", "ZIP file of drive", "id", size="source_bytes"),
    BlobColumn("drive_parts", "source_sha256", "ZIP file of drive", "drive_id", size="source_bytes"),
    BlobColumn("snapshots", "sha256", "report of snapshot", "id", unless="emptied_at"),
    BlobColumn("snapshots", "texts_sha256", "texts of snapshot", "id"),
    BlobColumn("snapshot_blobs", "sha256", "exhibit of snapshot", "snapshot_id"),
    BlobColumn("compiled_files", "sha256", "document of compilation", "compilation_id", size="size_bytes"),
    BlobColumn("preparations", "bundle_sha256", "bundle of snapshot", "snapshot_id", is_derived=True),
    BlobColumn("exhibit_pages", "sha256", "page of snapshot", "snapshot_id", is_derived=True),
)


DRAWN_ANEW = frozenset({"preview_images", "plain_copies"})
"""Tables whose bytes are made of a version alone, and made again when they are gone."""


class Reference(NamedTuple):
    """A row that names a blob. `size_bytes` is None where the row does not say."""

    school_id: str
    sha256: str
    size_bytes: int | None
    subject: str
    is_derived: bool
    table: str


def is_named(session: Session, school_id: str, sha256: str) -> bool:
    """Whether any row of the school names these bytes."""
    for place in BLOB_COLUMNS:
        columns = _table(place).columns
        mine = and_(columns["school_id"] == school_id, columns[place.column] == sha256)
        wanted = select(columns["school_id"]).where(mine, place.names_bytes())
        if session.execute(wanted.limit(1)).first() is not None:
            return True
    return False


def names_between(session: Session, school_id: str, after: str, up_to: str, *, most: int) -> list[str]:
    """The next hashes that rows of a school name, each once and in order: above `after` and up to `up_to`."""
    parts = []
    for place in BLOB_COLUMNS:
        columns = _table(place).columns
        name = columns[place.column]
        mine = and_(columns["school_id"] == school_id, name > after, name <= up_to)
        parts.append(select(name.label("name")).where(mine, place.names_bytes()))
    named = union(*parts).subquery()
    return list(session.scalars(select(named.c.name).order_by(named.c.name).limit(most)))


def references(session: Session) -> Iterator[Reference]:
    """Every reference of every school: those that cannot be made again come before those that can."""
    for place in sorted(BLOB_COLUMNS, key=lambda place: place.is_derived):
        columns = _table(place).columns
        name, subject_id = columns[place.column], columns[place.subject_id]
        size = columns[place.size] if place.size else None
        wanted = select(columns["school_id"], name, subject_id, *([size] if size is not None else []))
        wanted = wanted.where(place.names_bytes())
        for row in session.execute(wanted.execution_options(yield_per=1000)):
            size_bytes = int(row[3]) if place.size else None
            yield Reference(row[0], row[1], size_bytes, f"{place.subject} {row[2]}", place.is_derived, place.table)


def _table(place: BlobColumn) -> FromClause:
    # Imported here, because the tables of this room are among them.
    from evidence_app.domain import tables

    assert tables.ALL_TABLES
    return Base.metadata.tables[place.table]
