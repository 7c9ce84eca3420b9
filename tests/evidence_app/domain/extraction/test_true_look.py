"""Pages of office files as LibreOffice shows them, where it is installed; else, and in time, from their words."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from evidence_app.domain.extraction import ReaderPool, media_types, office
from evidence_app.domain.extraction.preview import make_preview
from tests.evidence_app.domain.extraction.making import ENGLISH, docx_file, pptx_file, source

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
needs_slides = pytest.mark.skipif(
    not Path("/usr/lib/libreoffice/program/libsdlo.so").exists(), reason="LibreOffice Impress is not installed"
)
CHILD_WHOSE_OFFICE_FAILS = f"""
import json, os, socket, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
import hostile_child
child = hostile_child.load_child()
child._enter_room_by_the_window()
from evidence_app.domain.extraction import office
vars(office).update(is_available=lambda: True, convert=lambda source, target: os.abort())
options = json.loads(sys.argv[1])
with socket.socket(fileno=options["socket"]) as connection:
    child.serve(connection, options["limits"], Path(options["own_folder"]))
"""
LETTER = docx_file([("Inclusion policy", "Title"), *[(ENGLISH, None)] * 80])
SLIDES = pptx_file([("One", "a", ""), ("Two", "b", "")])


@needs_office
@pytest.mark.office
@pytest.mark.parametrize(
    ("content", "media_type", "is_wide"),
    [(LETTER, media_types.DOCX, False), pytest.param(SLIDES, media_types.PPTX, True, marks=needs_slides)],
)
def test_pages_look_as_the_file_does(content: bytes, media_type: str, is_wide: bool) -> None:
    with ReaderPool() as pool:
        preview = pool.preview(io.BytesIO(content), file_name="x", media_type=media_type, page_count=20)

    assert preview.is_true_look
    assert preview.page_total == len(preview.pages) >= 2
    assert (preview.pages[0].width_px > preview.pages[0].height_px) is is_wide


def test_words_are_drawn_where_libreoffice_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)

    preview = make_preview(source(LETTER, "x.docx", tmp_path), page_count=20)

    assert not preview.is_true_look
    assert len(preview.pages) > 1


def test_thumbnail_alone_does_not_wait_for_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "is_available", lambda: True)

    preview = make_preview(source(LETTER, "x.docx", tmp_path))

    assert preview.thumb is not None
    assert not list(tmp_path.iterdir())


@needs_office
def test_no_conversion_is_begun_without_time(tmp_path: Path) -> None:
    made = source(LETTER, "x.docx", tmp_path, seconds=1.0)

    assert not make_preview(made, page_count=1).is_true_look


def test_file_that_ends_its_child_on_the_way_is_drawn_from_its_words(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD_WHOSE_OFFICE_FAILS)
    with ReaderPool(script=script) as pool:
        preview = pool.preview(io.BytesIO(LETTER), file_name="x", media_type=media_types.DOCX, page_count=1)

        assert pool.children_started == 2
    assert not preview.is_true_look
    assert len(preview.pages) == 1
