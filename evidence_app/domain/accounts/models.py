"""People, what they are in each school, and how they get in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, new_id, school_key
from evidence_app.domain.access import Role
from evidence_app.i18n import Message


class Person(Base):
    """One human being, in one or several schools. `password_hash` is empty until an invitation is accepted.

    `reset_at` says when a link last replaced a password that was there.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2), default="en")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    runs_installation: Mapped[bool] = mapped_column(default=False)
    reset_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def display_name(self) -> str:
        """The name people know, or the address where no name was given yet."""
        return shown_as(self.name, self.email)

    @property
    def initials(self) -> str:
        """One or two capital letters for the round badge."""
        words = self.display_name.replace(".", " ").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def shown_as(name: str, email: str) -> str:
    """What a person is called on a page."""
    return name or email.partition("@")[0]


class LimitKind(StrEnum):
    """What a membership can be limited to."""

    PROGRAMME = "programme"
    CAMPUS = "campus"


class Membership(SchoolOwned, Base):
    """What a person is in one school.

    `standing` is new whenever a link has opened the account: what others entrusted to the person before waits until
    one of them confirms that it is still the same human being.
    """

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("school_id", "person_id"), Index("ix_memberships_person", "person_id"))

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(String(20))
    standing: Mapped[str] = mapped_column(String(26), default=new_id)
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    limits: Mapped[list[MembershipLimit]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def role_label(self) -> Message:
        """The role in plain words."""
        return Role(self.role).label

    def limited_to(self, kind: LimitKind) -> frozenset[str]:
        """The programmes or campus ids this membership is limited to; empty when it is not limited."""
        return frozenset(limit.value for limit in self.limits if limit.kind == kind)


class MembershipLimit(Base):
    """One programme or campus a membership is limited to."""

    __tablename__ = "membership_limits"
    __table_args__ = (school_key("membership_id", "memberships", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    membership_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[LimitKind] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(String(26), primary_key=True)


class Group(SchoolOwned, Base):
    """Named people who are given access or asked together, for example the learning support team.

    One group of a school at most `is_learning_support`: what looks like an individual pupil's is opened to it.
    """

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))
    is_learning_support: Mapped[bool] = mapped_column(default=False)


class GroupMember(Base):
    """A person in a group. `standing` is the one a colleague in the group confirmed, empty until then."""

    __tablename__ = "group_members"
    __table_args__ = (
        school_key("group_id", "groups", ondelete="CASCADE"),
        Index("ix_group_members_person", "person_id"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    standing: Mapped[str] = mapped_column(String(26), default="")


class Invitation(SchoolOwned, Base):
    """A link that lets one person in once. Only the hash of its token is kept."""

    __tablename__ = "invitations"

    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SetupToken(Base):
    """The link by which the first administrator of a fresh installation gets in; there is at most one."""

    __tablename__ = "setup_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]


class SignInSession(Base):
    """A browser that is signed in. The cookie holds the token, this row its hash; deleting the row signs out."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    """Found with the session: every request asks for both."""


class Attempt(Base):
    """Failed tries against one secret (an account, a passcode) from one place, within the running window."""

    __tablename__ = "attempts"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime]
    failed_at: Mapped[datetime]
