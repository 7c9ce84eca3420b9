"""Questions that SQLite must answer from an index; PostgreSQL samples what its tables hold, and chooses by that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import event
from sqlalchemy.orm import Session

from evidence_app.domain import evidence
from evidence_app.domain.evidence import Visibility
from tests.fixtures import World


def plan_of(world: World, ask: Callable[[Session], object]) -> list[str]:
    """The steps in which SQLite answers what is asked last, in a school of thirty items of which one is private."""
    for number in range(30):
        world.file_item(name=f"{number}.txt", visibility=Visibility.STAFF if number else Visibility.PRIVATE)
    world.database.note_sizes()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with world.database.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", note)
        ask(session)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        plan = session.connection().exec_driver_sql(f"explain query plan {asked[-1]}", ("",) * asked[-1].count("?"))
        return [step[-1] for step in plan]


def test_what_is_hidden_is_found_without_reading_the_rows_of_a_large_school(world: World) -> None:
    plan = plan_of(world, lambda session: evidence.hidden_from(session, world.coordinator))
    assert any("USING COVERING INDEX ix_items_held_back" in step for step in plan)


def test_what_is_overdue_is_counted_among_what_has_a_day(world: World) -> None:
    plan = plan_of(world, lambda session: evidence.count_late_reviews(session, world.coordinator, date(2026, 11, 24)))
    assert any("USING INDEX ix_items_review" in step for step in plan)
