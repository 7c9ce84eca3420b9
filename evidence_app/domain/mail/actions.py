"""Setting up a school's mailbox, and keeping what was read from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require, worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.extraction import LeftOut
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.mail.models import FILED, Mail, Mailbox, Outcome, Security, Trouble, UnreadMail
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PLAIN = re.compile(r"[\x20-\x7e]+")
REMEMBERED = timedelta(days=400)
"""How long it is known here which mails were filed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxFacts:
    """Where a school's mailbox is. `trusted_server` is the name its receiving server signs its checks with, or ""."""

    address: str
    host: str
    port: int
    security: Security
    user: str
    folder: str = "INBOX"
    trusted_server: str = ""


def set_mailbox(session: Session, *, actor: Actor, facts: MailboxFacts) -> Mailbox:
    """The mailbox, to be read from now on. What lies in it already is left alone; Invalid names what cannot be."""
    require(actor, Action.MANAGE_SCHOOL)
    facts = _checked(facts)
    found = session.get(Mailbox, actor.school_id, with_for_update=True)
    is_other = found is None or (found.host, found.user, found.folder) != (facts.host, facts.user, facts.folder)
    if found is None:
        found = Mailbox(school_id=actor.school_id, started_at=now())
        session.add(found)
    for name in MailboxFacts.__dataclass_fields__:
        setattr(found, name, getattr(facts, name))
    if is_other:
        found.uid_validity = found.last_uid = 0
        found.started_at = now()
        _forget_unread(session, actor.school_id)
    found.is_on, found.trouble = True, Trouble.NONE
    record(session, actor, "mail.set", "school", actor.school_id, host=facts.host, user=facts.user)
    return found


def switch_mailbox(session: Session, *, actor: Actor, on: bool) -> None:
    """The mailbox is read, or not any more. Mails that come while it is off are filed once it is on again."""
    require(actor, Action.MANAGE_SCHOOL)
    found = session.get(Mailbox, actor.school_id, with_for_update=True)
    if found is None:
        raise Invalid(msg("There is no mailbox yet. Set one up first."))
    found.is_on = on
    record(session, actor, "mail.switch", "school", actor.school_id, on=on)


def remove_mailbox(session: Session, *, actor: Actor) -> None:
    """Nothing is known of a mailbox any more; what was filed from it stays."""
    require(actor, Action.MANAGE_SCHOOL)
    _forget_unread(session, actor.school_id)
    session.execute(delete(Mailbox).where(Mailbox.school_id == actor.school_id))
    record(session, actor, "mail.remove", "school", actor.school_id)


def ask_for_mail(session: Session) -> int:
    """How many mailboxes will be read now: all that are on."""
    school_ids = list(session.scalars(select(Mailbox.school_id).where(Mailbox.is_on)))
    for school_id in school_ids:
        enqueue(session, JobKind.READ_MAILBOX, school_id, school_id)
    return len(school_ids)


def forget_old_mails(session: Session) -> None:
    """What was noted of mails long ago goes: nobody sends them again."""
    session.execute(delete(Mail).where(Mail.looked_at < now() - REMEMBERED))


def begin_at(session: Session, school_id: str, *, uid_validity: int, uid_next: int) -> Mailbox | None:
    """The mailbox, counted as the server counts now; None where it was removed or turned off meanwhile.

    At the first look reading begins with the next mail. Where the server counts anew, with the first since then.
    """
    found = session.get(Mailbox, school_id, with_for_update=True)
    if found is None or not found.is_on:
        return None
    if found.uid_validity != uid_validity:
        found.last_uid = 0 if found.uid_validity else max(0, uid_next - 1)
        # Their numbers say nothing any more; those that came since the beginning are all looked at again.
        _forget_unread(session, school_id)
        found.uid_validity = uid_validity
    return found


def go_past(session: Session, school_id: str, uid: int, *, is_stranger: bool = False) -> None:
    """Mails up to this number were looked at; a stranger's is counted and no more kept of it."""
    found = session.get(Mailbox, school_id, with_for_update=True)
    if found is not None:
        found.last_uid = max(found.last_uid, uid)
        found.from_strangers += is_stranger
    session.execute(delete(UnreadMail).where(UnreadMail.school_id == school_id, UnreadMail.uid == uid))


def set_aside(session: Session, school_id: str, uid: int, *, size_bytes: int) -> None:
    """A mail that could not be read is kept in mind, and the ones behind it are looked at."""
    go_past(session, school_id, uid)
    session.add(UnreadMail(school_id=school_id, uid=uid, size_bytes=size_bytes, looked_at=now()))


def try_unread_again(session: Session, *, actor: Actor) -> None:
    """The mails that could not be read are looked at once more, with the next look."""
    require(actor, Action.MANAGE_SCHOOL)
    session.execute(update(UnreadMail).where(UnreadMail.school_id == actor.school_id).values(is_wanted=True))
    enqueue(session, JobKind.READ_MAILBOX, actor.school_id, actor.school_id)
    record(session, actor, "mail.try_unread_again", "school", actor.school_id)


def leave_unread(session: Session, *, actor: Actor) -> None:
    """Nobody is told any more of the mails that could not be read; they lie in the mailbox."""
    require(actor, Action.MANAGE_SCHOOL)
    _forget_unread(session, actor.school_id)
    record(session, actor, "mail.leave_unread", "school", actor.school_id)


def end_of_look(session: Session, school_id: str, trouble: Trouble) -> None:
    """The mailbox was read to its end, or this is why not."""
    found = session.get(Mailbox, school_id, with_for_update=True)
    if found is not None:
        found.read_at, found.trouble = now(), trouble


def note_mail(
    session: Session,
    *,
    actor: Actor,
    digest: str,
    message_id: str,
    subject: str,
    outcome: Outcome,
    items: int = 0,
    is_vouched_for: bool = False,
    left: Mapping[LeftOut, int] = MappingProxyType({}),
) -> None:
    """What became of a mail of a member, so that it is not filed again, and what of it was left out."""
    session.add(
        Mail(
            school_id=actor.school_id,
            digest=digest,
            message_id=message_id[:250],
            person_id=actor.person_id,
            # What was filed carries its subject itself, and may be erased some day.
            subject=clean_line(subject) if outcome.is_refusal else "",
            outcome=outcome,
            items=items,
            is_vouched_for=is_vouched_for,
            left={kind.value: count for kind, count in left.items()},
            looked_at=now(),
        )
    )
    found = session.get(Mailbox, actor.school_id)
    if found is not None and outcome in FILED:
        found.filed += 1
    record(session, worker_for(actor.school_id), "mail.taken", "person", actor.person_id, outcome=outcome, items=items)


def _forget_unread(session: Session, school_id: str) -> None:
    session.execute(delete(UnreadMail).where(UnreadMail.school_id == school_id))


def _checked(facts: MailboxFacts) -> MailboxFacts:
    host = clean_line(facts.host, 253).lower().rstrip(".")
    address = clean_line(facts.address, 320).lower()
    folder = clean_line(facts.folder, 200) or "INBOX"
    if not _ADDRESS.fullmatch(address):
        raise Invalid(msg("'%(address)s' is no e-mail address.", address=address), field="address")
    if not host or not _PLAIN.fullmatch(host) or any(sign in host for sign in "/:@ "):
        raise Invalid(
            msg("'%(host)s' is no name of a server. Write it like imap.school.org.", host=facts.host), field="host"
        )
    if not 0 < facts.port < 65536:
        raise Invalid(msg("A port is a number from 1 to 65535; of mail usually 993."), field="port")
    if not _PLAIN.fullmatch(folder):
        raise Invalid(msg("Name a folder in plain letters without accents, such as INBOX."), field="folder")
    user = facts.user.strip()
    if not user or any(ord(sign) < 32 for sign in user):
        raise Invalid(msg("Write the name this mailbox is signed in to with; often it is the address."), field="user")
    return replace(
        facts,
        address=address,
        host=host,
        folder=folder,
        user=user[:320],
        trusted_server=clean_line(facts.trusted_server, 253),
    )
