from __future__ import annotations

import pytest

from evidence_app.domain.access import ALLOWED, Action, Actor, Role, can, require, worker_for
from evidence_app.errors import NotAllowed


def actor(role: Role) -> Actor:
    return Actor(person_id="p", school_id="s", role=role)


def test_every_role_stands_in_the_table() -> None:
    assert set(ALLOWED) == set(Role)


def test_what_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(NotAllowed, match=r"Teacher.*review tags"):
        require(actor(Role.TEACHER), Action.REVIEW_TAGS)


def test_a_reader_only_reads() -> None:
    assert {a for a in Action if can(actor(Role.READER), a)} == {
        Action.READ_EVIDENCE,
        Action.READ_STUDY,
        Action.READ_PLAN,
    }


def test_only_an_administrator_manages_people() -> None:
    assert [r for r in Role if can(actor(r), Action.MANAGE_PEOPLE)] == [Role.ADMINISTRATOR]


def test_the_worker_may_do_nothing_a_person_does() -> None:
    assert not [a for a in Action if can(worker_for("s"), a)]
