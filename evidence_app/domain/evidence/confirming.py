"""Who really opens a private item, and confirming people whose names on private items wait for a colleague's word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import (
    GroupMember,
    Membership,
    confirm_in_groups,
    groups_of_school,
    members_of,
    unconfirmed_in_groups,
)
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.models import Item, ItemAccess
from evidence_app.domain.evidence.privacy import groups_named, is_within
from evidence_app.domain.evidence.queries import item, visible_to
from evidence_app.errors import Conflict, NotFound
from evidence_app.i18n import msg


class Opens(StrEnum):
    """Whether a name on a private item opens it, or why not."""

    YES = "yes"
    UNCONFIRMED = "unconfirmed"
    LIMITED = "limited"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Opener:
    """Somebody who is named on a private item, by name or through a group (`group`)."""

    person_id: str
    name: str
    is_custodian: bool
    opens: Opens
    group: str = ""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Somebody whose names wait for the actor's word: on how many items the actor keeps, and in which groups.

    `standing` is what a confirmation is about: it is another one after the next link that is used.
    """

    person_id: str
    standing: str
    name: str
    items: int
    groups: tuple[str, ...]


def openers_of(session: Session, actor: Actor, item_id: str) -> list[Opener]:
    """Everybody who is named on a private item the actor may open, those who open it first, each once.

    Who left the school stands there as long as the name does, without a name of their own.
    """
    found = item(session, actor, item_id, withdrawn=True)
    members = {member.person_id: member for member in members_of(session, actor)}
    rows = list(session.scalars(select(ItemAccess).where(_of(actor), ItemAccess.item_id == found.id)))
    openers = []
    for row in rows:
        if row.person_id:
            member = members.get(row.person_id)
            opens = _opens(found, member, row.standing) if member else Opens.LEFT
            name = member.person.display_name if member else ""
            openers.append(Opener(row.person_id, name, row.is_custodian, opens))
    groups = {group.id: group.name for group in groups_of_school(session, actor)}
    named = [row.group_id for row in rows if row.group_id]
    joined = select(GroupMember).where(GroupMember.school_id == actor.school_id, GroupMember.group_id.in_(named))
    for each in session.scalars(joined):
        member = members[each.person_id]
        opens = _opens(found, member, each.standing)
        openers.append(Opener(each.person_id, member.person.display_name, False, opens, groups[each.group_id]))
    openers.sort(key=lambda one: (one.opens != Opens.YES, not one.is_custodian, one.group, one.name))
    first = {one.person_id: one for one in reversed(openers)}
    return [one for one in openers if first[one.person_id] is one]


def unconfirmed_for(session: Session, actor: Actor) -> list[Unconfirmed]:
    """The people whose names wait for the actor: on items the actor is a custodian of, or in a group with the actor.

    Groups that no item names wait for nobody.
    """
    items = dict(session.execute(_waiting_on_items(actor)).all())
    groups: dict[str, list[str]] = {}
    names = {group.id: group.name for group in groups_of_school(session, actor)}
    for row in unconfirmed_in_groups(session, actor.school_id, _my_groups(session, actor)):
        groups.setdefault(row.person_id, []).append(names[row.group_id])
    return [
        Unconfirmed(
            member.person_id,
            member.standing,
            member.person.display_name,
            items.get(member.person_id, 0),
            tuple(sorted(groups.get(member.person_id, ()))),
        )
        for member in (members_of(session, actor) if items or groups else ())
        if member.person_id in items or member.person_id in groups
    ]


def confirm(session: Session, *, actor: Actor, person_id: str, standing: str) -> None:
    """The person opens again what the actor may say: items the actor is a custodian of, groups they share.

    `standing` is the one that was shown when the actor gave their word: Conflict when a link was used since. NotFound
    when nothing of the actor's waits for this person. Nobody confirms themselves, since what waits is closed.
    """
    current = session.scalar(
        select(Membership.standing)
        .where(Membership.school_id == actor.school_id, Membership.person_id == person_id)
        .with_for_update()
    )
    waiting = select(ItemAccess).where(
        _of(actor),
        ItemAccess.person_id == person_id,
        ItemAccess.standing != current,
        ItemAccess.item_id.in_(_kept_by(actor)),
    )
    rows = list(session.scalars(waiting.with_for_update()))
    groups = confirm_in_groups(session, actor.school_id, _my_groups(session, actor), person_id) if current else []
    if current is None or (not rows and not groups):
        raise NotFound(msg("Nothing waits for your word about this person any more."))
    if current != standing:
        raise Conflict(msg("This person came in with yet another link since the page was opened. Ask them once more."))
    for row in rows:
        row.standing = current
    record(session, actor, "evidence.confirm", "person", person_id, items=len(rows), groups=len(groups))


def confirm_everywhere(session: Session, *, actor: Actor, person_id: str) -> int:
    """How many names of a member on items and in groups count again. Only who runs the machine may call this.

    It is the way out when nobody else is named: whoever reaches the command line reaches the files anyway.
    """
    standing = session.scalar(
        select(Membership.standing).where(Membership.school_id == actor.school_id, Membership.person_id == person_id)
    )
    rows = list(
        session.scalars(
            select(ItemAccess).where(_of(actor), ItemAccess.person_id == person_id, ItemAccess.standing != standing)
        )
    )
    for row in rows:
        row.standing = standing or ""
    groups = confirm_in_groups(session, actor.school_id, groups_named(session, actor.school_id), person_id)
    record(session, actor, "evidence.confirm_everywhere", "person", person_id, items=len(rows), groups=len(groups))
    return len(rows) + len(groups)


def _opens(found: Item, member: Membership, standing: str) -> Opens:
    if standing != member.standing:
        return Opens.UNCONFIRMED
    return Opens.YES if is_within(found, member) else Opens.LIMITED


def _of(actor: Actor) -> ColumnElement[bool]:
    return ItemAccess.school_id == actor.school_id


def _kept_by(actor: Actor) -> Select[str]:
    """The ids of the items the actor opens as a custodian."""
    return (
        select(ItemAccess.item_id)
        .join(Item, and_(Item.school_id == ItemAccess.school_id, Item.id == ItemAccess.item_id))
        .where(
            visible_to(actor),
            ItemAccess.person_id == actor.person_id,
            ItemAccess.is_custodian,
            ItemAccess.standing == actor.standing,
        )
    )


def _waiting_on_items(actor: Actor) -> Select[str, int]:
    """Person id and number of items, for members whose names on items the actor keeps do not count."""
    return (
        select(Membership.person_id, func.count())
        .join(
            ItemAccess,
            and_(ItemAccess.school_id == Membership.school_id, ItemAccess.person_id == Membership.person_id),
        )
        .where(_of(actor), ItemAccess.standing != Membership.standing, ItemAccess.item_id.in_(_kept_by(actor)))
        .group_by(Membership.person_id)
    )


def _my_groups(session: Session, actor: Actor) -> set[str]:
    """The ids of the groups that some item names and in which the actor stands confirmed."""
    return groups_named(session, actor.school_id) & actor.confirmed_group_ids
