"""What was read of many versions is kept together, and asks for what comes next."""

from __future__ import annotations

import pytest

from evidence_app.domain import extraction, suggesting
from evidence_app.domain.evidence import Item, replace
from evidence_app.domain.extraction import Reading, ReadingState, StoredPicture
from evidence_app.domain.jobs import JobKind, Urgency, claim, unfinished_subjects
from storage_adapters import Blob
from tests.fixtures import World

PICTURE = StoredPicture(page=0, sha256="a" * 64, media_type="image/webp", width_px=72, height_px=88)


def reading(text: str = "Our policy.", **said: object) -> Reading:
    return Reading(media_type="text/plain", state=ReadingState.TEXT_FOUND, text=text, language="en", **said)  # type: ignore[arg-type]


def keep(world: World, readings: dict[str, Reading], urgency: Urgency = Urgency.BULK) -> None:
    with world.database.unit_of_work() as session:
        extraction.keep_readings(session, school_id=world.school.id, readings=readings, urgency=urgency)


def waiting(world: World, kind: JobKind) -> set[str]:
    with world.database.reading() as session:
        return unfinished_subjects(session, world.school.id, kind)


@pytest.fixture
def two(world: World) -> tuple[Item, Item]:
    """A text and a scan, filed."""
    return world.file_item(name="a.txt"), world.file_item(name="b.txt")


def test_each_is_kept_and_its_item_goes_on(world: World, two: tuple[Item, Item]) -> None:
    text, scan = two
    waits = Reading(media_type="image/png", state=ReadingState.WAITS_FOR_OCR, ocr_waits=True)
    keep(world, {text.current_version_id: reading(), scan.current_version_id: waits, "erased meanwhile": reading()})
    versions = {text.current_version_id, scan.current_version_id}
    with world.database.reading() as session:
        kept = extraction.texts_of(session, world.school.id, [*versions, "erased meanwhile"], with_text=True)
        assert {id: (one.state, one.text) for id, one in kept.items()} == {
            text.current_version_id: (ReadingState.TEXT_FOUND, "Our policy."),
            scan.current_version_id: (ReadingState.WAITS_FOR_OCR, ""),
        }
        assert session.get_one(Item, (world.school.id, text.id)).language == "en"
    assert waiting(world, JobKind.INDEX_ITEM) == waiting(world, JobKind.SUGGEST_ITEM) == {text.id, scan.id}
    assert waiting(world, JobKind.DRAW_THUMBNAIL) == versions
    assert waiting(world, JobKind.RECOGNISE_TEXT) == {scan.current_version_id}


@pytest.mark.parametrize(("came", "drawn"), [(Urgency.NOW, Urgency.NOW), (Urgency.BULK, Urgency.LATER)])
def test_thumbnails_of_many_wait_and_that_of_one_upload_does_not(world: World, came: Urgency, drawn: Urgency) -> None:
    item = world.file_item()
    keep(world, {item.current_version_id: reading()}, came)
    with world.database.unit_of_work() as session:
        for kind in (JobKind.READ_VERSION, JobKind.INDEX_ITEM, JobKind.SUGGEST_ITEM):
            claim(session, {kind: 10})
        (job,) = claim(session, {JobKind.DRAW_THUMBNAIL: 10})
    assert (job.subject, job.urgency) == (item.current_version_id, drawn)


def test_a_second_reading_takes_the_place_of_the_first_with_its_pictures(world: World) -> None:
    item = world.file_item()
    keep(world, {item.current_version_id: reading("First.")})
    with world.database.unit_of_work() as session:
        thumbnails = {item.current_version_id: PICTURE, "erased meanwhile": PICTURE}
        extraction.keep_thumbnails(session, school_id=world.school.id, thumbnails=thumbnails)
    with world.database.reading() as session:
        drawn = extraction.thumbnails_of(session, world.school.id, [item.current_version_id, "erased meanwhile"])
        assert set(drawn) == {item.current_version_id}
    keep(world, {item.current_version_id: reading("Second.")})
    with world.database.reading() as session:
        texts = extraction.texts_of(session, world.school.id, [item.current_version_id], with_text=True)
        assert texts[item.current_version_id].text == "Second."
        assert extraction.thumbnails_of(session, world.school.id, [item.current_version_id]) == {}


def test_a_version_that_was_replaced_meanwhile_is_kept_and_moves_nothing(world: World) -> None:
    item = world.file_item()
    first = item.current_version_id
    with world.database.unit_of_work() as session:
        replace(
            session,
            actor=world.teacher,
            item_id=item.id,
            blob=Blob("b" * 64, 5),
            file_name="newer.txt",
            media_type="text/plain",
        )
    keep(world, {first: reading()})
    with world.database.reading() as session:
        assert set(extraction.texts_of(session, world.school.id, [first])) == {first}
    assert waiting(world, JobKind.INDEX_ITEM) == set()


def test_suggestions_of_many_are_kept_and_those_of_an_erased_item_are_not(world: World, two: tuple[Item, Item]) -> None:
    one = suggesting.Suggestion("ib-psp-2020/0301-02", 0.5, (), True)
    other = suggesting.Suggestion("ib-psp-2020/0404-01", 0.4, (), False)
    found = [
        suggesting.Suggested(two[0].id, [one, other], "words", "policy"),
        suggesting.Suggested(two[1].id, [], "", None),
        suggesting.Suggested("erased meanwhile", [one], "", None),
    ]
    for _ in range(2):
        with world.database.unit_of_work() as session:
            suggesting.keep_suggestions(session, school_id=world.school.id, found=found)
    with world.database.reading() as session:
        kept = suggesting.suggestions_for(session, world.teacher, [two[0].id, two[1].id, "erased meanwhile"])
        assert {id: [s.node_key for s in s_of] for id, s_of in kept.items()} == {
            two[0].id: [one.node_key, other.node_key]
        }
        assert session.get_one(Item, (world.school.id, two[0].id)).document_kind == "policy"
