"""Letting people in: adding, inviting, changing roles and ending access."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, Role, require
from evidence_app.domain.accounts.models import (
    GroupMember,
    Invitation,
    LimitKind,
    Membership,
    MembershipLimit,
    Person,
    SignInSession,
)
from evidence_app.domain.accounts.passwords import hash_password
from evidence_app.domain.accounts.queries import open_invitation, opens_more_than, schools_of
from evidence_app.domain.accounts.standing import renew_standing
from evidence_app.domain.accounts.tokens import new_token, token_hash
from evidence_app.domain.audit import record
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.schools import PROGRAMMES, Campus
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import LANGUAGES, msg
from evidence_app.texts import clean_line
from evidence_app.typed import LONGEST_NAME, typed_line

INVITATION_LASTS = timedelta(days=14)
THEMES = ("auto", "light", "dark")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}")


def add_person(
    session: Session,
    *,
    actor: Actor,
    email: str,
    role: Role,
    name: str = "",
    programmes: Collection[str] = (),
    campus_ids: Collection[str] = (),
) -> Membership:
    """The person's membership of the actor's school; somebody known from another school keeps account and password.

    Raises Conflict when the person is a member already.
    """
    require(actor, Action.MANAGE_PEOPLE)
    person = session.scalar(select(Person).where(Person.email == clean_email(email)))
    if person is None:
        person = new_person(session, email=email, name=name)
    if session.scalar(
        select(Membership.id).where(Membership.school_id == actor.school_id, Membership.person_id == person.id)
    ):
        raise Conflict(
            msg("%(email)s is already a member of this school. Change the role instead.", email=person.email),
            field="email",
        )
    membership = Membership(
        id=new_id(), school_id=actor.school_id, person_id=person.id, person=person, role=_role(role), created_at=now()
    )
    session.add(membership)
    _set_limits(session, membership, programmes, campus_ids)
    record(session, actor, "accounts.add_person", "person", person.id, role=role)
    return membership


def add_founder(session: Session, *, actor: Actor, person_id: str, role: Role) -> Membership:
    """The first membership of a school that has none yet; Conflict once it has one.

    This is how a new school gets its administrator: nobody in it could have allowed it.
    """
    if session.scalar(select(Membership.id).where(Membership.school_id == actor.school_id).limit(1)) is not None:
        raise Conflict(msg("This school has people already. One of its administrators can add more."))
    membership = Membership(
        id=new_id(), school_id=actor.school_id, person_id=person_id, role=_role(role), created_at=now()
    )
    session.add(membership)
    record(session, actor, "accounts.add_founder", "person", person_id, role=role)
    return membership


def new_person(
    session: Session, *, email: str, name: str = "", password: str = "", runs_installation: bool = False
) -> Person:
    """A new account that belongs to no school yet; without a password it waits for an invitation."""
    person = Person(
        id=new_id(),
        email=clean_email(email),
        name=typed_line(name, "name", LONGEST_NAME),
        password_hash=hash_password(password) if password else "",
        runs_installation=runs_installation,
        created_at=now(),
    )
    session.add(person)
    session.flush()
    return person


def invite(session: Session, *, actor: Actor, person_id: str) -> str:
    """The token of a fresh invitation link for a member, valid once and for 14 days; earlier links stop working.

    Whoever holds the link chooses the account's password. Raises Conflict when the account opens more than this
    school, since its administrators would get into what is not theirs.
    """
    require(actor, Action.MANAGE_PEOPLE)
    membership = _membership(session, actor, person_id)
    if opens_more_than(session, actor.school_id, membership.person):
        raise Conflict(
            msg(
                "%(email)s has a password already, and it opens more than this school: they sign in with it as before, "
                "and only they can change it.",
                email=membership.person.email,
            )
        )
    session.execute(
        delete(Invitation).where(Invitation.school_id == actor.school_id, Invitation.person_id == membership.person_id)
    )
    token = new_token()
    session.add(
        Invitation(
            school_id=actor.school_id,
            person_id=membership.person_id,
            token_hash=token_hash(token),
            expires_at=now() + INVITATION_LASTS,
        )
    )
    record(session, actor, "accounts.invite", "person", membership.person_id)
    return token


def accept_invitation(session: Session, *, token: str, name: str, password: str) -> Person:
    """The person, now with a password; every other link to the account stops working.

    Whoever made the link could have used it, so what colleagues entrusted to this person waits for their word again.
    NotFound when the link is unknown, used or too old, or when the account has come to open more than its school.
    """
    invitation, person = open_invitation(session, token, locked=True)
    is_reset = person.password_hash != ""
    person.password_hash = hash_password(password)
    _call(session, person, name)
    invitation.used_at = now()
    if is_reset:
        person.reset_at = invitation.used_at
    renew_standing(session, person.id)
    session.execute(delete(Invitation).where(Invitation.person_id == person.id, Invitation.id != invitation.id))
    _end_sessions(session, person.id)
    themselves = Actor(person_id=person.id, school_id=invitation.school_id, role=Role.NOBODY)
    record(session, themselves, "accounts.accept_invitation", "person", person.id, is_reset=is_reset)
    return person


def change_password(session: Session, *, person_id: str, password: str) -> None:
    """A new password; every browser of this person is signed out."""
    person = session.get_one(Person, person_id)
    person.password_hash = hash_password(password)
    _end_sessions(session, person_id)


def set_preferences(session: Session, *, person_id: str, name: str, language: str, theme: str) -> Person:
    """The person with a new name, language and theme."""
    if language not in LANGUAGES:
        raise Invalid(msg("'%(language)s' is not a language here.", language=language), field="language")
    if theme not in THEMES:
        raise Invalid(msg("'%(theme)s' is not a theme. Choose auto, light or dark.", theme=theme), field="theme")
    person = session.get_one(Person, person_id)
    person.language, person.theme = language, theme
    _call(session, person, name)
    return person


def _call(session: Session, person: Person, name: str) -> None:
    """The person is called so from now on, unless the name is empty; what they filed is found by the new name."""
    name = typed_line(name, "name", LONGEST_NAME) or person.name
    if name != person.name:
        person.name = name
        for school in schools_of(session, person.id):
            enqueue(session, JobKind.INDEX_PERSON, school.id, person.id)


def change_role(
    session: Session,
    *,
    actor: Actor,
    person_id: str,
    role: Role,
    programmes: Collection[str] = (),
    campus_ids: Collection[str] = (),
) -> Membership:
    """The membership with its new role and limits; the person signs in again, so that no old right lives on."""
    require(actor, Action.MANAGE_PEOPLE)
    membership = _membership(session, actor, person_id)
    if membership.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _keep_an_administrator(session, actor, person_id)
    membership.role = _role(role)
    _set_limits(session, membership, programmes, campus_ids)
    _end_sessions(session, person_id)
    record(session, actor, "accounts.change_role", "person", person_id, role=role)
    return membership


def remove_member(session: Session, *, actor: Actor, person_id: str) -> None:
    """The person is no member any more and signed out; what they filed stays."""
    require(actor, Action.MANAGE_PEOPLE)
    membership = _membership(session, actor, person_id)
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(session, actor, person_id)
    session.execute(
        delete(GroupMember).where(GroupMember.school_id == actor.school_id, GroupMember.person_id == person_id)
    )
    session.execute(
        delete(Invitation).where(Invitation.school_id == actor.school_id, Invitation.person_id == person_id)
    )
    session.delete(membership)
    _end_sessions(session, person_id)
    record(session, actor, "accounts.remove_member", "person", person_id)


def _end_sessions(session: Session, person_id: str) -> None:
    """Every browser of this person is signed out."""
    session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))


def end_all_sessions(session: Session) -> int:
    """How many sign-ins there were: everybody is signed out everywhere."""
    return int(session.execute(delete(SignInSession)).rowcount)  # type: ignore[attr-defined]


def end_all_links(session: Session) -> int:
    """How many links were ended: none that was made before chooses a password any more."""
    unused = delete(Invitation).where(Invitation.used_at.is_(None))
    return int(session.execute(unused).rowcount)  # type: ignore[attr-defined]


def clean_email(email: str) -> str:
    """The address in the one form it is kept in; Invalid when it is not an e-mail address."""
    email = clean_line(email).lower()
    if not EMAIL.fullmatch(email):
        raise Invalid(msg("'%(email)s' is not an e-mail address.", email=email), field="email")
    return email


def _role(role: str) -> Role:
    if role not in set(Role) - {Role.NOBODY}:
        known = ", ".join(r for r in Role if r is not Role.NOBODY)
        raise Invalid(msg("'%(role)s' is not a role. Choose one of %(known)s.", role=role, known=known), field="role")
    return Role(role)


def _membership(session: Session, actor: Actor, person_id: str) -> Membership:
    membership = session.scalar(
        select(Membership)
        .where(Membership.school_id == actor.school_id, Membership.person_id == person_id)
        .with_for_update(of=Membership)
    )
    if membership is None:
        raise NotFound(msg("There is no such person in this school."))
    return membership


def _set_limits(
    session: Session, membership: Membership, programmes: Collection[str], campus_ids: Collection[str]
) -> None:
    if set(programmes) - set(PROGRAMMES):
        raise Invalid(msg("Choose among PYP, MYP, DP, CP, or none for all of them."), field="programmes")
    there_are = set(session.scalars(select(Campus.id).where(Campus.school_id == membership.school_id)))
    if set(campus_ids) - there_are:
        raise Invalid(msg("A campus named is not on the school's list any more. Choose again."), field="campuses")
    wanted = {(LimitKind.PROGRAMME, p) for p in programmes} | {(LimitKind.CAMPUS, c) for c in campus_ids}
    kept = [limit for limit in membership.limits if (limit.kind, limit.value) in wanted]
    there = {(limit.kind, limit.value) for limit in kept}
    membership.limits = kept + [
        MembershipLimit(school_id=membership.school_id, kind=kind, value=value)
        for kind, value in sorted(wanted - there)
    ]


def _keep_an_administrator(session: Session, actor: Actor, person_id: str) -> None:
    others = select(Membership.id).where(
        Membership.school_id == actor.school_id,
        Membership.role == Role.ADMINISTRATOR,
        Membership.person_id != person_id,
    )
    if session.scalar(others.limit(1)) is None:
        raise Conflict(msg("This is the school's only administrator. Make somebody else administrator first."))
