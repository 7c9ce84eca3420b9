"""A drive comes in: looked into, started, file after file, through pauses, kills and full disks, nothing twice."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from evidence_app.backends import Backends
from evidence_app.database import now as clock
from evidence_app.domain import accounts, evidence, intake, jobs, tagging, upkeep
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Item, ItemKind, Visibility
from evidence_app.domain.extraction import PreviewImage
from evidence_app.domain.intake import Drive, DriveState, FileState, drives
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from storage_adapters import StoreFull
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.fixtures import World

FILES = {
    "0301-02 Inclusion/2024-25/policy.txt": b"How we include everybody.",
    "0301-02 Inclusion/2024-25/Copy of policy.txt": b"How we include everybody.",
    "0402-01/DP/plan.txt": b"How we plan.",
    "0402-01/page.url": b"[InternetShortcut]\nURL=https://school.example/plan\n",
    "To sort/photo notes.txt": b"What one sees.",
    "To sort/.DS_Store": b"x",
    "To sort/empty.txt": b"",
}
Begin = Callable[..., Drive]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over lets go of its ZIP at once."""
    monkeypatch.setattr(drives, "LET_GO_AFTER_SECONDS", 0)
    monkeypatch.setattr(intake, "LET_GO_AFTER_SECONDS", 0)


@pytest.fixture
def begin(world: World, backends: Backends) -> Begin:
    """Hands in a ZIP as the teacher, unless told otherwise."""

    def hand_in(content: bytes = zip_bytes(FILES), *, actor: Actor | None = None, name: str = "drive.zip") -> Drive:
        who = actor or world.teacher
        file = intake.store_file(
            backends.blobs, actor=who, stream=io.BytesIO(content), name=name, max_bytes=10**6, size_bytes=len(content)
        )
        with world.database.unit_of_work() as session:
            return intake.begin_drive(session, actor=who, file=file)

    return hand_in


def work(tools: Tools, *, most: int = 200) -> None:
    """Works until nothing waits."""
    while work_once(tools):
        most -= 1
        assert most, "the work does not end"


def now(world: World, drive: Drive) -> tuple[Drive, intake.Progress]:
    with world.database.reading() as session:
        found = intake.drive_of(session, world.teacher, drive.id)
        return found, intake.progress_of(session, found)


def start(world: World, drive: Drive, folders: dict[str, str] | None = None, **more: object) -> None:
    with world.database.unit_of_work() as session:
        intake.start_drive(
            session,
            actor=world.teacher,
            drive_id=drive.id,
            folders=folders or {},
            visibility=str(more.get("visibility", "staff")),
        )


def count_items(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Item)) or 0


def test_the_plan_says_what_would_come_in_and_nothing_has(world: World, tools: Tools, begin: Begin) -> None:
    world.file_item(name="plan.txt")
    before = count_items(world)
    drive = begin()
    work(tools)
    found, _ = now(world, drive)
    assert found.state_now is DriveState.PLANNED
    with world.database.reading() as session:
        plan = intake.plan_of(session, found)
    assert (plan.files, plan.wanted, plan.copies, plan.tagged) == (7, 5, 1, 4)
    assert plan.kinds == (("TXT", 4), ("URL", 1))
    assert [row.path for row in plan.refused] == ["To sort/.DS_Store", "To sort/empty.txt"]
    assert {one.folder: one.node_key.partition("/")[2] for one in plan.folders} == {
        "0301-02 Inclusion": "0301-02",
        "0402-01": "0402-01",
        "To sort": "",
    }
    assert count_items(world) == before


def test_what_a_folder_shows_goes_for_all_below_it_until_another_says_otherwise(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin(
        zip_bytes(
            {
                "Culture/minutes.txt": b"1",
                "Culture/0301-02/2024-25/Term 1/plan.txt": b"2",
                "Culture/0301-02/0402-01 copy/plan.txt": b"3",
                "Culture/0301-02/Old/0301-03 note.txt": b"4",
                "top.txt": b"5",
            }
        )
    )
    work(tools)
    start(world, drive, {"Culture": "0301-01", "Culture/0301-02": "", "no such folder": "0301-01"})
    found, _ = now(world, drive)
    assert {folder: key.partition("/")[2] for folder, key in found.folders.items()} == {
        "Culture": "0301-01",
        "Culture/0301-02": "",
        "Culture/0301-02/0402-01 copy": "0402-01",
    }
    with world.database.reading() as session:
        rows = intake.files_of(session, found)
    assert {row.path: [key.partition("/")[2] for key in intake.nodes_in(found, row.path)] for row in rows} == {
        "Culture/minutes.txt": ["0301-01"],
        "Culture/0301-02/2024-25/Term 1/plan.txt": [],
        "Culture/0301-02/0402-01 copy/plan.txt": ["0402-01"],
        "Culture/0301-02/Old/0301-03 note.txt": ["0301-03"],
        "top.txt": [],
    }


def test_a_drive_comes_in_with_what_its_names_say(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive, {"To sort": "ib-psp-2020/0101-01"})
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.DONE
    assert progress.counts == {FileState.WAITING: 0, FileState.KEPT: 4, FileState.KNOWN: 1, FileState.REFUSED: 2}
    assert (progress.done, progress.done_bytes) == (7, progress.all_bytes)
    with world.database.reading() as session:
        items = {item.title: item for item in session.scalars(select(Item).where(Item.folder != ""))}
        tags = tagging.tags_of_items(session, world.teacher, [item.id for item in items.values()])
    assert set(items) == {"Copy of policy", "plan", "page", "photo notes"}, "of two copies the first one"
    codes = {title: [tag.node_key.partition("/")[2] for tag in tags[item.id]] for title, item in items.items()}
    assert codes["plan"] == codes["page"] == ["0402-01"]
    assert codes["photo notes"] == ["0101-01"]
    assert items["page"].kind == ItemKind.LINK
    assert items["plan"].programmes == ("DP",)
    policy = items["Copy of policy"]
    assert policy.school_year == "2024-25"
    assert policy.folder == "0301-02 Inclusion/2024-25"


def test_the_zip_leaves_the_store_once_all_is_in(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    assert tools.blobs.exists(world.school.id, drive.source_sha256)
    work(tools)
    start(world, drive)
    work(tools)
    assert now(world, drive)[0].source_sha256 == ""
    assert not tools.blobs.exists(world.school.id, drive.source_sha256)
    verdict = upkeep.verify(world.database, tools.blobs, tools.backends.index)
    assert not verdict.unreferenced


def test_a_zip_that_is_evidence_too_stays_in_the_store(world: World, tools: Tools, begin: Begin) -> None:
    content = zip_bytes(FILES)
    drive = begin(content)
    blob = tools.blobs.put(world.school.id, [content])
    with world.database.unit_of_work() as session:
        evidence.add_file(session, actor=world.teacher, blob=blob, file_name="all.zip", media_type="application/zip")
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    assert now(world, drive)[0].state_now is DriveState.DROPPED
    assert tools.blobs.exists(world.school.id, drive.source_sha256)


def test_a_zip_that_something_else_names_stays_in_the_store(world: World, tools: Tools, begin: Begin) -> None:
    content = zip_bytes(FILES)
    item = world.file_item(name="other.txt")
    drive = begin(content)
    with world.database.unit_of_work() as session:
        session.add(
            PreviewImage(
                school_id=world.school.id,
                version_id=item.current_version_id,
                page=0,
                sha256=drive.source_sha256,
                media_type="image/webp",
                width_px=1,
                height_px=1,
            )
        )
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    assert tools.blobs.exists(world.school.id, drive.source_sha256)


def test_bytes_that_were_put_lately_are_left_until_later(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = begin()
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=drive.id)
    monkeypatch.setattr(intake, "LET_GO_AFTER_SECONDS", 3600)
    work(tools)
    assert tools.blobs.exists(world.school.id, drive.source_sha256)
    monkeypatch.setattr(intake, "LET_GO_AFTER_SECONDS", 0)
    with world.database.unit_of_work() as session:
        session.execute(update(jobs.Job).values(run_at=clock()))
    work(tools)
    assert not tools.blobs.exists(world.school.id, drive.source_sha256)


def test_a_kill_between_the_row_and_the_bytes_leaves_nothing(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = begin()
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=drive.id)
    with monkeypatch.context() as killed:
        killed.setattr(tools.blobs, "delete", lambda *args: 1 / 0)
        work(tools)
    assert now(world, drive)[0].source_sha256 == ""
    with world.database.unit_of_work() as session:
        session.execute(update(jobs.Job).values(run_at=clock()))
    work(tools)
    assert not tools.blobs.exists(world.school.id, drive.source_sha256)


def test_what_the_bringer_may_see_is_known_and_what_others_keep_to_themselves_is_not(
    world: World, tools: Tools, begin: Begin
) -> None:
    seen = world.file_item(name="a.txt", content=b"Seen by all.")
    world.file_item(name="b.txt", content=b"Seen by few.", visibility=Visibility.PRIVATE, actor=world.coordinator)
    drive = begin(zip_bytes({"0301-02/a again.txt": b"Seen by all.", "0301-02/b again.txt": b"Seen by few."}))
    work(tools)
    with world.database.reading() as session:
        plan = intake.plan_of(session, intake.drive_of(session, world.teacher, drive.id))
    assert plan.known == 1
    start(world, drive)
    work(tools)
    _, progress = now(world, drive)
    assert (progress.counts[FileState.KNOWN], progress.counts[FileState.KEPT]) == (1, 1)
    with world.database.reading() as session:
        assert [tag.node_key for tag in tagging.tags_of_items(session, world.teacher, [seen.id])[seen.id]] == [
            "ib-psp-2020/0301-02"
        ]


def test_it_can_be_paused_and_goes_on_where_it_stood(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drives, "FILES_A_STEP", 2)
    drive = begin()
    work(tools)
    start(world, drive)
    while now(world, drive)[1].done < 4:
        assert work_once(tools)
    with world.database.unit_of_work() as session:
        intake.pause_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.PAUSED
    assert progress.counts[FileState.WAITING] == 3
    with world.database.unit_of_work() as session:
        intake.resume_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.DONE
    assert progress.counts[FileState.KEPT] == 4
    assert count_items(world) == 4


def test_work_that_is_lost_before_it_is_kept_is_done_again_and_files_nothing_twice(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    with world.database.reading() as session:
        found = intake.drive_of(session, world.teacher, drive.id)
        rows = intake.next_files(session, found)
    assert len(rows) == 5
    # The bytes of every file reach the store, and the process ends before any row is written.
    with intake.zip_of(tools.at_hand(world.school.id, found.source_sha256)) as source:
        for row in rows:
            intake.store(tools.blobs, world.teacher, source.files[row.number], 10**6)
    work(tools)
    assert count_items(world) == 4
    assert not upkeep.verify(world.database, tools.blobs, tools.backends.index).unreferenced


def test_a_full_disk_pauses_it_and_the_files_go_on_waiting(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    put, calls = tools.blobs.put, []

    def fill_up(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) > 2:
            raise StoreFull("there is no room")
        return put(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as full:
        full.setattr(tools.blobs, "put", fill_up)
        work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.PAUSED
    assert "no room left" in str(intake.words_of(found.trouble))
    assert progress.counts[FileState.WAITING] == 3
    with world.database.unit_of_work() as session:
        intake.resume_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    assert now(world, drive)[0].state_now is DriveState.DONE
    assert count_items(world) == 4


def test_work_that_was_given_up_can_be_asked_for_again(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    with monkeypatch.context() as broken:
        broken.setattr(jobs.actions, "MOST_ATTEMPTS", 1)
        broken.setattr(tools.blobs, "put", lambda *args, **kwargs: 1 / 0)
        work(tools)
    with world.database.reading() as session:
        assert intake.is_stuck(session, intake.drive_of(session, world.teacher, drive.id))
    with world.database.unit_of_work() as session:
        intake.resume_drive(session, actor=world.teacher, drive_id=drive.id)
    with world.database.reading() as session:
        assert not intake.is_stuck(session, intake.drive_of(session, world.teacher, drive.id))
    work(tools)
    assert now(world, drive)[0].state_now is DriveState.DONE


def test_what_was_left_out_keeps_what_is_in_and_takes_no_more(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drives, "FILES_A_STEP", 2)
    drive = begin()
    work(tools)
    start(world, drive)
    while now(world, drive)[1].done < 4:
        assert work_once(tools)
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.DROPPED
    assert progress.counts[FileState.WAITING] == 3
    assert count_items(world) == progress.counts[FileState.KEPT]


def test_one_bad_file_stops_no_other(world: World, tools: Tools, begin: Begin) -> None:
    content = bytearray(zip_bytes({"a.txt": b"a" * 900, "b.txt": bytes(range(256)) * 20, "c.txt": b"c"}))
    middle = content.index(b"b.txt") + 60
    content[middle : middle + 8] = bytes(byte ^ 0xFF for byte in content[middle : middle + 8])
    drive = begin(bytes(content))
    work(tools)
    start(world, drive)
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.DONE
    assert progress.counts[FileState.KEPT] == 2
    with world.database.reading() as session:
        (bad,) = intake.files_of(session, found, FileState.REFUSED)
    assert bad.path == "b.txt"
    assert "damaged" in str(intake.words_of(bad.reason))


def test_a_file_too_large_is_refused_in_the_plan(world: World, tools: Tools, begin: Begin) -> None:
    settings = tools.backends.settings
    object.__setattr__(settings, "max_upload_bytes", 1024 * 1024)
    drive = begin(zip_bytes({"film.mp4": bytes(1024 * 1024 + 1), "a.txt": b"a"}))
    work(tools)
    with world.database.reading() as session:
        plan = intake.plan_of(session, intake.drive_of(session, world.teacher, drive.id))
    assert [str(intake.words_of(row.reason)) for row in plan.refused] == ["Larger than the 1 MiB a file may have here."]


def test_what_cannot_be_opened_says_why(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin(zip_bytes(FILES)[:-30])
    work(tools)
    found, _ = now(world, drive)
    assert found.state_now is DriveState.FAILED
    assert "damaged or cut off" in str(intake.words_of(found.trouble))


def test_who_may_file_no_more_pauses_it_and_it_goes_on_once_they_may(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    for role, state in ((Role.READER, DriveState.PAUSED), (Role.TEACHER, DriveState.DONE)):
        with world.database.unit_of_work() as session:
            accounts.change_role(session, actor=world.administrator, person_id=world.teacher.person_id, role=role)
        if role is Role.TEACHER:
            with world.database.unit_of_work() as session:
                intake.resume_drive(session, actor=world.teacher, drive_id=drive.id)
        work(tools)
        found, _ = now(world, drive)
        assert found.state_now is state
        if state is DriveState.PAUSED:
            words = intake.words_of(found.trouble)
            assert words is not None
            assert "%(" not in words.in_language("en")
    assert count_items(world) == 4


def test_a_disk_that_is_away_for_a_moment_ends_nothing(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = begin()
    work(tools)
    start(world, drive)

    def away(*args: object) -> object:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as gone:
        gone.setattr(Tools, "at_hand", away)
        work(tools)
    assert now(world, drive)[0].state_now is DriveState.RUNNING
    with world.database.unit_of_work() as session:
        session.execute(update(jobs.Job).values(run_at=clock()))
    work(tools)
    assert now(world, drive)[0].state_now is DriveState.DONE


def test_a_zip_that_is_missing_in_the_store_is_told(world: World, tools: Tools, begin: Begin) -> None:
    looked, running = begin(), begin(zip_bytes({"a.txt": b"a"}), name="other.zip")
    tools.blobs.delete(world.school.id, looked.source_sha256)
    work(tools)
    start(world, running)
    tools.blobs.delete(world.school.id, running.source_sha256)
    work(tools)
    for drive, state in ((looked, DriveState.FAILED), (running, DriveState.PAUSED)):
        found, _ = now(world, drive)
        assert found.state_now is state
        assert "not in the store" in str(intake.words_of(found.trouble))


def test_a_file_is_decided_once_however_often_its_step_is_done(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    with world.database.reading() as session:
        rows = intake.next_files(session, intake.drive_of(session, world.teacher, drive.id))
    with intake.zip_of(tools.at_hand(world.school.id, drive.source_sha256)) as source:
        stored = [
            intake.Outcome(row.number, intake.store(tools.blobs, world.teacher, source.files[row.number], 10**6))
            for row in rows
        ]
    work(tools)
    _, before = now(world, drive)
    with world.database.unit_of_work() as session:
        session.get_one(Drive, (world.school.id, drive.id)).state = DriveState.RUNNING
    with world.database.unit_of_work() as session:
        intake.keep_files(session, actor=world.teacher, drive_id=drive.id, outcomes=stored)
    assert now(world, drive)[1].counts == before.counts
    assert count_items(world) == 4


def test_what_was_returned_in_review_is_not_proposed_again_by_a_copy(world: World, tools: Tools, begin: Begin) -> None:
    item = world.file_item(name="a.txt", content=b"Seen by all.")
    with world.database.unit_of_work() as session:
        tag = tagging.attach(session, actor=world.teacher, item_id=item.id, node_key="ib-psp-2020/0301-02")
        session.flush()
        tagging.review(
            session, actor=world.coordinator, tag_ids=[tag.id], state=tagging.TagState.RETURNED, reply="Not this one."
        )
    drive = begin(zip_bytes({"0301-02/a again.txt": b"Seen by all."}))
    work(tools)
    start(world, drive)
    work(tools)
    with world.database.reading() as session:
        [kept] = tagging.tags_of_items(session, world.teacher, [item.id])[item.id]
    assert kept.state == tagging.TagState.RETURNED


def test_what_a_rule_of_filing_refuses_is_not_half_kept(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> object:
        raise Invalid(msg("Not to this one."))

    drive = begin()
    work(tools)
    start(world, drive)
    monkeypatch.setattr(tagging, "attach", refuse)
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.DONE
    assert (progress.counts[FileState.KEPT], progress.counts[FileState.REFUSED]) == (1, 6)
    assert count_items(world) == 1, "the one without a practice"


def test_large_files_make_short_steps(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = begin(zip_bytes({f"{n}.txt": bytes([65 + n]) * 100 for n in range(5)}))
    work(tools)
    monkeypatch.setattr(drives, "BYTES_A_STEP", 250)
    with world.database.reading() as session:
        found = intake.drive_of(session, world.teacher, drive.id)
        assert len(intake.next_files(session, found)) == 2
        monkeypatch.setattr(drives, "BYTES_A_STEP", 50)
        assert len(intake.next_files(session, found)) == 1


def test_who_has_left_the_school_brings_nothing_in(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    with world.database.unit_of_work() as session:
        accounts.remove_member(session, actor=world.administrator, person_id=world.teacher.person_id)
    work(tools)
    with world.database.reading() as session:
        found = session.get_one(Drive, (world.school.id, drive.id))
    assert found.state_now is DriveState.PAUSED
    assert count_items(world) == 0


def test_the_same_zip_handed_in_twice_is_one_drive_until_it_is_over(world: World, tools: Tools, begin: Begin) -> None:
    first = begin()
    assert begin().id == first.id
    assert begin(name="other.zip").id != first.id
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=first.id)
    again = begin()
    assert again.id != first.id
    work(tools)
    assert now(world, again)[0].state_now is DriveState.PLANNED, "its ZIP did not go with the one that was left out"


def test_only_a_zip_is_a_drive(begin: Begin) -> None:
    with pytest.raises(Invalid, match="is no ZIP file"):
        begin(b"A text.", name="text.zip")


def test_a_drive_is_its_bringer_s_alone_and_starts_once(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    for actor in (world.coordinator, world.administrator, world.stranger):
        with world.database.reading() as session:
            assert intake.drives_of(session, actor) == []
            with pytest.raises(NotFound):
                intake.drive_of(session, actor, drive.id)
        for act in (intake.pause_drive, intake.resume_drive, intake.drop_drive):
            with pytest.raises(NotFound), world.database.unit_of_work() as session:
                act(session, actor=actor, drive_id=drive.id)
    start(world, drive)
    with pytest.raises(Conflict):
        start(world, drive)


def test_a_practice_that_is_none_starts_nothing(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    with pytest.raises(Invalid):
        start(world, drive, {"To sort": "ib-psp-2020/9999-99"})
    assert now(world, drive)[0].state_now is DriveState.PLANNED


def test_a_remote_store_is_asked_once_for_the_zip(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    first = tools.at_hand(world.school.id, drive.source_sha256)
    assert tools.at_hand(world.school.id, drive.source_sha256) == first
    other = tools.blobs.put(world.school.id, [b"other"])
    tools.at_hand(world.school.id, other.sha256)
    assert not first.exists(), "what was fetched is removed once other bytes are wanted"
