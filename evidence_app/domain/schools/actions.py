"""Opening a school and changing how it is divided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require, worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.schools.models import PROGRAMMES, Campus, School, SchoolProgramme, Subject, YearGroup
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import LANGUAGES, msg
from evidence_app.texts import clean_line
from evidence_app.typed import LONGEST_IB_CODE, LONGEST_NAME, typed_line, typed_text

MOST_MIB = 2**31 - 1
KEY_GRAMMAR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
RESERVED_KEYS = frozenset(
    {
        "s",
        "admin",
        "static",
        "sign-in",
        "sign-out",
        "setup",
        "installation",
        "invitation",
        "health",
        "help",
        "me",
        "api",
    }
)
"""First words of addresses that belong to no school."""


def add_school(session: Session, *, key: str, name: str, programmes: Sequence[str], language: str) -> School:
    """The new school, open to nobody yet.

    Raises Invalid for a key, name, programme or language that cannot be used, Conflict for a key that is taken.
    Whoever calls this acts for the installation, not for a school, so there is no actor to ask.
    """
    if key in RESERVED_KEYS:
        raise Invalid(
            msg("'%(key)s' is kept for the product's own pages. Choose another short name, like 'alder-bay'.", key=key),
            field="key",
        )
    if not KEY_GRAMMAR.fullmatch(key):
        raise Invalid(
            msg(
                "'%(key)s' cannot be a school's key. Use up to 40 small letters, digits and hyphens, like 'alder-bay'.",
                key=key,
            ),
            field="key",
        )
    if session.scalar(select(School.id).where(School.key == key)):
        raise Conflict(
            msg("There is already a school with the key '%(key)s'. Choose another key.", key=key), field="key"
        )
    school = School(key=key, name=_name(name), language=_language(language), created_at=now())
    school.offered = _programmes(programmes)
    session.add(school)
    session.flush()
    record(session, worker_for(school.id), "schools.add", "school", school.id, key=key)
    return school


def update_school(
    session: Session,
    *,
    actor: Actor,
    name: str,
    programmes: Sequence[str],
    language: str,
    ib_code: str,
    place: str,
    profile: str,
    accent: str = "",
) -> School:
    """The actor's school with its new facts."""
    require(actor, Action.MANAGE_SCHOOL)
    school = session.get_one(School, actor.school_id)
    school.name, school.language = _name(name), _language(language)
    school.ib_code, school.place, school.profile = (
        typed_line(ib_code, "ib_code", LONGEST_IB_CODE),
        typed_line(place, "place", LONGEST_NAME),
        typed_text(profile, "profile"),
    )
    school.accent = clean_line(accent, 20)
    wanted = _programmes(programmes)
    offered = {row.programme: row for row in school.offered}
    school.offered = [offered.get(row.programme, row) for row in wanted]
    record(session, actor, "schools.update", "school", school.id)
    return school


def set_quota(session: Session, *, school_id: str, quota_mib: int) -> School:
    """The school with its share of the disk, in MiB, 0 for any. Whoever calls this acts for the installation.

    What is filed already stays, also where it is more.
    """
    school = session.get(School, school_id)
    if school is None:
        raise NotFound(msg("There is no such school here."))
    school.quota_mib = _mib(quota_mib)
    record(session, worker_for(school_id), "schools.set_quota", "school", school_id, mib=school.quota_mib)
    return school


def set_person_quota(session: Session, *, actor: Actor, person_mib: int) -> School:
    """The school with how much one person may file in it, in MiB, 0 for any. What is filed already stays."""
    require(actor, Action.MANAGE_SCHOOL)
    school = session.get_one(School, actor.school_id)
    school.person_mib = _mib(person_mib)
    record(session, actor, "schools.set_person_quota", "school", school.id, mib=school.person_mib)
    return school


def add_campus(session: Session, *, actor: Actor, name: str) -> Campus:
    """The new site of the actor's school."""
    require(actor, Action.MANAGE_SCHOOL)
    row = Campus(school_id=actor.school_id, name=_division(session, Campus, actor, name))
    session.add(row)
    return row


def add_subject(session: Session, *, actor: Actor, name: str) -> Subject:
    """The new subject of the actor's school."""
    require(actor, Action.MANAGE_SCHOOL)
    row = Subject(school_id=actor.school_id, name=_division(session, Subject, actor, name))
    session.add(row)
    return row


def add_year_group(session: Session, *, actor: Actor, name: str) -> YearGroup:
    """The new year group of the actor's school, placed after those there are."""
    require(actor, Action.MANAGE_SCHOOL)
    name = _division(session, YearGroup, actor, name)
    last = session.scalar(select(func.max(YearGroup.position)).where(YearGroup.school_id == actor.school_id)) or 0
    row = YearGroup(school_id=actor.school_id, name=name, position=last + 1)
    session.add(row)
    return row


def _division(session: Session, kind: type[Campus | Subject | YearGroup], actor: Actor, name: str) -> str:
    name = _name(name)[:120]
    if session.scalar(select(kind.id).where(kind.school_id == actor.school_id, kind.name == name)):
        raise Conflict(msg("'%(name)s' is already on the list.", name=name), field="name")
    return name


def _mib(mib: int) -> int:
    if not 0 <= mib <= MOST_MIB:
        raise Invalid(
            msg("Write a whole number of MiB between 0 (no limit) and %(most)s.", most=MOST_MIB), field="quota"
        )
    return mib


def _name(name: str) -> str:
    name = typed_line(name, "name", LONGEST_NAME)
    if not name:
        raise Invalid(msg("A name is needed."), field="name")
    return name


def _language(language: str) -> str:
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise Invalid(
            msg("'%(language)s' is not a language here. Choose one of %(known)s.", language=language, known=known),
            field="language",
        )
    return language


def _programmes(programmes: Sequence[str]) -> list[SchoolProgramme]:
    unknown = [p for p in programmes if p not in PROGRAMMES]
    if unknown or not programmes:
        raise Invalid(
            msg("Choose one or more of PYP, MYP, DP, CP. Not a programme: '%(unknown)s'.", unknown=", ".join(unknown)),
            field="programmes",
        )
    return [SchoolProgramme(programme=p, position=n) for n, p in enumerate(PROGRAMMES) if p in programmes]
