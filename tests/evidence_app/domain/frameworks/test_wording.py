from __future__ import annotations

import pytest

from evidence_app.domain.access import Actor
from evidence_app.domain.frameworks import (
    catalogue_for,
    count_own_wording,
    follow,
    followed,
    import_wording,
    own_wording,
    remove_wording,
    require_node,
    rows_of_table,
)
from evidence_app.errors import Invalid, NotAllowed, NotFound
from tests.fixtures import World

PSP = "ib-psp-2020"
ROWS = [
    (2, {"code": "0301-02", "text": "Our school's own words", "language": "en"}),
    (3, {"code": "0301-02-0900", "text": "A requirement nobody had printed", "programme": "DP"}),
]


def bring(world: World, rows: list[tuple[int, dict[str, str]]], actor: Actor | None = None) -> list[str]:
    with world.database.unit_of_work() as session:
        result = import_wording(
            session, actor=actor or world.administrator, framework_key=PSP, rows=rows, language="en"
        )
    return [str(p) for p in result.problems]


def own_text(world: World, actor: Actor, code: str = "0301-02") -> str | None:
    with world.database.reading() as session:
        return catalogue_for(session, actor.school_id, PSP).node(code).own_text("en")


def test_own_wording_and_new_codes_are_this_schools_alone(world: World) -> None:
    assert bring(world, ROWS) == []
    assert own_text(world, world.teacher) == "Our school's own words"
    assert own_text(world, world.stranger) is None
    with world.database.reading() as session:
        assert require_node(session, world.school.id, "0301-02-0900").parent_key == "ib-psp-2020/0301-02"
        with pytest.raises(Invalid):
            require_node(session, world.neighbour.id, "0301-02-0900")


def test_a_second_import_replaces_the_first(world: World) -> None:
    bring(world, ROWS)
    assert bring(world, [(2, {"code": "0301-02", "text": "Better words"})]) == []
    assert own_text(world, world.teacher) == "Better words"
    with world.database.reading() as session:
        assert "0301-02-0900" not in catalogue_for(session, world.school.id, PSP)


def test_one_bad_row_keeps_everything_as_it_was(world: World) -> None:
    bring(world, ROWS)
    (problem,) = bring(world, [*ROWS, (4, {"code": "0999", "text": "x"})])
    assert "4" in problem
    assert "0999" in problem
    assert own_text(world, world.teacher) == "Our school's own words"


def test_only_an_administrator_imports(world: World) -> None:
    with pytest.raises(NotAllowed):
        bring(world, ROWS, world.coordinator)


def test_a_workbook_arrives_as_lines_of_cells() -> None:
    text = "Sheet 1\n\nCode\tText\tLanguage\n0301-02\tOwn words\tfr\n\n0101-01\t\tes\n"
    assert rows_of_table(text) == [
        (4, {"code": "0301-02", "text": "Own words", "language": "fr"}),
        (6, {"code": "0101-01", "text": "", "language": "es"}),
    ]


def test_following_is_checked_and_ordered(world: World) -> None:
    with world.database.unit_of_work() as session:
        with pytest.raises(Invalid, match="Installed are"):
            follow(session, school_id=world.school.id, framework_key="none-such")
        follow(session, school_id=world.school.id, framework_key=PSP)
    with world.database.reading() as session:
        assert next(c.key for c in followed(session, world.school.id)) == PSP
        assert len(followed(session, world.school.id)) == 4
        with pytest.raises(NotFound):
            catalogue_for(session, world.school.id, "none-such")


def test_a_code_that_is_nearly_right_gets_a_hint(world: World) -> None:
    with world.database.reading() as session, pytest.raises(Invalid, match=r"Nearest: .*0301-0"):
        require_node(session, world.school.id, "0301-99")


def test_own_wording_is_listed_counted_and_taken_away(world: World) -> None:
    bring(world, ROWS)
    with world.database.reading() as session:
        assert count_own_wording(session, world.school.id) == {PSP: 2}
        assert count_own_wording(session, world.neighbour.id) == {}
        assert [row.code for row in own_wording(session, world.school.id, PSP)] == ["0301-02", "0301-02-0900"]
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        remove_wording(session, actor=world.coordinator, framework_key=PSP)
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        remove_wording(session, actor=world.administrator, framework_key="ib-psp-1066")
    with world.database.unit_of_work() as session:
        assert remove_wording(session, actor=world.administrator, framework_key=PSP) == 2
    assert own_text(world, world.teacher) is None
