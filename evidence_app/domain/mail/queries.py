"""Asking about a school's mailbox and what came from it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.accounts import Membership, Person, actor_in
from evidence_app.domain.mail.models import FILED, Mail, Mailbox, Outcome, UnreadMail

TOLD_FOR = timedelta(days=14)
"""How long a sender is told that a mail was not taken, or not all of it."""
MOST_UNREAD_SHOWN = 50
REFUSALS = tuple(outcome for outcome in Outcome if outcome.is_refusal)


def mailbox_of(session: Session, actor: Actor) -> Mailbox | None:
    """The mailbox of the actor's school, for those who manage it; None where there is none."""
    require(actor, Action.MANAGE_SCHOOL)
    return session.get(Mailbox, actor.school_id)


def address_of(session: Session, actor: Actor) -> str:
    """Where evidence can be sent to by e-mail; empty where it cannot."""
    found = session.get(Mailbox, actor.school_id)
    return found.address if found is not None and found.is_on and can(actor, Action.FILE_EVIDENCE) else ""


def sender_in(session: Session, school_id: str, senders: tuple[str, ...]) -> Actor | None:
    """The member of the school a mail says it is from, who may file; None for anybody else, or for several."""
    if len(senders) != 1:
        return None
    chosen = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.school_id == school_id, Person.email == senders[0], Person.deactivated_at.is_(None))
    )
    person_id = session.scalar(chosen)
    actor = actor_in(session, person_id, school_id) if person_id else None
    return actor if actor is not None and can(actor, Action.FILE_EVIDENCE) else None


def was_taken(session: Session, actor: Actor, *, digest: str, message_id: str) -> bool:
    """Whether this mail, or another copy of it, was looked at before."""
    same = [Mail.digest == digest]
    if message_id:
        same.append((Mail.person_id == actor.person_id) & (Mail.message_id == message_id[:250]))
    return bool(session.scalar(select(exists().where(Mail.school_id == actor.school_id, or_(*same)))))


def taken_today(session: Session, actor: Actor, *, is_vouched_for: bool) -> int:
    """How many mails of this person were filed within a day: those that were vouched for, or the others.

    They are counted apart, so that whoever only writes a teacher's name takes nothing from the teacher.
    """
    chosen = select(func.count()).where(
        Mail.school_id == actor.school_id,
        Mail.person_id == actor.person_id,
        Mail.outcome.in_(FILED),
        Mail.is_vouched_for.is_(is_vouched_for),
        Mail.looked_at > now() - timedelta(days=1),
    )
    return session.scalar(chosen) or 0


def told_to(session: Session, actor: Actor) -> list[Mail]:
    """The actor's own mails of the last two weeks that were not filed, or in part, the newest first."""
    chosen = select(Mail).where(
        Mail.school_id == actor.school_id,
        Mail.person_id == actor.person_id,
        Mail.outcome.in_((*REFUSALS, Outcome.IN_PART)),
        Mail.looked_at > now() - TOLD_FOR,
    )
    return list(session.scalars(chosen.order_by(Mail.looked_at.desc()).limit(5)))


def counts_of_mails(session: Session, actor: Actor) -> dict[Outcome, int]:
    """Outcome -> how many mails of members of the school had it, for those who manage it."""
    require(actor, Action.MANAGE_SCHOOL)
    chosen = select(Mail.outcome, func.count()).where(Mail.school_id == actor.school_id).group_by(Mail.outcome)
    return {Outcome(outcome): count for outcome, count in session.execute(chosen)}


def unread_mails(session: Session, actor: Actor) -> list[UnreadMail]:
    """The newest of the mails that could not be read, for those who manage the school."""
    require(actor, Action.MANAGE_SCHOOL)
    chosen = select(UnreadMail).where(UnreadMail.school_id == actor.school_id)
    return list(
        session.scalars(chosen.order_by(UnreadMail.looked_at.desc(), UnreadMail.uid.desc()).limit(MOST_UNREAD_SHOWN))
    )


def count_unread(session: Session, actor: Actor) -> int:
    """How many mails could not be read, for coordinators and those who manage the school; 0 for others."""
    if not can(actor, Action.MANAGE_STUDY):
        return 0
    chosen = select(func.count()).select_from(UnreadMail).where(UnreadMail.school_id == actor.school_id)
    return session.scalar(chosen) or 0


def wanted_again(session: Session, school_id: str) -> list[int]:
    """The numbers of the mails that could not be read and are to be looked at once more, the oldest first."""
    chosen = select(UnreadMail.uid).where(UnreadMail.school_id == school_id, UnreadMail.is_wanted)
    return list(session.scalars(chosen.order_by(UnreadMail.uid)))
