"""Opening the demo school and letting its people in."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy.orm import Session

from evidence_app.backends import Backends
from evidence_app.demo.bank import frames
from evidence_app.demo.cast import (
    CAMPUSES,
    GRADES,
    MEMBERS,
    PROGRAMMES,
    SCHOOL_KEY,
    SCHOOL_NAME,
    SUPPORT_GROUP,
)
from evidence_app.demo.stage import Stage, Tell, WorkUntil
from evidence_app.demo.story import story
from evidence_app.domain import accounts, frameworks, schools
from evidence_app.domain.access import Actor, Role, worker_for
from evidence_app.errors import Conflict
from evidence_app.i18n import Message, msg

WORDS_IN_A_PASSWORD = 4
SUPPORT_TEAM = ("Sofia Marchetti", "Grace Achieng", "Elif Demir")


def new_password() -> str:
    """Some words in a row, drawn anew for each demo: known sign-ins would be everybody's."""
    words = story()["password_words"]
    return "-".join(secrets.choice(words) for _ in range(WORDS_IN_A_PASSWORD))


def open_school(backends: Backends, *, password: str, today: date, tell: Tell, work_until: WorkUntil) -> Stage:
    """The school with its divisions and people; Conflict where somebody runs this installation already."""
    administrator = next(member for member in MEMBERS if member.role is Role.ADMINISTRATOR)
    with backends.database.unit_of_work() as session:
        token = accounts.set_up_installation(session)
        if token is None:
            raise Conflict(_why_not_here(session, backends))
        operator = accounts.claim_installation(
            session, token=token, email=administrator.email, name=administrator.name, password=password
        )
        school = schools.add_school(
            session, key=SCHOOL_KEY, name=SCHOOL_NAME, programmes=list(PROGRAMMES), language="en"
        )
        for framework_key in frameworks.EVERY_IB_SCHOOL:
            frameworks.follow(session, school_id=school.id, framework_key=framework_key)
        accounts.add_founder(session, actor=worker_for(school.id), person_id=operator.id, role=Role.ADMINISTRATOR)
        session.flush()
        acting = accounts.actor_in(session, operator.id, school.id)
        _divide(session, acting)
        person_ids = {administrator.name: operator.id, **_let_in(session, acting, operator.password_hash)}
        support = [person_ids[name] for name in SUPPORT_TEAM]
        group = accounts.add_group(session, actor=acting, name=SUPPORT_GROUP, person_ids=support)
        session.flush()
        accounts.name_learning_support(session, actor=acting, group_id=group.id, is_it=True)
        groups = {group.name: group.id}
    tell(f"{SCHOOL_NAME} is open, with {len(person_ids)} people")
    with backends.database.reading() as session:
        actors = {name: accounts.actor_in(session, person_id, school.id) for name, person_id in person_ids.items()}
        parts = schools.divisions_of(session, acting)
    return Stage(
        backends=backends,
        school_id=school.id,
        today=today,
        actors=actors,
        groups=groups,
        campuses={row.name: row.id for row in parts.campuses},
        subjects={row.name: row.id for row in parts.subjects},
        year_groups={row.name: row.id for row in parts.year_groups},
        tell=tell,
        work_until=work_until,
    )


def _why_not_here(session: Session, backends: Backends) -> Message:
    """Why no demo can be built in this home."""
    home = backends.settings.home
    if any(school.key == SCHOOL_KEY for school in schools.all_schools(session)):
        return msg(
            "A demo was begun in %(home)s and not finished. Delete this folder, or set EVIDENCE_HOME to another one.",
            home=home,
        )
    return msg("%(home)s is in use. A demo belongs in a folder of its own: set EVIDENCE_HOME to a new one.", home=home)


def _divide(session: Session, actor: Actor) -> None:
    about = story()["school"]
    schools.update_school(
        session,
        actor=actor,
        name=SCHOOL_NAME,
        programmes=list(PROGRAMMES),
        language="en",
        ib_code=about["ib_code"],
        place=about["place"],
        profile=about["profile"],
    )
    for name in CAMPUSES:
        schools.add_campus(session, actor=actor, name=name)
    for name in frames("en").subjects.values():
        schools.add_subject(session, actor=actor, name=name)
    for programme in PROGRAMMES:
        for name in GRADES[programme]:
            schools.add_year_group(session, actor=actor, name=name)
            session.flush()


def _let_in(session: Session, actor: Actor, password_hash: str) -> dict[str, str]:
    """Everybody has the same password, and its hash is made once: that is slow, as it has to be."""
    person_ids = {}
    for member in MEMBERS:
        if member.role is Role.ADMINISTRATOR:
            continue
        person = accounts.new_person(session, email=member.email, name=member.name)
        person.password_hash = password_hash
        accounts.add_person(session, actor=actor, email=member.email, role=member.role, programmes=member.programmes)
        accounts.set_preferences(session, person_id=person.id, name=member.name, language=member.language, theme="auto")
        person_ids[member.name] = person.id
    return person_ids
