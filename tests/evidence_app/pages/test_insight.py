"""The page of insight: its numbers are those of the pages they lead to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from evidence_app.database import now
from evidence_app.domain import accounts, selfstudy
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.insight import Pace
from evidence_app.domain.selfstudy import Evaluation
from evidence_app.domain.tagging import attach
from evidence_app.i18n import day_in_words
from evidence_app.pages.insight import MOST_ROWS, _pace_words
from tests.evidence_app.domain.studies import CANARY, Study
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
PAGE = "/alder-bay/insight/"
ROW = re.compile(r'<li><a class="quiet" href="([^"]+)">([^<]+)</a><progress[^>]*></progress><b class="num">(\d+)</b>')
TODAY = now().date()


def rows_of(page: str) -> dict[str, tuple[str, int]]:
    """Words of a row -> where it leads, and its number."""
    return {words: (unescape(url), int(number)) for url, words, number in ROW.findall(page)}


def test_a_school_without_evidence_is_told_what_will_stand_here(client_for: Open, world: World) -> None:
    client = client_for(world.coordinator)
    assert "Nothing to see yet" in client.get(PAGE).text
    assert 'href="/alder-bay/insight"' in client.get("/alder-bay/").text
    assert client_for(world.head).get(PAGE).status_code == 200
    assert client_for(world.teacher).get(PAGE).status_code == 403
    assert "/insight" not in client_for(world.teacher).get("/alder-bay/").text


def test_every_number_is_that_of_the_page_it_leads_to(
    client_for: Open, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    for number in range(3):
        filed(f"{number}.txt", f"Number {number}".encode(), programmes=("DP",) if number else ("DP", "PYP"))
    mine = filed("m.txt", b"Of the coordinator", actor=world.coordinator)
    filed("p.txt", b"Private", title=CANARY, visibility=Visibility.PRIVATE, programmes=("DP",))
    with world.database.unit_of_work() as session:
        attach(session, actor=world.coordinator, item_id=mine.id, node_key="ib-learner-profile/inquirers")
        accounts.add_group(
            session,
            actor=world.administrator,
            name="Sciences",
            person_ids=[world.teacher.person_id, world.coordinator.person_id],
        )
    work()
    client = client_for(world.coordinator)
    page = client.get(PAGE).text
    rows = rows_of(page)
    assert rows["Sciences"][1] == 4
    assert {words: number for words, (_, number) in rows.items() if words in ("DP", "PYP")} == {"DP": 3, "PYP": 1}
    assert [number for _, number in rows.values()].count(0) > 10, "attributes without evidence are told too"
    for words, (url, number) in rows.items():
        found = client.get(url).text
        said = re.search(r"(\d+) found", found)
        assert (int(said[1]) if said else 0) == number, words
    assert CANARY not in page


def test_while_the_index_is_made_anew_the_page_says_so(
    client_for: Open, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt")
    client = client_for(world.coordinator)
    page = client.get(PAGE).text
    assert "some numbers here are missing" in page
    assert "Filed each month" in page, "what needs no index is there"
    work()
    assert "some numbers here are missing" not in client.get(PAGE).text


def test_the_pace_is_said_in_one_sentence(client_for: Open, world: World, study: Study, filed: FileItem) -> None:
    filed("a.txt")
    client = client_for(world.coordinator)
    page = client.get(PAGE).text
    assert "0 of 82 answers approved, 0 begun" in page
    assert f'href="/alder-bay/study/{study.evaluation_id}"' in page
    with study.acting() as session:
        selfstudy.close_evaluation(session, actor=world.coordinator, evaluation_id=study.evaluation_id)
    assert "The pace to the visit" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("approved", "a_week", "days", "said"),
    [
        (10, 0.0, 7, "All answers are approved."),
        (5, 1.0, -1, f"They were due on {day_in_words(TODAY - timedelta(days=1), 'en')}."),
        (5, 2.55, 70, "2.5 a week, all are approved by"),
        (5, 0.5, 35, "1 a week have to be approved; in the last 8 weeks it was 0.5."),
        (5, 1.0, None, "Give the evaluation the date of its visit"),
    ],
)
def test_what_is_said_of_a_pace(client_for: Open, approved: int, a_week: float, days: int | None, said: str) -> None:
    due_on = None if days is None else TODAY + timedelta(days=days)
    with client_for(None).application.test_request_context("/"):
        assert said in _pace_words(Pace(Evaluation(), 10, approved, approved, (), a_week, due_on, TODAY))


def test_of_many_subjects_the_most_frequent_stand_there(
    client_for: Open, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    kinds = [f"kind-{number:02}" for number in range(MOST_ROWS + 2)]
    for number, kind in enumerate(kinds):
        item = filed(f"{number}.txt", f"Of {kind}".encode())
        with world.database.unit_of_work() as session:
            session.merge(item).document_kind = kind
    work()
    page = client_for(world.coordinator).get(PAGE).text
    assert len(re.findall("[?]document_kind=", page)) == MOST_ROWS
    assert "2 more have fewer" in page
