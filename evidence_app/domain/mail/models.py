"""A school's mailbox that evidence is sent to, and which mails were taken from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base
from evidence_app.domain.extraction import LeftOut
from evidence_app.i18n import Labelled, Message, msg


class Security(Labelled):
    """How the connection to a mail server is kept from others' eyes."""

    TLS = "tls", msg("TLS from the start (usually port 993)")
    STARTTLS = "starttls", msg("STARTTLS (usually port 143)")
    PLAIN = "plain", msg("None: only to a server of your own that the operator allows")


class Trouble(StrEnum):
    """Why a mailbox could not be read."""

    NONE = ""
    UNKNOWN_HOST = "unknown host"
    HOST_NOT_ALLOWED = "host not allowed"
    NO_ANSWER = "no answer"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign in"
    FOLDER = "folder"
    UNKNOWN_PASSWORD = "password unknown"  # noqa: S105 # a word for what is wrong
    NONSENSE = "nonsense"

    @property
    def sentence(self) -> Message:
        """What is wrong and what to do, in plain words."""
        return TROUBLE_SENTENCES[self]


class Outcome(StrEnum):
    """What became of a mail of a member."""

    FILED = "filed"
    IN_PART = "in part"
    AGAIN = "again"
    EMPTY = "empty"
    TOO_LARGE = "too large"
    TOO_MANY = "too many"
    UNREADABLE = "unreadable"
    NO_ROOM = "no room"
    REFUSED = "refused"

    @property
    def sentence(self) -> Message:
        """Whether it was filed, and why not, in plain words."""
        return OUTCOME_SENTENCES[self]

    @property
    def is_refusal(self) -> bool:
        """Whether the sender should know that nothing was kept of it."""
        return self not in (*FILED, Outcome.AGAIN)


FILED = (Outcome.FILED, Outcome.IN_PART)


TROUBLE_SENTENCES = {
    Trouble.NONE: msg("The mailbox answers."),
    Trouble.UNKNOWN_HOST: msg("Nobody knows a server of this name. Look for a mistake in it."),
    Trouble.HOST_NOT_ALLOWED: msg(
        "This server is not on the public internet, or this port is not one of mail. Only the ports 993 and 143 of "
        "public servers are asked; the operator of this installation can allow others (EVIDENCE_MAIL_HOSTS)."
    ),
    Trouble.NO_ANSWER: msg("The server does not answer. Look at its name, the port and the kind of security."),
    Trouble.CERTIFICATE: msg("The server cannot show that it is the one of this name: its certificate does not fit."),
    Trouble.SIGN_IN: msg(
        "The server does not let this user in with this password. Some providers want a password for programs only."
    ),
    Trouble.FOLDER: msg("The mailbox has no folder of this name that can be read. The usual one is INBOX."),
    Trouble.UNKNOWN_PASSWORD: msg("The password is not on this machine. Type it again."),
    Trouble.NONSENSE: msg("What the server says cannot be understood. Is it a mail server that speaks IMAP?"),
}
OUTCOME_SENTENCES = {
    Outcome.FILED: msg("It was filed."),
    Outcome.IN_PART: msg("The rest of it was filed. Send what is missing on the page for filing."),
    Outcome.AGAIN: msg("It was filed before."),
    Outcome.EMPTY: msg("There was nothing in it: no words and no attachment."),
    Outcome.TOO_LARGE: msg("It was larger than a mail can be here. Send the files on the page for filing."),
    Outcome.TOO_MANY: msg(
        "More mails came from you in a day than are taken, and fewer are where the school’s mail server does not vouch "
        "for who sent them. Send the files on the page for filing."
    ),
    Outcome.UNREADABLE: msg("It could not be taken apart. Send the files on the page for filing."),
    Outcome.NO_ROOM: msg(
        "There was no room for it: you, or your school, use all that may be used. An administrator of your school can "
        "raise this or make room. Then send it again."
    ),
    Outcome.REFUSED: msg("Something in it could not be filed. Send the files on the page for filing."),
}
LEFT_SENTENCES = {
    LeftOut.FILES: msg("It had more files than are taken of a mail; left out: %(num)d."),
    LeftOut.EMPTY_FILES: msg("Files without anything in them, left out: %(num)d."),
    LeftOut.SMALL_PICTURES: msg("Small pictures in its words, taken for logos and left out: %(num)d."),
    LeftOut.TEXTS: msg("It had words in several places; those left out: %(num)d."),
    LeftOut.WORDS: msg("Its words were longer than a description can be; characters left out: %(num)d."),
}


class Mailbox(Base):
    """The mailbox of a school. Its password is in a file beside the installation's secret key, never here.

    Mails up to `last_uid` were looked at; `uid_validity` 0 means that reading begins with the next one to come.
    """

    __tablename__ = "mailboxes"
    __table_args__ = (CheckConstraint("port between 1 and 65535", name="port"),)

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    host: Mapped[str] = mapped_column(String(253))
    port: Mapped[int]
    security: Mapped[Security] = mapped_column(String(8))
    user: Mapped[str] = mapped_column(String(320))
    folder: Mapped[str] = mapped_column(String(200), default="INBOX")
    trusted_server: Mapped[str] = mapped_column(String(253), default="")
    is_on: Mapped[bool] = mapped_column(default=True)
    started_at: Mapped[datetime]
    uid_validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None]
    trouble: Mapped[Trouble] = mapped_column(String(20), default=Trouble.NONE)
    filed: Mapped[int] = mapped_column(default=0)
    from_strangers: Mapped[int] = mapped_column(default=0)


class Mail(Base):
    """A mail of a member that was looked at, by the SHA-256 of its bytes: the same one is never filed twice."""

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_message", "school_id", "person_id", "message_id"),
        Index("ix_mails_person", "school_id", "person_id", "looked_at"),
    )

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(250), default="")
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    subject: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[Outcome] = mapped_column(String(12))
    items: Mapped[int] = mapped_column(default=0)
    is_vouched_for: Mapped[bool] = mapped_column(default=False)
    left: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    looked_at: Mapped[datetime]

    @property
    def outcome_words(self) -> list[Message]:
        """What became of it, in plain words: first what was left out."""
        left = [Message(LEFT_SENTENCES[LeftOut(kind)].msgid, {"num": count}) for kind, count in self.left.items()]
        return [*left, Outcome(self.outcome).sentence]


class UnreadMail(Base):
    """A mail whose head could not be read, twice, so that nobody knows whose it is. It lies in the mailbox."""

    __tablename__ = "unread_mails"

    school_id: Mapped[str] = mapped_column(String(26), ForeignKey("schools.id"), primary_key=True)
    uid: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[datetime]
    is_wanted: Mapped[bool] = mapped_column(default=False)
