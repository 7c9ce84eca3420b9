"""Private items: who is named on them, and who may say so."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import Group, Membership
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
    """The item is now open to exactly these people and groups while it is private. Only a custodian may say so."""
    found = lock_visible(session, actor, item_id)
    rows = _access_rows(session, found)
    if not _is_custodian(actor, found, rows):
        raise NotAllowed(msg("Only a custodian of this item may say who else opens it."))
    if not custodian_ids:
        raise Invalid(
            msg("Name at least one custodian; two are better, so that the item outlives an absence."),
            field="custodians",
        )
    people = {*person_ids, *custodian_ids}
    members = set(session.scalars(select(Membership.person_id).where(Membership.school_id == actor.school_id)))
    groups = set(session.scalars(select(Group.id).where(Group.school_id == actor.school_id)))
    if people - members or set(group_ids) - groups:
        raise Invalid(msg("Somebody named here is no member of this school any more. Choose again."), field="people")
    for row in rows:
        session.delete(row)
    session.flush()
    for person_id in sorted(people):
        session.add(
            ItemAccess(
                school_id=actor.school_id,
                item_id=found.id,
                person_id=person_id,
                is_custodian=person_id in custodian_ids,
            )
        )
    for group_id in sorted(group_ids):
        session.add(ItemAccess(school_id=actor.school_id, item_id=found.id, group_id=group_id))
    record(session, actor, "evidence.name_access", "item", found.id, people=len(people), groups=len(group_ids))


def _access_rows(session: Session, found: Item) -> list[ItemAccess]:
    mine = select(ItemAccess).where(ItemAccess.school_id == found.school_id, ItemAccess.item_id == found.id)
    return list(session.scalars(mine))


def _is_custodian(actor: Actor, found: Item, rows: Collection[ItemAccess]) -> bool:
    """Whether the actor says who opens the item: a custodian, or its owner while nobody is named at all."""
    if not rows:
        return found.owner_id == actor.person_id
    return any(row.person_id == actor.person_id and row.is_custodian for row in rows)


def check_opening(session: Session, actor: Actor, found: Item, visibility: Visibility) -> None:
    """Nothing, unless a private item is to be opened to more people by somebody who is only named to read it."""
    is_opened = found.visibility == Visibility.PRIVATE and visibility != Visibility.PRIVATE
    if is_opened and not _is_custodian(actor, found, _access_rows(session, found)):
        raise NotAllowed(msg("Only a custodian of this private item may open it to more people."))


def name_owner(session: Session, found: Item) -> None:
    """A private item always names its owner as a custodian, or nobody could open it."""
    named = select(ItemAccess.id).where(
        ItemAccess.school_id == found.school_id, ItemAccess.item_id == found.id, ItemAccess.person_id.is_not(None)
    )
    if session.scalar(named.limit(1)) is None:
        session.add(
            ItemAccess(school_id=found.school_id, item_id=found.id, person_id=found.owner_id, is_custodian=True)
        )
