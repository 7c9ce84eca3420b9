from __future__ import annotations

import pytest

from evidence_app.domain import schools
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.fixtures import World

GOOD = {"key": "cedar", "name": "Cedar  School ", "programmes": ["DP", "PYP"], "language": "it"}


def test_a_school_keeps_its_facts_in_order(world: World) -> None:
    with world.database.unit_of_work() as session:
        school = schools.add_school(session, **GOOD)  # type: ignore[arg-type]
    assert (school.name, school.programmes) == ("Cedar School", ("PYP", "DP"))
    with world.database.reading() as session:
        assert schools.school_by_key(session, "cedar").language == "it"
        assert [s.key for s in schools.all_schools(session)] == ["alder-bay", "birch-hill", "cedar"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "With Space"),
        ("key", ""),
        ("key", "-x"),
        ("key", "admin"),
        ("key", "s"),
        ("key", "x" * 41),
        ("key", "école"),
        ("name", "  "),
        ("programmes", []),
        ("programmes", ["DP", "IGCSE"]),
        ("language", "de"),
    ],
)
def test_what_cannot_be_is_refused_by_field(world: World, field: str, value: object) -> None:
    with world.database.unit_of_work() as session, pytest.raises(Invalid) as error:
        schools.add_school(session, **{**GOOD, field: value})  # type: ignore[arg-type]
    assert error.value.field == field


def test_a_key_is_taken_once(world: World) -> None:
    with world.database.unit_of_work() as session, pytest.raises(Conflict, match="alder-bay"):
        schools.add_school(session, **{**GOOD, "key": "alder-bay"})  # type: ignore[arg-type]


def test_an_administrator_changes_the_school_and_others_do_not(world: World) -> None:
    facts = {
        "name": "Alder Bay",
        "programmes": ["CP", "DP"],
        "language": "fr",
        "ib_code": "049999",
        "place": "X",
        "profile": "P",
    }
    with world.database.unit_of_work() as session:
        assert schools.update_school(session, actor=world.administrator, **facts).programmes == ("DP", "CP")  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            schools.update_school(session, actor=world.head, **facts)  # type: ignore[arg-type]
    with world.database.reading() as session:
        assert schools.school_of(session, world.teacher).programmes == ("DP", "CP")


def test_divisions_are_the_schools_own(world: World) -> None:
    with world.database.unit_of_work() as session:
        schools.add_campus(session, actor=world.administrator, name="North")
        schools.add_subject(session, actor=world.administrator, name="Arts")
        for name in ("Grade 5", "Grade 4"):
            schools.add_year_group(session, actor=world.administrator, name=name)
            session.flush()
        with pytest.raises(Conflict, match="Arts"):
            schools.add_subject(session, actor=world.administrator, name=" Arts ")
        with pytest.raises(NotAllowed):
            schools.add_subject(session, actor=world.teacher, name="Music")
    with world.database.reading() as session:
        mine, theirs = schools.divisions_of(session, world.teacher), schools.divisions_of(session, world.stranger)
    assert [row.name for rows in (mine.campuses, mine.subjects, mine.year_groups) for row in rows] == [
        "North", "Arts", "Grade 5", "Grade 4",
    ]  # fmt: skip
    assert theirs == schools.Divisions((), (), ())


def test_an_unknown_school_is_not_found(world: World) -> None:
    with world.database.reading() as session, pytest.raises(NotFound, match="nowhere"):
        schools.school_by_key(session, "nowhere")


def test_odd_characters_are_taken_out_of_every_name(world: World) -> None:
    sent, kept = "Al\x00der\x07 \u202eBay", "Alder Bay"
    with world.database.unit_of_work() as session:
        added = schools.add_school(session, key="odd", name=sent, programmes=["DP"], language="en")
        here = schools.update_school(
            session,
            actor=world.administrator,
            name=sent,
            programmes=["DP"],
            language="en",
            ib_code=sent,
            place=sent,
            profile=sent,
            accent=sent,
        )
        parts = [
            add(session, actor=world.administrator, name=sent)
            for add in (schools.add_campus, schools.add_subject, schools.add_year_group)
        ]
        session.flush()
    assert {added.name, here.name, here.ib_code, here.place, here.profile, here.accent} == {kept}
    assert {row.name for row in parts} == {kept}
    with pytest.raises(Invalid), world.database.unit_of_work() as session:
        schools.add_campus(session, actor=world.administrator, name="\x00\u202e")
