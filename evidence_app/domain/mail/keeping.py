"""A mailbox with its password: the one in the database, the other in a file, changed so that they never mix."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evidence_app.database import Database
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.mail.actions import MailboxFacts, remove_mailbox, set_mailbox
from evidence_app.domain.mail.imap import State, open_mailbox
from evidence_app.domain.mail.models import Mailbox
from evidence_app.domain.mail.passwords import Passwords
from evidence_app.domain.mail.queries import mailbox_of
from evidence_app.errors import Invalid
from evidence_app.i18n import msg


def keep_mailbox(database: Database, home: Path, *, actor: Actor, facts: MailboxFacts, password: str = "") -> Mailbox:
    """The mailbox, with its password where one is given; without one, the password stays that was there.

    Invalid for values that cannot be, and without a password where another server or user is named: the password of
    one is never sent to another. Not inside a unit of work.
    """
    passwords = Passwords(home)
    with database.reading() as session:
        there = mailbox_of(session, actor)
    same = there is not None and (there.host, there.port, there.user, there.security) == (
        facts.host.strip().lower().rstrip("."),
        facts.port,
        facts.user.strip(),
        facts.security,
    )
    if not password and not (same and passwords.of(actor.school_id)):
        raise Invalid(msg("Type the password: it is needed for another server or user."), field="password")
    with database.unit_of_work() as session:
        made = set_mailbox(session, actor=actor, facts=facts)
        if password:
            # Whoever reads between the two finds no password, rather than that of another server.
            passwords.forget(actor.school_id)
    if password:
        passwords.keep(actor.school_id, password)
    return made


def forget_mailbox(database: Database, home: Path, *, actor: Actor) -> None:
    """Neither mailbox nor password are there any more; what was filed stays."""
    with database.unit_of_work() as session:
        remove_mailbox(session, actor=actor)
    Passwords(home).forget(actor.school_id)


def try_mailbox(database: Database, home: Path, *, actor: Actor, allowed: Collection[str]) -> State:
    """How the mailbox stands, asked now. Takes seconds. Raises CannotReach, Invalid where there is none."""
    require(actor, Action.MANAGE_SCHOOL)
    with database.reading() as session:
        there = mailbox_of(session, actor)
    if there is None:
        raise Invalid(msg("There is no mailbox yet. Set one up first."))
    with open_mailbox(there, Passwords(home).of(actor.school_id), allowed=allowed) as opened:
        return opened.state
