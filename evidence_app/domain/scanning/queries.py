"""Asking what a scanner said. Callers hold a version they got through `evidence`, which decides about access."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, can
from evidence_app.domain.evidence import Item, Version, parts_of, visible_items
from evidence_app.domain.scanning.clamd import Verdict
from evidence_app.domain.scanning.models import Scan, ScanState


def scans_of(session: Session, school_id: str, version_ids: Collection[str]) -> dict[str, Scan]:
    """Version id -> what is known of it; none where no scanner was set up."""
    chosen = select(Scan).where(Scan.school_id == school_id, Scan.version_id.in_(version_ids))
    return {scan.version_id: scan for scan in session.scalars(chosen)}


def scan_of(session: Session, version: Version) -> Scan | None:
    """What is known of one version."""
    return session.get(Scan, (version.school_id, version.id))


def verdict_of_parts(session: Session, version: Version) -> Verdict:
    """What is known of the files of a series together: the worst of them; that it waits, where one was not seen yet."""
    ids = [part.version.id for part in parts_of(session, version)]
    scans = scans_of(session, version.school_id, ids)
    infected = next((scan for scan in scans.values() if scan.state == ScanState.INFECTED), None)
    if infected:
        return Verdict(ScanState.INFECTED, infected.threat)
    states = {ScanState(scans[id].state) if id in scans else ScanState.WAITING for id in ids}
    return Verdict(
        next((state for state in (ScanState.WAITING, ScanState.TOO_LARGE) if state in states), ScanState.CLEAN)
    )


def holding() -> ColumnElement[bool]:
    """Whether a version may not leave the school by what a scanner said; false for a version without a row."""
    return and_(Scan.version_id.is_not(None), Scan.state != ScanState.CLEAN)


def infected_bytes(session: Session, school_id: str, hashes: Collection[str]) -> frozenset[str]:
    """Which of these SHA-256 are those of a version that was found infected."""
    found = and_(Scan.school_id == Version.school_id, Scan.version_id == Version.id)
    chosen = select(Version.sha256).join(Scan, found)
    bad = chosen.where(Version.school_id == school_id, Scan.state == ScanState.INFECTED, Version.sha256.in_(hashes))
    return frozenset(session.scalars(bad))


def infected_among(session: Session, school_id: str, item_ids: Collection[str]) -> frozenset[str]:
    """Which of these items were found infected in their newest version, whoever may see them."""
    newest = and_(Scan.school_id == Item.school_id, Scan.version_id == Item.current_version_id)
    chosen = select(Item.id).join(Scan, newest)
    bad = chosen.where(Item.school_id == school_id, Item.id.in_(item_ids), Scan.state == ScanState.INFECTED)
    return frozenset(session.scalars(bad))


def count_infected(session: Session, actor: Actor) -> int:
    """How many items the actor could mend were found infected in their newest version."""
    newest = and_(Scan.school_id == Item.school_id, Scan.version_id == Item.current_version_id)
    chosen = visible_items(actor).join(Scan, newest).where(Scan.state == ScanState.INFECTED)
    if not can(actor, Action.EDIT_ANY_EVIDENCE):
        chosen = chosen.where(Item.owner_id == actor.person_id)
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def count_by_state(session: Session, school_id: str) -> dict[ScanState, int]:
    """How many versions of a school are in which state, for states there are."""
    chosen = select(Scan.state, func.count()).where(Scan.school_id == school_id).group_by(Scan.state)
    return {ScanState(state): count for state, count in session.execute(chosen)}
