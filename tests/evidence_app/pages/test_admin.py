"""The administration of a school: people and their limits, groups, the school's facts, frameworks, health."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from evidence_app.domain import accounts, evidence, extraction, frameworks, jobs, requests, schools, tagging, upkeep
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import LimitKind, Membership
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.schools import School
from tests.evidence_app.pages.conftest import Browser, FileItem, as_sent
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
ADMIN = "/alder-bay/admin"
PSP = "ib-psp-2020"
PAGES = ["/", "/groups", "/groups/new", "/school", "/frameworks", f"/frameworks/{PSP}", "/mail", "/health"]
GOOD_SHEET = "code,text,programme,language\n0301-02,Our own words,,en\n0301-02-0900,A point of ours,DP,en\n"
BAD_SHEET = "code,text,programme,language\n0301-02,Our own words,,en\n9999,Nothing like it,,en\n0301-03,,DP,en\n"


def membership(world: World, actor: Actor) -> Membership:
    with world.database.reading() as session:
        return accounts.managed_member(session, world.administrator, actor.person_id)


def campus(world: World, name: str = "Harbour") -> str:
    with world.database.unit_of_work() as session:
        row = schools.add_campus(session, actor=world.administrator, name=name)
        session.flush()
        return row.id


def sheet(text: str | bytes, name: str = "wording.csv") -> dict[str, Any]:
    return as_sent((name, text.encode() if isinstance(text, str) else text), named="file", language="en")


@pytest.mark.parametrize("page", PAGES)
def test_administrators_only(client_for: Open, world: World, page: str) -> None:
    assert client_for(world.administrator).get(ADMIN + page).status_code == 200
    assert client_for(world.coordinator).get(ADMIN + page).status_code == 403
    assert client_for(world.stranger).get(ADMIN + page).status_code == 404


def test_a_new_person_gets_a_link_and_limits(client_for: Open, world: World) -> None:
    harbour = campus(world)
    client = client_for(world.administrator)
    form = {"email": "new@alder.example", "role": "teacher", "programmes": ["DP"], "campuses": [harbour]}
    page = client.post(f"{ADMIN}/people", data=form)
    assert page.status_code == 200
    assert re.search(r"http://localhost/invitation/[\w-]{20,}", page.text)
    assert "DP, Harbour" in page.text
    assert "Invited" in page.text
    again = client.post(f"{ADMIN}/people", data=form)
    assert again.status_code == 422
    assert "already a member" in again.text
    assert client.post(f"{ADMIN}/people", data={**form, "email": "nonsense"}).status_code == 422
    foreign = client.post(f"{ADMIN}/people", data={**form, "email": "b@alder.example", "campuses": ["elsewhere"]})
    assert foreign.status_code == 422


def test_somebody_of_another_school_keeps_their_password_and_gets_no_link(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        accounts.change_password(session, person_id=world.stranger.person_id, password="four plain words here")
    client = client_for(world.administrator)
    page = client.post(f"{ADMIN}/people", data={"email": world.stranger.email, "role": "teacher"})
    assert page.status_code == 302
    assert membership(world, world.stranger).role == Role.TEACHER
    assert client.post(f"{ADMIN}/people/{world.stranger.person_id}/invite").status_code == 409


def test_a_persons_place_is_shown_and_changed(client_for: Open, world: World) -> None:
    harbour, client = campus(world), client_for(world.administrator)
    address = f"{ADMIN}/people/{world.teacher.person_id}"
    form = {"role": "coordinator", "programmes": ["PYP", "DP"], "campuses": [harbour]}
    assert client.post(address, data=form).status_code == 302
    changed = membership(world, world.teacher)
    assert changed.role == Role.COORDINATOR
    assert changed.limited_to(LimitKind.PROGRAMME) == {"PYP", "DP"}
    assert changed.limited_to(LimitKind.CAMPUS) == {harbour}
    page = client.get(address)
    assert page.text.count("checked") == 3
    assert client.post(address, data={"role": "nobody"}).status_code == 422
    assert client.get(f"{ADMIN}/people/{world.stranger.person_id}").status_code == 404


def test_the_last_administrator_is_told_why_in_the_form(client_for: Open, world: World) -> None:
    client, address = client_for(world.administrator), f"{ADMIN}/people/{world.administrator.person_id}"
    for answer in (client.post(address, data={"role": "teacher"}), client.post(f"{address}/remove")):
        assert answer.status_code == 422
        assert "only administrator" in answer.text
        assert "Not saved yet" in answer.text
    assert membership(world, world.administrator).role == Role.ADMINISTRATOR


def test_a_person_is_invited_anew_and_let_go(client_for: Open, world: World) -> None:
    client, address = client_for(world.administrator), f"{ADMIN}/people/{world.teacher.person_id}"
    assert "/invitation/" in client.post(f"{address}/invite").text
    assert client.post(f"{address}/remove").status_code == 302
    assert client.get(address).status_code == 404
    assert client_for(world.coordinator).post(f"{address}/remove").status_code == 403


def test_groups_are_made_and_changed(client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    assert "No groups yet" in client.get(f"{ADMIN}/groups").text
    form = {"name": "PYP team", "people": [world.teacher.person_id, world.head.person_id]}
    assert client.post(f"{ADMIN}/groups/new", data=form).status_code == 302
    assert "2 people" in client.get(f"{ADMIN}/groups").text
    taken = client.post(f"{ADMIN}/groups/new", data=form)
    assert taken.status_code == 422
    assert "already a group" in taken.text
    assert client.post(f"{ADMIN}/groups/new", data={"name": " "}).status_code == 422
    assert client.post(f"{ADMIN}/groups/new", data={"name": "X", "people": ["nobody"]}).status_code == 422
    with world.database.reading() as session:
        (group,) = accounts.groups_of_school(session, world.administrator)
    address = f"{ADMIN}/groups/{group.id}"
    assert client.get(address).text.count("checked") == 2
    assert client.post(address, data={"name": "Early years", "people": []}).status_code == 302
    assert "Early years" in client.get(f"{ADMIN}/groups").text
    assert client.post(address, data={"name": ""}).status_code == 422
    assert client.get(f"{ADMIN}/groups/unknown").status_code == 404
    assert client_for(world.coordinator).post(address, data=form).status_code == 403


def test_the_schools_colour_is_one_of_the_measured_ones(client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    form = {"name": "Alder Bay", "programmes": ["PYP", "DP"], "language": "fr", "accent": "plum", "place": "Bern"}
    assert client.post(f"{ADMIN}/school", data=form).status_code == 302
    assert '<html lang="en" data-bs-theme="auto" data-accent="plum">' in client.get(f"{ADMIN}/school").text
    wrong = client.post(f"{ADMIN}/school", data={**form, "accent": "#ff0000", "name": ""})
    assert wrong.status_code == 422
    assert "Write the school" in wrong.text
    assert client.post(f"{ADMIN}/school", data={**form, "programmes": []}).status_code == 422
    with world.database.reading() as session:
        kept = session.get_one(School, world.school.id)
        assert (kept.accent, kept.language, kept.programmes) == ("plum", "fr", ("PYP", "DP"))


def test_divisions_grow_and_say_what_is_there_already(client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    for kind in ("campus", "subject", "year-group"):
        page = client.post(f"{ADMIN}/divisions/{kind}", data={"name": f"New {kind}"}, follow_redirects=True)
        assert f"“New {kind}” is on the list." in page.text
    page = client.post(f"{ADMIN}/divisions/campus", data={"name": "New campus"}, follow_redirects=True)
    assert "is already on the list" in page.text
    assert client.post(f"{ADMIN}/divisions/planet", data={"name": "X"}).status_code == 404


def test_own_wording_is_laid_over_and_taken_away(client_for: Open, world: World) -> None:
    client, address = client_for(world.administrator), f"{ADMIN}/frameworks/{PSP}"
    assert client.post(address, **sheet(GOOD_SHEET)).status_code == 302
    page = client.get(address)
    assert "Our own words" in page.text
    assert page.text.count("Added code") == 1
    assert "2 texts of your own" in client.get(f"{ADMIN}/frameworks").text
    assert "Our own words" in client.get("/alder-bay/practice/0301-02").text
    assert client.post(f"{address}/remove").status_code == 302
    assert "Our own words" not in client.get(address).text


def test_with_one_wrong_row_nothing_is_kept_and_each_fault_has_its_place(client_for: Open, world: World) -> None:
    client, address = client_for(world.administrator), f"{ADMIN}/frameworks/{PSP}"
    client.post(address, **sheet(GOOD_SHEET))
    page = client.post(address, **sheet(BAD_SHEET))
    assert page.status_code == 422
    assert "Nothing was kept" in page.text
    assert '<td class="num">3</td><td>code</td>' in page.text
    assert '<td class="num">4</td><td>text</td>' in page.text
    with world.database.reading() as session:
        assert frameworks.count_own_wording(session, world.school.id) == {PSP: 2}


def test_a_workbook_is_read_in_the_limited_child(client_for: Open, world: World) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["code", "text", "language"])
    book.active.append(["0301-02", "From a workbook", "en"])
    book.save(content)
    client, address = client_for(world.administrator), f"{ADMIN}/frameworks/{PSP}"
    assert client.post(address, **sheet(content.getvalue(), "wording.xlsx")).status_code == 302
    assert "From a workbook" in client.get(address).text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "is empty"),
        (b"PK\x03\x04 no workbook at all", "wording.csv", "workbook or an archive"),
        (b"PK\x03\x04 no workbook at all", "wording.xlsx", "could not be read as a table"),
        (b"one,two\n1,2\n", "other.csv", "no column"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(
    client_for: Open, world: World, content: bytes, name: str, said: str
) -> None:
    answer = client_for(world.administrator).post(f"{ADMIN}/frameworks/{PSP}", **sheet(content, name))
    assert answer.status_code == 422
    assert said in answer.text


def test_frameworks_answer_only_for_what_the_school_follows(client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    assert client.post(f"{ADMIN}/frameworks/{PSP}", data={"language": "en"}).status_code == 422
    assert client.get(f"{ADMIN}/frameworks/none-such").status_code == 404
    assert client.post(f"{ADMIN}/frameworks/none-such", **sheet(GOOD_SHEET)).status_code == 404
    assert client.post(f"{ADMIN}/frameworks/none-such/remove").status_code == 404
    assert client_for(world.coordinator).post(f"{ADMIN}/frameworks/{PSP}/remove").status_code == 403


def test_health_names_who_did_what_and_tries_failed_work_again(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        job = jobs.enqueue(session, jobs.JobKind.READ_VERSION, world.school.id, "none")
        session.flush()
        job.state, job.error = jobs.JobState.PARKED, "the disk was full"
    client = client_for(world.administrator)
    client.post(f"{ADMIN}/divisions/campus", data={"name": "Harbour"})
    client.post(f"{ADMIN}/people/{world.teacher.person_id}/invite")
    page = client.get(f"{ADMIN}/health")
    assert "the disk was full" in page.text
    assert "accounts.invite" in page.text
    assert "Administrator" in page.text
    assert client.post(f"{ADMIN}/health/retry").status_code == 302
    assert "the disk was full" not in client.get(f"{ADMIN}/health").text


def test_health_reads_again_what_waited_for_a_program(
    client_for: Open, world: World, filed: FileItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = filed("scan.pdf", b"%PDF-")
    warning = extraction.ReadingWarning("ocr-not-installed")
    reading = extraction.Reading(
        media_type="application/pdf", state=extraction.ReadingState.TOOL_MISSING, warnings=(warning,)
    )
    with world.database.unit_of_work() as session:
        extraction.keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})
    client = client_for(world.administrator)
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert "Install tesseract, then read them again" in client.get(f"{ADMIN}/health").text
    monkeypatch.setattr(shutil, "which", lambda program: "/usr/bin/it")
    assert "They can be read now" in client.get(f"{ADMIN}/health").text
    answer = client.post(f"{ADMIN}/health/read-again", data={"why": "ocr-not-installed"}, follow_redirects=True)
    assert "1 file is read again." in answer.text
    assert client.post(f"{ADMIN}/health/read-again", data={"why": "because"}).status_code == 422


def test_the_log_names_no_private_item_that_is_not_the_reader_s(
    client_for: Open, world: World, filed: FileItem
) -> None:
    shown, hidden = filed("open.txt", b"open"), filed("letter.txt", b"hush", visibility=Visibility.PRIVATE)
    own = filed("mine.txt", b"mine", actor=world.administrator, visibility=Visibility.PRIVATE)
    with world.database.unit_of_work() as session:
        tags = [
            tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=f"{PSP}/{code}")
            for item, code in ((shown, "0301-01"), (hidden, "0301-01"), (hidden, "0301-02"))
        ]
        session.flush()
        tagging.detach(session, actor=world.teacher, tag_id=tags[2].id)
        sha256 = evidence.current_version(session, hidden).sha256
        assert upkeep.note_damage(session, world.school.id, sha256, upkeep.Damage.MISSING)
    page = client_for(world.administrator).get(f"{ADMIN}/health").text
    for id in (shown.id, tags[0].id, own.id):
        assert id in page
    for id in (hidden.id, hidden.current_version_id, tags[1].id, tags[2].id, sha256):
        assert id not in page
    assert "an item you may not see" in page
    assert f'href="/alder-bay/evidence/{shown.id}">open<' in page
    assert f'href="/alder-bay/evidence/{own.id}">mine<' in page
    assert "letter" not in page.partition("Who did what")[2]


def test_the_log_tells_titles_as_they_may_be_told_now(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("open.txt", b"open")
    with world.database.unit_of_work() as session:
        asked = requests.ask(
            session,
            actor=world.coordinator,
            node_key=f"{PSP}/0301-01",
            due_on=date(2030, 1, 1),
            person_id=world.teacher.person_id,
            title="Minutes of planning",
        )
        group = accounts.add_group(session, actor=world.administrator, name="Wardens", person_ids=[])
    log = client_for(world.administrator).get(f"{ADMIN}/health").text.partition("Who did what")[2]
    assert f'{ADMIN}/groups/{group.id}">Wardens<' in log
    assert f'/alder-bay/requests/{asked.id}">Minutes of planning<' in log
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[item.id])
    assert ">open<" in client_for(world.administrator).get(f"{ADMIN}/health").text.partition("Who did what")[2]
