"""Reading mailboxes: what members of a school have sent becomes evidence, mail by mail, each in one piece or not."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from evidence_app.database import DatabaseBusy
from evidence_app.domain import intake, mail
from evidence_app.domain.access import Actor
from evidence_app.domain.extraction import Unpacked
from evidence_app.domain.jobs import Job
from evidence_app.domain.mail import CannotReach, Letter, Mailbox, OpenMailbox, Outcome, Passwords, Trouble
from evidence_app.errors import AppError, Unavailable
from evidence_app.worker.tools import Tools
from storage_adapters import StoreError

log = logging.getLogger(__name__)

PASSING = (StoreError, OperationalError, DatabaseBusy, Unavailable)
"""What has nothing to do with the mail in hand: the look ends, and the next one begins with the same mail."""
MOST_AT_ONCE = 50
"""Mails that are looked at in one go; the next ones come with the next look."""
MOST_A_DAY = 200
"""Mails of one person that are filed within a day, where the receiving server vouches for who sent them."""
MOST_A_DAY_NOT_VOUCHED_FOR = 40
"""The same of mails that anybody may have written: a day's work for a teacher, and little room for somebody else."""


def read_mailbox(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Files what has come into the mailbox of a school; gives the function that notes how that went."""
    school_id = jobs[0].school_id
    trouble = Trouble.NONE
    with tools.database.reading() as session:
        mailbox = session.get(Mailbox, school_id)
    if mailbox is not None and mailbox.is_on:
        settings = tools.backends.settings
        try:
            password = Passwords(settings.home).of(school_id)
            with mail.open_mailbox(mailbox, password, allowed=settings.mail_hosts) as opened:
                _Look(tools, school_id, opened).take_all()
        except CannotReach as error:
            trouble = error.trouble
            log.warning("the mailbox of school %s cannot be read: %s", school_id, trouble)
    return lambda session: mail.end_of_look(session, school_id, trouble)


class _Look:
    """One look into a mailbox. Where the process ends between two mails, the next look goes on behind the last one."""

    def __init__(self, tools: Tools, school_id: str, opened: OpenMailbox) -> None:
        self._tools = tools
        self._school_id = school_id
        self._opened = opened

    def take_all(self) -> None:
        """File what came since the last look, the oldest first."""
        state = self._opened.state
        with self._tools.database.unit_of_work() as session:
            mailbox = mail.begin_at(session, self._school_id, uid_validity=state.uid_validity, uid_next=state.uid_next)
            again = mail.wanted_again(session, self._school_id)
        if mailbox is None:
            return
        new = self._opened.uids_after(mailbox.last_uid, since=mailbox.started_at)
        for uid in [*again, *new][:MOST_AT_ONCE]:
            self._take(uid, mailbox.trusted_server)

    def _take(self, uid: int, trusted_server: str) -> None:
        size_bytes, head = self._opened.head(uid)
        said = self._unpacked(head)
        if said is None:
            log.warning("mail %d to school %s could not be read", uid, self._school_id)
            with self._tools.database.unit_of_work() as session:
                mail.set_aside(session, self._school_id, uid, size_bytes=size_bytes)
            return
        with self._tools.database.reading() as session:
            sender = mail.sender_in(session, self._school_id, said.senders)
        if sender is None:
            with self._tools.database.unit_of_work() as session:
                mail.go_past(session, self._school_id, uid, is_stranger=True)
            return
        if size_bytes > mail.MOST_MAIL_BYTES:
            self._note(uid, sender, said, hashlib.sha256(head).hexdigest(), Outcome.TOO_LARGE)
            return
        whole = self._opened.whole(uid)
        digest = hashlib.sha256(whole).hexdigest()
        is_vouched_for = mail.is_vouched_for(said.senders[0], said.results, trusted_server)
        outcome = self._refusal(sender, said, digest, is_vouched_for=is_vouched_for)
        if outcome is None:
            outcome = self._file(uid, sender, said, whole, is_vouched_for=is_vouched_for)
        if outcome is not None:
            self._note(uid, sender, said, digest, outcome)

    def _unpacked(self, raw: bytes) -> Unpacked | None:
        """The mail taken apart; None where that failed twice: a child may be killed for what is none of its doing."""
        readers = self._tools.readers
        return readers.unpack(io.BytesIO(raw)) or readers.unpack(io.BytesIO(raw))

    def _refusal(self, sender: Actor, said: Unpacked, digest: str, *, is_vouched_for: bool) -> Outcome | None:
        most = MOST_A_DAY if is_vouched_for else MOST_A_DAY_NOT_VOUCHED_FOR
        with self._tools.database.reading() as session:
            if mail.was_taken(session, sender, digest=digest, message_id=said.message_id):
                return Outcome.AGAIN
            taken = mail.taken_today(session, sender, is_vouched_for=is_vouched_for)
        return Outcome.TOO_MANY if taken >= most else None

    def _file(self, uid: int, sender: Actor, said: Unpacked, whole: bytes, *, is_vouched_for: bool) -> Outcome | None:
        """Why the mail was not filed; None where it was, and noted in the same transaction."""
        found = self._unpacked(whole)
        if found is None or found.senders != said.senders:
            return Outcome.UNREADABLE
        if not (found.attachments or found.words):
            return Outcome.EMPTY
        try:
            with self._tools.database.reading() as session:
                if intake.allowance_of(session, sender).refusal(len(whole)):
                    return Outcome.NO_ROOM
            letter = self._stored(sender, found, is_vouched_for=is_vouched_for)
            with self._tools.database.unit_of_work() as session:
                items = mail.file_letter(session, actor=sender, letter=letter)
                mail.note_mail(
                    session,
                    actor=sender,
                    digest=hashlib.sha256(whole).hexdigest(),
                    message_id=found.message_id,
                    subject=found.subject,
                    outcome=Outcome.IN_PART if letter.left else Outcome.FILED,
                    items=len(items),
                    is_vouched_for=is_vouched_for,
                    left=letter.left,
                )
                mail.go_past(session, self._school_id, uid)
        except PASSING:
            raise
        except AppError as error:
            log.warning("a mail to school %s was not filed: %s", self._school_id, error)
            return Outcome.REFUSED
        except Exception:
            log.exception("a mail to school %s was not filed", self._school_id)
            return Outcome.REFUSED
        return None

    def _stored(self, sender: Actor, found: Unpacked, *, is_vouched_for: bool) -> Letter:
        """The mail with everything it holds in the store, before any row names it."""
        blobs, limit = self._tools.blobs, self._tools.backends.settings.max_upload_bytes
        files = tuple(
            intake.store_file(
                blobs,
                actor=sender,
                stream=io.BytesIO(attachment.content),
                name=attachment.name,
                max_bytes=limit,
                size_bytes=len(attachment.content),
            )
            for attachment in found.attachments
        )
        beside = mail.bytes_beside(found.words, files)
        return Letter(
            subject=found.subject,
            words=found.words,
            files=files,
            blob=blobs.put(sender.school_id, [beside]) if beside else None,
            is_vouched_for=is_vouched_for,
            left_before=found.left,
        )

    def _note(self, uid: int, sender: Actor, said: Unpacked, digest: str, outcome: Outcome) -> None:
        with self._tools.database.unit_of_work() as session:
            if not mail.was_taken(session, sender, digest=digest, message_id=""):
                mail.note_mail(
                    session,
                    actor=sender,
                    digest=digest,
                    message_id=said.message_id if outcome is Outcome.AGAIN else "",
                    subject=said.subject,
                    outcome=outcome,
                )
            mail.go_past(session, self._school_id, uid)
