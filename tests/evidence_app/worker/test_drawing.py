"""What is drawn of a version: its thumbnail, a copy of a photograph without its place, pages as they look."""

from __future__ import annotations

import io
import shutil

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain import evidence, extraction, upkeep
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.upkeep.removing import PUT_LATELY
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from storage_adapters.memory import MemoryStore
from tests.evidence_app.domain.extraction.making import docx_file
from tests.evidence_app.domain.extraction.making_media import photograph
from tests.fixtures import World


def file_bytes(world: World, backends: Backends, name: str, content: bytes) -> Item:
    blob = backends.blobs.put(world.school.id, [content])
    with backends.database.unit_of_work() as session:
        media_type = extraction.sniff(io.BytesIO(content), name)
        return evidence.add_file(session, actor=world.teacher, blob=blob, file_name=name, media_type=media_type)


def draw(tools: Tools, backends: Backends, kind: JobKind) -> None:
    """Work until nothing of this kind waits."""
    assert work_once(tools)
    with backends.database.reading() as session:
        school_ids = set(session.scalars(select(Item.school_id)))
    while True:
        with backends.database.reading() as session:
            if not any(unfinished_subjects(session, school_id, kind) for school_id in school_ids):
                return
        assert work_once(tools)


def test_copy_without_its_place_is_kept_of_a_photograph_and_of_no_other_file(
    world: World, backends: Backends, tools: Tools
) -> None:
    kept = [photograph(), photograph(place=False), b"Only words"]
    items = [file_bytes(world, backends, f"{n}.jpg", content) for n, content in enumerate(kept)]
    draw(tools, backends, JobKind.DRAW_THUMBNAIL)
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
    draw(tools, backends, JobKind.DRAW_THUMBNAIL)
    with backends.database.reading() as session:
        version = evidence.current_version(session, item)
        [before] = extraction.previews_of(session, version)
    with backends.database.unit_of_work() as session:
        extraction.ask_for_pages(session, version, page=2)
    draw(tools, backends, JobKind.DRAW_PAGES)
    with backends.database.reading() as session:
        text = extraction.text_of(session, version)
        pictures = extraction.previews_of(session, version)
    assert text is not None
    assert text.is_true_look
    assert len(pictures) == (text.drawable_pages or 0) + 1 > 5
    assert pictures[0].sha256 != before.sha256


def test_freed_pictures_leave_the_store_and_are_drawn_again_when_somebody_looks(
    world: World, backends: Backends, tools: Tools
) -> None:
    item = file_bytes(world, backends, "plan.txt", b"Words\n" * 200)
    store, school_id = backends.blobs, world.school.id
    assert isinstance(store, MemoryStore)

    def pages() -> dict[int, str]:
        with backends.database.reading() as session:
            version = evidence.current_version(session, item)
            return {one.page: one.sha256 for one in extraction.previews_of(session, version)}

    def look() -> dict[int, str]:
        with backends.database.unit_of_work() as session:
            extraction.ask_for_pages(session, evidence.current_version(session, item), page=1)
        draw(tools, backends, JobKind.DRAW_PAGES)
        return pages()

    draw(tools, backends, JobKind.DRAW_THUMBNAIL)
    before = look()
    store._blobs = {name: (held, put_at - 2 * PUT_LATELY) for name, (held, put_at) in store._blobs.items()}
    with backends.database.unit_of_work() as session:
        assert upkeep.free_page_pictures(session, actor=world.administrator) == len(before) - 1 > 0
    draw(tools, backends, JobKind.ERASE)
    assert pages() == {0: before[0]}
    assert {page for page, sha256 in before.items() if store.exists(school_id, sha256)} == {0}
    with backends.database.reading() as session:
        # Nothing was erased, so index and database need not be written anew.
        assert not unfinished_subjects(session, school_id, JobKind.CLEAR_TRACES)
    assert look() == before
    assert all(store.exists(school_id, sha256) for sha256 in before.values())
