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
from tests.evidence_app.domain.extraction.making import docx_file
from tests.evidence_app.domain.extraction.making_media import photograph
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


def file_bytes(world: World, backends: Backends, name: str, content: bytes) -> Item:
    blob = backends.blobs.put(world.school.id, [content])
    with backends.database.unit_of_work() as session:
        media_type = extraction.sniff(io.BytesIO(content), name)
        return evidence.add_file(session, actor=world.teacher, blob=blob, file_name=name, media_type=media_type)


def test_copy_without_its_place_is_kept_of_a_photograph_and_of_no_other_file(
    world: World, backends: Backends, tools: Tools
) -> None:
    kept = [photograph(), photograph(place=False), b"Only words"]
    items = [file_bytes(world, backends, f"{n}.jpg", content) for n, content in enumerate(kept)]
    assert work_once(tools)
    with backends.database.reading() as session:
        copies = {row.version_id: row for row in session.query(extraction.PlainCopy)}
    assert set(copies) == {items[0].current_version_id}
    copy = copies[items[0].current_version_id]
    stored = backends.blobs.read_verified(world.school.id, copy.sha256, max_bytes=1 << 20)
    assert (len(stored), copy.media_type) == (copy.size_bytes, "image/jpeg")
    assert b"Ana Person" not in stored


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_pages_of_a_word_file_show_its_true_look_once_somebody_looks(
    world: World, backends: Backends, tools: Tools
) -> None:
    item = file_bytes(world, backends, "policy.docx", docx_file([("Policy", "Title"), *[("Words", None)] * 300]))
    assert work_once(tools)
    with backends.database.reading() as session:
        version = evidence.current_version(session, item)
        [before] = extraction.previews_of(session, version)
    with backends.database.unit_of_work() as session:
        extraction.ask_for_pages(session, version, page=2)
    while waiting(backends, item, JobKind.DRAW_PAGES):
        assert work_once(tools)
    with backends.database.reading() as session:
        text = extraction.text_of(session, version)
        pictures = extraction.previews_of(session, version)
    assert text is not None
    assert text.is_true_look
    assert len(pictures) == (text.drawable_pages or 0) + 1 > 5
    assert pictures[0].sha256 != before.sha256
