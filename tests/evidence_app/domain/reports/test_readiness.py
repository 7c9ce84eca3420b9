"""Readiness: what a self-study lacks, and where."""

from __future__ import annotations

import pytest

from evidence_app.domain import reports, selfstudy
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.reports import Lack, Readiness
from evidence_app.domain.selfstudy import ResponseStatus
from evidence_app.errors import NotAllowed, NotFound
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.studies import counting_queries


def look(desk: Desk) -> Readiness:
    with desk.study.reading() as session:
        return reports.readiness(session, desk.world.coordinator, desk.study.evaluation_id)


def lacks_of(desk: Desk, code: str = "0301-02", programme: str = "DP") -> dict[Lack, list[tuple[int, str]]]:
    found: dict[Lack, list[tuple[int, str]]] = {}
    for line in look(desk).lines:
        if (line.node.code, line.programme) == (code, programme):
            found.setdefault(line.lack, []).append((line.line, line.number))
    return found


def test_a_fresh_self_study_lacks_everything_everywhere(desk: Desk) -> None:
    found = look(desk)
    assert found.answers == 82, "41 practices in two programmes"
    assert found.complete == 0
    counts = {lack: len(lines) for lack, lines in found.by_lack().items()}
    assert counts == {Lack.NO_NARRATIVE: 82, Lack.NO_RATING: 82, Lack.NO_EVIDENCE: 82}


def test_an_answer_with_words_level_and_released_exhibit_lacks_only_approval(desk: Desk) -> None:
    desk.cite(desk.file())
    desk.study.write(rating=2, narrative="So it is.")
    assert lacks_of(desk) == {Lack.NOT_APPROVED: [(0, "")]}
    assert look(desk).complete == 1
    with desk.study.acting() as session:
        selfstudy.set_status(
            session, actor=desk.world.coordinator, response_id=desk.study.response().id, status=ResponseStatus.APPROVED
        )
    assert lacks_of(desk) == {}


def test_what_is_cited_and_stays_in_the_school_is_named_with_its_line(desk: Desk) -> None:
    number = desk.cite(desk.file(visibility=Visibility.STAFF))
    desk.study.write(rating=2, narrative="One.\n\nTwo [[E-9999-99-99]].")
    desk.study.write(rating=2, narrative=f"See [[{number}]].", programme="MYP")
    assert lacks_of(desk)[Lack.UNRELEASED] == [(0, number)]
    assert lacks_of(desk)[Lack.UNKNOWN_EXHIBIT] == [(3, "E-9999-99-99")]
    assert lacks_of(desk)[Lack.NO_EVIDENCE] == [(0, "")]
    assert lacks_of(desk, programme="MYP")[Lack.UNRELEASED] == [(0, number)], "what is named is cited"
    with desk.study.acting() as session:
        response = desk.study.response(programme="MYP")
        (cited,) = selfstudy.citations_of(session, desk.world.coordinator, response.id).shown
        assert cited.citation is not None
        selfstudy.uncite(session, actor=desk.world.coordinator, citation_id=cited.citation.id)
    assert lacks_of(desk, programme="MYP")[Lack.UNRELEASED] == [(1, number)], "named, and not cited any more"


def test_what_stays_is_told_with_why_and_what_to_do_to_who_may_open_it(desk: Desk) -> None:
    theirs = desk.cite(
        desk.file("plan.txt", visibility=Visibility.PRIVATE, actor=desk.world.learning_support),
        actor=desk.world.learning_support,
    )
    staff, free = desk.cite(desk.file(visibility=Visibility.STAFF)), desk.cite(desk.file("b.txt"))

    def told(actor: Actor, *numbers: str) -> dict[str, tuple[str, str]]:
        with desk.study.reading() as session:
            found = reports.staying(session, actor, desk.study.evaluation_id, numbers)
        return {number: (line.title, str(line.reason)) for number, line in found.items()}

    to_coordinator = told(desk.world.coordinator, theirs, staff, free)
    assert set(to_coordinator) == {theirs, staff}
    assert to_coordinator[staff] == ("policy", "It is open to staff only. Make it shareable to release it.")
    assert to_coordinator[theirs][0] == ""
    assert to_coordinator[theirs][1].startswith("It is not open to you")
    assert told(desk.world.learning_support, theirs)[theirs][1].startswith("It is private.")
    assert told(desk.world.coordinator, free) == {}


def test_the_worst_stands_first(desk: Desk) -> None:
    desk.study.write(rating=2, narrative="See [[E-9999-99-99]].")
    order = list(Lack)
    places = [order.index(line.lack) for line in look(desk).lines]
    assert places == sorted(places)
    assert places[0] == order.index(Lack.UNKNOWN_EXHIBIT)


def test_it_takes_the_same_few_questions_however_much_is_cited(desk: Desk) -> None:
    with desk.study.reading() as session, counting_queries(session) as few:
        reports.readiness(session, desk.world.coordinator, desk.study.evaluation_id)
    for n in range(12):
        desk.cite(desk.file(f"{n}.txt"))
    with desk.study.reading() as session, counting_queries(session) as many:
        reports.readiness(session, desk.world.coordinator, desk.study.evaluation_id)
    assert len(many) == len(few) < 10


def test_only_who_compiles_may_ask(desk: Desk) -> None:
    with desk.study.reading() as session:
        with pytest.raises(NotAllowed):
            reports.readiness(session, desk.world.teacher, desk.study.evaluation_id)
        with pytest.raises(NotFound):
            reports.readiness(session, desk.world.stranger, desk.study.evaluation_id)
