from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from evidence_app.domain.audit import AuditEntry, first_broken_entry, recent_entries, record
from evidence_app.domain.audit.models import AuditHead
from evidence_app.errors import NotAllowed
from tests.fixtures import World


@pytest.fixture
def chain(world: World) -> World:
    with world.database.unit_of_work() as session:
        for n in range(5):
            record(session, world.coordinator, "test.act", "thing", str(n), number=n)
    return world


def broken(world: World) -> int | None:
    with world.database.reading() as session:
        return first_broken_entry(session, world.school.id)


def newest(world: World) -> int:
    with world.database.reading() as session:
        return max(session.scalars(select(AuditEntry.sequence).where(AuditEntry.school_id == world.school.id)))


def test_a_chain_that_nobody_touched_holds(chain: World) -> None:
    assert broken(chain) is None


@pytest.mark.parametrize("column", ["action", "subject_id", "actor_id", "hash"])
def test_a_changed_entry_is_found(chain: World, column: str) -> None:
    place = newest(chain) - 2
    with chain.database.unit_of_work() as session:
        session.execute(
            update(AuditEntry)
            .where(AuditEntry.school_id == chain.school.id, AuditEntry.sequence == place)
            .values({column: "x"})
        )
    assert broken(chain) == place


def test_a_removed_entry_is_found(chain: World) -> None:
    place = newest(chain) - 1
    with chain.database.unit_of_work() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.school_id == chain.school.id, AuditEntry.sequence == place))
    assert broken(chain) == place


def test_a_cut_off_end_is_found(chain: World) -> None:
    place = newest(chain)
    with chain.database.unit_of_work() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.school_id == chain.school.id, AuditEntry.sequence == place))
    assert broken(chain) == place


def test_a_chain_whose_head_is_gone_is_broken(chain: World) -> None:
    with chain.database.unit_of_work() as session:
        session.execute(delete(AuditHead).where(AuditHead.school_id == chain.school.id))
    assert broken(chain) == newest(chain) + 1


def test_schools_have_chains_of_their_own(chain: World) -> None:
    with chain.database.unit_of_work() as session:
        record(session, chain.stranger, "test.act", "thing", "CANARY")
    with chain.database.reading() as session:
        assert all(e.subject_id != "CANARY" for e in recent_entries(session, chain.head))
        assert first_broken_entry(session, chain.neighbour.id) is None


def test_a_teacher_does_not_read_the_log(chain: World) -> None:
    with chain.database.reading() as session, pytest.raises(NotAllowed):
        recent_entries(session, chain.teacher)


def test_an_act_that_is_rolled_back_leaves_no_entry(chain: World) -> None:
    before = newest(chain)
    with pytest.raises(ZeroDivisionError), chain.database.unit_of_work() as session:
        record(session, chain.coordinator, "test.act", "thing", str(1 / 0))
    with chain.database.reading() as session:
        record(session, chain.coordinator, "test.act", "thing", "read only")
    assert newest(chain) == before
    assert broken(chain) is None
