"""Issuing a share, and taking it back. A share is created whole: never live without passcode and expiry."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import new_token, token_hash
from evidence_app.domain.audit import record
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.reports import edition_of_snapshot, held_back_in, infected_in, snapshot
from evidence_app.domain.sharing.models import Share, SharePasscode, VisitorSession
from evidence_app.domain.sharing.passcodes import digest, new_passcode, new_salt
from evidence_app.domain.sharing.preparing import begin_preparation
from evidence_app.domain.sharing.queries import share, share_of_form
from evidence_app.errors import Conflict, Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line
from evidence_app.typed import LONGEST_NAME, typed_line

USUALLY_LASTS = timedelta(days=30)
LONGEST = timedelta(days=180)
MOST_NAMES = 40
NUMBERS_SAID = 6


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh share. `token` and the passcodes are shown this once; nobody can look them up later.

    Both are empty for a share that the same form had asked for before.
    """

    share: Share
    token: str
    passcodes: tuple[tuple[str, str], ...]


def issue(
    session: Session,
    *,
    actor: Actor,
    snapshot_id: str,
    names: Sequence[str] = (),
    expires_at: datetime | None = None,
    may_download: bool = True,
    note: str = "",
    form_key: str = "",
) -> Issued:
    """The share with a passcode for each name (one for "Visitor" where nobody is named), live at once.

    The same `form_key` of the same person gives the same share again, without what was shown once. It lasts 30 days
    unless said otherwise, 180 at most. Raises Invalid for an expiry in the past or too far away, or a name that stands
    twice; Conflict for a snapshot whose texts were not kept, or that holds what a question about pupils' data holds
    back by now.
    """
    require(actor, Action.SHARE_REPORT)
    key = form_key[:80]
    if key:
        wait_for_turn(session, "share form", actor.school_id, actor.person_id, key)
        if before := share_of_form(session, actor, key):
            return Issued(before, "", ())
    frozen = snapshot(session, actor, snapshot_id)
    if not frozen.texts_sha256:
        raise Conflict(msg("This snapshot was taken for a draft only. Freeze the self-study again and share that."))
    if held := held_back_in(session, frozen):
        raise Conflict(
            msg(
                "This snapshot holds %(numbers)s, which since then looks as if it were about single pupils. Answer "
                "that, or freeze the self-study again without it, and share that.",
                numbers=", ".join(held[:NUMBERS_SAID]),
            )
        )
    if bad := infected_in(session, frozen):
        raise Conflict(
            msg(
                "This snapshot holds %(numbers)s, in which a scanner has found malware since. Freeze the self-study "
                "again with a clean version, and share that.",
                numbers=", ".join(bad[:NUMBERS_SAID]),
            )
        )
    moment = now()
    published = edition_of_snapshot(session, frozen)
    token, salt = new_token(), new_salt()
    added = Share(
        id=new_id(),
        school_id=actor.school_id,
        snapshot_id=frozen.id,
        edition=published.number if published else 0,
        room=secrets.token_hex(8),
        token_hash=token_hash(token),
        salt=salt,
        note=typed_line(note, "note", LONGEST_NAME),
        may_download=may_download,
        created_by=actor.person_id,
        form_key=key or None,
        created_at=moment,
        expires_at=_expiry(expires_at, moment),
    )
    passcodes = tuple((name, new_passcode()) for name in _names(names))
    added.passcodes = [
        SharePasscode(
            id=new_id(), school_id=actor.school_id, name=name, digest=digest(passcode, salt), position=position
        )
        for position, (name, passcode) in enumerate(passcodes)
    ]
    session.add(added)
    session.flush()
    begin_preparation(session, added)
    enqueue(session, JobKind.REMAKE_SHARE_INDEX, actor.school_id, frozen.id)
    record(
        session,
        actor,
        "sharing.issue",
        "share",
        added.id,
        snapshot=frozen.sha256,
        expires=added.expires_at.isoformat(),
        visitors=len(passcodes),
        downloads=may_download,
    )
    return Issued(added, token, passcodes)


def revoke(session: Session, *, actor: Actor, share_id: str) -> Share:
    """The share, dead from this moment; every browser that was let in is shown out. Revoking twice is no error."""
    require(actor, Action.SHARE_REPORT)
    found = share(session, actor, share_id, lock=True)
    if found.revoked_at is None:
        found.revoked_at = now()
        record(session, actor, "sharing.revoke", "share", found.id)
    session.execute(
        delete(VisitorSession).where(VisitorSession.school_id == actor.school_id, VisitorSession.share_id == found.id)
    )
    return found


def revoke_all(session: Session, *, actor: Actor) -> int:
    """How many live shares of the school were revoked."""
    require(actor, Action.SHARE_REPORT)
    live = select(Share.id).where(
        Share.school_id == actor.school_id, Share.revoked_at.is_(None), Share.expires_at > now()
    )
    ids = list(session.scalars(live))
    for share_id in ids:
        revoke(session, actor=actor, share_id=share_id)
    return len(ids)


def _expiry(wanted: datetime | None, moment: datetime) -> datetime:
    expires_at = wanted or moment + USUALLY_LASTS
    if expires_at <= moment:
        raise Invalid(
            msg(
                "The share would end on %(day)s, which has passed. Choose a later day.",
                day=(expires_at - timedelta(microseconds=1)).date(),
            ),
            field="expires",
        )
    last_day = (moment + LONGEST).date()
    if expires_at > datetime.combine(last_day, time(), tzinfo=UTC) + timedelta(days=1):
        raise Invalid(
            msg(
                "A share lasts 180 days at most: until %(day)s today. Issue a new one then.",
                day=last_day,
            ),
            field="expires",
        )
    return expires_at


def _names(names: Sequence[str]) -> list[str]:
    cleaned = [name for name in (clean_line(name, 120) for name in names) if name] or ["Visitor"]
    twice = next((name for n, name in enumerate(cleaned) if name in cleaned[:n]), "")
    if twice:
        raise Invalid(msg("'%(name)s' stands twice. Give each visitor a name of their own.", name=twice), field="names")
    if len(cleaned) > MOST_NAMES:
        raise Invalid(msg("A share has %(most)s passcodes at most.", most=MOST_NAMES), field="names")
    return cleaned
