"""A document is read quickly first; the words in its pictures come with a second reading."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from evidence_app.backends import Backends
from evidence_app.domain import evidence, extraction
from evidence_app.domain.evidence import Item
from evidence_app.domain.extraction import Reading, ReadingState
from evidence_app.domain.jobs import JobKind, Urgency, claim, unfinished_subjects
from evidence_app.domain.schools import School
from evidence_app.worker import HANDLERS
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.fixtures import World

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
WORDS = "Every student belongs in our school"


def file_photo(world: World, backends: Backends, urgency: Urgency) -> Item:
    """A photograph of a wall with words on it, filed and not read."""
    picture = Image.new("L", (1400, 300), 255)
    ImageDraw.Draw(picture).text((60, 100), WORDS, font=ImageFont.load_default(48), fill=0)
    file = io.BytesIO()
    picture.save(file, "PNG")
    blob = backends.blobs.put(world.school.id, [file.getvalue()])
    with backends.database.unit_of_work() as session:
        filing = evidence.a_file(blob, file_name="wall.png", media_type="image/png")
        (item,) = evidence.add_all(session, actor=world.teacher, filings=[filing], urgency=urgency)
        return item


def kept_of(backends: Backends, item: Item) -> tuple[ReadingState, str]:
    with backends.database.reading() as session:
        texts = extraction.texts_of(session, item.school_id, [item.current_version_id], with_text=True)
        text = texts[item.current_version_id]
        return ReadingState(text.state), text.text.strip()


def waiting(backends: Backends, item: Item, kind: JobKind) -> bool:
    with backends.database.reading() as session:
        return bool(unfinished_subjects(session, item.school_id, kind))


@needs_tesseract
def test_words_in_a_photo_of_a_folder_are_read_when_all_else_is_done(
    world: World, backends: Backends, tools: Tools
) -> None:
    item = file_photo(world, backends, Urgency.BULK)
    assert work_once(tools)
    assert kept_of(backends, item) == (ReadingState.WAITS_FOR_OCR, "")
    assert waiting(backends, item, JobKind.RECOGNISE_TEXT)
    sooner = (JobKind.INDEX_ITEM, JobKind.SUGGEST_ITEM, JobKind.DRAW_THUMBNAIL)
    while any(waiting(backends, item, kind) for kind in sooner):
        assert work_once(tools)
        assert kept_of(backends, item)[0] is ReadingState.WAITS_FOR_OCR
    assert work_once(tools)
    assert kept_of(backends, item) == (ReadingState.READ_BY_OCR, WORDS)
    assert waiting(backends, item, JobKind.INDEX_ITEM)
    assert waiting(backends, item, JobKind.SUGGEST_ITEM)


@needs_tesseract
def test_somebody_who_files_a_photo_waits_for_its_words_alone(world: World, backends: Backends, tools: Tools) -> None:
    file_photo(world, backends, Urgency.BULK)
    assert work_once(tools)
    item = file_photo(world, backends, Urgency.NOW)
    assert work_once(tools)
    with backends.database.unit_of_work() as session:
        urgent = claim(session, {JobKind.RECOGNISE_TEXT: HANDLERS[JobKind.RECOGNISE_TEXT].batch_for(readers=4)})
    assert [job.subject for job in urgent] == [item.current_version_id]


@needs_tesseract
@pytest.mark.parametrize(("said", "tried_first"), [("it", "it"), ("", "fr")])
def test_words_are_looked_for_in_the_language_of_the_item_or_else_of_the_school(
    world: World, backends: Backends, tools: Tools, monkeypatch: pytest.MonkeyPatch, said: str, tried_first: str
) -> None:
    item = file_photo(world, backends, Urgency.NOW)
    with backends.database.unit_of_work() as session:
        session.get_one(School, item.school_id).language = "fr"
        session.get_one(Item, (item.school_id, item.id)).language = said
    told: list[str] = []
    read = tools.readers.read

    def note_and_read(path: Path, **asked: Any) -> Reading:
        told.append(asked["likely_language"])
        return read(path, **asked)

    monkeypatch.setattr(tools.readers, "read", note_and_read)
    while waiting(backends, item, JobKind.READ_VERSION) or waiting(backends, item, JobKind.RECOGNISE_TEXT):
        assert work_once(tools)
    assert told == ["", tried_first]
    assert kept_of(backends, item) == (ReadingState.READ_BY_OCR, WORDS)


@pytest.mark.parametrize(("readers", "at_once"), [(1, 1), (2, 1), (8, 7)])
def test_one_reader_is_left_to_whoever_files_something(readers: int, at_once: int) -> None:
    assert HANDLERS[JobKind.RECOGNISE_TEXT].batch_for(readers) == at_once
    assert HANDLERS[JobKind.READ_VERSION].batch_for(readers) == HANDLERS[JobKind.READ_VERSION].batch


@needs_tesseract
def test_what_was_read_stays_where_ocr_fails_and_pages_drawn_meanwhile_stay_too(
    world: World, backends: Backends, tools: Tools
) -> None:
    item = file_photo(world, backends, Urgency.NOW)
    assert work_once(tools)
    names = {"school_id": item.school_id, "version_id": item.current_version_id}
    with backends.database.unit_of_work() as session:
        extraction.keep_pages(session, **names, page_total=1, pictures=[])
        failed = extraction.Reading(media_type="image/png", state=ReadingState.FAILED).with_warning("child-died")
        extraction.keep_recognition(session, **names, reading=failed)
    assert kept_of(backends, item) == (ReadingState.FAILED, "")
    with backends.database.unit_of_work() as session:
        found = extraction.Reading(media_type="image/png", state=ReadingState.READ_BY_OCR, text=WORDS)
        extraction.keep_recognition(session, **names, reading=found)
    assert kept_of(backends, item) == (ReadingState.READ_BY_OCR, WORDS)
    with backends.database.reading() as session:
        assert (
            extraction.texts_of(session, item.school_id, [item.current_version_id])[
                item.current_version_id
            ].drawable_pages
            == 1
        )
