"""What takes how much room, what grows, what is largest, and what could be freed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import AuditEntry, record
from evidence_app.domain.evidence import Item, Version, visible_to
from evidence_app.domain.extraction import PreviewImage
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.upkeep.erasing import SUBJECT
from evidence_app.domain.upkeep.models import LeavingBlob
from evidence_app.domain.upkeep.references import BLOB_COLUMNS, TABLES
from evidence_app.domain.upkeep.removing import let_leave
from evidence_app.i18n import Labelled, msg
from evidence_app.months import last_months
from storage_adapters import BlobStore

MONTHS_SHOWN = 12
LARGEST_SHOWN = 10


class Use(Labelled):
    """What bytes of the store are for. What serves several stands under the first of them."""

    NEWEST = "newest", msg("Evidence, as it is now")
    EARLIER = "earlier", msg("Earlier versions")
    BIN = "bin", msg("In the bin")
    DRIVES = "drives", msg("ZIP files of drives on their way in")
    REPORTS = "reports", msg("Snapshots, editions and their documents")
    PICTURES = "pictures", msg("Pictures of pages, and copies without place data")
    UNNAMED = "unnamed", msg("Left behind by interrupted uploads; collected later")


_BY_TABLE = {
    "drives": Use.DRIVES,
    "drive_parts": Use.DRIVES,
    "preview_images": Use.PICTURES,
    "plain_copies": Use.PICTURES,
    "exhibit_pages": Use.PICTURES,
}


@dataclass(frozen=True, slots=True)
class SchoolUse:
    """How much of the disk a school takes, in bytes: its files by what they are for, its index, what is arriving."""

    files: Mapping[Use, int]
    index_bytes: int
    arriving_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of it together."""
        return sum(self.files.values()) + self.index_bytes + self.arriving_bytes


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest items a person may see, each with the bytes of its versions; and how many more are among them."""

    items: tuple[tuple[Item, int], ...]
    closed: int


def use_of(
    session: Session, blobs: BlobStore, school_id: str, *, index_bytes: int = 0, arriving_bytes: int = 0
) -> SchoolUse:
    """How much a school takes. What is named in several places counts once; rows say most sizes, the store the rest."""
    uses, sizes = _uses(session, school_id)
    for sha256 in session.scalars(select(LeavingBlob.sha256).where(LeavingBlob.school_id == school_id)):
        uses.setdefault(sha256, Use.UNNAMED)
    sizes |= blobs.sizes(school_id, uses.keys() - sizes.keys())
    files: Counter[Use] = Counter(dict.fromkeys(Use, 0))
    for sha256, use in uses.items():
        files[use] += sizes.get(sha256, 0)
    return SchoolUse(files, index_bytes, arriving_bytes)


def growth(session: Session, school_id: str) -> list[tuple[date, int]]:
    """The bytes filed in each of the last twelve months, this one last; each month as its first day."""
    months = last_months(now().date(), MONTHS_SHOWN)
    filed: Counter[date] = Counter()
    rows = select(Version.added_at, Version.size_bytes).where(Version.school_id == school_id)
    for added_at, size_bytes in session.execute(rows.execution_options(yield_per=5000)):
        filed[added_at.date().replace(day=1)] += size_bytes
    return [(month, filed[month]) for month in months]


def largest_items(session: Session, actor: Actor) -> Largest:
    """The largest items of the school with all their versions: those the actor may see by name, the others counted."""
    require(actor, Action.MANAGE_SCHOOL)
    total = func.sum(Version.size_bytes).label("total")
    of_item = and_(Version.school_id == Item.school_id, Version.item_id == Item.id)
    sizes = (
        select(Item.id, total)
        .join(Version, of_item)
        .where(Item.school_id == actor.school_id)
        .group_by(Item.id)
        .order_by(total.desc(), Item.id)
        .limit(LARGEST_SHOWN)
    )
    largest = {item_id: int(size_bytes) for item_id, size_bytes in session.execute(sizes)}
    seen = {item.id: item for item in session.scalars(select(Item).where(visible_to(actor), Item.id.in_(largest)))}
    named = tuple((seen[item_id], size_bytes) for item_id, size_bytes in largest.items() if item_id in seen)
    return Largest(named, len(largest) - len(named))


def free_page_pictures(session: Session, *, actor: Actor) -> int:
    """How many pictures of pages leave the store soon; each is drawn again when somebody looks at the page.

    Thumbnails stay, and the pages of files that somebody opened with a password: those cannot be drawn again.
    """
    require(actor, Action.MANAGE_SCHOOL)
    chosen = _drawn_again(actor.school_id)
    names = set(session.scalars(select(PreviewImage.sha256).where(chosen)))
    count = session.scalar(select(func.count()).select_from(PreviewImage).where(chosen)) or 0
    session.execute(PreviewImage.__table__.delete().where(chosen))  # type: ignore[attr-defined]
    let_leave(session, actor.school_id, names, now())
    record(session, actor, "upkeep.free_pictures", "school", actor.school_id, pictures=count)
    enqueue(session, JobKind.ERASE, actor.school_id, SUBJECT)
    return count


def count_page_pictures(session: Session, school_id: str) -> int:
    """How many pictures of pages could be freed."""
    return session.scalar(select(func.count()).select_from(PreviewImage).where(_drawn_again(school_id))) or 0


def _drawn_again(school_id: str) -> ColumnElement[bool]:
    opened = select(AuditEntry.subject_id).where(
        AuditEntry.school_id == school_id, AuditEntry.action == "evidence.unlock"
    )
    locked = select(Version.id).where(Version.school_id == school_id, Version.item_id.in_(opened))
    return and_(PreviewImage.school_id == school_id, PreviewImage.page > 0, PreviewImage.version_id.not_in(locked))


def _uses(session: Session, school_id: str) -> tuple[dict[str, Use], dict[str, int]]:
    """SHA-256 -> what it is for, the most important use of each; and its size, where a row says it."""
    uses: dict[str, Use] = {}
    sizes: dict[str, int] = {}
    of_item = and_(Item.school_id == Version.school_id, Item.id == Version.item_id)
    columns = (Version.sha256, Version.size_bytes, Version.id, Item.current_version_id, Item.withdrawn_at)
    rows = select(*columns).join(Item, of_item).where(Version.school_id == school_id)
    for sha256, size_bytes, version_id, newest_id, withdrawn_at in session.execute(rows):
        use = Use.BIN if withdrawn_at else Use.NEWEST if version_id == newest_id else Use.EARLIER
        uses[sha256], sizes[sha256] = min(use, uses.get(sha256, use), key=_rank), size_bytes
    for place in BLOB_COLUMNS[1:]:
        cells = TABLES[place.table].columns
        use = _BY_TABLE.get(place.table, Use.REPORTS)
        named = select(cells[place.column]).where(cells["school_id"] == school_id, place.names_bytes())
        for sha256 in session.scalars(named.distinct()):
            uses[sha256] = min(use, uses.get(sha256, use), key=_rank)
    return uses, sizes


def _rank(use: Use) -> int:
    return list(Use).index(use)
