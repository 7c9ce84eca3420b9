"""What the bytes of a school are for."""

from __future__ import annotations

from evidence_app.domain import intake, upkeep
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from storage_adapters.memory import MemoryStore
from tests.fixtures import World


def test_every_part_of_a_drive_counts_as_a_zip_file_on_its_way_in(world: World) -> None:
    store, school_id = MemoryStore(), world.school.id
    for name, content in (("one.zip", b"one"), ("two.zip", b"second")):
        file = intake.StoredFile(name, store.put(school_id, [content]), "application/zip")
        with world.database.unit_of_work() as session:
            intake.begin_drive(session, actor=world.teacher, file=file, together="mark", parts=2)
    with world.database.reading() as session:
        used = upkeep.use_of(session, store, school_id).files
    assert {use: size_bytes for use, size_bytes in used.items() if size_bytes} == {upkeep.Use.DRIVES: len(b"onesecond")}


def test_pictures_that_are_removed_to_make_room_are_on_their_way_out_at_once(world: World) -> None:
    with world.database.unit_of_work() as session:
        upkeep.free_page_pictures(session, actor=world.administrator)
        assert upkeep.SUBJECT in unfinished_subjects(session, world.school.id, JobKind.ERASE)
