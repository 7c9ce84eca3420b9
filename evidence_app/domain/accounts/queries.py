"""Asking for people and their places."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, Role, require
from evidence_app.domain.accounts.models import (
    Group,
    GroupMember,
    Invitation,
    LimitKind,
    Membership,
    Person,
    SetupToken,
    shown_as,
)
from evidence_app.domain.accounts.tokens import token_hash
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.schools import School
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line


def actor_in(session: Session, person_id: str, school_id: str) -> Actor:
    """The person acting in this school; NotFound when they are no member, as if the school did not exist."""
    mine = select(Membership).where(Membership.school_id == school_id, Membership.person_id == person_id)
    # Every request asks this: its limits come in the same statement.
    membership = session.scalars(mine.options(joinedload(Membership.limits))).unique().one_or_none()
    if membership is None or membership.person.deactivated_at is not None:
        raise NotFound(msg("There is no such page, or it is not open to you."))
    groups = session.execute(
        select(GroupMember.group_id, GroupMember.standing).where(
            GroupMember.school_id == school_id, GroupMember.person_id == person_id
        )
    ).all()
    return Actor(
        person_id=person_id,
        school_id=school_id,
        role=Role(membership.role),
        name=membership.person.display_name,
        email=membership.person.email,
        language=membership.person.language,
        programmes=membership.limited_to(LimitKind.PROGRAMME),
        campus_ids=membership.limited_to(LimitKind.CAMPUS),
        group_ids=frozenset(row.group_id for row in groups),
        standing=membership.standing,
        confirmed_group_ids=frozenset(row.group_id for row in groups if row.standing == membership.standing),
    )


def actor_by_email(session: Session, email: str, school_key: str | None = None) -> Actor:
    """The person with this address acting in the named school, or in their only one.

    Raises NotFound for an unknown address or a school they are no member of, Invalid when they belong to several
    schools and none was named.
    """
    person = session.scalar(select(Person).where(Person.email == clean_line(email).lower()))
    if person is None:
        raise NotFound(
            msg("There is nobody with the address '%(email)s'. Add them with 'evidence person add'.", email=email)
        )
    places = list(
        session.execute(
            select(School.id, School.key)
            .join(Membership, Membership.school_id == School.id)
            .where(Membership.person_id == person.id)
            .order_by(School.key)
        )
    )
    if school_key is not None:
        places = [place for place in places if place.key == school_key]
    if not places:
        raise NotFound(
            msg("%(email)s is not a member of the school '%(key)s'.", email=person.email, key=school_key)
            if school_key
            else msg("%(email)s is not a member of any school yet.", email=person.email)
        )
    if len(places) > 1:
        keys = ", ".join(place.key for place in places)
        raise Invalid(
            msg("%(email)s belongs to several schools (%(keys)s). Name one.", email=person.email, keys=keys),
            field="school",
        )
    return actor_in(session, person.id, places[0].id)


def schools_of(session: Session, person_id: str) -> list[School]:
    """The schools a person belongs to, by name."""
    mine = select(School).join(Membership, Membership.school_id == School.id).where(Membership.person_id == person_id)
    return list(session.scalars(mine.order_by(School.name)))


def person(session: Session, person_id: str) -> Person | None:
    """The person with this id, unless deactivated."""
    found = session.get(Person, person_id)
    return found if found is not None and found.deactivated_at is None else None


def members_of(session: Session, actor: Actor) -> list[Membership]:
    """Everybody in the actor's school, by name. Colleagues may see who their colleagues are."""
    chosen = select(Membership).join(Membership.person).where(Membership.school_id == actor.school_id)
    return list(session.scalars(chosen.order_by(Person.name, Person.email)))


def colleague_names(session: Session, actor: Actor) -> list[str]:
    """The names of everybody who may sign in to the actor's school, in order."""
    here = (Membership.school_id == actor.school_id, Person.deactivated_at.is_(None))
    chosen = select(Person.name).join(Membership, Membership.person_id == Person.id).where(*here, Person.name != "")
    return list(session.scalars(chosen.order_by(Person.name)))


def managed_member(session: Session, actor: Actor, person_id: str) -> Membership:
    """One membership of the actor's school, for those who manage people."""
    require(actor, Action.MANAGE_PEOPLE)
    chosen = select(Membership).where(Membership.school_id == actor.school_id, Membership.person_id == person_id)
    found = session.scalar(chosen)
    if found is None:
        raise NotFound(msg("There is no such person in this school."))
    return found


def opens_more_than(session: Session, school_id: str, person: Person) -> bool:
    """Whether the person's password opens something besides this school: another school, or the installation."""
    if not person.password_hash:
        return False
    elsewhere = select(Membership.id).where(Membership.person_id == person.id, Membership.school_id != school_id)
    return person.runs_installation or session.scalar(elsewhere.limit(1)) is not None


def open_invitation(session: Session, token: str, *, locked: bool = False) -> tuple[Invitation, Person]:
    """The invitation this link belongs to, and whom it invites; `locked` for who will take it.

    NotFound when the link is unknown, used or too old, or when the account has come to open more than its school.
    """
    wanted = select(Invitation).where(Invitation.token_hash == token_hash(token))
    invitation = session.scalar(wanted.with_for_update() if locked else wanted)
    person = session.get(Person, invitation.person_id, with_for_update=locked or None) if invitation else None
    if (
        invitation is None
        or person is None
        or invitation.used_at is not None
        or invitation.expires_at <= now()
        or opens_more_than(session, invitation.school_id, person)
    ):
        raise NotFound(
            msg("This invitation is not valid any more. Ask an administrator of your school for a new link.")
        )
    return invitation, person


def has_open_link(session: Session, person_id: str) -> bool:
    """Whether some link could now choose a new password for this person."""
    waiting = select(Invitation.id).where(
        Invitation.person_id == person_id, Invitation.used_at.is_(None), Invitation.expires_at > now()
    )
    return session.scalar(waiting.limit(1)) is not None


def open_setup(session: Session, token: str, *, locked: bool = False) -> SetupToken:
    """What the first administrator's link stands for; NotFound once it was used, or for a wrong one."""
    row = session.get(SetupToken, token_hash(token), with_for_update=locked or None)
    if row is None:
        raise NotFound(msg("This set-up link is not valid any more. Run 'evidence init' to get a new one."))
    return row


def groups_of_school(session: Session, actor: Actor) -> list[Group]:
    """The groups of the actor's school, by name."""
    return list(session.scalars(select(Group).where(Group.school_id == actor.school_id).order_by(Group.name)))


def names_of(session: Session, school_id: str, person_ids: Collection[str]) -> dict[str, str]:
    """Person id -> name, for people who are or were members; those who left keep their name beside their work."""
    if not person_ids:
        return {}
    is_member = exists().where(Membership.school_id == school_id, Membership.person_id == Person.id)
    # Nothing but the audit log remembers that somebody was let in here once.
    was_member = exists().where(
        AuditEntry.school_id == school_id, AuditEntry.subject_kind == "person", AuditEntry.subject_id == Person.id
    )
    named = select(Person.id, Person.name, Person.email).where(Person.id.in_(set(person_ids)))
    rows = session.execute(named.where(or_(is_member, was_member)))
    return {id: shown_as(name, email) for id, name, email in rows}
