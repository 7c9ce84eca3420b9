"""Files that could not be read: for a reason that may be gone, as when a program was installed, or for good."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, current_version, item, may_change, parts_of
from evidence_app.domain.extraction.models import VersionText
from evidence_app.domain.extraction.readers import READERS
from evidence_app.domain.extraction.reading import NEEDS_TOOL, ReadingState
from evidence_app.domain.jobs import JobKind, Urgency, enqueue_all
from evidence_app.errors import NotAllowed
from evidence_app.i18n import msg

_LIBRARIES: Final = frozenset({"pi_heif"})
_FOR_GOOD: Final = (ReadingState.DAMAGED, ReadingState.ENCRYPTED, ReadingState.TOO_LARGE, ReadingState.NO_READER)


class Unread(StrEnum):
    """Why files were not read, or not wholly. The first three are codes of the warning that said so."""

    NO_OCR = "ocr-not-installed"
    NO_OFFICE = "office-not-installed"
    NO_HEIC = "heic-not-installed"
    NO_READER = "no reader"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many versions wait for one reason, what was missing ("" if no program), whether they can be read now."""

    why: Unread
    count: int
    tool: str
    can_be_read: bool


def backlogs(session: Session, actor: Actor) -> list[Backlog]:
    """Every reason that some versions of the school were not read for."""
    require(actor, Action.MANAGE_SCHOOL)
    found = []
    for why in Unread:
        counted = select(func.count()).select_from(VersionText).where(*_chosen(actor.school_id, [why]))
        if count := session.scalar(counted):
            found.append(Backlog(why, count, NEEDS_TOOL.get(why, ""), _is_here(why)))
    return found


def unread_counts(session: Session, actor: Actor) -> dict[ReadingState, int]:
    """How many items in use cannot be read as they are, by what is the matter with them, for what there is of it.

    Reading them again would change nothing: what could be, is among the `backlogs`.
    """
    require(actor, Action.MANAGE_SCHOOL)
    newest = (VersionText.school_id == Item.school_id) & (VersionText.version_id == Item.current_version_id)
    chosen = (
        select(VersionText.state, func.count())
        .join(Item, newest)
        .where(
            Item.school_id == actor.school_id,
            Item.withdrawn_at.is_(None),
            VersionText.state.in_(_FOR_GOOD),
            not_(_waits_for_reader()),
        )
        .group_by(VersionText.state)
    )
    counts = {ReadingState(state): count for state, count in session.execute(chosen)}
    return {state: counts[state] for state in _FOR_GOOD if state in counts}


def read_again(session: Session, *, actor: Actor, whys: Sequence[Unread] = tuple(Unread)) -> int:
    """How many versions will be read again, when nothing else waits: those of these reasons that can be read now."""
    require(actor, Action.MANAGE_SCHOOL)
    possible = [why for why in whys if _is_here(why)]
    ids = list(session.scalars(select(VersionText.version_id).where(*_chosen(actor.school_id, possible))))
    if ids:
        record(session, actor, "evidence.read_again", "school", actor.school_id, versions=len(ids))
    enqueue_all(session, JobKind.READ_VERSION, actor.school_id, ids, urgency=Urgency.LATER)
    return len(ids)


def read_item_again(session: Session, *, actor: Actor, item_id: str) -> None:
    """The current version of an item will be read once more, at once."""
    found = item(session, actor, item_id)
    if not may_change(actor, found):
        raise NotAllowed(msg("Only the owner of this item or a coordinator may change it."))
    version = current_version(session, found)
    ids = [part.version.id for part in parts_of(session, version)] or [version.id]
    enqueue_all(session, JobKind.READ_VERSION, found.school_id, ids, urgency=Urgency.NOW)


def _chosen(school_id: str, whys: Sequence[Unread]) -> list[ColumnElement[bool]]:
    # Warnings are JSON, whose text is the same in both databases as far as one quoted word goes.
    reasons: list[ColumnElement[bool]] = [
        cast(VersionText.warnings, Text).contains(f'"{why}"', autoescape=True) for why in whys if why in NEEDS_TOOL
    ]
    if Unread.NO_READER in whys:
        reasons.append(_waits_for_reader())
    if Unread.FAILED in whys:
        reasons.append(VersionText.state == ReadingState.FAILED)
    return [VersionText.school_id == school_id, or_(*reasons) if reasons else VersionText.version_id.is_(None)]


def _waits_for_reader() -> ColumnElement[bool]:
    """Whether a file was not read by what could be read now."""
    return and_(VersionText.state == ReadingState.NO_READER, VersionText.media_type.in_(list(READERS)))


def _is_here(why: Unread) -> bool:
    tool = NEEDS_TOOL.get(why)
    if tool is None:
        return True
    return find_spec(tool) is not None if tool in _LIBRARIES else shutil.which(tool) is not None
