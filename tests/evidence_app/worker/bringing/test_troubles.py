"""What goes wrong while a drive comes in: pauses, kills, full disks, lost rights, bad files. Nothing gets lost."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from evidence_app.database import now as clock
from evidence_app.domain import accounts, intake, jobs, schools, tagging, upkeep
from evidence_app.domain.access import Role
from evidence_app.domain.intake import Drive, DriveFile, DriveState, FileState, drives, sources
from evidence_app.errors import Invalid
from evidence_app.i18n import msg, words_of
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from storage_adapters import StoreFull
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.worker.bringing.drive import FILES, Begin, count_items, now, start, work
from tests.fixtures import World


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
    source = tools.drive_at_hand(world.school.id, {found.source_sha256: "drive.zip"})
    for row in rows:
        intake.store(tools.blobs, world.teacher, source[row.number], 10**6)
    work(tools)
    assert count_items(world) == 4
    assert not upkeep.verify(world.database, tools.blobs, tools.backends.index).unreferenced


def test_a_zip_with_fewer_files_than_were_planned_pauses_it_with_words(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin(zip_bytes({"a.txt": b"a"}))
    work(tools)
    with world.database.unit_of_work() as session:
        session.execute(update(DriveFile).where(DriveFile.drive_id == drive.id).values(number=7))
    start(world, drive)
    work(tools)
    found, _ = now(world, drive)
    assert found.state_now is DriveState.PAUSED
    assert "reads otherwise" in str(words_of(found.trouble))


def test_the_part_that_is_damaged_is_named(world: World, tools: Tools) -> None:
    for name, content in (("1.zip", zip_bytes({"a.txt": b"a"})), ("2.zip", b"PK no more")):
        file = intake.StoredFile(name, tools.blobs.put(world.school.id, [content]), "application/zip")
        with world.database.unit_of_work() as session:
            drive = intake.begin_drive(session, actor=world.teacher, file=file, together="mark", parts=2)
    work(tools)
    trouble = str(words_of(now(world, drive)[0].trouble))
    assert trouble.startswith("“2.zip”: This ZIP file cannot be opened")


def test_parts_that_hold_too_much_together_are_not_taken_as_one_drive(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_FILES_TOGETHER", len(FILES) - 1)
    drive = begin()
    work(tools)
    found, _ = now(world, drive)
    assert found.state_now is DriveState.FAILED
    assert "taken as one drive" in str(words_of(found.trouble))


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
    assert "no room left" in str(words_of(found.trouble))
    assert progress.counts[FileState.WAITING] == 3
    with world.database.unit_of_work() as session:
        intake.resume_drive(session, actor=world.teacher, drive_id=drive.id)
    work(tools)
    assert now(world, drive)[0].state_now is DriveState.DONE
    assert count_items(world) == 4


def test_what_the_school_has_no_room_for_waits_until_there_is_some(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    world.file_item(name="large.bin", content=b"x" * 1024 * 1024)
    for person_mib, state, waiting in ((1, DriveState.PAUSED, 5), (9, DriveState.DONE, 0)):
        with world.database.unit_of_work() as session:
            schools.set_person_quota(session, actor=world.administrator, person_mib=person_mib)
            intake.resume_drive(session, actor=world.teacher, drive_id=drive.id)
        work(tools)
        found, progress = now(world, drive)
        assert (found.state_now, progress.counts[FileState.WAITING]) == (state, waiting)


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
    assert "damaged" in str(words_of(bad.reason))


def test_a_file_too_large_is_refused_in_the_plan(world: World, tools: Tools, begin: Begin) -> None:
    settings = tools.backends.settings
    object.__setattr__(settings, "max_upload_bytes", 1024 * 1024)
    drive = begin(zip_bytes({"film.mp4": bytes(1024 * 1024 + 1), "a.txt": b"a"}))
    work(tools)
    with world.database.reading() as session:
        plan = intake.plan_of(session, world.teacher, intake.drive_of(session, world.teacher, drive.id))
    assert [str(words_of(row.reason)) for row in plan.refused] == ["Larger than the 1 MiB a file may have here."]


def test_what_cannot_be_opened_says_why(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin(zip_bytes(FILES)[:-30])
    work(tools)
    found, _ = now(world, drive)
    assert found.state_now is DriveState.FAILED
    assert "damaged or cut off" in str(words_of(found.trouble))


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
            words = words_of(found.trouble)
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
        gone.setattr(Tools, "drive_at_hand", away)
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
        assert "not in the store" in str(words_of(found.trouble))


def test_a_file_is_decided_once_however_often_its_step_is_done(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive)
    with world.database.reading() as session:
        rows = intake.next_files(session, intake.drive_of(session, world.teacher, drive.id))
    source = tools.drive_at_hand(world.school.id, {drive.source_sha256: "drive.zip"})
    stored = [
        intake.Outcome(row.number, intake.store(tools.blobs, world.teacher, source[row.number], 10**6)) for row in rows
    ]
    work(tools)
    _, before = now(world, drive)
    with world.database.unit_of_work() as session:
        session.get_one(Drive, (world.school.id, drive.id)).state = DriveState.RUNNING
    with world.database.unit_of_work() as session:
        intake.keep_files(session, actor=world.teacher, drive_id=drive.id, outcomes=stored)
    assert now(world, drive)[1].counts == before.counts
    assert count_items(world) == 4


def test_what_a_rule_of_filing_refuses_is_not_half_kept(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> object:
        raise Invalid(msg("Not to this one."))

    drive = begin()
    work(tools)
    start(world, drive)
    monkeypatch.setattr(tagging, "propose_all", refuse)
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
