"""The pool of limited children: what it gives back, and that nothing in a file can harm the process that asks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_app.domain.extraction import ReaderPool, ReadingState


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(size=1) as pool:
        yield pool


def test_text_of_a_file_comes_back_with_its_language_and_title(pool: ReaderPool, tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_text("Inclusion policy\n\nEvery student who joins our school belongs in every classroom.\n")

    reading = pool.read(path, file_name="policy.txt")

    assert reading.state is ReadingState.TEXT_FOUND
    assert reading.title == "Inclusion policy"
    assert reading.language == "en"
    assert "belongs in every classroom" in reading.text


def test_stream_is_read_like_a_file(pool: ReaderPool) -> None:
    reading = pool.read(io.BytesIO(b"Minutes of the meeting\n"), file_name="minutes.txt")

    assert reading.text == "Minutes of the meeting"
