"""An open evaluation to work in, and the neighbour's one full of words that must never show through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.selfstudy import Response, Written
from evidence_app.errors import AppError
from tests.fixtures import World

PSP = "ib-psp-2020"
PRACTICE = f"{PSP}/0301-02"
SMALLER = f"{PSP}/0202-01"
CANARY = "CANARY"


@dataclass(frozen=True)
class Study:
    """The evaluation under test, and shortcuts that each act in a transaction of their own."""

    world: World
    evaluation_id: str
    neighbour_id: str

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; what it gave out can be looked at afterwards."""
        with self.world.database.reading() as session:
            yield session
            session.expunge_all()

    @contextmanager
    def acting(self) -> Iterator[Session]:
        """A unit of work."""
        with self.world.database.unit_of_work() as session:
            yield session

    def response(self, node_key: str = PRACTICE, programme: str = "DP") -> Response:
        """The response to a practice, as it stands."""
        with self.reading() as session:
            found = selfstudy.response_at(session, self.world.coordinator, self.evaluation_id, node_key, programme)
            assert found is not None
            return found

    def write(
        self, actor: Actor | None = None, *, node_key: str = PRACTICE, programme: str = "DP", **said: object
    ) -> Written:
        """What came of writing a response, as the coordinator unless somebody is named."""
        with self.acting() as session:
            return selfstudy.write_response(
                session,
                actor=actor or self.world.coordinator,
                evaluation_id=self.evaluation_id,
                node_key=node_key,
                programme=programme,
                **said,  # type: ignore[arg-type]
            )

    def cite(self, item: Item, actor: Actor | None = None, *, node_key: str = PRACTICE, programme: str = "DP") -> str:
        """The id of the citation of an item's newest version."""
        with self.acting() as session:
            return selfstudy.cite(
                session,
                actor=actor or self.world.coordinator,
                response_id=self.response(node_key, programme).id,
                item_id=item.id,
            ).id

    def private_item(self, name: str = "plan of one pupil.txt") -> Item:
        """An item only the learning support coordinator may open."""
        return self.world.file_item(self.world.learning_support, name=name, visibility=Visibility.PRIVATE)


@pytest.fixture
def study(world: World) -> Study:
    """An evaluation of MYP and DP with a visit in October 2027, and one of the neighbour's."""
    with world.database.unit_of_work() as session:
        opened = selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key=PSP,
            programmes=["DP", "MYP"],
            visit_on=date(2027, 10, 12),
        )
        other = selfstudy.open_evaluation(
            session, actor=world.stranger, framework_key=PSP, programmes=["DP"], visit_on=None, name=CANARY
        )
        selfstudy.write_response(
            session,
            actor=world.stranger,
            evaluation_id=other.id,
            node_key=PRACTICE,
            programme="DP",
            rating=1,
            narrative=CANARY,
        )
    return Study(world, opened.id, other.id)


@contextmanager
def counting_queries(session: Session) -> Iterator[list[str]]:
    """The statements a session sends while the block runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def refusal(kind: type[AppError], field: str | None = None) -> pytest.RaisesExc[AppError]:
    """The refusal a test expects: its kind and the field it names, with a message in whole words."""
    return pytest.RaisesExc(
        kind, check=lambda error: isinstance(error, AppError) and error.field == field and len(str(error)) > 10
    )
