"""Series: several files that are one item, in an order, each with its caption. A version of it names its parts.

The version's own bytes are a list of what it holds (`list_of`), so that the same files, order and captions are the same
version again. Each part is a row of `Version` too, with `part` counted from 1: what is known of a version (its text,
thumbnail, the copy without its place) is so known of a part, and a part that stays is not read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence.models import Item, ItemKind, SeriesPart, Version
from evidence_app.domain.evidence.names import clean_file_name
from evidence_app.domain.evidence.queries import current_version, item
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line

FEWEST_PARTS = 2
MOST_PARTS = 100
LONGEST_CAPTION = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFile:
    """One file of a series as it is to stand there. Its bytes are in the store; `part_id` names a part that stays."""

    sha256: str
    size_bytes: int
    media_type: str
    file_name: str
    caption: str = ""
    part_id: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a series as it stands: its place from 1, and its version."""

    place: int
    version: Version
    caption: str

    def as_file(self) -> PartFile:
        """The same part, to stand in another order or under another caption."""
        return PartFile(
            sha256=self.version.sha256,
            size_bytes=self.version.size_bytes,
            media_type=self.version.media_type,
            file_name=self.version.file_name,
            caption=self.caption,
            part_id=self.version.id,
        )


def parts_of(session: Session, version: Version) -> list[Part]:
    """The parts of a version, in their order; none where it is one file."""
    return parts_of_all(session, version.school_id, [version]).get(version.id, [])


def parts_of_all(session: Session, school_id: str, versions: Collection[Version]) -> dict[str, list[Part]]:
    """Version id -> its parts in their order, for those of these versions that are series."""
    ids = [version.id for version in versions if version.is_series]
    if not ids:
        return {}
    rows = session.execute(
        select(SeriesPart, Version)
        .join(Version, and_(Version.school_id == SeriesPart.school_id, Version.id == SeriesPart.part_id))
        .where(SeriesPart.school_id == school_id, SeriesPart.version_id.in_(ids))
        .order_by(SeriesPart.version_id, SeriesPart.place)
    )
    grouped = groupby(rows, key=lambda row: row.SeriesPart.version_id)
    return {id: [Part(row.SeriesPart.place, row.Version, row.SeriesPart.caption) for row in own] for id, own in grouped}


def series_holding(session: Session, school_id: str, part_ids: Collection[str]) -> dict[str, list[Version]]:
    """Part id -> the versions of series that hold it, oldest first."""
    rows = session.execute(
        select(SeriesPart.part_id, Version)
        .join(Version, and_(Version.school_id == SeriesPart.school_id, Version.id == SeriesPart.version_id))
        .where(SeriesPart.school_id == school_id, SeriesPart.part_id.in_(part_ids))
        .order_by(Version.number)
    )
    found: dict[str, list[Version]] = {}
    for part_id, version in rows:
        found.setdefault(part_id, []).append(version)
    return found


def files_of_items(session: Session, actor: Actor, item_ids: Sequence[str]) -> list[PartFile]:
    """The files of these items, in this order, to become parts of one; of a series, all its parts.

    Invalid names an item that is no file; NotFound for one the actor may not see.
    """
    files = []
    for item_id in dict.fromkeys(item_ids):
        found = item(session, actor, item_id)
        if found.kind != ItemKind.FILE:
            raise Invalid(
                msg("“%(title)s” is not a file. Only files can stand in a series.", title=found.title), field="item"
            )
        version = current_version(session, found)
        own = [part.as_file() for part in parts_of(session, version)] or [Part(1, version, "").as_file()]
        files += [without_place(file) for file in own]
    return files


def without_place(file: PartFile) -> PartFile:
    """The same file, new to the item it will be a part of."""
    return PartFile(
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        media_type=file.media_type,
        file_name=file.file_name,
        caption=file.caption,
    )


def list_of(parts: Sequence[PartFile]) -> bytes:
    """What the bytes of a version of these parts are: their names, captions and hashes, in their order."""
    listed = [
        {
            "caption": clean_line(part.caption, LONGEST_CAPTION),
            "file": clean_file_name(part.file_name),
            "media_type": part.media_type,
            "sha256": part.sha256,
        }
        for part in parts
    ]
    return json.dumps({"parts": listed}, ensure_ascii=False, sort_keys=True, indent=1).encode()


def check_parts(parts: Sequence[PartFile], sha256: str) -> None:
    """Nothing, where these can be the parts of one item and `sha256` is that of their list.

    Raises Invalid for too few or too many, Conflict where the list was stored for others.
    """
    if len(parts) < FEWEST_PARTS:
        raise Invalid(msg("A series has at least two files. Nothing was changed."), field="parts")
    if len(parts) > MOST_PARTS:
        raise Invalid(
            msg(
                "These are %(count)d files; one item holds at most %(most)d. File the rest as another one.",
                count=len(parts),
                most=MOST_PARTS,
            ),
            field="parts",
        )
    if hashlib.sha256(list_of(parts)).hexdigest() != sha256:
        raise Conflict(msg("Somebody changed this series meanwhile. Nothing was changed; look at it and try again."))


def add_parts(session: Session, actor: Actor, version: Version, parts: Sequence[PartFile]) -> list[Version]:
    """The parts of this version are these now; gives those that are new. A part that stays must be of the same item."""
    added: list[Version] = []
    part_ids = []
    for file in parts:
        if file.part_id:
            there = session.get(Version, (version.school_id, file.part_id))
            if there is None or there.item_id != version.item_id or there.sha256 != file.sha256 or not there.part:
                raise NotFound(msg("There is no such part, or it is not open to you."))
            part_ids.append(there.id)
        else:
            added.append(_made(actor, version, file, len(added) + 1))
            part_ids.append(added[-1].id)
    session.add_all(added)
    # The rows of a series name its parts, and the two models do not know of each other's order.
    session.flush()
    session.add_all(
        SeriesPart(
            school_id=version.school_id,
            version_id=version.id,
            place=place,
            part_id=part_id,
            caption=clean_line(file.caption, LONGEST_CAPTION),
        )
        for place, (part_id, file) in enumerate(zip(part_ids, parts, strict=True), 1)
    )
    return added


def _made(actor: Actor, version: Version, file: PartFile, part: int) -> Version:
    return Version(
        id=new_id(),
        school_id=version.school_id,
        item_id=version.item_id,
        number=version.number,
        part=part,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        media_type=file.media_type,
        file_name=clean_file_name(file.file_name),
        added_by=actor.person_id,
        added_at=version.added_at,
    )


def size_of(session: Session, version: Version) -> int:
    """How many bytes a version takes; of a series, all its files together."""
    return sum(part.version.size_bytes for part in parts_of(session, version)) or version.size_bytes


def shas_of(session: Session, found: Item) -> set[str]:
    """The SHA-256 of the newest version of an item, or of its parts."""
    version = current_version(session, found)
    return {part.version.sha256 for part in parts_of(session, version)} or {version.sha256}
