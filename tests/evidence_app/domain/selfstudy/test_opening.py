"""Opening an evaluation and changing its frame, its dates and its people."""

from __future__ import annotations

from datetime import date

import pytest

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Role
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL
from evidence_app.domain.selfstudy import DeadlineKind, EvaluationState, ResponseStatus, deadlines_for
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.studies import PRACTICE, PSP, Study, refusal
from tests.fixtures import World, member

VISIT = date(2027, 10, 12)


def test_every_practice_waits_for_an_answer_in_every_programme(study: Study) -> None:
    with study.reading() as session:
        opened = selfstudy.evaluation(session, study.world.coordinator, study.evaluation_id)
        totals = selfstudy.progress(session, study.world.coordinator, study.evaluation_id)
    assert opened.programmes == ("MYP", "DP")
    assert opened.name == "MYP, DP 2027"
    assert opened.scale_key == "three-levels"
    assert [state.label.msgid for state in EvaluationState] == ["Open", "Closed"]
    assert {p: t[ResponseStatus.NOT_BEGUN] for p, t in totals.items()} == {"MYP": 41, "DP": 41}


def test_deadlines_are_reckoned_from_the_visit() -> None:
    assert deadlines_for(VISIT) == {
        DeadlineKind.DATES_OFFERED: date(2026, 4, 12),
        DeadlineKind.DATES_CHOSEN: date(2026, 7, 12),
        DeadlineKind.STUDY_BEGINS: date(2026, 10, 12),
        DeadlineKind.PRELIMINARY_REVIEW: date(2027, 6, 12),
        DeadlineKind.QUESTIONNAIRE: date(2027, 8, 31),
        DeadlineKind.AGENDA: date(2027, 9, 28),
        DeadlineKind.VISIT: VISIT,
    }
    assert list(deadlines_for(VISIT).values()) == sorted(deadlines_for(VISIT).values())
    assert all(kind.label.msgid for kind in DeadlineKind)


def test_a_month_that_is_too_short_gives_its_last_day() -> None:
    assert deadlines_for(date(2028, 6, 30))[DeadlineKind.PRELIMINARY_REVIEW] == date(2028, 2, 29)
    assert deadlines_for(date(2027, 3, 31))[DeadlineKind.DATES_OFFERED] == date(2025, 9, 30)


def test_a_date_set_by_hand_stays_when_the_visit_moves(study: Study) -> None:
    own = date(2027, 8, 1)
    with study.acting() as session:
        selfstudy.set_deadline(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            key=DeadlineKind.QUESTIONNAIRE,
            due_on=own,
        )
    _move_visit(study, date(2027, 11, 12))
    dates = _dates(study)
    assert dates[DeadlineKind.QUESTIONNAIRE] == own
    assert dates[DeadlineKind.AGENDA] == date(2027, 10, 29)
    with study.acting() as session:
        back = selfstudy.set_deadline(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            key=DeadlineKind.QUESTIONNAIRE,
            due_on=None,
            done_on=date(2027, 9, 1),
        )
    assert (back.due_on, back.is_own, back.done_on) == (date(2027, 10, 1), False, date(2027, 9, 1))


def test_without_a_visit_the_reckoned_dates_go_and_the_schools_own_stay(study: Study) -> None:
    with study.acting() as session:
        added = selfstudy.add_deadline(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            title="Parents are heard",
            due_on=date(2027, 2, 1),
        )
    _move_visit(study, None)
    assert _dates(study) == {added.key: date(2027, 2, 1)}
    with study.acting() as session, refusal(Invalid, "due_on"):
        selfstudy.set_deadline(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            key=added.key,
            due_on=None,
        )
    with study.acting() as session:
        selfstudy.remove_deadline(
            session, actor=study.world.coordinator, evaluation_id=study.evaluation_id, key=added.key
        )
    assert _dates(study) == {}


def test_a_date_needs_words_and_must_exist(study: Study) -> None:
    actor, evaluation_id = study.world.coordinator, study.evaluation_id
    with study.acting() as session, refusal(Invalid, "title"):
        selfstudy.add_deadline(session, actor=actor, evaluation_id=evaluation_id, title=" ", due_on=VISIT)
    with study.acting() as session, refusal(NotFound):
        selfstudy.remove_deadline(session, actor=actor, evaluation_id=evaluation_id, key="nothing")


@pytest.mark.parametrize("programmes", [[], ["CP"], ["DP", "IGCSE"]])
def test_only_programmes_the_school_offers_are_evaluated(world: World, programmes: list[str]) -> None:
    with world.database.unit_of_work() as session, refusal(Invalid, "programmes"):
        selfstudy.open_evaluation(
            session, actor=world.coordinator, framework_key=PSP, programmes=programmes, visit_on=None
        )


def test_a_framework_that_is_only_tagged_against_is_refused(world: World) -> None:
    for framework in EVERY_IB_SCHOOL[1:]:
        with world.database.unit_of_work() as session, refusal(Invalid, "framework"):
            selfstudy.open_evaluation(
                session, actor=world.coordinator, framework_key=framework, programmes=["DP"], visit_on=None
            )


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"period_from": date(2027, 1, 1), "period_to": date(2026, 1, 1)}, "period_to"),
        ({"visit_until": date(2027, 10, 1)}, "visit_until"),
    ],
)
def test_dates_that_cross_are_refused(world: World, dates: dict[str, date], field: str) -> None:
    with world.database.unit_of_work() as session, refusal(Invalid, field):
        selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key=PSP,
            programmes=["DP"],
            visit_on=VISIT,
            **dates,  # type: ignore[arg-type]
        )


def test_the_older_scale_may_be_chosen_and_an_unknown_one_not(world: World) -> None:
    with world.database.unit_of_work() as session:
        opened = selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key=PSP,
            programmes=["DP"],
            visit_on=None,
            scale_key="four-levels",
        )
    assert (opened.scale_key, opened.name) == ("four-levels", "DP")
    with world.database.unit_of_work() as session, refusal(Invalid, "scale"):
        selfstudy.open_evaluation(
            session, actor=world.coordinator, framework_key=PSP, programmes=["DP"], visit_on=None, scale_key="stars"
        )


def test_the_scale_stays_once_something_was_rated(study: Study) -> None:
    _change(study, scale_key="four-levels")
    study.write(rating=4)
    with refusal(Conflict, "scale"):
        _change(study, scale_key="three-levels")
    study.write(rating=0)
    _change(study, scale_key="three-levels")


def test_a_programme_taken_out_keeps_its_words_until_it_comes_back(study: Study) -> None:
    study.write(programme="MYP", narrative="Kept")
    _change(study, programmes=["DP"])
    with study.reading() as session:
        assert list(selfstudy.progress(session, study.world.head, study.evaluation_id)) == ["DP"]
    _change(study, programmes=["PYP", "MYP", "DP"])
    with study.reading() as session:
        totals = selfstudy.progress(session, study.world.head, study.evaluation_id)
    assert totals["MYP"][ResponseStatus.DRAFT] == 1
    assert totals["PYP"][ResponseStatus.NOT_BEGUN] == 41


def test_a_closed_evaluation_is_read_only_until_it_is_opened_again(study: Study) -> None:
    actor = study.world.coordinator
    with study.acting() as session:
        closed = selfstudy.close_evaluation(session, actor=actor, evaluation_id=study.evaluation_id)
    assert closed.state == EvaluationState.CLOSED
    with refusal(Conflict):
        study.write(narrative="Too late")
    with study.acting() as session, refusal(Conflict):
        selfstudy.assign_lead(
            session, actor=actor, response_id=study.response().id, person_id=study.world.teacher.person_id
        )
    with study.acting() as session:
        selfstudy.reopen_evaluation(session, actor=actor, evaluation_id=study.evaluation_id)
    assert study.write(narrative="In time").conflict is None


def test_the_team_and_those_who_were_heard_keep_their_order(study: Study) -> None:
    world = study.world
    with study.acting() as session:
        for members in ([(world.head.person_id, "")], [(world.teacher.person_id, "MYP"), (world.head.person_id, "")]):
            selfstudy.set_team(session, actor=world.coordinator, evaluation_id=study.evaluation_id, members=members)
        selfstudy.set_participants(
            session,
            actor=world.coordinator,
            evaluation_id=study.evaluation_id,
            rows=[("Families", "41", "answered a survey"), ("", "3", ""), ("Governors", "", "")],
        )
    with study.reading() as session:
        team = selfstudy.team_of(session, world.reader, study.evaluation_id)
        heard = selfstudy.participants_of(session, world.reader, study.evaluation_id)
    assert [(name, row.part) for row, name in team] == [("Teacher", "MYP"), ("Head", "")]
    assert [(row.who, row.people, row.did) for row in heard] == [
        ("Families", "41", "answered a survey"),
        ("Governors", "", ""),
    ]


def test_nobody_of_another_school_joins_the_team_or_leads(study: Study) -> None:
    actor, stranger = study.world.coordinator, study.world.stranger.person_id
    with study.acting() as session, refusal(Invalid, "team"):
        selfstudy.set_team(session, actor=actor, evaluation_id=study.evaluation_id, members=[(stranger, "")])
    with study.acting() as session, refusal(Invalid, "lead"):
        selfstudy.assign_lead(session, actor=actor, response_id=study.response().id, person_id=stranger)


def test_only_those_who_manage_open_and_change(study: Study) -> None:
    for actor in (study.world.teacher, study.world.head, study.world.reader):
        with refusal(NotAllowed):
            _change(study, actor=actor)


def test_a_neighbours_evaluation_does_not_exist_here(study: Study) -> None:
    coordinator = study.world.coordinator
    with study.reading() as session:
        assert [e.id for e in selfstudy.evaluations_of(session, coordinator)] == [study.evaluation_id]
        for ask in (
            selfstudy.evaluation,
            selfstudy.progress,
            selfstudy.study_tree,
            selfstudy.exhibit_names,
            selfstudy.exhibits_of,
            selfstudy.introductions,
            selfstudy.deadlines_of,
            selfstudy.team_of,
            selfstudy.participants_of,
            selfstudy.standard_levels,
            selfstudy.narrative_problems,
        ):
            with refusal(NotFound):
                ask(session, coordinator, study.neighbour_id)
    with study.acting() as session, refusal(NotFound):
        selfstudy.close_evaluation(session, actor=coordinator, evaluation_id=study.neighbour_id)


def test_open_evaluations_come_first(study: Study) -> None:
    with study.acting() as session:
        newer = selfstudy.open_evaluation(
            session, actor=study.world.coordinator, framework_key=PSP, programmes=["PYP"], visit_on=None
        )
        selfstudy.close_evaluation(session, actor=study.world.coordinator, evaluation_id=newer.id)
    with study.reading() as session:
        found = selfstudy.evaluations_of(session, study.world.reader)
    assert [e.id for e in found] == [study.evaluation_id, newer.id]


def test_who_is_limited_to_a_programme_sees_and_writes_only_that(study: Study) -> None:
    world = study.world
    limited = member(world.database, world.school, Role.COORDINATOR, "dp@alder.example", programmes=["DP"])
    outside = member(world.database, world.school, Role.COORDINATOR, "pyp@alder.example", programmes=["PYP"])
    study.write(limited, narrative="Ours")
    with refusal(Invalid, "programme"):
        study.write(limited, programme="MYP", narrative="Not ours")
    with study.reading() as session:
        tree = selfstudy.study_tree(session, limited, study.evaluation_id)
        assert tree.programmes == ("DP",)
        assert {cell.programme for row in tree.rows for cell in row.cells} == {"DP"}
        assert selfstudy.response_at(session, limited, study.evaluation_id, PRACTICE, "MYP") is None
        with refusal(NotFound):
            selfstudy.response(session, limited, study.response(programme="MYP").id)
        assert selfstudy.evaluations_of(session, outside) == []
        with refusal(NotFound):
            selfstudy.evaluation(session, outside, study.evaluation_id)
    with study.acting() as session, refusal(NotFound):
        selfstudy.set_status(
            session,
            actor=limited,
            response_id=study.response(programme="MYP").id,
            status=ResponseStatus.DRAFT,
        )


def _change(study: Study, **changes: object) -> None:
    values: dict[str, object] = {
        "actor": study.world.coordinator,
        "evaluation_id": study.evaluation_id,
        "name": "",
        "programmes": ["MYP", "DP"],
        "visit_on": VISIT,
    }
    with study.acting() as session:
        selfstudy.update_evaluation(session, **(values | changes))  # type: ignore[arg-type]


def _move_visit(study: Study, visit_on: date | None) -> None:
    _change(study, visit_on=visit_on)


def _dates(study: Study) -> dict[str, date]:
    with study.reading() as session:
        rows = selfstudy.deadlines_of(session, study.world.reader, study.evaluation_id)
    return {row.key: row.due_on for row in rows}
