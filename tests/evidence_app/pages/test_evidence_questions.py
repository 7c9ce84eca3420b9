"""The pages of questions about pupils' data: what an owner is told, what they can do next, and who may."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import accounts, evidence, requests
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
Work = Callable[[], None]
HERE = "/alder-bay/evidence"
NAMES_ONE = b"Wei Zhang (7A) won the prize, and the jury liked that everything was measured twice."
ABOUT_ONE = b"Marco Rossi (3B) has a diagnosis of dyslexia, and the family has told us so in May."


@pytest.fixture
def asked(filed: FileItem, work: Work) -> Item:
    """An item that was meant for visitors and names a pupil."""
    item = filed("prizes.txt", NAMES_ONE, visibility=Visibility.SHAREABLE)
    work()
    return item


def visibility_of(backends: Backends, world: World, item_id: str) -> str:
    with backends.database.reading() as session:
        return evidence.item(session, world.teacher, item_id).visibility


def test_the_owner_is_told_what_was_seen_and_where_to_answer(client_for: Open, world: World, asked: Item) -> None:
    teacher = client_for(world.teacher)
    page = teacher.get(f"{HERE}/{asked.id}").text
    assert "names or describes single pupils. So it is private." in page
    assert "Initials with a class are a name" in page
    assert "pupils by name or initials in its text" in page
    assert f"{HERE}/{asked.id}/question" in page
    assert "1 document looks as if it were about single pupils" in teacher.get("/alder-bay/").text
    assert asked.title in teacher.get(f"{HERE}/questions").text
    assert "<mark>Wei Zhang" in teacher.get(f"{HERE}/{asked.id}/question").text
    assert "1 found" in teacher.get(f"{HERE}/", query_string={"q": "is:flagged"}).text


def test_an_answer_opens_it_as_it_was_meant_and_stands_on_its_page(
    client_for: Open, world: World, backends: Backends, asked: Item, work: Work
) -> None:
    teacher = client_for(world.teacher)
    form = {"answer": "consent", "note": "the office keeps the form", "reopen": "y"}
    assert teacher.post(f"{HERE}/{asked.id}/question", data=form).location == f"{HERE}/{asked.id}"
    work()
    page = teacher.get(f"{HERE}/{asked.id}").text
    assert "The families have agreed" in page
    assert "the office keeps the form" in page
    assert visibility_of(backends, world, asked.id) == "shareable"
    assert "Nothing waits for you" in teacher.get(f"{HERE}/questions").text
    assert "0 found" in teacher.get(f"{HERE}/", query_string={"q": "is:flagged"}).text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"answer": "harmless"}, "Say in a line why"),
        ({"note": "because"}, "Choose what it is"),
        ({"answer": "redacted", "note": "copy"}, "Choose a file first"),
        ({"answer": "nonsense", "note": "x"}, "Not saved yet"),
    ],
)
def test_half_an_answer_is_asked_for_again(
    client_for: Open, world: World, asked: Item, form: dict[str, str], words: str
) -> None:
    answer = client_for(world.teacher).post(f"{HERE}/{asked.id}/question", data=form)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_redacted_copy_is_filed_beside_it_and_the_paper_stays(
    client_for: Open, world: World, backends: Backends, asked: Item, work: Work
) -> None:
    teacher = client_for(world.teacher)
    teacher.post(f"{HERE}/{asked.id}/tags", data={"node_key": "ib-psp-2020/0301-02", "note": "Wei won"})
    form = {"answer": "redacted", "note": "names are black", "files": (io.BytesIO(b"A pupil won."), "prizes black.txt")}
    teacher.post(f"{HERE}/{asked.id}/question", data=form)
    work()
    page = teacher.get(f"{HERE}/{asked.id}").text
    assert "A redacted copy takes its place" in page
    assert "prizes black" in page
    assert visibility_of(backends, world, asked.id) == "private"
    with backends.database.reading() as session:
        [copy] = [i for i in evidence.recent_items(session, world.teacher) if i.id != asked.id]
    told = teacher.get(f"{HERE}/{copy.id}").text
    assert "0301-02" in told
    assert "Wei" not in told


def test_those_who_may_not_open_it_further_cannot_answer(client_for: Open, world: World, asked: Item) -> None:
    for other in (client_for(world.head), client_for(world.coordinator)):
        assert other.get(f"{HERE}/{asked.id}/question").status_code == 404
        assert other.post(f"{HERE}/{asked.id}/question", data={"answer": "harmless", "note": "x"}).status_code == 404
        assert asked.title not in other.get(f"{HERE}/questions").text


def test_what_is_for_colleagues_alone_opens_to_them_with_the_answer(
    client_for: Open, world: World, backends: Backends, asked: Item
) -> None:
    form = {"answer": "internal", "note": "for the teachers of 7A", "reopen": "y"}
    client_for(world.teacher).post(f"{HERE}/{asked.id}/question", data=form)
    assert visibility_of(backends, world, asked.id) == "staff"
    assert "for colleagues alone" in client_for(world.head).get(f"{HERE}/{asked.id}").text


def test_nothing_is_answered_that_was_not_shown(
    client_for: Open, world: World, backends: Backends, filed: FileItem, work: Work
) -> None:
    item = filed("Marco Rossi 3B essay.txt", ABOUT_ONE)
    teacher = client_for(world.teacher)
    shown = as_seen(teacher, item)
    work()
    form = {"answer": "harmless", "note": "an essay", "as_seen": shown}
    answer = teacher.post(f"{HERE}/{item.id}/question", data=form)
    assert answer.status_code == 422
    assert "More was seen in it" in answer.text
    assert "health or a diagnosis" in answer.text
    assert teacher.post(f"{HERE}/{item.id}/question", data=form | {"as_seen": as_seen(teacher, item)}).location


def as_seen(browser: Browser, item: Item) -> str:
    """What the page of the question says it showed."""
    page = browser.get(f"{HERE}/{item.id}/question").text
    return page.partition('name="as_seen" value="')[2].partition('"')[0]


def test_a_custodian_who_may_not_change_it_answers_and_opens_nothing(
    client_for: Open, world: World, backends: Backends, filed: FileItem
) -> None:
    with backends.database.unit_of_work() as session:
        people = [world.learning_support.person_id]
        group = accounts.add_group(session, actor=world.administrator, name="Support", person_ids=people)
        session.flush()
        accounts.name_learning_support(session, actor=world.administrator, group_id=group.id, is_it=True)
    item = filed("Marco Rossi 3B essay.txt", visibility=Visibility.SHAREABLE)
    support = client_for(world.learning_support)
    assert 'name="reopen"' not in support.get(f"{HERE}/{item.id}/question").text
    form = {"answer": "harmless", "note": "a character in a novel", "reopen": "y"}
    assert support.post(f"{HERE}/{item.id}/question", data=form).location == f"{HERE}/{item.id}"
    assert visibility_of(backends, world, item.id) == "private"
    page = client_for(world.teacher).get(f"{HERE}/{item.id}").text
    assert "a character in a novel" in page


def test_a_live_examination_paper_is_named_for_what_it_is_and_can_be_withdrawn(
    client_for: Open, world: World, filed: FileItem, work: Work
) -> None:
    item = filed("Mock exam Biology SL.txt", b"Name three things that a cell needs.", visibility=Visibility.SHAREABLE)
    work()
    teacher = client_for(world.teacher)
    for page in (teacher.get(f"{HERE}/{item.id}").text, teacher.get(f"{HERE}/{item.id}/question").text):
        assert "looks like an examination paper that is still live" in page
        assert "belong with the examinations coordinator" in page
        assert "individual pupil" not in page
        assert "names or describes single pupils" not in page
    form = teacher.get(f"{HERE}/{item.id}/question").text
    assert "It is a past paper" in form
    assert 'value="consent"' not in form
    assert 'name="files"' not in form
    assert f"{HERE}/{item.id}/withdraw" in form
    answer = teacher.post(f"{HERE}/{item.id}/question", data={"answer": "consent", "note": "x"})
    assert answer.status_code == 422
    teacher.post(f"{HERE}/{item.id}/withdraw")
    assert item.title not in teacher.get(f"{HERE}/questions").text


def test_an_individuals_plan_offers_no_consent_and_stays_closed_to_others(
    client_for: Open, world: World, filed: FileItem, work: Work
) -> None:
    item = filed("Individual education plan Pia Berg.txt", ABOUT_ONE)
    work()
    page = client_for(world.teacher).get(f"{HERE}/{item.id}/question").text
    assert "looks like an individual pupil&#39;s paper" in page
    assert 'value="consent"' not in page
    assert 'value="harmless"' in page
    coordinator = client_for(world.coordinator)
    assert coordinator.get(f"{HERE}/{item.id}/question").status_code == 404
    assert item.title not in coordinator.get(f"{HERE}/questions").text


def test_no_bulk_act_and_no_form_opens_what_waits(
    client_for: Open, world: World, backends: Backends, asked: Item, filed: FileItem
) -> None:
    other = filed("plain.txt")
    teacher = client_for(world.teacher)
    chosen = {"item": [asked.id, other.id], "do": "visibility", "visibility": "shareable"}
    page = teacher.post(f"{HERE}/chosen", data=chosen, follow_redirects=True).text
    assert "stays private" in page
    assert [visibility_of(backends, world, item.id) for item in (asked, other)] == ["private", "staff"]
    facts = {"title": "prizes", "visibility": "shareable"}
    answer = teacher.post(f"{HERE}/{asked.id}/edit", data=facts)
    assert answer.status_code == 422
    assert "stays private" in answer.text


def test_a_file_given_in_answer_to_a_request_is_looked_at_too(
    client_for: Open, world: World, backends: Backends, filed: FileItem
) -> None:
    filed("earlier.txt", visibility=Visibility.SHAREABLE)
    with backends.database.unit_of_work() as session:
        request_id = requests.ask(
            session,
            actor=world.coordinator,
            node_key="ib-psp-2020/0301-02",
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
        ).id
    teacher = client_for(world.teacher)
    data = {"files": (io.BytesIO(b"x"), "IEP Marco Rossi.txt"), "request": request_id}
    teacher.post("/alder-bay/evidence/new/files", data=data)
    with backends.database.reading() as session:
        [given] = [i for i in evidence.recent_items(session, world.teacher) if "IEP" in i.title]
    assert (given.visibility, given.held) == ("private", "private")


def test_what_is_asked_about_nothing_says_so(client_for: Open, world: World, filed: FileItem, work: Work) -> None:
    item = filed("plain.txt")
    work()
    teacher = client_for(world.teacher)
    assert "Nothing is asked about this" in teacher.get(f"{HERE}/{item.id}/question").text
    assert teacher.post(f"{HERE}/{item.id}/question", data={}).location == f"{HERE}/{item.id}"


def test_a_card_says_that_its_file_is_held_back(client_for: Open, world: World, work: Work) -> None:
    teacher = client_for(world.teacher)
    teacher.post(f"{HERE}/new/files", data={"files": (io.BytesIO(ABOUT_ONE), "notes.txt"), "form_key": "k"})
    work()
    page = teacher.get(f"{HERE}/new").text
    assert "It stays private until you have answered" in page
    assert "belongs in the school&#39;s case files" in page
    item_id = page.partition('name="item" value="')[2].partition('"')[0]
    data = {"item": item_id, "visibility": "shareable", "programmes": "", "school_year": ""}
    told = teacher.post(f"{HERE}/new", data=data, follow_redirects=True).text
    assert "held back until you have answered" in told


def test_the_plan_of_a_drive_and_its_report_count_them_apart(client_for: Open, world: World, work: Work) -> None:
    teacher = client_for(world.teacher)
    plain = {"IEPs/scan.txt": b"read later", "Mock exam.txt": b"Name a cell.", "policy.txt": b"How we include."}
    drive = zip_bytes(plain | {"Prizes.txt": NAMES_ONE})
    place = teacher.post(f"{HERE}/drives", data={"files": (io.BytesIO(drive), "drive.zip")}).location
    work()
    plan = teacher.get(place).text
    assert "2 documents will be private" in plan
    assert "1 looks like an examination paper that is still live. Those belong" in plan
    assert "IEPs/scan.txt" in plan
    teacher.post(f"{place}/start", data={"visibility": "shareable"})
    work()
    told = teacher.get(place).text
    assert "1 looks like an individual" in told
    assert "1 looks like an examination paper that is still live and is private" in told
    assert "1 names or describes pupils and stays private" in told
    report = teacher.get(f"{place}/report.csv").text
    assert "It looks like an individual pupil's paper." in report
    assert "It looks like an examination paper that is still live. Papers of an examination" in report


def test_an_administrator_names_the_learning_support_team(client_for: Open, world: World, backends: Backends) -> None:
    administrator = client_for(world.administrator)
    group = {"name": "Support", "people": [world.learning_support.person_id], "is_learning_support": "y"}
    administrator.post("/alder-bay/admin/groups/new", data=group)
    with backends.database.reading() as session:
        named = accounts.learning_support_group(session, world.school.id)
        assert named is not None
    page = administrator.get(f"/alder-bay/admin/groups/{named.id}").text
    assert "This is the learning support team" in page
    assert 'name="is_learning_support" value="y" checked' in page
