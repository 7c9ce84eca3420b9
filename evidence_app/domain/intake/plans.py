"""What somebody is shown of the drives they bring in: the plan, how far it is, and what became of every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, Item, signs_of_held, version_stem
from evidence_app.domain.guarding import Looks, Signs, look_at_path
from evidence_app.domain.intake.folders import deciding_folder, nodes_in
from evidence_app.domain.intake.models import Drive, DriveFile, FileState
from evidence_app.errors import NotFound
from evidence_app.i18n import msg


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """A folder for which it can be said what it shows: for how many files it decides, and the practice, or ""."""

    folder: str
    files: int
    node_key: str


@dataclass(frozen=True, slots=True)
class GuardedPath:
    """A file that looks by its names as if it was about single pupils, with what was seen."""

    path: str
    signs: Signs


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing in a drive would do. `copies` and `known` are among `wanted`; both become no new items.

    `kinds` counts the files by the ending of their names, the most first; `tagged` those that get a practice; `alike`
    those that are likely versions of another one beside them. `guarded` will be private until somebody has answered,
    whatever visibility is chosen.
    """

    files: int
    wanted: int
    wanted_bytes: int
    copies: int
    known: int
    tagged: int
    alike: int
    kinds: tuple[tuple[str, int], ...]
    refused: tuple[DriveFile, ...]
    folders: tuple[FolderPlan, ...]
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


def plan_of(session: Session, drive: Drive) -> Plan:
    """The plan of a drive that was looked into."""
    files = files_of(session, drive)
    wanted = [row for row in files if row.state_now is not FileState.REFUSED]
    folders = Counter(deciding_folder(drive, row.path) for row in wanted)
    return Plan(
        files=len(files),
        wanted=len(wanted),
        wanted_bytes=sum(row.size_bytes for row in wanted),
        copies=sum(row.copy_of is not None for row in wanted),
        known=sum(row.item_id != "" and row.copy_of is None for row in wanted),
        tagged=sum(bool(nodes_in(drive, row.path)) for row in wanted),
        alike=alike_among(row.path for row in wanted if row.copy_of is None and not row.item_id),
        kinds=kinds_of(row.path for row in wanted),
        refused=tuple(row for row in files if row.state_now is FileState.REFUSED),
        folders=tuple(
            FolderPlan(folder, count, drive.folders.get(folder, ""))
            for folder, count in sorted(folders.items())
            if folder
        ),
        guarded=tuple(guarded_of(row.path for row in wanted if row.copy_of is None)),
    )


def guarded_of(paths: Iterable[str]) -> list[GuardedPath]:
    """Those of these paths whose names give reason to ask about pupils' data. Texts are looked at once they are in."""
    looked = ((path, path.rpartition("/")) for path in paths)
    seen = (GuardedPath(path, look_at_path(name, folder)) for path, (folder, _slash, name) in looked)
    return [one for one in seen if one.signs]


def held_of(session: Session, drive: Drive) -> dict[str, Signs]:
    """Id of an item that came in with a drive -> why it is held back, for those that are."""
    of_item = (Item.school_id == DriveFile.school_id) & (Item.id == DriveFile.item_id)
    chosen = select(Item.id).join(DriveFile, of_item).where(_of(drive), DriveFile.state == FileState.KEPT)
    return signs_of_held(session, drive.school_id, list(session.scalars(chosen.where(Item.held != Hold.NONE))))


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


def _of(drive: Drive) -> ColumnElement[bool]:
    return (DriveFile.school_id == drive.school_id) & (DriveFile.drive_id == drive.id)
