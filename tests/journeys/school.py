"""A small living school behind the real application, served to a real browser: who can sign in, and pages of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from evidence_app.app import create_app
from evidence_app.backends import Backends, build_backends
from evidence_app.database import Base
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import add_file, count_items
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL, follow
from evidence_app.domain.schools import School, add_school
from evidence_app.domain.tagging import TagState, attach, review
from evidence_app.settings import load_settings
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.fixtures import member
from tests.journeys.browser import Theme, served

NAMES = {
    Role.ADMINISTRATOR: "Ines Castro",
    Role.HEAD: "Peter Okafor",
    Role.COORDINATOR: "Amara Osei",
    Role.TEACHER: "Noor Haddad",
    Role.LEARNING_SUPPORT: "Leonie Brandt",
    Role.READER: "Milan Farouk",
}
COOKIE = "evidence"
FILES = ("Inclusion policy.txt", "Planning together, minutes of 14 October.txt", "Water council wall.txt")


@dataclass(frozen=True)
class LivingSchool:
    """The school, its people by role, and the address it is served at."""

    address: str
    backends: Backends
    school: School
    actors: dict[Role, Actor]
    app: Flask

    @property
    def home(self) -> str:
        """The path all pages of the school stand below."""
        return f"/{self.school.key}"

    def sign_in(self, context: BrowserContext, role: Role, theme: Theme = "light", language: str | None = None) -> None:
        """From now on the windows of `context` belong to the person with this role, who likes this theme.

        They read in `language`, or in their own.
        """
        actor = self.actors[role]
        with self.backends.database.unit_of_work() as session:
            accounts.set_preferences(
                session, person_id=actor.person_id, name=actor.name, language=language or actor.language, theme=theme
            )
            token = accounts.open_session(session, person_id=actor.person_id, browser="journey")
        host = urlsplit(self.address).hostname or ""
        context.add_cookies(
            [{"name": COOKIE, "value": token, "domain": host, "path": "/", "httpOnly": True, "sameSite": "Lax"}]
        )


@contextmanager
def living_school(home: Path) -> Iterator[LivingSchool]:
    """A school with one person of each role, served as long as the block runs; `home` holds its data."""
    settings = load_settings({"EVIDENCE_HOME": str(home), "EVIDENCE_SEARCH_URL": "whoosh:"}, create_home=True)
    backends = build_backends(settings)
    Base.metadata.create_all(backends.database.engine)
    with backends.database.unit_of_work() as session:
        school = add_school(
            session,
            key="alder-bay",
            name="Alder Bay International School",
            programmes=["PYP", "MYP", "DP"],
            language="en",
        )
        for framework in EVERY_IB_SCHOOL:
            follow(session, school_id=school.id, framework_key=framework)
    actors = {role: _person(backends, school, role, name) for role, name in NAMES.items()}
    _file_some_evidence(backends, school, actors)
    app = create_app(backends)
    with served(app) as address:
        living = LivingSchool(address, backends, school, actors, app)
        # The index stands before the first search, whichever test comes first.
        do_work(living)
        yield living
    backends.close()


@contextmanager
def school_in(home: Path) -> Iterator[LivingSchool]:
    """The first school of an installation that exists, with the busiest reader of English in each role."""
    backends = build_backends(load_settings({"EVIDENCE_HOME": str(home)}))
    with backends.database.reading() as session:
        school = session.scalars(select(School).order_by(School.key)).first()
        assert school is not None, f"{home} holds no school yet"
        boss = Actor(person_id="", school_id=school.id, role=Role.ADMINISTRATOR)
        everybody = [accounts.actor_in(session, m.person_id, school.id) for m in accounts.members_of(session, boss)]
        filed = {one.person_id: count_items(session, one, owner_id=one.person_id) for one in everybody}
        everybody.sort(key=lambda one: (one.language == "en", filed[one.person_id]))
        actors = {one.role: one for one in everybody}
    app = create_app(backends)
    with served(app) as address:
        yield LivingSchool(address, backends, school, actors, app)
    backends.close()


def do_work(school: LivingSchool) -> None:
    """Everything that waits is done, as the worker would do it."""
    with Tools(school.backends) as tools:
        while work_once(tools):
            pass


def _file_some_evidence(backends: Backends, school: School, actors: dict[Role, Actor]) -> None:
    """Three items of the teacher's: one accepted, one waiting for review, one without a practice yet."""
    blobs = [backends.blobs.put(school.id, [name.encode()]) for name in FILES]
    with backends.database.unit_of_work() as session:
        items = [
            add_file(session, actor=actors[Role.TEACHER], blob=blob, file_name=name, media_type="text/plain")
            for name, blob in zip(FILES, blobs, strict=True)
        ]
        tags = [
            attach(session, actor=actors[Role.TEACHER], item_id=item.id, node_key=key, note="See the first page.")
            for item, key in zip(items, ("ib-psp-2020/0301-02", "ib-psp-2020/0401-02"), strict=False)
        ]
        review(session, actor=actors[Role.COORDINATOR], tag_ids=[tags[0].id], state=TagState.ACCEPTED, strength=3)


def _person(backends: Backends, school: School, role: Role, name: str) -> Actor:
    actor = member(backends.database, school, role, f"{name.split()[0].lower()}@alder.example")
    with backends.database.unit_of_work() as session:
        accounts.set_preferences(session, person_id=actor.person_id, name=name, language="en", theme="light")
        session.flush()
        return accounts.actor_in(session, actor.person_id, school.id)
