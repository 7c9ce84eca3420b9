"""Private items: who is named on them, and who may say so."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import (
    Group,
    GroupMember,
    LimitKind,
    Membership,
    confirm_in_groups,
    learning_support_group,
    standings_of,
)
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.loading import lock_visible
from evidence_app.domain.evidence.models import Item, ItemAccess, Visibility
from evidence_app.errors import Invalid, NotAllowed
from evidence_app.i18n import msg


def name_access(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    person_ids: Collection[str],
    group_ids: Collection[str],
    custodian_ids: Collection[str],
) -> None:
    """The item is now open to exactly these people and groups while it is private. Only a custodian may say so.

    Names that stay keep the confirmation they have or lack. Whoever names a group that no private item named before
    takes its people as they are; who joins later waits for a colleague in the group.
    """
    found = lock_visible(session, actor, item_id)
    rows = _access_rows(session, found)
    if not _is_custodian(actor, rows):
        raise NotAllowed(msg("Only a custodian of this item may say who else opens it."))
    if not custodian_ids:
        raise Invalid(
            msg("Name at least one custodian; two are better, so that the item outlives an absence."),
            field="custodians",
        )
    people = {*person_ids, *custodian_ids}
    standings = standings_of(session, actor.school_id)
    groups = set(session.scalars(select(Group.id).where(Group.school_id == actor.school_id)))
    if people - set(standings) or set(group_ids) - groups:
        raise Invalid(msg("Somebody named here is no member of this school any more. Choose again."), field="people")
    confirm_in_groups(session, actor.school_id, set(group_ids) - groups_named(session, actor.school_id))
    wanted = people | set(group_ids)
    kept = {row.person_id or row.group_id: row for row in rows if (row.person_id or row.group_id) in wanted}
    for row in rows:
        if row not in kept.values():
            session.delete(row)
    for person_id in sorted(people - set(kept)):
        session.add(_name(found, person_id, standings[person_id]))
    for group_id in sorted(set(group_ids) - set(kept)):
        session.add(ItemAccess(school_id=actor.school_id, item_id=found.id, group_id=group_id))
    session.flush()
    for row in _access_rows(session, found):
        row.is_custodian = row.person_id in custodian_ids
    record(session, actor, "evidence.name_access", "item", found.id, people=len(people), groups=len(group_ids))


def groups_named(session: Session, school_id: str) -> set[str]:
    """The ids of the groups that some item of the school names."""
    named = select(ItemAccess.group_id).where(ItemAccess.school_id == school_id, ItemAccess.group_id.is_not(None))
    return {group_id for group_id in session.scalars(named.distinct()) if group_id}


def check_opening(session: Session, actor: Actor, found: Item, visibility: Visibility) -> None:
    """Nothing, unless a private item is to be opened to more people by somebody who is only named to read it."""
    is_opened = found.visibility == Visibility.PRIVATE and visibility != Visibility.PRIVATE
    if is_opened and not _is_custodian(actor, _access_rows(session, found)):
        raise NotAllowed(msg("Only a custodian of this private item may open it to more people."))


def name_owner(session: Session, actor: Actor, found: Item) -> None:
    """An item that goes private has a custodian who can open it: its owner, or the actor once the owner has left.

    For the moment of closing only: said again later, it would hand the item to somebody who merely reads it.
    """
    if not keeper_named(session, actor, found):
        raise Invalid(
            msg(
                "“%(title)s” was left as it was: it is of a programme or a campus that neither its owner nor you are "
                "in, so that nobody could open it. Ask somebody who is, or change its programme or campus first.",
                title=found.title,
            ),
            field="visibility",
        )


def keeper_named(session: Session, actor: Actor, found: Item) -> bool:
    """Whether the item has, now, a custodian who can open it: one it has, its owner, or the actor, named for it."""
    rows = _access_rows(session, found)
    if any(row.is_custodian and _opens_for(session, found, row.person_id, row.standing) for row in rows):
        return True
    standings = standings_of(session, found.school_id)
    keeper = next(
        (
            person_id
            for person_id in (found.owner_id, actor.person_id)
            if _opens_for(session, found, person_id, standings.get(person_id, ""))
        ),
        None,
    )
    if keeper is None:
        return False
    row = next((row for row in rows if row.person_id == keeper), None) or _name(found, keeper, "")
    row.is_custodian, row.standing = True, standings[keeper]
    session.add(row)
    return True


def support_named(session: Session, found: Item) -> bool:
    """Whether somebody of the learning support team opens the item now; the team is named for it where there is one.

    As when a custodian names a group for the first time, its people are taken as they are; who joins later waits for a
    colleague's word. Whose role is learning support is a custodian, so that the item outlives its owner's absence.
    """
    group = learning_support_group(session, found.school_id)
    if group is None:
        return False
    if group.id not in groups_named(session, found.school_id):
        confirm_in_groups(session, found.school_id, [group.id])
    rows = _access_rows(session, found)
    if group.id not in {row.group_id for row in rows}:
        session.add(ItemAccess(school_id=found.school_id, item_id=found.id, group_id=group.id))
    named = {row.person_id for row in rows}
    opening = [member for member in _confirmed_in(session, group) if is_within(found, member)]
    for member in opening:
        if member.role == Role.LEARNING_SUPPORT and member.person_id not in named:
            row = _name(found, member.person_id, member.standing)
            row.is_custodian = True
            session.add(row)
    return bool(opening)


def is_custodian(session: Session, actor: Actor, found: Item) -> bool:
    """Whether the actor may say who opens this private item."""
    return _is_custodian(actor, _access_rows(session, found))


def _confirmed_in(session: Session, group: Group) -> list[Membership]:
    """The members of a group whose place in it counts now."""
    of_member = (GroupMember.school_id == Membership.school_id) & (GroupMember.person_id == Membership.person_id)
    chosen = (
        select(Membership)
        .join(GroupMember, of_member)
        .where(
            GroupMember.school_id == group.school_id,
            GroupMember.group_id == group.id,
            GroupMember.standing == Membership.standing,
            Membership.standing != "",
        )
    )
    return list(session.scalars(chosen))


def is_within(found: Item, member: Membership) -> bool:
    """Whether an item is of a programme and of a campus that the member is not kept from."""
    programmes, campuses = member.limited_to(LimitKind.PROGRAMME), member.limited_to(LimitKind.CAMPUS)
    is_elsewhere = found.campus_id is not None and bool(campuses) and found.campus_id not in campuses
    is_other = bool(found.programmes) and bool(programmes) and not programmes & set(found.programmes)
    return not is_elsewhere and not is_other


def _opens_for(session: Session, found: Item, person_id: str | None, standing: str) -> bool:
    """Whether somebody named on the item with this standing could open it."""
    member = session.scalar(
        select(Membership).where(Membership.school_id == found.school_id, Membership.person_id == person_id)
    )
    return member is not None and standing == member.standing != "" and is_within(found, member)


def _name(found: Item, person_id: str, standing: str) -> ItemAccess:
    return ItemAccess(school_id=found.school_id, item_id=found.id, person_id=person_id, standing=standing)


def _access_rows(session: Session, found: Item) -> list[ItemAccess]:
    mine = select(ItemAccess).where(ItemAccess.school_id == found.school_id, ItemAccess.item_id == found.id)
    return list(session.scalars(mine))


def _is_custodian(actor: Actor, rows: Collection[ItemAccess]) -> bool:
    return any(
        row.person_id == actor.person_id and row.is_custodian and row.standing == actor.standing != "" for row in rows
    )
