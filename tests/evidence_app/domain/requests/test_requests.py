"""Asking for evidence, answering, and who learns of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import standards
from evidence_app.domain import requests
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import actor_in, add_group
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.requests import EvidenceRequest, RequestLine, RequestState
from evidence_app.domain.tagging import TagState, tags_of
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.studies import CANARY, PRACTICE, counting_queries, refusal
from tests.fixtures import World, member

DUE = date(2026, 12, 1)


def test_who_is_asked_sees_it_and_answers_with_an_item(world: World) -> None:
    request_id = _ask(world)
    (line,) = _asked_of(world, world.teacher)
    assert (line.request.title, line.asked_by_name, line.asked_name) == (_label(world), "Coordinator", "Teacher")
    item = world.file_item()
    _answer(world, request_id, item, note="Page 2")
    assert _asked_of(world, world.teacher) == []
    with world.database.reading() as session:
        (tag,) = tags_of(session, world.teacher, item.id)
        assert (tag.node_key, tag.note, tag.state) == (PRACTICE, "Page 2", TagState.PROPOSED)
        board = requests.requests_board(session, world.coordinator)
        assert [[line.request.id for line in lines] for lines in board.values()] == [[], [request_id], []]
        assert [given.item.id for given in board[RequestState.ANSWERED][0].answers] == [item.id]


def test_a_group_is_asked_together(world: World) -> None:
    with world.database.unit_of_work() as session:
        group = add_group(
            session, actor=world.administrator, name="Support team", person_ids=[world.learning_support.person_id]
        )
    request_id = _ask(world, person_id=None, group_id=group.id)
    assert _asked_of(world, world.learning_support) == [], "the actor was read before the group was made"
    one = _again(world, world.learning_support)
    (line,) = _asked_of(world, one)
    assert line.asked_name == "Support team"
    _answer(world, request_id, world.file_item(one), actor=one)
    assert _asked_of(world, world.teacher) == []


def test_the_same_item_again_is_the_same_answer(world: World) -> None:
    request_id, item = _ask(world), world.file_item()
    assert _answer(world, request_id, item) == _answer(world, request_id, item)
    _answer(world, request_id, world.file_item(name="more.txt"))
    assert len(_line(world, request_id).answers) == 2


def test_an_answer_taken_back_opens_the_request_again(world: World) -> None:
    request_id = _ask(world)
    answers = [_answer(world, request_id, world.file_item(name=name)) for name in ("a.txt", "b.txt")]
    _take_back(world, answers[0], world.coordinator)
    assert _line(world, request_id).request.state == RequestState.ANSWERED
    _take_back(world, answers[1], world.teacher)
    assert _line(world, request_id).request.state == RequestState.OPEN
    with refusal(NotFound):
        _take_back(world, answers[1], world.teacher)


def test_an_answer_is_taken_back_by_its_giver_or_by_those_who_ask(world: World) -> None:
    request_id = _ask(world)
    answer_id = _answer(world, request_id, world.file_item())
    with refusal(NotAllowed):
        _take_back(world, answer_id, _asked_instead(world, request_id))
    _take_back(world, answer_id, world.coordinator)


def test_a_closed_request_takes_no_answers_until_it_is_opened_again(world: World) -> None:
    request_id, item = _ask(world), world.file_item()
    with world.database.unit_of_work() as session:
        requests.close(session, actor=world.coordinator, request_id=request_id)
    with refusal(Conflict):
        _answer(world, request_id, item)
    with world.database.unit_of_work() as session:
        again = requests.reopen(session, actor=world.coordinator, request_id=request_id, due_on=DUE + timedelta(days=9))
    assert (again.state, again.due_on, again.is_overdue(DUE)) == (RequestState.OPEN, date(2026, 12, 10), False)
    assert again.is_overdue(date(2026, 12, 11))
    _answer(world, request_id, item)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"node_key": "0301-99"}, "node_key"),
        ({"programme": "CP"}, "programme"),
        ({"person_id": None}, "asked"),
        ({"person_id": "somebody"}, "asked"),
        ({"person_id": None, "group_id": "some group"}, "asked"),
        ({"group_id": "both"}, "asked"),
    ],
)
def test_a_request_that_cannot_be_is_refused(world: World, values: dict[str, str | None], field: str) -> None:
    with refusal(Invalid, field):
        _ask(world, **values)  # type: ignore[arg-type]


def test_nobody_is_asked_who_could_not_answer(world: World) -> None:
    with world.database.unit_of_work() as session:
        named = {
            name: add_group(session, actor=world.administrator, name=name, person_ids=[one.person_id for one in people])
            for name, people in (
                ("Nobody", ()),
                ("Who read", (world.reader,)),
                ("Who read and file", (world.reader, world.teacher)),
            )
        }
    with world.database.reading() as session:
        people, groups = requests.able_to_answer(session, world.coordinator)
    assert world.teacher.person_id in {one.person_id for one in people}
    assert world.reader.person_id not in {one.person_id for one in people}
    assert [group.name for group in groups if group.name in named] == ["Who read and file"]
    for name in ("Nobody", "Who read"):
        with refusal(Invalid, "asked"):
            _ask(world, person_id=None, group_id=named[name].id)
    with refusal(Invalid, "asked"):
        _ask(world, person_id=world.reader.person_id)
    with refusal(Invalid, "asked"):
        _ask(world, person_id=named["Who read and file"].id)
    assert _ask(world, person_id=None, group_id=named["Who read and file"].id)


def test_only_those_who_ask_ask_and_only_the_asked_answer(world: World) -> None:
    for actor in (world.teacher, world.head, world.reader):
        with refusal(NotAllowed):
            _ask(world, actor)
    request_id = _ask(world)
    with refusal(NotFound):
        _answer(world, request_id, world.file_item(), actor=world.learning_support)
    _answer(world, request_id, world.file_item(), actor=world.coordinator)
    with world.database.reading() as session, refusal(NotAllowed):
        requests.requests_board(session, world.teacher)


def test_words_and_day_change_where_those_who_ask_say_so_and_a_title_is_never_lost(world: World) -> None:
    request_id, day = _ask(world, title="Minutes"), date(2031, 2, 3)

    def change(actor: Actor, title: str) -> None:
        with world.database.unit_of_work() as session:
            requests.change(session, actor=actor, request_id=request_id, title=title, message=" Please! ", due_on=day)

    for actor, refused in ((world.teacher, NotAllowed), (world.stranger, NotFound)):
        with refusal(refused):
            change(actor, "Other")
    assert _line(world, request_id).request.title == "Minutes"
    change(world.coordinator, "  ")
    changed = _line(world, request_id).request
    assert (changed.title, changed.message, changed.due_on) == ("Minutes", "Please!", day)


def test_a_request_concerns_the_asked_and_those_who_ask(world: World) -> None:
    request_id = _ask(world)
    with world.database.reading() as session:
        for actor in (world.teacher, world.coordinator, world.administrator):
            assert [line.request.id for line in requests.requests_for(session, actor, [PRACTICE])] == [request_id]
        for actor in (world.reader, world.learning_support):
            assert requests.requests_for(session, actor, [PRACTICE]) == []
            with refusal(NotFound):
                requests.request_line(session, actor, request_id)


def test_a_private_answer_shows_neither_title_nor_count(world: World) -> None:
    request_id = _ask(world, person_id=world.learning_support.person_id)
    for name in ("one.txt", "two.txt"):
        hidden = world.file_item(world.learning_support, name=name, visibility=Visibility.PRIVATE)
        answer_id = _answer(world, request_id, hidden, actor=world.learning_support)
    assert (_line(world, request_id).answers, _line(world, request_id).has_hidden) == ((), True)
    theirs = _line(world, request_id, world.learning_support)
    assert (len(theirs.answers), theirs.has_hidden) == (2, False)
    with refusal(NotFound):
        _take_back(world, answer_id, world.coordinator)
    with refusal(NotFound):
        _answer(world, request_id, hidden, actor=world.coordinator)


def test_a_neighbours_request_does_not_exist_here(world: World) -> None:
    theirs = _ask(world, world.stranger, person_id=world.stranger.person_id, title=CANARY)
    with world.database.reading() as session:
        board = requests.requests_board(session, world.coordinator)
        assert list(board.values()) == [[], [], []]
        assert requests.requests_for(session, world.coordinator, [PRACTICE]) == []
        assert requests.open_requests(session, world.coordinator) == []
        with refusal(NotFound):
            requests.request_line(session, world.coordinator, theirs)
    with refusal(NotFound):
        _answer(world, theirs, world.file_item())
    with refusal(Invalid, "asked"):
        _ask(world, person_id=world.stranger.person_id)


def test_who_is_limited_to_a_programme_sees_its_requests_and_those_asked_of_them(world: World) -> None:
    limited = member(world.database, world.school, Role.COORDINATOR, "dp@alder.example", programmes=["DP"])
    mine = [_ask(world, programme="DP"), _ask(world), _ask(world, person_id=limited.person_id, programme="MYP")]
    _ask(world, programme="MYP")
    with world.database.reading() as session:
        board = requests.requests_board(session, limited)
        assert {line.request.id for line in board[RequestState.OPEN]} == set(mine)
    with refusal(Invalid, "programme"):
        _ask(world, limited, programme="MYP")


def test_the_board_takes_few_queries_however_much_is_asked(world: World) -> None:
    for number in range(8):
        _answer(world, _ask(world), world.file_item(name=f"{number}.txt"))
    with world.database.reading() as session, counting_queries(session) as sent:
        requests.requests_board(session, world.coordinator)
    assert len(sent) <= 7, sent


def _ask(world: World, actor: Actor | None = None, **values: object) -> str:
    given: dict[str, object] = {"node_key": PRACTICE, "due_on": DUE, "person_id": world.teacher.person_id}
    with world.database.unit_of_work() as session:
        return requests.ask(session, actor=actor or world.coordinator, **(given | values)).id  # type: ignore[arg-type]


def _answer(world: World, request_id: str, item: Item, *, actor: Actor | None = None, note: str = "") -> str:
    with world.database.unit_of_work() as session:
        return requests.answer(
            session, actor=actor or world.teacher, request_id=request_id, item_id=item.id, note=note
        ).id


def _take_back(world: World, answer_id: str, actor: Actor) -> None:
    with world.database.unit_of_work() as session:
        requests.take_answer_back(session, actor=actor, answer_id=answer_id)


def _asked_of(world: World, actor: Actor) -> list[RequestLine]:
    with world.database.reading() as session:
        lines = requests.asked_of(session, actor)
        session.expunge_all()
        return lines


def _line(world: World, request_id: str, actor: Actor | None = None) -> RequestLine:
    with world.database.reading() as session:
        line = requests.request_line(session, actor or world.coordinator, request_id)
        session.expunge_all()
        return line


def _label(world: World) -> str:
    return standards.load("ib-psp-2020").node("0301-02").label(world.school.language)


def _again(world: World, actor: Actor) -> Actor:
    with world.database.reading() as session:
        return actor_in(session, actor.person_id, actor.school_id)


def _asked_instead(world: World, request_id: str) -> Actor:
    """Somebody whose group is asked now, so that they know the request but gave no answer."""
    helper = member(world.database, world.school, Role.TEACHER, "helper@alder.example")
    with world.database.unit_of_work() as session:
        group = add_group(session, actor=world.administrator, name="Helpers", person_ids=[helper.person_id])
        row = session.get_one(EvidenceRequest, (world.school.id, request_id))
        row.person_id, row.group_id = None, group.id
    return _again(world, helper)
