"""The whole installation, checked: every blob re-hashed, rows <-> blobs <-> index compared, every audit chain walked.

It only reads. What it finds it names, with what to do; it mends nothing. Web server and worker may go on meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from evidence_app.database import Database
from evidence_app.domain.audit import first_broken_entry, schools_with_entries
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.schools import all_schools
from evidence_app.domain.search import IndexUnusable, SearchIndex, indexed_ids
from evidence_app.domain.upkeep.references import DRAWN_ANEW, Reference, references
from storage_adapters import BadBlobName, BlobDamaged, BlobNotFound, BlobStore, StoreUnavailable

REBUILD = "Run 'evidence search rebuild'."
BACKUP = "Restore the last good backup."


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
    """What was checked, what is wrong, what could not be read, and what is only worth knowing.

    `unreferenced` are blobs that no row names: an upload that was cut off leaves one, and it does no harm.
    """

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    findings: list[Finding] = field(default_factory=list)
    unreadable: list[Finding] = field(default_factory=list)
    unreferenced: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether everything was read and nothing is wrong."""
        return not self.findings and not self.unreadable


def verify(database: Database, blobs: BlobStore, index_of: Callable[[str], SearchIndex]) -> Verdict:
    """The verdict over the whole installation; raises what the database raises when it cannot be read."""
    verdict = Verdict()
    with database.reading_snapshot() as session:
        verdict.findings += _database(session, is_sqlite=database.is_sqlite)
        keys = {school.id: school.key for school in all_schools(session)}
        named = list(references(session))
        verdict.findings += _rows(session, keys)
        verdict.findings += _audit(session, keys, verdict)
    # Bytes and indexes are read while no transaction is open: it takes long, and others want to write.
    _check_blobs(named, blobs, keys, verdict)
    for school_id, key in keys.items():
        verdict.findings += index_findings(database, index_of(school_id), school_id, key, verdict)
    _list_blobs(blobs, {(reference.school_id, reference.sha256) for reference in named}, verdict)
    return verdict


def _database(session: Session, *, is_sqlite: bool) -> Iterator[Finding]:
    """What SQLite itself says of its file; PostgreSQL checks its pages and keys by itself."""
    if not is_sqlite:
        return
    for (answer,) in session.execute(text("pragma integrity_check")):
        if answer != "ok":
            yield Finding("database", "", "integrity", str(answer), f"Stop the program. {BACKUP}")
    for table, row, parent, _ in session.execute(text("pragma foreign_key_check")):
        what = f"row {row} of {table} names a row of {parent} that does not exist"
        yield Finding("database", "", str(table), what, BACKUP)


def _rows(session: Session, keys: dict[str, str]) -> Iterator[Finding]:
    """Items whose newest version is not one of their own."""
    own = (Version.school_id == Item.school_id) & (Version.id == Item.current_version_id) & (Version.item_id == Item.id)
    for item in session.scalars(select(Item).outerjoin(Version, own).where(Version.id.is_(None))):
        school = keys.get(item.school_id, item.school_id)
        yield Finding("row", school, f"item {item.id}", "its newest version does not exist", BACKUP)


def _audit(session: Session, keys: dict[str, str], verdict: Verdict) -> Iterator[Finding]:
    for school_id in sorted({*keys, *schools_with_entries(session)}):
        verdict.counts["audit_chains"] += 1
        broken = first_broken_entry(session, school_id)
        if broken is not None:
            yield Finding(
                "audit",
                keys.get(school_id, school_id),
                f"entry {broken}",
                "it was changed, removed or moved",
                "Somebody wrote to the database from outside. Find out who.",
            )


def _check_blobs(named: Iterable[Reference], blobs: BlobStore, keys: dict[str, str], verdict: Verdict) -> None:
    """Every blob that a row names: it is there, has the size the row says, and hashes to its name."""
    states: dict[tuple[str, str], _State] = {}
    for reference in named:
        key = (reference.school_id, reference.sha256)
        if key not in states:
            states[key] = _state(blobs, reference)
            verdict.counts["referenced_blobs"] += 1
        state = states[key]
        what = state.what
        if not what and reference.size_bytes not in (None, state.size_bytes):
            what = f"it has {state.size_bytes} bytes where {reference.size_bytes} were filed"
        if what:
            again = "Run 'evidence repair': it is made again."
            remedy = again if reference.table in DRAWN_ANEW else "Take it from a backup: 'evidence repair --from'."
            found = Finding("blob", keys.get(key[0], key[0]), f"{reference.subject} ({key[1]})", what, remedy)
            (verdict.findings if state.is_read else verdict.unreadable).append(found)


def _list_blobs(blobs: BlobStore, named: set[tuple[str, str]], verdict: Verdict) -> None:
    """Count all blobs, and note those no row names."""
    try:
        for school_id, blob, _ in blobs.iter_blobs():
            verdict.counts["blobs"] += 1
            if (school_id, blob.sha256) not in named:
                verdict.unreferenced.append(f"{school_id}/{blob.sha256}")
    except StoreUnavailable as error:
        remedy = "Check the disk or the network, then verify again."
        verdict.unreadable.append(Finding("store", "", "list of files", f"it could not be read: {error}", remedy))


@dataclass(frozen=True, slots=True)
class _State:
    """How a blob was found: its size, or what is wrong; or nobody knows, because it could not be read."""

    size_bytes: int = 0
    what: str = ""
    is_read: bool = True


def _state(blobs: BlobStore, reference: Reference) -> _State:
    try:
        return _State(size_bytes=blobs.verify(reference.school_id, reference.sha256).size_bytes)
    except BlobNotFound:
        return _State(what="its bytes are missing")
    except BlobDamaged as error:
        return _State(what=f"its bytes are not the ones that were filed: {error.found}")
    except BadBlobName:
        return _State(what="the row names no bytes that could be in the store")
    except StoreUnavailable as error:
        return _State(what=f"it could not be read: {error}", is_read=False)


def index_findings(
    database: Database, index: SearchIndex, school_id: str, key: str, verdict: Verdict
) -> Iterator[Finding]:
    """Nothing where the school's index holds exactly the items in use, apart from those the worker still looks at."""
    try:
        verdict.counts["indexed_items"] += len(index.ids())
        # Looked at twice: whatever is filed or withdrawn meanwhile differs for a moment and is no finding.
        differing = _differences(database, index, school_id)
        if differing:
            differing &= _differences(database, index, school_id)
    except IndexUnusable:
        if _items_to_hold(database, school_id):
            yield Finding("index", key, "index", "there is no usable search index", REBUILD)
        return
    for item_id, is_in_use in sorted(differing):
        what = "it is missing in the search index" if is_in_use else "it is in the search index but not in use"
        yield Finding("index", key, f"item {item_id}", what, REBUILD)


def _differences(database: Database, index: SearchIndex, school_id: str) -> set[tuple[str, bool]]:
    """The items in which index and rows differ though nothing waits for the worker, and whether they are in use."""
    held = index.ids()
    with database.reading_snapshot() as session:
        wanted = indexed_ids(session, school_id)
        differing = (wanted ^ held) - _waiting(session, school_id, wanted | held)
    return {(item_id, item_id in wanted) for item_id in differing}


def _items_to_hold(database: Database, school_id: str) -> set[str]:
    with database.reading_snapshot() as session:
        wanted = indexed_ids(session, school_id)
        return set(wanted) - _waiting(session, school_id, wanted)


def _waiting(session: Session, school_id: str, item_ids: Iterable[str]) -> set[str]:
    """Those of these items that the worker still has to read or to index."""
    if unfinished_subjects(session, school_id, JobKind.REBUILD_INDEX):
        return set(item_ids)
    waiting = unfinished_subjects(session, school_id, JobKind.INDEX_ITEM)
    unread = unfinished_subjects(session, school_id, JobKind.READ_VERSION)
    if unread:
        found = session.execute(select(Version.id, Version.item_id).where(Version.school_id == school_id))
        waiting |= {item_id for version_id, item_id in found if version_id in unread}
    return waiting
