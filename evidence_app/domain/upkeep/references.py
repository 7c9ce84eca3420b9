"""Everything in the database that names a blob. Whatever is not named here may one day be collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Version
from evidence_app.domain.extraction import PreviewImage


class Reference(NamedTuple):
    """A row that names a blob. `size_bytes` is None where the row does not say; derived blobs can be made again."""

    school_id: str
    sha256: str
    size_bytes: int | None
    subject: str
    is_derived: bool


def references(session: Session) -> Iterator[Reference]:
    """Every reference of every school, some at a time."""
    versions = select(Version.school_id, Version.sha256, Version.size_bytes, Version.id)
    for school_id, sha256, size_bytes, id in session.execute(versions.execution_options(yield_per=1000)):
        yield Reference(school_id, sha256, size_bytes, f"version {id}", is_derived=False)
    previews = select(PreviewImage.school_id, PreviewImage.sha256, PreviewImage.version_id)
    for school_id, sha256, version_id in session.execute(previews.execution_options(yield_per=1000)):
        yield Reference(school_id, sha256, None, f"preview of version {version_id}", is_derived=True)
