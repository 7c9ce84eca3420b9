"""What is dropped and not saved: no colleague finds it on any page, and its owner sees what to do next."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake, requests
from evidence_app.domain.access import Actor
from evidence_app.domain.intake import EntryState
from evidence_app.domain.jobs import Job
from storage_adapters import open_store
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.evidence_app.pages.test_evidence_filing import SCRIPT, drop, items_of
from tests.fixtures import World

SCHOOL = "/alder-bay"
LIBRARY = f"{SCHOOL}/evidence/"
CHANGES_BY_ITSELF = re.compile(r'(value|content)="[^"]{60,}"|[0-9]+ seconds? ago')
WORD = "bilharziasis"
TEXT = f"Grade 4 asked about {WORD} and looked at the river with the nurse.".encode()


def pages_of(browser: Browser, item_id: str) -> dict[str, str]:
    """What a colleague could find it by: page -> its words."""
    asked = {
        "word": f"{LIBRARY}?q={WORD}",
        "file name": f"{LIBRARY}?q=Nile",
        "all": LIBRARY,
        "grid": f"{LIBRARY}?view=grid",
        "completion": f"{LIBRARY}complete?q=bilh",
        "home": f"{SCHOOL}/",
        "already here": f"{LIBRARY}new/existing?q={WORD}",
    }
    pages = {name: CHANGES_BY_ITSELF.sub("", browser.get(url, headers=SCRIPT).text) for name, url in asked.items()}
    return pages | {"item": str(browser.get(f"{LIBRARY}{item_id}").status_code)}


def test_no_colleague_finds_it_before_it_is_saved_and_all_do_after(
    client_for: Callable[[Actor | None], Browser],
    world: World,
    backends: Backends,
    filed: FileItem,
    work: Callable[[], None],
) -> None:
    teacher, coordinator = client_for(world.teacher), client_for(world.coordinator)
    filed("Timetable.txt", b"Who teaches when.")
    work()
    before = [pages_of(coordinator, "0" * 26) for _ in range(2)][-1]
    drop(teacher, "Nile diary.txt", TEXT, visibility="public")
    work()
    item = items_of(backends, world.teacher)[0]

    assert pages_of(coordinator, item.id) == before, "not by a word, a completion, a count or a facet"
    found = teacher.get(f"{LIBRARY}?q={WORD}").text
    assert "Nile diary" in found
    assert "Not saved yet" in found
    assert f'href="{LIBRARY}new">Go on filing' in found
    assert "Not saved yet" in teacher.get(f"{SCHOOL}/").text
    assert "Only you see this until you save it." in teacher.get(f"{LIBRARY}new").text
    page = teacher.get(f"{LIBRARY}{item.id}").text
    assert "Only you see this until you save it." in page
    assert "Name or confirm a second one" not in page
    names = {"person_ids": [world.head.person_id], "group_ids": [], "custodian_ids": [world.teacher.person_id]}
    with backends.database.unit_of_work() as session:
        evidence.name_access(session, actor=world.teacher, item_id=item.id, **names)
    page = teacher.get(f"{LIBRARY}{item.id}").text
    assert "Not saved yet." in page
    assert "Only you see this until you save it." not in page, "whom one has named sees it, too"

    kept = {"item": item.id, "visibility": "staff", "programmes": "", "school_year": item.school_year}
    assert teacher.post(f"{LIBRARY}new", data=kept).status_code == 302
    work()
    after = pages_of(coordinator, item.id)
    assert [name for name in after if after[name] == before[name]] == []
    for page in (teacher.get(f"{LIBRARY}?q={WORD}"), teacher.get(f"{LIBRARY}{item.id}"), teacher.get(f"{SCHOOL}/")):
        assert "Not saved yet" not in page.text


@pytest.mark.parametrize("shown", ["", "?view=grid"])
def test_what_answers_a_request_leads_back_to_it(
    client_for: Callable[[Actor | None], Browser], world: World, backends: Backends, shown: str
) -> None:
    with backends.database.unit_of_work() as session:
        request_id = requests.ask(
            session,
            actor=world.coordinator,
            node_key="ib-psp-2020/0301-02",
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
            title="Minutes",
        ).id
    teacher = client_for(world.teacher)
    drop(teacher, "minutes.txt", request=request_id)
    page = teacher.get(f"{LIBRARY}{shown}").text
    assert f'href="{SCHOOL}/requests/{request_id}">Go on filing' in page
    assert "Only you see this until you save it." in teacher.get(f"{SCHOOL}/requests/{request_id}").text


def test_what_others_see_before_it_is_saved_says_so(
    client_for: Callable[[Actor | None], Browser], world: World, backends: Backends, filed: FileItem
) -> None:
    """As what was in a batch before an update, or came in a mail its server vouched for."""
    open_one = filed("rivers.txt", b"As open as usual.")
    with backends.database.unit_of_work() as session:
        intake.enter(session, world.teacher, open_one, is_new=True, state=EntryState.MAILED)
        blob = open_store("memory:").put(world.school.id, io.BytesIO(b"https://school.example/rivers"))
        link = evidence.add_link(
            session,
            actor=world.teacher,
            blob=blob,
            url="https://school.example/rivers",
            facts=evidence.ItemFacts(visibility=evidence.Visibility.STAFF),
        )
        intake.enter(session, world.teacher, link, is_new=True)
        session.query(Job).delete()
    teacher = client_for(world.teacher)
    cards = teacher.get(f"{LIBRARY}new").text
    assert "Came by e-mail · others see it already" in cards
    assert "others see it already · https://school.example/rivers" in cards
    page = teacher.get(f"{LIBRARY}{open_one.id}").text
    assert "Not saved yet." in page
    assert "Only you see this" not in page
