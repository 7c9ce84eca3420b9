"""E-mail: a school's mailbox that evidence is sent to, what is taken from it, and who is believed to have sent it."""

from evidence_app.domain.mail.actions import (
    MailboxFacts,
    ask_for_mail,
    begin_at,
    end_of_look,
    forget_old_mails,
    go_past,
    leave_unread,
    note_mail,
    remove_mailbox,
    set_aside,
    set_mailbox,
    switch_mailbox,
    try_unread_again,
)
from evidence_app.domain.mail.filing import Letter, bytes_beside, file_letter, is_series
from evidence_app.domain.mail.imap import MOST_MAIL_BYTES, OpenMailbox, State, open_mailbox
from evidence_app.domain.mail.keeping import forget_mailbox, keep_mailbox, try_mailbox
from evidence_app.domain.mail.models import Mail, Mailbox, Outcome, Security, Trouble, UnreadMail
from evidence_app.domain.mail.passwords import Passwords
from evidence_app.domain.mail.queries import (
    address_of,
    count_unread,
    counts_of_mails,
    mailbox_of,
    sender_in,
    taken_today,
    told_to,
    unread_mails,
    wanted_again,
    was_taken,
)
from evidence_app.domain.mail.reaching import CannotReach, addresses_of
from evidence_app.domain.mail.trust import is_vouched_for

__all__ = [
    "MOST_MAIL_BYTES",
    "CannotReach",
    "Letter",
    "Mail",
    "Mailbox",
    "MailboxFacts",
    "OpenMailbox",
    "Outcome",
    "Passwords",
    "Security",
    "State",
    "Trouble",
    "UnreadMail",
    "address_of",
    "addresses_of",
    "ask_for_mail",
    "begin_at",
    "bytes_beside",
    "count_unread",
    "counts_of_mails",
    "end_of_look",
    "file_letter",
    "forget_mailbox",
    "forget_old_mails",
    "go_past",
    "is_series",
    "is_vouched_for",
    "keep_mailbox",
    "leave_unread",
    "mailbox_of",
    "note_mail",
    "open_mailbox",
    "remove_mailbox",
    "sender_in",
    "set_aside",
    "set_mailbox",
    "switch_mailbox",
    "taken_today",
    "told_to",
    "try_mailbox",
    "try_unread_again",
    "unread_mails",
    "wanted_again",
    "was_taken",
]
