"""The list of what was erased, as a file beside the installation: ids and hashes, a line each, never a name.

A backup that is restored brings erased items back, and an older list in its database; the file in the home folder, or
a copy of it, says what has to be erased again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.schools import School
from evidence_app.domain.upkeep.erasing import SUBJECT
from evidence_app.domain.upkeep.models import Erasure, ErasureState
from evidence_app.domain.upkeep.removing import let_leave
from evidence_app.errors import Invalid
from evidence_app.i18n import msg

FILE_NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """An item that was erased: its school, its id, and the hashes of its bytes."""

    school_id: str
    item_id: str
    sha256s: tuple[str, ...]


def lines_of(session: Session, school_id: str = "") -> list[Line]:
    """What was erased and has lost its rows, of one school or of all, in the order it was asked for."""
    chosen = select(Erasure).where(Erasure.state != ErasureState.ASKED)
    if school_id:
        chosen = chosen.where(Erasure.school_id == school_id)
    rows = session.scalars(chosen.order_by(Erasure.asked_at, Erasure.item_id))
    return [Line(row.school_id, row.item_id, tuple(row.sha256s)) for row in rows]


def keep_list(path: Path, lines: Iterable[Line]) -> None:
    """The file has all these lines, on the disk, besides those it had."""
    known = set(read_list(path)) if path.exists() else set()
    fresh = [line for line in lines if line not in known]
    if not fresh:
        return
    text = "".join(
        json.dumps({"school": line.school_id, "item": line.item_id, "sha256": line.sha256s}) + "\n" for line in fresh
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "a") as file:
        # A line that broke off when the power went keeps no other from being read.
        file.write(("\n" if path.stat().st_size else "") + text)
        file.flush()
        os.fsync(file.fileno())


def read_list(path: Path) -> Iterator[Line]:
    """The lines of such a file; what cannot be read as one is left out. Invalid when the file is not there."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(msg("The list %(path)s cannot be read: %(error)s.", path=str(path), error=str(error))) from error
    for row in text.splitlines():
        try:
            said = json.loads(row)
            yield Line(str(said["school"]), str(said["item"]), tuple(said["sha256"]))
        except (ValueError, KeyError, TypeError):
            continue


def erase_again(session: Session, lines: Iterable[Line]) -> int:
    """How many items of a list came back with a backup; they and their bytes leave again. Safe to repeat.

    Nobody is asked: it was decided before the backup was restored. Snapshots that carry them are emptied, too.
    """
    came_back = 0
    schools = set(session.scalars(select(School.id)))
    for line in lines:
        if line.school_id not in schools:
            continue
        found = session.get(Item, (line.school_id, line.item_id))
        erasure = session.get(Erasure, (line.school_id, line.item_id))
        if found is None and erasure is not None:
            continue
        moment = now()
        if erasure is None:
            erasure = Erasure(school_id=line.school_id, item_id=line.item_id, asked_at=moment, sha256s=[])
            session.add(erasure)
        erasure.state = ErasureState.UNDER_WAY if found is None else ErasureState.ASKED
        erasure.sha256s, erasure.done_at = sorted({*erasure.sha256s, *line.sha256s}), None
        let_leave(session, line.school_id, line.sha256s, moment)
        if found is not None:
            found.leaving_at, found.withdrawn_at = moment, found.withdrawn_at or moment
            came_back += 1
            record(session, worker_for(line.school_id), "evidence.erase_again", "item", line.item_id)
        enqueue(session, JobKind.ERASE, line.school_id, SUBJECT)
        session.flush()
    return came_back
