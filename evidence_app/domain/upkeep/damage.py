"""Bytes that are known to be damaged: noted by whoever meets them, shown to those who may see what they belong to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Actor, worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import Item, Version, visible_to
from evidence_app.domain.upkeep.models import Damage, DamagedFile
from evidence_app.domain.upkeep.references import is_named


@dataclass(frozen=True, slots=True)
class DamagedVersion:
    """A version whose bytes are not what was filed, the item it belongs to, and what is known of the damage."""

    item: Item
    version: Version
    file: DamagedFile


@dataclass(frozen=True, slots=True)
class Damages:
    """Versions the asker may open, and how many damaged files belong to nothing the asker may open."""

    versions: list[DamagedVersion]
    others: int


def note_damage(session: Session, school_id: str, sha256: str, damage: Damage) -> bool:
    """Whether these bytes are noted as damaged now: not when no row names them any more. Safe to repeat."""
    if not is_named(session, school_id, sha256):
        note_sound(session, school_id, sha256)
        return False
    moment = now()
    known = session.get(DamagedFile, (school_id, sha256), with_for_update=True)
    if known is not None:
        known.damage, known.seen_at = damage, moment
        return True
    session.add(DamagedFile(school_id=school_id, sha256=sha256, damage=damage, found_at=moment, seen_at=moment))
    record(session, worker_for(school_id), "upkeep.damage_found", "bytes", sha256, damage=damage)
    return True


def note_sound(session: Session, school_id: str, sha256: str) -> None:
    """No damage is known of these bytes any more: they were read and are what was filed, or nothing names them."""
    known = session.get(DamagedFile, (school_id, sha256), with_for_update=True)
    if known is not None:
        session.delete(known)
        record(session, worker_for(school_id), "upkeep.damage_mended", "bytes", sha256)


def is_known_damaged(session: Session, school_id: str, sha256: str) -> bool:
    """Whether these bytes were found damaged when they were last looked at."""
    return session.get(DamagedFile, (school_id, sha256)) is not None


def damages(session: Session, actor: Actor) -> Damages:
    """What is damaged in the actor's school, those found last first; for private items of others only how many."""
    joined = (
        select(Item, Version, DamagedFile)
        .join(Version, (Version.school_id == Item.school_id) & (Version.item_id == Item.id))
        .join(DamagedFile, (DamagedFile.school_id == Version.school_id) & (DamagedFile.sha256 == Version.sha256))
        .where(visible_to(actor))
        .order_by(DamagedFile.found_at.desc(), Version.id)
    )
    versions = [DamagedVersion(*row) for row in session.execute(joined)]
    all_of_them = select(func.count()).select_from(DamagedFile).where(DamagedFile.school_id == actor.school_id)
    return Damages(versions, (session.scalar(all_of_them) or 0) - len({one.file.sha256 for one in versions}))


def damaged_among(session: Session, versions: Collection[Version]) -> set[str]:
    """The ids of those of these versions whose bytes are known to be damaged."""
    if not versions:
        return set()
    school_id = next(iter(versions)).school_id
    known = set(
        session.scalars(
            select(DamagedFile.sha256).where(
                DamagedFile.school_id == school_id, DamagedFile.sha256.in_([version.sha256 for version in versions])
            )
        )
    )
    return {version.id for version in versions if version.sha256 in known}


def damages_by_school(session: Session) -> dict[str, int]:
    """School id -> how many of its files are damaged, for whoever runs the installation; none are left out."""
    counted = select(DamagedFile.school_id, func.count()).group_by(DamagedFile.school_id)
    return {row[0]: row[1] for row in session.execute(counted)}
