"""What is left of uploads in pieces that nobody went on with is swept, and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from evidence_app.domain.intake import Arriving, Pieces
from evidence_app.errors import NotFound
from tests.evidence_app.domain.intake.test_pieces import FILM, TEACHER, Slow, append, arrived, begin, finish, waiting
from tests.evidence_app.domain.intake.test_pieces import pieces as pieces
from tests.evidence_app.domain.intake.test_pieces import store as store


def test_sweep_takes_what_nobody_went_on_with_and_nothing_else(pieces: Pieces, tmp_path: Path) -> None:
    old, young = begin(pieces), begin(pieces)
    age(tmp_path, old, 90_000)
    assert pieces.sweep(86_400) == 1
    assert {path.name.split("-")[2][:32] for path in waiting(tmp_path).values()} == {young.id}
    with pytest.raises(NotFound):
        arrived(pieces, old)
    assert pieces.sweep(86_400) == 0


def test_sweep_leaves_an_upload_with_a_young_piece(pieces: Pieces, tmp_path: Path) -> None:
    upload = begin(pieces)
    age(tmp_path, upload, 90_000)
    append(pieces, upload, 0, FILM[:13])
    assert pieces.sweep(86_400) == 0


def test_sweep_leaves_a_piece_that_is_arriving(pieces: Pieces, tmp_path: Path) -> None:
    upload = begin(pieces)

    def body() -> Iterator[bytes]:
        yield FILM[:13]
        age(tmp_path, upload, 90_000)
        assert pieces.sweep(86_400) == 0
        yield FILM[13:]

    chunks = body()
    source: IO[bytes] = Slow([])
    source.read = lambda _size=-1: next(chunks, b"")  # type: ignore[method-assign,misc]
    pieces.append(actor=TEACHER, upload_id=upload.id, offset=0, source=source)
    assert finish(pieces, upload)


@pytest.mark.parametrize("ending", [".part", ".new", ".lock", ".json"])
def test_sweep_takes_what_a_kill_left_of_an_upload(pieces: Pieces, tmp_path: Path, ending: str) -> None:
    upload = begin(pieces)
    for suffix, path in waiting(tmp_path).items():
        if suffix != ending:
            path.rename(path.with_suffix(ending)) if suffix == ".part" else path.unlink()
    age(tmp_path, upload, 90_000)
    assert pieces.sweep(86_400) == 1
    assert waiting(tmp_path) == {}


def test_sweep_before_anything_arrived_finds_nothing(pieces: Pieces) -> None:
    assert pieces.sweep(0) == 0


def age(tmp_path: Path, upload: Arriving, seconds: float) -> None:
    """Make all files of an upload so much older."""
    for path in tmp_path.rglob(f"*{upload.id}*"):
        os.utime(path, (time.time() - seconds,) * 2)
