"""Standing: whether the account is still used by the human being whom colleagues let into something.

An administrator can make a link that chooses a new password, and nothing shows who used it. So each use gives the
membership a new standing, and names on private items or in groups, which remember the old one, open nothing until a
colleague who opens the same thing confirms the person.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import new_id
from evidence_app.domain.accounts.models import GroupMember, Membership


def renew_standing(session: Session, person_id: str) -> None:
    """Every membership of this person has a standing that nobody has confirmed yet."""
    for membership in session.scalars(select(Membership).where(Membership.person_id == person_id)):
        membership.standing = new_id()


def standings_of(session: Session, school_id: str) -> dict[str, str]:
    """Person id -> standing, for everybody in the school."""
    rows = select(Membership.person_id, Membership.standing).where(Membership.school_id == school_id)
    return dict(session.execute(rows).all())


def unconfirmed_in_groups(session: Session, school_id: str, group_ids: Collection[str]) -> list[GroupMember]:
    """Who is in these groups without a confirmation that counts now."""
    chosen = (
        select(GroupMember)
        .join(
            Membership,
            (Membership.school_id == GroupMember.school_id) & (Membership.person_id == GroupMember.person_id),
        )
        .where(
            GroupMember.school_id == school_id,
            GroupMember.group_id.in_(group_ids),
            GroupMember.standing != Membership.standing,
        )
    )
    return list(session.scalars(chosen))


def confirm_in_groups(session: Session, school_id: str, group_ids: Collection[str], person_id: str = "") -> list[str]:
    """The ids of those of these groups where somebody stands confirmed now who did not: everybody, or one person.

    Whoever calls this has asked whether the actor may say so.
    """
    standings = standings_of(session, school_id)
    confirmed = set()
    for row in unconfirmed_in_groups(session, school_id, group_ids):
        if not person_id or row.person_id == person_id:
            row.standing = standings[row.person_id]
            confirmed.add(row.group_id)
    return sorted(confirmed)
