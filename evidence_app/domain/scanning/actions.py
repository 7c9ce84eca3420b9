"""Keeping what a scanner said, and asking for what it has not seen."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, delete, insert, literal, null, select, update
from sqlalchemy.orm import Session

from evidence_app.database import UtcDateTime, now
from evidence_app.domain.evidence import Version
from evidence_app.domain.jobs import JobKind, Urgency, enqueue_all, is_asked_for
from evidence_app.domain.scanning.clamd import Verdict
from evidence_app.domain.scanning.models import Scan, ScanState

MOST_AT_ONCE = 500
NOT_KNOWN = (ScanState.WAITING, ScanState.TOO_LARGE)


def keep_verdicts(session: Session, *, school_id: str, verdicts: Mapping[str, Verdict]) -> None:
    """What was said of these versions (id -> verdict) is kept; nothing of versions erased meanwhile.

    A verdict that is worth knowing is not lost to a scanner that does not answer now.
    """
    chosen = select(Version).where(Version.school_id == school_id, Version.id.in_(verdicts))
    versions = {version.id: version for version in session.scalars(chosen)}
    held = select(Scan).where(Scan.school_id == school_id, Scan.version_id.in_(verdicts))
    known = {scan.version_id: scan for scan in session.scalars(held)}
    changed = []
    for id, version in versions.items():
        verdict, scan = verdicts[id], known.get(id)
        if scan is not None and verdict.state == ScanState.WAITING:
            continue
        if (verdict.state == ScanState.INFECTED) != (scan is not None and scan.state == ScanState.INFECTED):
            changed.append(version.item_id)
        scan = scan or Scan(school_id=school_id, version_id=id)
        scan.state, scan.threat = verdict.state, verdict.threat
        scan.scanned_at = now() if verdict.state != ScanState.WAITING else None
        session.add(scan)
    enqueue_all(session, JobKind.INDEX_ITEM, school_id, list(dict.fromkeys(changed)), urgency=Urgency.LATER)


def await_all(session: Session) -> None:
    """Every version of every school that no scanner has seen now waits for it, and stays in the school until then."""
    seen = and_(Scan.school_id == Version.school_id, Scan.version_id == Version.id)
    unseen = (
        select(
            Version.school_id,
            Version.id,
            literal(str(ScanState.WAITING)),
            literal(""),
            null().cast(UtcDateTime),
        )
        .outerjoin(Scan, seen)
        .where(Scan.version_id.is_(None))
    )
    session.execute(insert(Scan).from_select(["school_id", "version_id", "state", "threat", "scanned_at"], unseen))


def ask_for_waiting(session: Session) -> int:
    """How many versions that wait for the scanner were put into the queue."""
    chosen = select(Scan.school_id, Scan.version_id).where(
        Scan.state == ScanState.WAITING, ~is_asked_for((JobKind.SCAN_VERSION,), Scan.school_id, Scan.version_id)
    )
    waiting: dict[str, list[str]] = {}
    for school_id, version_id in session.execute(chosen.order_by(Scan.version_id).limit(MOST_AT_ONCE)):
        waiting.setdefault(school_id, []).append(version_id)
    for school_id, ids in waiting.items():
        enqueue_all(session, JobKind.SCAN_VERSION, school_id, ids, urgency=Urgency.LATER)
    return sum(map(len, waiting.values()))


def wait_no_more(session: Session) -> int:
    """How many versions wait no more, because no scanner is set up; what was found in others stays known."""
    gone = session.execute(delete(Scan).where(Scan.state.in_(NOT_KNOWN)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def look_once_more(session: Session) -> None:
    """What was too large waits for the scanner again, and what was found infected is looked at again, held as it is.

    For a worker that starts: whoever runs the scanner may have raised its limit, or corrected what it knows.
    """
    session.execute(update(Scan).where(Scan.state == ScanState.TOO_LARGE).values(state=ScanState.WAITING))
    infected = select(Scan.school_id, Scan.version_id).where(Scan.state == ScanState.INFECTED)
    for school_id, version_id in session.execute(infected.limit(MOST_AT_ONCE)):
        enqueue_all(session, JobKind.SCAN_VERSION, school_id, [version_id], urgency=Urgency.LATER)
