"""Asking for shares and visits: for those who share, of their own school."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.accounts import names_of
from evidence_app.domain.extraction import infected_files
from evidence_app.domain.selfstudy import Evaluation, may_reach
from evidence_app.domain.sharing.models import Share, SharePasscode, Visit, VisitKind
from evidence_app.errors import NotFound
from evidence_app.i18n import Message, msg

NOT_THERE = msg("There is no such share, or it is not open to you.")


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share in the list: every link that was ever made, with its maker, what it shows and when it was last used."""

    share: Share
    evaluation: Evaluation
    made_by: str
    visits: int
    last_used_at: datetime | None

    @property
    def state(self) -> str:
        """ "open", "expired", "revoked" or "locked"."""
        if self.share.revoked_at is not None:
            return "revoked"
        if not self.share.is_live(now()):
            return "expired"
        return "locked" if self.share.locked_at is not None else "open"


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One thing a visitor did, with the name on their passcode."""

    visit: Visit
    name: str
    label: Message


def share(session: Session, actor: Actor, share_id: str, *, lock: bool = False) -> Share:
    """One share of the actor's school; NotFound otherwise."""
    require(actor, Action.SHARE_REPORT)
    chosen = select(Share).where(Share.school_id == actor.school_id, Share.id == share_id)
    found = session.scalar(chosen.with_for_update(of=Share) if lock else chosen)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def share_of_form(session: Session, actor: Actor, form_key: str) -> Share | None:
    """The share that the actor issued by the form of this key; None where it was not sent yet, or has no key."""
    require(actor, Action.SHARE_REPORT)
    if not form_key:
        return None
    chosen = select(Share).where(
        Share.school_id == actor.school_id, Share.created_by == actor.person_id, Share.form_key == form_key[:80]
    )
    return session.scalar(chosen)


def shares_of(session: Session, actor: Actor) -> list[ShareLine]:
    """Every share of the actor's school, the newest first; those about programmes that are not theirs too, since a
    way in must never be hidden from who may close it."""
    require(actor, Action.SHARE_REPORT)
    chosen = select(Share).where(Share.school_id == actor.school_id).order_by(Share.created_at.desc(), Share.id.desc())
    shares = list(session.scalars(chosen))
    counted = (
        select(Visit.share_id, func.count(), func.max(Visit.at))
        .where(Visit.school_id == actor.school_id)
        .group_by(Visit.share_id)
    )
    used = {share_id: (count, last) for share_id, count, last in session.execute(counted)}
    names = names_of(session, actor.school_id, {s.created_by for s in shares})
    frames = {
        frame.id: frame for frame in session.scalars(select(Evaluation).where(Evaluation.school_id == actor.school_id))
    }
    return [
        ShareLine(
            share=s,
            evaluation=frames[s.snapshot.evaluation_id],
            made_by=names.get(s.created_by, ""),
            visits=used.get(s.id, (0, None))[0],
            last_used_at=used.get(s.id, (0, None))[1],
        )
        for s in shares
    ]


def locked_shares(session: Session, actor: Actor) -> list[ShareLine]:
    """Links that locked themselves after too many wrong passcodes, until somebody ends them or their last day passes.

    Nothing for those who share nothing.
    """
    if not can(actor, Action.SHARE_REPORT):
        return []
    chosen = select(Share.id).where(
        Share.school_id == actor.school_id, Share.locked_at.is_not(None), Share.revoked_at.is_(None)
    )
    if session.scalar(chosen.limit(1)) is None:
        return []
    return [line for line in shares_of(session, actor) if line.state == "locked"]


def share_line(session: Session, actor: Actor, share_id: str) -> ShareLine:
    """One share as the list shows it."""
    found = share(session, actor, share_id)
    return next(line for line in shares_of(session, actor) if line.share.id == found.id)


def visits_of(session: Session, actor: Actor, share_id: str, *, limit: int = 500) -> list[VisitLine]:
    """What the visitors of one share did, newest first."""
    found = share(session, actor, share_id)
    chosen = (
        select(Visit, SharePasscode.name)
        .join(SharePasscode, (SharePasscode.school_id == Visit.school_id) & (SharePasscode.id == Visit.passcode_id))
        .where(Visit.school_id == actor.school_id, Visit.share_id == found.id)
        .order_by(Visit.at.desc(), Visit.id.desc())
        .limit(limit)
    )
    return [VisitLine(visit, name, VisitKind(visit.kind).label) for visit, name in session.execute(chosen)]


def may_share(actor: Actor, frame: Evaluation) -> bool:
    """Whether the actor's place includes all programmes of an evaluation."""
    return all(may_reach(actor, programme) for programme in frame.programmes)


def may_be_given(session: Session, school_id: str, hashes: Collection[str]) -> bool:
    """Whether files that were shared, named by their SHA-256, may go out now: no scanner has found malware in one."""
    return not infected_files(session, school_id, hashes)
