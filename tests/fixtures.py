"""A fresh database for each test (SQLite, or PostgreSQL with `--database postgresql`), and a world to act in."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from evidence_app.database import Base, Database
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import actor_by_email, actor_in, add_person, new_person, passwords
from evidence_app.domain.accounts.models import Membership
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, add_file
from evidence_app.domain.extraction import ReaderPool
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL, follow
from evidence_app.domain.schools import School, add_school, school_by_key
from evidence_app.domain.tables import ALL_TABLES
from evidence_app.worker import tools
from storage_adapters import Blob
from tests.databases import PostgresDatabase, SqliteDatabase
from tests.servers.postgres import PostgresServer

ROLES = [role for role in Role if role is not Role.NOBODY]
STRANGER = "canary@birch.example"
THE_PRODUCTS_HASHER, THE_PRODUCTS_NOBODYS_HASH = passwords.HASHER, passwords.NOBODYS_HASH
DOMAIN_TESTS = Path(__file__).parent / "evidence_app" / "domain"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of the domain run on SQLite and on PostgreSQL; everything above it on SQLite."""
    if "database_kind" in metafunc.fixturenames:
        kinds = ["sqlite"]
        if DOMAIN_TESTS in metafunc.definition.path.parents:
            kinds.append(pytest.param("postgresql", marks=pytest.mark.postgres))  # type: ignore[arg-type]
        metafunc.parametrize("database_kind", kinds)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Hash passwords in this process at the least cost: the product's takes a fifth of a second each time.

    `test_passwords` looks at the product's own; so does every server that tests start.
    """
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords.NOBODYS_HASH = passwords.HASHER.hash("of nobody")


@pytest.fixture(scope="session", autouse=True)
def _kept_readers() -> Iterator[None]:
    """Let the children that read files go on from test to test: starting one takes longer than most tests.

    A child knows the environment of its start (which programs there are), so a test with another one has its own.
    """
    kept: dict[tuple[object, ...], KeptReaders] = {}

    def readers(size: int) -> KeptReaders:
        environment = (size, *sorted((name, said) for name, said in os.environ.items() if "PYTEST" not in name))
        if environment not in kept:
            kept[environment] = KeptReaders(size)
        return kept[environment]

    tools.ReaderPool = readers  # type: ignore[assignment, misc]
    yield
    for pool in kept.values():
        ReaderPool.close(pool)


class KeptReaders(ReaderPool):
    """Readers that outlive the worker that asked for them."""

    def close(self) -> None:
        """They go on."""


def create_tables(url: str) -> None:
    """All tables, in an empty database."""
    database = Database(url)
    assert len(ALL_TABLES) == len(Base.metadata.tables)
    Base.metadata.create_all(database.engine)
    database.close()


def build_world(url: str) -> None:
    """All tables, and two schools with a person of each role in the first and a stranger in the second."""
    create_tables(url)
    database = Database(url)
    with database.unit_of_work() as session:
        school = add_school(session, key="alder-bay", name="Alder Bay", programmes=["PYP", "MYP", "DP"], language="en")
        neighbour = add_school(session, key="birch-hill", name="Birch Hill CANARY", programmes=["DP"], language="fr")
        for framework in EVERY_IB_SCHOOL:
            follow(session, school_id=school.id, framework_key=framework)
            follow(session, school_id=neighbour.id, framework_key=framework)
        new_person(session, email="operator@example.org", runs_installation=True)
    for role in ROLES:
        member(database, school, role, f"{role}@alder.example")
    member(database, neighbour, Role.COORDINATOR, STRANGER)
    database.close()


BUILDERS = {"tables": create_tables, "world": build_world}


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabase]:
    """This process's database in a file."""
    database = SqliteDatabase(tmp_path_factory.mktemp("database"), BUILDERS)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgresql_database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """This process's database on the run's PostgreSQL."""
    database = PostgresDatabase(postgres_server, f"kept_{secrets.token_hex(6)}", BUILDERS)
    yield database
    database.close()


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest) -> Database:
    """A database nobody else has: with all tables and no rows, or with a world where the test asks for one."""
    kept: SqliteDatabase | PostgresDatabase = request.getfixturevalue(f"{database_kind}_database")
    return kept.fresh("world" if "world" in request.fixturenames else "tables")


@dataclass(frozen=True)
class World:
    """Two schools: the one under test with a person of each role, and a neighbour that must never show through."""

    database: Database
    school: School
    neighbour: School
    actors: dict[Role, Actor]
    stranger: Actor

    def __getattr__(self, name: str) -> Actor:
        return self.actors[Role(name)]

    def file_item(
        self,
        actor: Actor | None = None,
        *,
        name: str = "plan.txt",
        content: bytes = b"",
        visibility: Visibility = Visibility.STAFF,
        programmes: tuple[str, ...] = (),
        title: str = "",
    ) -> Item:
        """An item filed by an actor (the teacher unless named), in a transaction of its own."""
        content = content or name.encode()
        blob = Blob(hashlib.sha256(content).hexdigest(), len(content))
        facts = ItemFacts(title=title, visibility=visibility, programmes=programmes)
        with self.database.unit_of_work() as session:
            return add_file(
                session,
                actor=actor or self.actors[Role.TEACHER],
                blob=blob,
                file_name=name,
                media_type="text/plain",
                facts=facts,
            )


def member(database: Database, school: School, role: Role, email: str, **limits: object) -> Actor:
    """A new member of a school, as the one who acts."""
    boss = Actor(person_id="", school_id=school.id, role=Role.ADMINISTRATOR)
    with database.unit_of_work() as session:
        membership: Membership = add_person(
            session,
            actor=boss,
            email=email,
            role=role,
            name=email.partition("@")[0].title(),
            **limits,  # type: ignore[arg-type]
        )
        session.flush()
        return actor_in(session, membership.person_id, school.id)


@pytest.fixture(scope="session")
def people() -> dict[str, dict[Role, Actor]]:
    """Kind of database -> the people of its world, the stranger as nobody: they are the same in each test."""
    return {}


@pytest.fixture
def world(database: Database, database_kind: str, people: dict[str, dict[Role, Actor]]) -> World:
    """A world of its own for each test."""
    with database.reading() as session:
        school, neighbour = school_by_key(session, "alder-bay"), school_by_key(session, "birch-hill")
        if database_kind not in people:
            actors = {role: actor_by_email(session, f"{role}@alder.example") for role in ROLES}
            people[database_kind] = {**actors, Role.NOBODY: actor_by_email(session, STRANGER)}
        actors = dict(people[database_kind])
        return World(database, school, neighbour, actors, stranger=actors.pop(Role.NOBODY))
