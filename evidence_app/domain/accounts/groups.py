"""Groups: named people who are asked together, or given access to a private item together."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evidence_app.database import new_id
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts.models import Group, GroupMember, Membership
from evidence_app.domain.audit import record
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from evidence_app.i18n import msg
from evidence_app.typed import LONGEST_GROUP_NAME, typed_line


def add_group(session: Session, *, actor: Actor, name: str, person_ids: Collection[str]) -> Group:
    """A new group of members; Invalid when somebody named is no member, Conflict for a name that is taken."""
    require(actor, Action.MANAGE_PEOPLE)
    group = Group(id=new_id(), school_id=actor.school_id, name=_free_name(session, actor, name))
    session.add(group)
    session.flush()
    _set_members(session, actor, group, person_ids)
    record(session, actor, "accounts.add_group", "group", group.id, members=len(set(person_ids)))
    return group


def change_group(session: Session, *, actor: Actor, group_id: str, name: str, person_ids: Collection[str]) -> Group:
    """The group with its new name and members. What was opened to it is open to its new members, and no more to others.

    Raises NotFound for an unknown group, Invalid when somebody named is no member, Conflict for a name that is taken.
    """
    group = managed_group(session, actor, group_id)
    group.name = _free_name(session, actor, name, but=group.id)
    _set_members(session, actor, group, person_ids)
    record(session, actor, "accounts.change_group", "group", group.id, members=len(set(person_ids)))
    return group


def name_learning_support(session: Session, *, actor: Actor, group_id: str, is_it: bool) -> None:
    """Whether this group is now the school's learning support team, to whom individuals' papers are opened unasked.

    Any who manage people may name the first one. Another one is named, or none, only by somebody confirmed in the team
    there is: an administrator must not come into pupils' papers by naming a group of their own. NotAllowed says so.
    """
    group = managed_group(session, actor, group_id)
    if group.is_learning_support == is_it:
        return
    current = learning_support_group(session, actor.school_id)
    if current is not None and current.id not in actor.confirmed_group_ids and _has_confirmed(session, current):
        raise NotAllowed(
            msg(
                "Papers of single pupils are opened to “%(name)s” now. Only somebody in that group may name "
                "another one.",
                name=current.name,
            )
        )
    if current is not None:
        current.is_learning_support = False
    group.is_learning_support = is_it
    record(session, actor, "accounts.name_learning_support", "group", group.id, is_it=is_it)


def learning_support_group(session: Session, school_id: str) -> Group | None:
    """The group of the school's learning support team; None while nobody has named it."""
    return session.scalar(select(Group).where(Group.school_id == school_id, Group.is_learning_support.is_(True)))


def _has_confirmed(session: Session, group: Group) -> bool:
    """Whether anybody stands in the group with a confirmation that counts."""
    confirmed = (
        select(GroupMember.person_id)
        .join(
            Membership,
            (Membership.school_id == GroupMember.school_id) & (Membership.person_id == GroupMember.person_id),
        )
        .where(
            GroupMember.school_id == group.school_id,
            GroupMember.group_id == group.id,
            GroupMember.standing != "",
            GroupMember.standing == Membership.standing,
        )
    )
    return session.scalar(confirmed.limit(1)) is not None


def managed_group(session: Session, actor: Actor, group_id: str) -> Group:
    """One group of the actor's school, for those who manage people."""
    require(actor, Action.MANAGE_PEOPLE)
    group = session.get(Group, (actor.school_id, group_id))
    if group is None:
        raise NotFound(msg("There is no such group in this school."))
    return group


def members_by_group(session: Session, actor: Actor) -> dict[str, set[str]]:
    """Group id -> the ids of its members, for every group of the actor's school that has some."""
    found: dict[str, set[str]] = {}
    rows = select(GroupMember.group_id, GroupMember.person_id).where(GroupMember.school_id == actor.school_id)
    for group_id, person_id in session.execute(rows):
        found.setdefault(group_id, set()).add(person_id)
    return found


def _free_name(session: Session, actor: Actor, name: str, *, but: str = "") -> str:
    name = typed_line(name, "name", LONGEST_GROUP_NAME)
    if not name:
        raise Invalid(msg("A name is needed."), field="name")
    taken = select(Group.id).where(Group.school_id == actor.school_id, Group.name == name, Group.id != but)
    if session.scalar(taken) is not None:
        raise Conflict(msg("There is already a group '%(name)s'.", name=name), field="name")
    return name


def _set_members(session: Session, actor: Actor, group: Group, person_ids: Collection[str]) -> None:
    wanted = set(person_ids)
    here = set(session.scalars(select(Membership.person_id).where(Membership.school_id == actor.school_id)))
    if not wanted <= here:
        raise Invalid(msg("Somebody named is no member of this school any more. Choose again."), field="people")
    mine = (GroupMember.school_id == actor.school_id, GroupMember.group_id == group.id)
    there = set(session.scalars(select(GroupMember.person_id).where(*mine)))
    session.execute(delete(GroupMember).where(*mine, GroupMember.person_id.in_(there - wanted)))
    session.add_all(
        GroupMember(school_id=actor.school_id, group_id=group.id, person_id=id) for id in sorted(wanted - there)
    )
