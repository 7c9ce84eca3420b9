"""What somebody is shown of the drives they bring in: the plan, how far it is, and what became of every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select, true
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, Item, signs_of_held, version_stem, visible_items
from evidence_app.domain.guarding import Looks, Signs, look_at_path
from evidence_app.domain.intake.folders import SAID, FolderPlan, PathReader, folders_in
from evidence_app.domain.intake.models import Drive, DriveFile, FileState
from evidence_app.domain.intake.naming import Named, NameReader
from evidence_app.errors import NotFound
from evidence_app.i18n import msg

_PLANNED: Final = (
    DriveFile.path,
    DriveFile.size_bytes,
    DriveFile.state,
    DriveFile.reason,
    DriveFile.copy_of,
    DriveFile.item_id,
)
"""What a plan needs of each file: as objects of 70,000 files they would take seconds and 100 MiB."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Something the names say: which of `folders.SAID` ("node_keys"), its value, and of how many files."""

    what: str
    value: str
    files: int


@dataclass(frozen=True, slots=True)
class Given:
    """What the names give: to how many files a practice, and everything, by kind and then the most first."""

    tagged: int
    suggested: tuple[Suggested, ...]


@dataclass(frozen=True, slots=True)
class GuardedPath:
    """A file that looks by its names as if it was about single pupils, with what was seen."""

    path: str
    signs: Signs


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing in a drive would do. `copies` and `known` are among `wanted`; both become no new items.

    `kinds` counts the files by the ending of their names, the most first; `given` is what they get; `alike` those that
    are likely versions of another one beside them. `noticed` are wanted, with something worth knowing as their reason.
    `folders` are those at the top. `guarded` will be private until somebody has answered, whatever visibility is
    chosen. What is `refused` and `noticed` has a path and a reason, as a `DriveFile` has.
    """

    files: int
    wanted: int
    wanted_bytes: int
    copies: int
    known: int
    alike: int
    kinds: tuple[tuple[str, int], ...]
    refused: tuple[Row[Any], ...]
    noticed: tuple[Row[Any], ...]
    folders: tuple[FolderPlan, ...]
    given: Given
    guarded: tuple[GuardedPath, ...]

    def guarded_as(self, looks: Looks) -> list[GuardedPath]:
        """Those that will be private because they look like this."""
        return [one for one in self.guarded if one.signs.looks is looks]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a drive is: files by what became of them, bytes of all and of those looked at, and what is left to do."""

    counts: dict[FileState, int]
    all_bytes: int
    done_bytes: int
    worked_seconds: float

    @property
    def files(self) -> int:
        """All files of the drive."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """The files that are decided."""
        return self.files - self.counts[FileState.WAITING]

    @property
    def files_a_second(self) -> float:
        """How many files came in a second of work, 0 before the first."""
        return self.done / self.worked_seconds if self.worked_seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at this pace; None before there is one."""
        pace = self.files_a_second
        return self.counts[FileState.WAITING] / pace if pace else None


def drives_of(session: Session, actor: Actor) -> list[Drive]:
    """What the actor brought in or is bringing in, the newest first."""
    mine = (Drive.school_id == actor.school_id, Drive.person_id == actor.person_id)
    return list(session.scalars(select(Drive).where(*mine).order_by(Drive.created_at.desc(), Drive.id.desc())))


def drive_of(session: Session, actor: Actor, drive_id: str) -> Drive:
    """One drive of the actor's own; NotFound otherwise."""
    found = session.get(Drive, (actor.school_id, drive_id))
    if found is None or found.person_id != actor.person_id:
        raise NotFound(msg("There is nothing of yours coming in here. Load the page again."))
    return found


def plan_of(session: Session, actor: Actor, drive: Drive) -> Plan:
    """The plan of a drive that was looked into."""
    files = session.execute(select(*_PLANNED).where(_of(drive)).order_by(DriveFile.number)).all()
    wanted = [row for row in files if row.state != FileState.REFUSED]
    paths = PathReader(NameReader(session, actor), drive.folders)
    return Plan(
        files=len(files),
        wanted=len(wanted),
        wanted_bytes=sum(row.size_bytes for row in wanted),
        copies=sum(row.copy_of is not None for row in wanted),
        known=sum(row.item_id != "" and row.copy_of is None for row in wanted),
        alike=alike_among(row.path for row in wanted if row.copy_of is None and not row.item_id),
        kinds=kinds_of(row.path for row in wanted),
        refused=tuple(row for row in files if row.state == FileState.REFUSED),
        noticed=tuple(row for row in wanted if row.reason),
        folders=tuple(_folders(paths, "", [row.path for row in wanted])),
        given=_given([paths.read(row.path) for row in wanted]),
        guarded=tuple(guarded_of(row.path for row in wanted if row.copy_of is None)),
    )


def folders_of(session: Session, actor: Actor, drive: Drive, folder: str) -> list[FolderPlan]:
    """The folders directly in a folder of a drive, by name; those at the top in ""."""
    below = DriveFile.path.startswith(f"{folder}/", autoescape=True) if folder else true()
    inside = session.scalars(_wanted_paths(drive).where(below)).all()
    return _folders(PathReader(NameReader(session, actor), drive.folders), folder, inside)


def folder_of(session: Session, actor: Actor, drive: Drive, folder: str) -> FolderPlan:
    """One folder of a drive; NotFound where there is none of this name with files that can be kept."""
    above = folder.rpartition("/")[0]
    found = [one for one in folders_of(session, actor, drive, above) if one.folder == folder]
    if not found:
        raise NotFound(msg("There is no such folder in it. Load the page again."))
    return found[0]


def given_in(session: Session, actor: Actor, drive: Drive) -> Given:
    """What the names of a drive give, as they are put right now."""
    paths = PathReader(NameReader(session, actor), drive.folders)
    return _given([paths.read(path) for path in session.scalars(_wanted_paths(drive))])


def files_saying(session: Session, actor: Actor, drive: Drive, what: str, value: str) -> list[str]:
    """The paths of the files that get this, in order; `what` and `value` as in `Suggested`."""
    paths = PathReader(NameReader(session, actor), drive.folders)
    wanted = session.scalars(_wanted_paths(drive).order_by(DriveFile.number))
    return [path for path in wanted if value in _values(paths.read(path), what)]


def _folders(paths: PathReader, folder: str, below: Sequence[str]) -> list[FolderPlan]:
    return [paths.plan_of(one, files=files, folders=inside) for one, files, inside in folders_in(folder, below)]


def _given(named: Sequence[Named]) -> Given:
    counted = Counter((what, value) for one in named for what in SAID for value in _values(one, what))
    found = [Suggested(what, value, count) for (what, value), count in counted.items()]
    ordered = sorted(found, key=lambda one: (SAID.index(one.what), -one.files, one.value))
    return Given(sum(bool(one.node_keys) for one in named), tuple(ordered))


def _values(named: Named, what: str) -> tuple[str, ...]:
    value = getattr(named, what) if what in SAID else ()
    return value if isinstance(value, tuple) else (value,) if value else ()


def guarded_of(paths: Iterable[str]) -> list[GuardedPath]:
    """Those of these paths whose names give reason to ask about pupils' data. Texts are looked at once they are in."""
    looked = ((path, path.rpartition("/")) for path in paths)
    seen = (GuardedPath(path, look_at_path(name, folder)) for path, (folder, _slash, name) in looked)
    return [one for one in seen if one.signs]


def held_of(session: Session, actor: Actor, drive: Drive) -> dict[str, Signs]:
    """Id of an item that came in with a drive -> why it stays private, for those that do and the actor may see."""
    of_item = (Item.school_id == DriveFile.school_id) & (Item.id == DriveFile.item_id)
    mine = visible_items(actor).join(DriveFile, of_item).where(_of(drive), DriveFile.state == FileState.KEPT)
    held = mine.where(Item.held == Hold.PRIVATE).with_only_columns(Item.id)
    return signs_of_held(session, drive.school_id, list(session.scalars(held)))


def progress_of(session: Session, drive: Drive) -> Progress:
    """How far the drive is now."""
    counted = select(DriveFile.state, func.count(), func.sum(DriveFile.size_bytes)).where(_of(drive))
    rows = {
        FileState(state): (count, int(size))
        for state, count, size in session.execute(counted.group_by(DriveFile.state))
    }
    sizes = {state: rows.get(state, (0, 0))[1] for state in FileState}
    return Progress(
        counts={state: rows.get(state, (0, 0))[0] for state in FileState},
        all_bytes=sum(sizes.values()),
        done_bytes=sum(sizes.values()) - sizes[FileState.WAITING],
        worked_seconds=drive.worked_seconds,
    )


def bytes_to_come(session: Session, drive: Drive) -> int:
    """What the files that are not in yet hold, unpacked."""
    progress = progress_of(session, drive)
    return progress.all_bytes - progress.done_bytes


def files_of(
    session: Session, drive: Drive, state: FileState | None = None, *, most: int | None = None
) -> list[DriveFile]:
    """The files of a drive in the order of their paths: all, or those of which the same became."""
    rows = select(DriveFile).where(_of(drive)).order_by(DriveFile.number).limit(most)
    return list(session.scalars(rows if state is None else rows.where(DriveFile.state == state)))


def kinds_of(paths: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many files there are with each ending of their names, in capitals, the most first; "" for none."""
    return tuple(Counter(PurePath(path).suffix[1:].upper()[:12] for path in paths).most_common())


def alike_among(paths: Iterable[str]) -> int:
    """How many of these files are likely versions of another one of them in the same folder, by their names."""
    named = Counter((path.rpartition("/")[0], version_stem(path.rpartition("/")[2])) for path in paths)
    return sum(count - 1 for (_folder, stem), count in named.items() if stem)


def alike_in(session: Session, drive: Drive) -> int:
    """As `alike_among`, of the files that a drive brought."""
    kept = select(DriveFile.path).where(_of(drive), DriveFile.state == FileState.KEPT)
    return alike_among(session.scalars(kept))


def _wanted_paths(drive: Drive) -> Select[str]:
    return select(DriveFile.path).where(_of(drive), DriveFile.state != FileState.REFUSED)


def _of(drive: Drive) -> ColumnElement[bool]:
    return (DriveFile.school_id == drive.school_id) & (DriveFile.drive_id == drive.id)
