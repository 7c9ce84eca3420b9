"""Files that waited for a program are read again once it is there: those, and no others."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from evidence_app.domain import extraction
from evidence_app.domain.evidence import Item, withdraw
from evidence_app.domain.extraction import Backlog, Reading, ReadingState, ReadingWarning, Unread
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.errors import NotAllowed
from tests.fixtures import World


def kept(world: World, name: str, state: ReadingState, *codes: str, media_type: str = "application/pdf") -> Item:
    """An item that was read to this state, with warnings of these codes."""
    item = world.file_item(name=name)
    warnings = tuple(ReadingWarning(code) for code in codes)
    reading = Reading(media_type=media_type, state=state, warnings=warnings)
    with world.database.unit_of_work() as session:
        extraction.keep_readings(session, school_id=world.school.id, readings={item.current_version_id: reading})
    return item


@pytest.fixture
def drop_jobs(world: World) -> Callable[[], None]:
    from sqlalchemy import delete

    from evidence_app.domain.jobs import Job

    def drop() -> None:
        with world.database.unit_of_work() as session:
            session.execute(delete(Job))

    return drop


def test_each_reason_is_counted_and_says_whether_it_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(world, "scan", ReadingState.TOOL_MISSING, "ocr-not-installed")
    kept(world, "mixed", ReadingState.TEXT_FOUND, "pages-cut", "ocr-not-installed")
    kept(world, "old", ReadingState.TOOL_MISSING, "office-not-installed")
    kept(world, "mail", ReadingState.NO_READER, "no-reader", media_type="application/vnd.ms-outlook")
    kept(world, "notebook", ReadingState.NO_READER, "no-reader", media_type="application/onenote")
    kept(world, "slow", ReadingState.FAILED, "child-time")
    kept(world, "fine", ReadingState.TEXT_FOUND)
    monkeypatch.setattr(shutil, "which", lambda program: "/usr/bin/it" if program == "tesseract" else None)

    with world.database.reading() as session:
        found = extraction.backlogs(session, world.administrator)

    assert found == [
        Backlog(Unread.NO_OCR, 2, "tesseract", can_be_read=True),
        Backlog(Unread.NO_OFFICE, 1, "soffice", can_be_read=False),
        Backlog(Unread.NO_READER, 1, "", can_be_read=True),
        Backlog(Unread.FAILED, 1, "", can_be_read=True),
    ]


def test_what_no_reading_would_help_is_counted_by_what_is_the_matter(world: World) -> None:
    kept(world, "cut off", ReadingState.DAMAGED, "damaged")
    kept(world, "torn", ReadingState.DAMAGED, "part-missing")
    kept(world, "notebook", ReadingState.NO_READER, "no-reader", media_type="application/onenote")
    kept(world, "mail", ReadingState.NO_READER, "no-reader", media_type="application/vnd.ms-outlook")
    kept(world, "slow", ReadingState.FAILED, "child-time")
    kept(world, "fine", ReadingState.TEXT_FOUND)
    gone = kept(world, "gone", ReadingState.ENCRYPTED, "encrypted")
    with world.database.unit_of_work() as session:
        withdraw(session, actor=world.teacher, item_ids=[gone.id])

    with world.database.reading() as session:
        counts = extraction.unread_counts(session, world.administrator)

    assert counts == {ReadingState.DAMAGED: 2, ReadingState.NO_READER: 1}


def test_only_what_can_be_read_now_is_read_again(
    world: World, drop_jobs: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = kept(world, "scan", ReadingState.TOOL_MISSING, "ocr-not-installed")
    kept(world, "old", ReadingState.TOOL_MISSING, "office-not-installed")
    slow = kept(world, "slow", ReadingState.FAILED, "child-time")
    kept(world, "fine", ReadingState.TEXT_FOUND)
    monkeypatch.setattr(shutil, "which", lambda program: "/usr/bin/it" if program == "tesseract" else None)
    drop_jobs()

    with world.database.unit_of_work() as session:
        assert extraction.read_again(session, actor=world.administrator, whys=[Unread.NO_OCR, Unread.NO_OFFICE]) == 1
    with world.database.reading() as session:
        asked = unfinished_subjects(session, world.school.id, JobKind.READ_VERSION)
        assert asked == {scan.current_version_id}
    with world.database.unit_of_work() as session:
        assert extraction.read_again(session, actor=world.administrator) == 2
    with world.database.reading() as session:
        asked = unfinished_subjects(session, world.school.id, JobKind.READ_VERSION)
        assert asked == {scan.current_version_id, slow.current_version_id}


def test_nobody_without_the_right_reads_a_school_again(world: World) -> None:
    item = kept(world, "slow", ReadingState.FAILED, "child-time")
    with world.database.unit_of_work() as session:
        for work in (
            lambda: extraction.read_again(session, actor=world.teacher),
            lambda: extraction.backlogs(session, world.teacher),
            lambda: extraction.unread_counts(session, world.teacher),
            lambda: extraction.read_item_again(session, actor=world.reader, item_id=item.id),
        ):
            with pytest.raises(NotAllowed):
                work()
        extraction.read_item_again(session, actor=world.teacher, item_id=item.id)


def test_reading_without_the_password_does_not_lock_an_opened_file(world: World) -> None:
    item = world.file_item(name="review")
    opened = Reading(
        media_type="application/pdf", state=ReadingState.TEXT_FOUND, text="Words", facts={extraction.UNLOCKED: True}
    )
    locked = Reading(media_type="application/pdf", state=ReadingState.ENCRYPTED)
    broken = Reading(media_type="application/pdf", state=ReadingState.DAMAGED)
    for reading, text in ((opened, "Words"), (locked, "Words"), (broken, "")):
        with world.database.unit_of_work() as session:
            extraction.keep_readings(session, school_id=world.school.id, readings={item.current_version_id: reading})
        with world.database.reading() as session:
            kept_text = extraction.texts_of(session, world.school.id, [item.current_version_id], with_text=True)
            assert kept_text[item.current_version_id].text == text
