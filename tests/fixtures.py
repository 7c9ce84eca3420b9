"""A fresh database for each test (SQLite, or PostgreSQL with `--database postgresql`), and a world to act in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidence_app.database import Base, Database
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import actor_in, add_person, new_person
from evidence_app.domain.accounts.models import Membership
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, add_file
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL, follow
from evidence_app.domain.schools import School, add_school
from evidence_app.domain.tables import ALL_TABLES
from storage_adapters import Blob


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    database = Database(f"sqlite:///{path}")
    assert len(ALL_TABLES) == len(Base.metadata.tables)
    Base.metadata.create_all(database.engine)
    database.close()
    return path


@pytest.fixture
def database(empty_database_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of this test's own."""
    path = tmp_path / "evidence.db"
    path.write_bytes(empty_database_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


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


@pytest.fixture
def world(database: Database) -> World:
    """A world of its own for each test."""
    with database.unit_of_work() as session:
        school = add_school(session, key="alder-bay", name="Alder Bay", programmes=["PYP", "MYP", "DP"], language="en")
        neighbour = add_school(session, key="birch-hill", name="Birch Hill CANARY", programmes=["DP"], language="fr")
        for framework in EVERY_IB_SCHOOL:
            follow(session, school_id=school.id, framework_key=framework)
            follow(session, school_id=neighbour.id, framework_key=framework)
        new_person(session, email="operator@example.org", runs_installation=True)
    actors = {role: member(database, school, role, f"{role}@alder.example") for role in Role if role is not Role.NOBODY}
    stranger = member(database, neighbour, Role.COORDINATOR, "canary@birch.example")
    return World(database, school, neighbour, actors, stranger)
