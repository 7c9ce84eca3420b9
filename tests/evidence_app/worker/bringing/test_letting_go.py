"""The ZIP of a drive leaves the store once it is over, and takes nothing with it that anything else names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from evidence_app.database import now as clock
from evidence_app.domain import accounts, evidence, intake, jobs, upkeep
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.extraction import PreviewImage
from evidence_app.domain.intake import Drive, DriveFile, DriveState, drives, leavers
from evidence_app.errors import Invalid
from evidence_app.worker import erasing
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.tools import Tools
from storage_adapters.memory import MemoryStore
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.worker.bringing.drive import FILES, Begin, now, start, work
from tests.fixtures import World


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


def test_all_parts_leave_the_store_and_none_before(world: World, tools: Tools) -> None:
    contents = [zip_bytes({f"{n}.txt": b"%d" % n}) for n in range(2)]
    blobs = [tools.blobs.put(world.school.id, [content]) for content in contents]
    for n, blob in enumerate(blobs):
        with world.database.unit_of_work() as session:
            file = intake.StoredFile(f"{n}.zip", blob, "application/zip")
            drive = intake.begin_drive(session, actor=world.teacher, file=file, together="mark", parts=2)
    assert not upkeep.verify(world.database, tools.blobs, tools.backends.index).unreferenced
    work(tools)
    start(world, drive)
    work(tools)
    assert now(world, drive)[0].state_now is DriveState.DONE
    assert now(world, drive)[1].counts[intake.FileState.KEPT] == 2
    assert [tools.blobs.exists(world.school.id, blob.sha256) for blob in blobs] == [False, False]


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


def test_the_zip_is_fetched_and_its_list_read_once_for_all_steps(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[Path] = []
    fetch = tools.blobs.local_path

    @contextmanager
    def watched(school_id: str, sha256: str) -> Iterator[Path]:
        with fetch(school_id, sha256) as path:
            fetched.append(path)
            yield path

    monkeypatch.setattr(tools.blobs, "local_path", watched)
    drive = begin()
    source = tools.drive_at_hand(world.school.id, {drive.source_sha256: "drive.zip"})
    assert tools.drive_at_hand(world.school.id, {drive.source_sha256: "drive.zip"}) is source
    assert len(fetched) == 1
    other = tools.blobs.put(world.school.id, [b"no ZIP"])
    with pytest.raises(Invalid, match="cannot be opened"):
        tools.drive_at_hand(world.school.id, {other.sha256: "drive.zip"})
    assert not any(path.exists() for path in fetched), "what was fetched is removed once it is not wanted any more"
    again = tools.drive_at_hand(world.school.id, {drive.source_sha256: "drive.zip"})
    assert [one.path for one in again] == [one.path for one in source]


def test_the_report_forgets_the_name_of_what_was_erased_and_every_name_after_its_time(
    world: World, tools: Tools, begin: Begin
) -> None:
    notes = {"Takeout/Anna.jpg.json": b'{"title": "Anna.jpg", "url": "https://drive.example/1"}'}
    notes |= {f"{path}.json": b"{}" for path in FILES if path.endswith(".txt")}
    drive = begin(zip_bytes(FILES | notes))

    def rows() -> list[DriveFile]:
        with world.database.reading() as session:
            return list(intake.files_of(session, drive))

    work(tools)
    start(world, drive)
    work(tools)
    found, files = now(world, drive)[0], rows()
    kept = next(file for file in files if file.path.endswith("plan.txt"))
    gone = {file.number for file in files if file.path in (kept.path, f"{kept.path}.json")}
    assert len(gone) == 2
    with world.database.unit_of_work() as session:
        upkeep.erase(session, actor=world.administrator, item_id=kept.item_id)
        upkeep.remove_rows(session, world.school.id)
    assert {file.number for file in rows() if not file.path} == gone
    with world.database.unit_of_work() as session:
        assert intake.forget_old_reports(session) == 0
        row = session.get_one(intake.Drive, (found.school_id, found.id))
        row.finished_at = clock() - intake.REPORTS_LAST - timedelta(days=1)
    with world.database.unit_of_work() as session:
        assert intake.forget_old_reports(session) == 1
        assert intake.forget_old_reports(session) == 0
    found, files = now(world, drive)[0], rows()
    assert {file.path for file in files} == {""}
    assert not [file for file in files if "Anna" in str(file.reason)]
    assert [file for file in files if file.reason], "why a file was not kept stays"
    assert found.folders == {}


def test_nothing_is_written_anew_again_and_again_while_a_zip_still_holds_what_was_erased(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt: list[str] = []
    make_anew = erasing.make_index_anew

    def counted(tools: Tools, school_id: str) -> None:
        rebuilt.append(school_id)
        make_anew(tools, school_id)

    monkeypatch.setattr(erasing, "make_index_anew", counted)
    monkeypatch.setattr(drives, "LET_GO_AFTER_SECONDS", 3600)
    drive = begin()
    work(tools)
    start(world, drive)
    work(tools)
    with world.database.unit_of_work() as session:
        item_id = session.scalars(select(DriveFile.item_id).where(DriveFile.item_id != "")).first() or ""
        upkeep.erase(session, actor=world.administrator, item_id=item_id)
    assert isinstance(tools.blobs, MemoryStore)
    for _ in range(3):
        tools.blobs._blobs = {
            name: (held, put_at - timedelta(hours=2)) for name, (held, put_at) in tools.blobs._blobs.items()
        }
        with world.database.unit_of_work() as session:
            session.execute(update(jobs.Job).where(jobs.Job.kind == jobs.JobKind.ERASE).values(run_at=clock()))
        work(tools)
        with world.database.unit_of_work() as session:
            assert upkeep.ask_again(session) == 1
    assert rebuilt == [world.school.id]
    with world.database.unit_of_work() as session:
        session.execute(update(jobs.Job).values(run_at=clock()))
    work(tools)
    with world.database.unit_of_work() as session:
        upkeep.ask_again(session)
    work(tools)
    with world.database.reading() as session:
        assert session.scalar(select(upkeep.Erasure.state)) == upkeep.ErasureState.DONE


@pytest.mark.parametrize("state", [DriveState.PLANNED, DriveState.PAUSED])
def test_a_drive_of_somebody_who_left_is_left_out_after_a_day(
    world: World, tools: Tools, begin: Begin, monkeypatch: pytest.MonkeyPatch, state: DriveState
) -> None:
    drive, stays = begin(), begin(zip_bytes({"other.txt": b"other"}), actor=world.coordinator)
    work(tools)
    if state is DriveState.PAUSED:
        start(world, drive)
        with world.database.unit_of_work() as session:
            intake.pause_drive(session, actor=world.teacher, drive_id=drive.id)
    with world.database.unit_of_work() as session:
        session.execute(update(Drive).values(created_at=clock() - timedelta(days=9), stepped_at=None))
        accounts.remove_member(session, actor=world.administrator, person_id=world.teacher.person_id)
    moments = [timedelta(hours=23), timedelta(hours=25)]
    for later, expected in zip(moments, (state, DriveState.DROPPED), strict=True):
        monkeypatch.setattr(leavers, "now", lambda later=later: clock() + later)
        Housekeeping(tools).do_what_is_due()
        with world.database.reading() as session:
            assert session.get_one(Drive, (drive.school_id, drive.id)).state_now is expected
    work(tools)
    assert not tools.blobs.exists(world.school.id, drive.source_sha256)
    assert tools.blobs.exists(world.school.id, stays.source_sha256)
    with world.database.reading() as session:
        assert session.get_one(Drive, (stays.school_id, stays.id)).state_now is DriveState.PLANNED
        told = select(AuditEntry.subject_id).where(AuditEntry.action == "intake.leave_out_of_leaver")
        assert list(session.scalars(told)) == [drive.id]
