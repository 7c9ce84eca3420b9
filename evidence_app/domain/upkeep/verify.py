"""The whole installation, checked: every blob re-hashed, rows <-> blobs <-> index compared, every audit chain walked.

It only reads. What it finds it names, with what to do; it mends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from evidence_app.database import Database
from evidence_app.domain.audit import first_broken_entry, schools_with_entries
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.schools import all_schools
from evidence_app.domain.search import IndexUnusable, SearchIndex, indexed_ids
from evidence_app.domain.upkeep.references import references
from storage_adapters import BlobDamaged, BlobNotFound, BlobStore


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: what kind, which school, which thing, what was found, what to do."""

    kind: str
    school: str
    subject: str
    what: str
    remedy: str


@dataclass(slots=True)
class Verdict:
    """What was checked, what is wrong, and what is only worth knowing (blobs no row names yet)."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    findings: list[Finding] = field(default_factory=list)
    unreferenced: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def verify(database: Database, blobs: BlobStore, index_of: Callable[[str], SearchIndex]) -> Verdict:
    """The verdict over the whole installation; raises what the store or the database raises when it cannot be read."""
    verdict = Verdict()
    with database.reading() as session:
        verdict.findings += _database(session, is_sqlite=database.is_sqlite)
        named = _check_blobs(session, blobs, verdict)
        verdict.findings += _rows(session)
        verdict.findings += _audit(session, verdict)
        verdict.findings += _indexes(session, index_of, verdict)
    for school_id, blob, _ in blobs.iter_blobs():
        verdict.counts["blobs"] += 1
        if (school_id, blob.sha256) not in named:
            verdict.unreferenced.append(f"{school_id}/{blob.sha256}")
    return verdict


def _database(session: Session, *, is_sqlite: bool) -> Iterator[Finding]:
    """What SQLite itself says of its file; PostgreSQL checks its pages and keys by itself."""
    if not is_sqlite:
        return
    for (answer,) in session.execute(text("pragma integrity_check")):
        if answer != "ok":
            yield Finding(
                "database", "", "integrity", str(answer), "Stop the program and restore the last good backup."
            )
    for table, row, parent, _ in session.execute(text("pragma foreign_key_check")):
        what = f"row {row} of {table} names a row of {parent} that does not exist"
        yield Finding("database", "", str(table), what, "Restore the last good backup, or ask for help with this line.")


def _check_blobs(session: Session, blobs: BlobStore, verdict: Verdict) -> set[tuple[str, str]]:
    """Every blob that a row names: it is there, has the size the row says, and hashes to its name."""
    named: set[tuple[str, str]] = set()
    for reference in references(session):
        key = (reference.school_id, reference.sha256)
        if key in named:
            continue
        named.add(key)
        verdict.counts["referenced_blobs"] += 1
        what = ""
        try:
            blob = blobs.verify(reference.school_id, reference.sha256)
        except BlobNotFound:
            what = "its bytes are missing"
        except BlobDamaged:
            what = "its bytes are not the ones that were filed"
        else:
            if reference.size_bytes is not None and blob.size_bytes != reference.size_bytes:
                what = f"it has {blob.size_bytes} bytes where {reference.size_bytes} were filed"
        if what:
            remedy = (
                "It is made again when the file is read anew." if reference.is_derived else "Restore it from a backup."
            )
            verdict.findings.append(Finding("blob", reference.school_id, reference.subject, what, remedy))
    return named


def _rows(session: Session) -> Iterator[Finding]:
    """Items whose newest version is not one of their own."""
    own = (Version.school_id == Item.school_id) & (Version.id == Item.current_version_id) & (Version.item_id == Item.id)
    for item in session.scalars(select(Item).outerjoin(Version, own).where(Version.id.is_(None))):
        yield Finding(
            "row",
            item.school_id,
            f"item {item.id}",
            "its newest version does not exist",
            "Restore the last good backup.",
        )


def _audit(session: Session, verdict: Verdict) -> Iterator[Finding]:
    for school_id in schools_with_entries(session):
        verdict.counts["audit_chains"] += 1
        broken = first_broken_entry(session, school_id)
        if broken is not None:
            what = f"entry {broken} was changed, removed or moved"
            yield Finding(
                "audit",
                school_id,
                f"entry {broken}",
                what,
                "Somebody wrote to the database from outside. Find out who.",
            )


def _indexes(session: Session, index_of: Callable[[str], SearchIndex], verdict: Verdict) -> Iterator[Finding]:
    """Each school's index holds exactly the items in use, apart from those the worker still has to look at."""
    for school in all_schools(session):
        wanted = indexed_ids(session, school.id)
        waiting = unfinished_subjects(session, school.id, JobKind.INDEX_ITEM)
        waiting |= _items_waiting_to_be_read(session, school.id)
        if not wanted and not waiting:
            continue
        try:
            held = index_of(school.id).ids()
        except IndexUnusable:
            if not wanted - waiting:
                continue
            yield Finding(
                "index", school.id, "index", "there is no usable search index", "Run 'evidence search-rebuild'."
            )
            continue
        verdict.counts["indexed_items"] += len(held)
        for item_id in sorted((wanted ^ held) - waiting):
            what = "is missing in the search index" if item_id in wanted else "is in the search index but not in use"
            yield Finding("index", school.id, f"item {item_id}", what, "Run 'evidence search-rebuild'.")


def _items_waiting_to_be_read(session: Session, school_id: str) -> set[str]:
    unread = unfinished_subjects(session, school_id, JobKind.READ_VERSION)
    found = session.execute(select(Version.id, Version.item_id).where(Version.school_id == school_id))
    return {item_id for version_id, item_id in found if version_id in unread} if unread else set()
