"""Mending what `verify` finds, without throwing anything away: what is damaged is set aside, never overwritten.

Documents come back from the store of a backup, whose bytes are checked; pictures are drawn anew; indexes are built
anew. Doing it again changes nothing more. Whatever cannot be mended is left exactly as it is, and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from evidence_app.database import Database, now
from evidence_app.domain import extraction
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.schools import all_schools
from evidence_app.domain.search import SearchIndex, ask_for_rebuild
from evidence_app.domain.upkeep.damage import note_sound
from evidence_app.domain.upkeep.erasing import SUBJECT
from evidence_app.domain.upkeep.references import DRAWN_ANEW, Reference, is_named, references
from evidence_app.domain.upkeep.removing import let_leave
from evidence_app.domain.upkeep.verify import Verdict, index_findings
from storage_adapters import BadBlobName, BlobDamaged, BlobNotFound, BlobStore, StoreUnavailable


class Remedy(StrEnum):
    """What is done about a damage."""

    FETCH = "take it from the backup"
    DRAW = "draw it anew"
    REBUILD = "build the search index anew"
    NONE = "nothing can be done here"


@dataclass(frozen=True, slots=True)
class Repair:
    """Something damaged, by name, and what is done about it; `is_done` once it was."""

    school: str
    subject: str
    remedy: Remedy
    why: str
    is_done: bool = False


IndexOf = Callable[[str], SearchIndex]


def repair(
    database: Database, blobs: BlobStore, index_of: IndexOf, *, source: BlobStore | None, apply: bool
) -> list[Repair]:
    """What is damaged and what is done about it; without `apply` nothing is changed. Safe to repeat and to cut off.

    `source` is the store of a backup. A file that cannot be read is damaged as long as the store works; where it does
    not, StoreUnavailable is raised, and what the database raises.
    """
    with database.reading_snapshot() as session:
        keys = {school.id: school.key for school in all_schools(session)}
        named = _by_bytes(references(session))
    repairs = []
    for (school_id, sha256), found in named.items():
        if why := _what_is_wrong(blobs, school_id, sha256):
            remedy = _remedy(found, source)
            is_done = False
            try:
                is_done = apply and _mend(database, blobs, source, school_id, sha256, remedy)
            except StoreUnavailable as error:
                if not blobs.works():
                    raise
                why = f"{why}; it could not be mended: {error}"
            subject = f"{found[0].subject} ({sha256})"
            repairs.append(Repair(keys.get(school_id, school_id), subject, remedy, why, is_done))
    for school_id, key in keys.items():
        if findings := list(index_findings(database, index_of(school_id), school_id, key, Verdict())):
            if apply:
                with database.unit_of_work() as session:
                    ask_for_rebuild(session, school_id)
            repairs.append(Repair(key, "index", Remedy.REBUILD, findings[0].what, apply))
    return repairs


def _by_bytes(named: Iterable[Reference]) -> dict[tuple[str, str], list[Reference]]:
    """Each blob that rows name, with all that name it."""
    found: dict[tuple[str, str], list[Reference]] = {}
    for reference in named:
        found.setdefault((reference.school_id, reference.sha256), []).append(reference)
    return found


def _what_is_wrong(blobs: BlobStore, school_id: str, sha256: str) -> str:
    """In a few words; nothing for sound bytes. Raises StoreUnavailable where the store as a whole does not answer."""
    try:
        blobs.verify(school_id, sha256)
    except BlobNotFound:
        return "its bytes are missing"
    except BlobDamaged as error:
        return f"its bytes are not the ones that were filed: {error.found}"
    except BadBlobName:
        return ""
    except StoreUnavailable as error:
        if not blobs.works():
            raise
        return f"its bytes cannot be read: {error}"
    return ""


def _remedy(named_by: list[Reference], source: BlobStore | None) -> Remedy:
    """What can be done: a sound copy is taken before anything is drawn anew."""
    school_id, sha256 = named_by[0].school_id, named_by[0].sha256
    if source is not None and source.exists(school_id, sha256) and _is_whole(source, school_id, sha256):
        return Remedy.FETCH
    return Remedy.DRAW if all(reference.table in DRAWN_ANEW for reference in named_by) else Remedy.NONE


def _is_whole(source: BlobStore, school_id: str, sha256: str) -> bool:
    """Whether a backup's copy can be taken. Nothing is written to a backup, not even to try whether it works."""
    try:
        source.verify(school_id, sha256)
    except (BlobNotFound, BlobDamaged, StoreUnavailable):
        return False
    return True


def _mend(
    database: Database, blobs: BlobStore, source: BlobStore | None, school_id: str, sha256: str, remedy: Remedy
) -> bool:
    """Whether it was done. The store sets damaged bytes aside before sound ones take their place."""
    if remedy is Remedy.NONE:
        return False
    with database.reading() as session:
        # What was erased since the names were read must not come back.
        if not is_named(session, school_id, sha256):
            return False
    if remedy is Remedy.FETCH:
        assert source is not None
        blobs.put(school_id, source.stream_verified(school_id, sha256), expected_bytes=source.size(school_id, sha256))
        # A bucket may take an object for sound by what it says of it, and still not give its bytes.
        blobs.verify(school_id, sha256)
    else:
        blobs.set_aside(school_id, sha256)
        with database.unit_of_work() as session:
            extraction.draw_again(session, school_id=school_id, sha256=sha256)
    with database.unit_of_work() as session:
        note_sound(session, school_id, sha256)
        is_wanted = remedy is Remedy.DRAW or is_named(session, school_id, sha256)
        if not is_wanted:
            # It was erased while it was fetched: what came back goes again.
            let_leave(session, school_id, {sha256}, now())
            enqueue(session, JobKind.ERASE, school_id, SUBJECT)
    return is_wanted
