"""Locked files: marked, and opened by the password that is given, in the child and nowhere else."""

from __future__ import annotations

import io

import pytest

from evidence_app.domain.extraction import ReaderPool, Reading, media_types
from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import (
    ENGLISH,
    docx_file,
    odf_file,
    pdf_file,
    pptx_file,
    read_here,
    source,
    xlsx_file,
)
from tests.evidence_app.domain.extraction.making_media import locked

WORD = "café-2026"
CASES = [
    pytest.param(lambda: pdf_file([[("Locked words", 12)]], password=WORD), "x.pdf", id="PDF"),
    pytest.param(lambda: locked(docx_file([("Locked words", None)]), WORD), "x.docx", id="Word"),
    pytest.param(lambda: locked(pptx_file([("Locked words", "", "")]), WORD), "x.pptx", id="PowerPoint"),
    pytest.param(lambda: locked(xlsx_file({"A": [["Locked words"]]}), WORD), "x.xlsx", id="Excel"),
]


def code(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


@pytest.mark.parametrize(("make", "name"), CASES)
def test_right_password_opens_a_file(make: object, name: str) -> None:
    assert callable(make)
    content = make()

    shut = read_here(content, name)
    wrong = read_here(content, name, password="coffee")
    opened = read_here(content, name, password=WORD)

    assert (shut.state, code(shut)) == (ReadingState.ENCRYPTED, ["encrypted"])
    assert (wrong.state, code(wrong)) == (ReadingState.ENCRYPTED, ["wrong-password"])
    assert (opened.state, opened.text.splitlines()[0]) == (ReadingState.TEXT_FOUND, "Locked words")
    assert opened.facts["unlocked"] is True
    assert "unlocked" not in shut.facts


@pytest.mark.parametrize(("make", "name"), CASES)
def test_pages_of_a_locked_file_are_drawn_in_the_child(make: object, name: str) -> None:
    assert callable(make)
    content = make()
    with ReaderPool() as pool:
        shut = pool.preview(io.BytesIO(content), file_name=name, page_count=1, true_look=False)
        opened = pool.preview(io.BytesIO(content), file_name=name, page_count=1, true_look=False, password=WORD)

    assert shut.failed_because is not None
    assert shut.failed_because.code == "encrypted"
    assert len(opened.pages) == 1


def test_file_without_a_lock_does_not_mind_a_password() -> None:
    assert read_here(docx_file([(ENGLISH, None)]), "x.docx", password=WORD).text == ENGLISH
    assert read_here(pdf_file([[("Words", 12)]]), "x.pdf", password=WORD).text == "Words"


def test_lock_that_no_password_given_here_opens_is_said() -> None:
    reading = read_here(odf_file("text", "", manifest="<m><encryption-data/></m>"), "x.odt", password=WORD)

    assert code(reading) == ["encrypted-otherwise"]


def test_cut_off_locked_file_is_said() -> None:
    content = locked(docx_file([("Locked words", None)]), WORD)

    assert read_here(content[: len(content) // 2], "x.docx", password=WORD).state in {
        ReadingState.ENCRYPTED,
        ReadingState.DAMAGED,
    }


def test_password_is_not_shown_where_a_source_is(tmp_path: object) -> None:
    from pathlib import Path

    made = source(b"", "x", Path(str(tmp_path)), media_type=media_types.PDF)
    made.password = WORD

    assert isinstance(made, Source)
    assert WORD not in repr(made)
