"""Disk and quotas (S53), and erasing on the page: what is said, who may, and what is refused before bytes are taken."""

from __future__ import annotations

import io
from collections.abc import Callable

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake, schools
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from evidence_app.web.access import DOOR_ONLY
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
DISK = "/alder-bay/admin/disk"
MIB = 1024 * 1024


def limit(world: World, *, school: int = 0, person: int = 0) -> None:
    with world.database.unit_of_work() as session:
        schools.set_quota(session, school_id=world.school.id, quota_mib=school)
        schools.set_person_quota(session, actor=world.administrator, person_mib=person)


def test_the_disk_page_names_what_one_may_see_and_counts_the_rest(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    filed("large.txt", b"x" * 4000, title="Large one")
    filed("secret.txt", b"y" * 5000, title="Secret one", visibility=Visibility.PRIVATE)
    page = client_for(world.administrator).get(DISK)
    assert "Large one" in page.text
    assert "Secret one" not in page.text
    assert "1 more of the largest is private" in page.text
    assert "9\N{NO-BREAK SPACE}kB" in page.text
    assert client_for(world.coordinator).get(DISK).status_code == 403
    answer = client_for(world.administrator).post(f"{DISK}/free-pictures", follow_redirects=True)
    assert "0 pictures leave" in answer.text


def test_quotas_refuse_before_bytes_are_taken_and_say_who_can_raise_them(
    client_for: Open, world: World, filed: FileItem, backends: Backends
) -> None:
    client = client_for(world.administrator)
    assert "no whole number" in client.post(f"{DISK}/person-quota", data={"mib": "a lot"}, follow_redirects=True).text
    client.post(f"{DISK}/person-quota", data={"mib": "1"})
    filed("half.bin", b"h" * (MIB // 2))
    teacher = client_for(world.teacher)
    data = {"files": (io.BytesIO(b"z" * (MIB // 2 + 9)), "more.bin")}
    refused = teacher.post("/alder-bay/evidence/new/files", data=data, follow_redirects=True)
    assert "you use 0.5 of the 1.0 MiB each person has here" in refused.text
    begun = teacher.post("/alder-bay/evidence/pieces", data={"name": "more.bin", "size": MIB, "mark": "m"})
    assert begun.status_code == 507
    limit(world, school=1)
    at_the_door = {DOOR_ONLY: MIB, "CONTENT_LENGTH": "0"}
    asked = client_for(world.coordinator).post("/alder-bay/evidence/new", environ_overrides=at_the_door)
    assert asked.status_code == 507
    assert "your school uses 0.5 of its 1.0 MiB" in asked.text
    limit(world)
    assert (
        client_for(world.coordinator).post("/alder-bay/evidence/new", environ_overrides=at_the_door).status_code == 204
    )


def test_what_a_colleague_is_sending_counts_for_the_school_and_not_for_oneself(client_for: Open, world: World) -> None:
    def begin(who: Actor, mark: str) -> tuple[int, str]:
        sent = {"name": f"{mark}.bin", "size": 700 * 1024, "mark": mark}
        answer = client_for(who).post("/alder-bay/evidence/pieces", data=sent)
        return answer.status_code, answer.text

    limit(world, person=1)
    assert begin(world.coordinator, "theirs")[0] == 201
    assert begin(world.teacher, "mine")[0] == 201
    status, told = begin(world.teacher, "one more of mine")
    assert (status, "you use 0.7 of the 1.0 MiB" in told) == (507, True)
    limit(world, school=2)
    status, told = begin(world.head, "of a third")
    assert (status, "your school uses 1.4 of its 2.0 MiB" in told) == (507, True)


def test_an_import_stops_taking_files_where_the_quota_ends(world: World, backends: Backends, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "drive"
    folder.mkdir()
    for n in range(4):
        (folder / f"{n}.txt").write_bytes(bytes([65 + n]) * 400_000)
    limit(world, school=1)
    brought = intake.import_path(
        world.database, backends.blobs, actor=world.teacher, path=folder, max_bytes=backends.settings.max_upload_bytes
    )
    assert (len(brought.added), len(brought.refused)) == (2, 2)
    assert "Whoever runs the installation can raise this" in str(brought.refused[0].reason)


def test_the_operator_sees_every_school_and_sets_its_share(client_for: Open, world: World) -> None:
    with world.database.reading() as session:
        from evidence_app.domain.accounts.models import Person

        person = session.query(Person).filter(Person.runs_installation).one()
    from evidence_app.domain.access import worker_for

    operator = client_for(Actor(person.id, "", worker_for("x").role))
    page = operator.get("/installation/disk")
    assert "Alder Bay" in page.text
    assert "Birch Hill" in page.text
    operator.post(f"/installation/disk/{world.school.id}", data={"mib": "20"})
    with world.database.reading() as session:
        assert schools.school_by_key(session, "alder-bay").quota_mib == 20
    assert client_for(world.administrator).get("/installation/disk").status_code == 404


def test_erasing_says_what_goes_and_asks_once(client_for: Open, world: World, filed: FileItem) -> None:
    item = filed("gone.txt", b"gone", title="Gone soon")
    address = f"/alder-bay/evidence/{item.id}/erase"
    assert client_for(world.coordinator).get(address).status_code == 403
    client = client_for(world.administrator)
    assert "Erase for good" in client.get(f"/alder-bay/evidence/{item.id}").text
    assert "Erase for good" not in client_for(world.teacher).get(f"/alder-bay/evidence/{item.id}").text
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[item.id])
    assert address in client.get("/alder-bay/evidence/bin").text
    page = client.get(address)
    assert "What goes, and cannot come back" in page.text
    assert "Gone soon" not in client.post(address, follow_redirects=True).text
    assert client.get(address).status_code == 404
