"""Publishing a snapshot as a numbered edition, and the head's signature under it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import exports
from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, Role, require
from evidence_app.domain.accounts import names_of
from evidence_app.domain.audit import record
from evidence_app.domain.reports.models import Edition, Signature, Snapshot
from evidence_app.domain.reports.queries import edition as find_edition
from evidence_app.domain.reports.queries import edition_of_snapshot, signatures_of
from evidence_app.domain.reports.queries import snapshot as find_snapshot
from evidence_app.domain.selfstudy import fix_numbers, numbers_of
from evidence_app.errors import Conflict, NotAllowed
from evidence_app.i18n import msg


def publish(session: Session, *, actor: Actor, snapshot_id: str, report: exports.Report) -> Edition:
    """The edition of a snapshot; its exhibit numbers are fixed from now on. Publishing it again gives the same edition.

    `report` is the snapshot's. Raises Conflict when an exhibit got another number since the snapshot was taken.
    """
    require(actor, Action.COMPILE_REPORT)
    found = find_snapshot(session, actor, snapshot_id, lock=True)
    before = edition_of_snapshot(session, found)
    if before is not None:
        return before
    present = numbers_of(session, actor.school_id, found.evaluation_id)
    moved = [e.number for e in report.exhibits if present.get(e.number) != e.number]
    if moved:
        raise Conflict(
            msg(
                "Exhibit %(number)s got another number while the edition was made. Nothing was published. "
                "Publish once more.",
                number=moved[0],
            )
        )
    last = session.scalar(
        select(func.max(Edition.number)).where(
            Edition.school_id == actor.school_id, Edition.evaluation_id == found.evaluation_id
        )
    )
    added = Edition(
        id=new_id(),
        school_id=actor.school_id,
        evaluation_id=found.evaluation_id,
        snapshot_id=found.id,
        number=(last or 0) + 1,
        published_by=actor.person_id,
        published_at=now(),
    )
    session.add(added)
    fixed = fix_numbers(session, actor.school_id, found.evaluation_id)
    record(session, actor, "reports.publish", "edition", added.id, number=added.number, exhibits=fixed)
    return added


def sign(session: Session, *, actor: Actor, edition_id: str) -> Signature:
    """The head's signature under an edition, with name, role and hash as they are now; signing twice is one signature.

    Raises NotAllowed for anybody but a head of school.
    """
    require(actor, Action.APPROVE_STUDY)
    if actor.role != Role.HEAD:
        raise NotAllowed(msg("An edition is signed by the head of school. Ask them to sign it."))
    found = find_edition(session, actor, edition_id, lock=True)
    before = session.get(Signature, (actor.school_id, found.id, actor.person_id))
    if before is not None:
        return before
    signed = session.get_one(Snapshot, (actor.school_id, found.snapshot_id))
    added = Signature(
        school_id=actor.school_id,
        edition_id=found.id,
        person_id=actor.person_id,
        name=actor.name,
        role=actor.role,
        snapshot_sha256=signed.sha256,
        signed_at=now(),
    )
    session.add(added)
    record(session, actor, "reports.sign", "edition", found.id, sha256=signed.sha256)
    return added


def stamp(session: Session, snapshot: Snapshot, language: str, *, share_url: str = "") -> exports.Edition:
    """What is printed about a snapshot and cannot stand in it: its hash and date, its edition and who signed it."""
    published = edition_of_snapshot(session, snapshot)
    names = names_of(session, snapshot.school_id, [snapshot.frozen_by])
    signatures = signatures_of(session, published) if published else []
    return exports.Edition(
        number=published.number if published else 0,
        frozen_at=snapshot.frozen_at.strftime("%Y-%m-%dT%H:%M:%S"),
        compiled_by=names.get(snapshot.frozen_by, ""),
        snapshot_id=snapshot.short_id,
        snapshot_sha256=snapshot.sha256,
        share_url=share_url,
        signatures=tuple(
            exports.Signature(
                name=row.name,
                role=Role(row.role).label.in_language(language),
                signed_at=row.signed_at.strftime("%Y-%m-%dT%H:%M:%S"),
                snapshot_sha256=row.snapshot_sha256,
            )
            for row in signatures
        ),
    )
