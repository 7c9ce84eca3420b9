"""A document is read quickly first; the words in its pictures come with a second reading."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image, ImageDraw, ImageFont

from evidence_app.backends import Backends
from evidence_app.domain import evidence, extraction
from evidence_app.domain.evidence import Item
from evidence_app.domain.extraction import ReadingState
from evidence_app.domain.jobs import JobKind, Urgency, claim, unfinished_subjects
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
        urgent = claim(session, {JobKind.RECOGNISE_TEXT: HANDLERS[JobKind.RECOGNISE_TEXT].batch})
    assert [job.subject for job in urgent] == [item.current_version_id]


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
