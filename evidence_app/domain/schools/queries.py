"""Asking for schools and their divisions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from evidence_app.domain.access import Actor
from evidence_app.domain.schools.models import Campus, School, Subject, YearGroup
from evidence_app.errors import NotFound
from evidence_app.i18n import msg


@dataclass(frozen=True, slots=True)
class Divisions:
    """How a school is divided: each list in the order to show it."""

    campuses: tuple[Campus, ...]
    subjects: tuple[Subject, ...]
    year_groups: tuple[YearGroup, ...]


def school_by_key(session: Session, key: str) -> School:
    """The school with this key; NotFound if there is none."""
    named = select(School).where(School.key == key).options(joinedload(School.offered))
    # Every request asks this: its programmes come in the same statement.
    school = session.scalars(named).unique().one_or_none()
    if school is None:
        raise NotFound(msg("There is no school '%(key)s'. Check the spelling of its key.", key=key))
    return school


def school_of(session: Session, actor: Actor) -> School:
    """The school the actor acts in."""
    return session.get_one(School, actor.school_id)


def all_schools(session: Session) -> list[School]:
    """Every school of the installation by name. For the installation's own work, never for a school's page."""
    return list(session.scalars(select(School).order_by(School.name)))


def divisions_of(session: Session, actor: Actor) -> Divisions:
    """The campuses, subjects and year groups of the actor's school."""
    mine = actor.school_id
    return Divisions(
        campuses=tuple(session.scalars(select(Campus).where(Campus.school_id == mine).order_by(Campus.name))),
        subjects=tuple(session.scalars(select(Subject).where(Subject.school_id == mine).order_by(Subject.name))),
        year_groups=tuple(
            session.scalars(
                select(YearGroup).where(YearGroup.school_id == mine).order_by(YearGroup.position, YearGroup.name)
            )
        ),
    )
