"""What is made ready for the readers of a snapshot, in the background: page pictures, and the bundle to take home."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.reports import Snapshot, protect
from evidence_app.domain.sharing.models import ExhibitPage, Preparation, Share

DRAWN_AT_ONCE = 4
"""Exhibits whose pages are drawn in one piece of work; then others get their turn."""

MOST_PAGES = 12
"""Pages drawn of one exhibit. The rest is in its text, and in the file where it may be downloaded."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page picture whose bytes are in the store already; `is_true_look` unless it was drawn from words."""

    exhibit_sha256: str
    page: int
    sha256: str
    media_type: str
    width_px: int
    height_px: int
    is_true_look: bool = True


def begin_preparation(session: Session, share: Share) -> None:
    """Work is asked for to make the snapshot of a share ready; what is ready already is not made again."""
    row = session.get(Preparation, (share.school_id, share.snapshot_id))
    if row is None:
        session.add(Preparation(school_id=share.school_id, snapshot_id=share.snapshot_id))
    elif row.is_complete and (row.bundle_sha256 or not share.may_download):
        return
    else:
        row.is_complete = False
    enqueue(session, JobKind.PREPARE_SHARE, share.school_id, share.snapshot_id)


def preparation(session: Session, school_id: str, snapshot_id: str) -> Preparation | None:
    """How far the preparation of a snapshot is; None for one that nobody shared."""
    return session.get(Preparation, (school_id, snapshot_id))


def wants_bundle(session: Session, snapshot: Snapshot) -> bool:
    """Whether a share that is still open lets its visitors take files home."""
    chosen = select(Share.id).where(
        Share.school_id == snapshot.school_id,
        Share.snapshot_id == snapshot.id,
        Share.may_download.is_(True),
        Share.revoked_at.is_(None),
        Share.expires_at > now(),
    )
    return session.scalar(chosen.limit(1)) is not None


def keep_pages(session: Session, snapshot: Snapshot, *, drawn: int, pages: Sequence[DrawnPage]) -> None:
    """The pictures are kept; `drawn` exhibits are done now, and the rest is asked for."""
    held = select(ExhibitPage.exhibit_sha256, ExhibitPage.page).where(
        ExhibitPage.school_id == snapshot.school_id, ExhibitPage.snapshot_id == snapshot.id
    )
    known = {(sha256, number) for sha256, number in session.execute(held)}
    for page in pages:
        if (page.exhibit_sha256, page.page) not in known:
            session.add(
                ExhibitPage(
                    school_id=snapshot.school_id,
                    snapshot_id=snapshot.id,
                    exhibit_sha256=page.exhibit_sha256,
                    page=page.page,
                    sha256=page.sha256,
                    media_type=page.media_type,
                    width_px=page.width_px,
                    height_px=page.height_px,
                    is_true_look=page.is_true_look,
                )
            )
    protect(session, snapshot, {page.sha256 for page in pages})
    row = session.get_one(Preparation, (snapshot.school_id, snapshot.id), with_for_update=True)
    row.drawn = max(row.drawn, drawn)
    enqueue(session, JobKind.PREPARE_SHARE, snapshot.school_id, snapshot.id)


def keep_bundle(session: Session, snapshot: Snapshot, *, sha256: str, name: str) -> None:
    """Everything is ready; the bundle is there to be taken home unless no share allows it (then `sha256` is empty)."""
    row = session.get_one(Preparation, (snapshot.school_id, snapshot.id), with_for_update=True)
    row.bundle_sha256, row.bundle_name, row.is_complete = sha256 or row.bundle_sha256, name or row.bundle_name, True
    protect(session, snapshot, {sha256} - {""})


def pages_of(session: Session, school_id: str, snapshot_id: str, exhibit_sha256: str) -> list[ExhibitPage]:
    """The page pictures of one exhibit of a snapshot, in order."""
    chosen = select(ExhibitPage).where(
        ExhibitPage.school_id == school_id,
        ExhibitPage.snapshot_id == snapshot_id,
        ExhibitPage.exhibit_sha256 == exhibit_sha256,
    )
    return list(session.scalars(chosen.order_by(ExhibitPage.page)))


def next_to_draw(exhibit_hashes: Collection[str], drawn: int) -> list[str]:
    """Which exhibits' pages are drawn next, in an order that stays the same."""
    return sorted(exhibit_hashes)[drawn : drawn + DRAWN_AT_ONCE]
