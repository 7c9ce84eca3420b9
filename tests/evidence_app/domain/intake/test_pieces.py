"""Uploads in pieces: what has arrived is kept, in order, for one person alone; the store takes it without a copy."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from evidence_app.domain.access import Actor, Role
from evidence_app.domain.intake import Arriving, OutOfStep, Pieces, StoredFile
from evidence_app.domain.intake.pieces import MOST_UNFINISHED
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from storage_adapters import BlobStore, open_store

MAX = 1000
TEACHER = Actor(person_id="teacher", school_id="alder", role=Role.TEACHER)
COLLEAGUE = replace(TEACHER, person_id="colleague")
ELSEWHERE = replace(TEACHER, school_id="birch")
READER = replace(TEACHER, role=Role.READER)
FILM = b"first piece, second piece, the end"


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "local":
        return open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    return open_store(f"memory:{tmp_path.name}")


@pytest.fixture
def pieces(store: BlobStore, tmp_path: Path) -> Pieces:
    return Pieces(store, tmp_path)


def begin(
    pieces: Pieces, size: int = len(FILM), *, actor: Actor = TEACHER, name: str = "film.txt", mark: str = ""
) -> Arriving:
    return pieces.begin(actor=actor, name=name, size_bytes=size, mark=mark, max_bytes=MAX)


def append(pieces: Pieces, upload: Arriving, offset: int, data: bytes, *, actor: Actor = TEACHER) -> int:
    """How much has arrived after this piece."""
    return pieces.append(actor=actor, upload_id=upload.id, offset=offset, source=io.BytesIO(data)).arrived_bytes


def arrived(pieces: Pieces, upload: Arriving) -> int:
    return pieces.standing(actor=TEACHER, upload_id=upload.id).arrived_bytes


def finish(pieces: Pieces, upload: Arriving, *, actor: Actor = TEACHER) -> StoredFile:
    return pieces.finish(actor=actor, upload_id=upload.id)


def waiting(tmp_path: Path) -> dict[str, Path]:
    """The files of the uploads that wait, by their ending."""
    return {path.suffix: path for path in tmp_path.rglob("*incoming/*-*-*")}


def test_pieces_in_order_become_the_file(pieces: Pieces, store: BlobStore, tmp_path: Path) -> None:
    upload = begin(pieces, name="../Film: the exhibition.txt")
    assert append(pieces, upload, 0, FILM[:13]) == 13
    assert append(pieces, upload, 13, FILM[13:]) == len(FILM)

    stored = finish(pieces, upload)

    assert stored.name == "Film: the exhibition.txt"
    assert stored.media_type == "text/plain"
    assert stored.blob.sha256 == hashlib.sha256(FILM).hexdigest()
    assert store.read_verified("alder", stored.blob.sha256, max_bytes=MAX) == FILM
    assert sorted(waiting(tmp_path)) == [".json", ".lock"]


def test_finishing_again_gives_the_same_file(pieces: Pieces, store: BlobStore) -> None:
    upload = begin(pieces)
    append(pieces, upload, 0, FILM)

    first = finish(pieces, upload)

    assert finish(pieces, upload) == first
    assert len(list(store.iter_blobs())) == 1
    with pytest.raises(OutOfStep):
        append(pieces, upload, len(FILM), b"")
    store.delete("alder", first.blob.sha256)
    with pytest.raises(NotFound):
        finish(pieces, upload)


@pytest.mark.parametrize("offset", [-1, 0, 12, 14, 10**12])
def test_piece_in_the_wrong_place_is_told_where_the_file_stands(pieces: Pieces, offset: int, tmp_path: Path) -> None:
    upload = begin(pieces)
    append(pieces, upload, 0, FILM[:13])

    with pytest.raises(OutOfStep) as told:
        append(pieces, upload, offset, FILM[13:])

    assert told.value.arrived_bytes == arrived(pieces, upload) == 13
    assert waiting(tmp_path)[".part"].read_bytes() == FILM[:13]


def test_more_than_was_announced_is_refused_and_what_was_there_stays(pieces: Pieces, store: BlobStore) -> None:
    upload = begin(pieces)
    append(pieces, upload, 0, FILM[:13])

    with pytest.raises(Invalid, match="arrives than was announced"):
        append(pieces, upload, 13, FILM[13:] + b"!")

    assert arrived(pieces, upload) == 13
    append(pieces, upload, 13, FILM[13:])
    assert store.verify("alder", finish(pieces, upload).blob.sha256).size_bytes == len(FILM)


def test_unfinished_file_is_not_finished(pieces: Pieces, store: BlobStore) -> None:
    upload = begin(pieces)
    append(pieces, upload, 0, FILM[:-1])
    with pytest.raises(Conflict, match="not arrived as a whole"):
        finish(pieces, upload)
    assert list(store.iter_blobs()) == []
    append(pieces, upload, len(FILM) - 1, FILM[-1:])
    assert finish(pieces, upload)


@pytest.mark.parametrize("size", [0, -5])
def test_empty_file_is_refused_at_once(pieces: Pieces, size: int, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is empty"):
        begin(pieces, size)
    assert waiting(tmp_path) == {}


def test_too_large_a_file_is_refused_at_once(pieces: Pieces, tmp_path: Path) -> None:
    assert begin(pieces, MAX).size_bytes == MAX
    before = waiting(tmp_path)
    with pytest.raises(Invalid, match="larger than"):
        begin(pieces, MAX + 1)
    assert waiting(tmp_path) == before


@pytest.mark.parametrize("who", [COLLEAGUE, ELSEWHERE], ids=["colleague", "in another school"])
def test_upload_of_somebody_else_does_not_exist(pieces: Pieces, who: Actor) -> None:
    upload = begin(pieces, mark="Monday")
    append(pieces, upload, 0, FILM[:13])

    for use in (
        lambda: pieces.standing(actor=who, upload_id=upload.id),
        lambda: append(pieces, upload, 13, FILM[13:], actor=who),
        lambda: finish(pieces, upload, actor=who),
        lambda: pieces.leave_out(actor=who, upload_id=upload.id),
    ):
        with pytest.raises(NotFound):
            use()
    assert begin(pieces, actor=who, mark="Monday").id != upload.id
    assert arrived(pieces, upload) == 13


@pytest.mark.parametrize("name", ["", "x", "../../alder-teacher-x", "*", "0" * 31, "0" * 32, "0" * 32 + "\n", "A" * 32])
def test_id_that_is_none_is_not_found(pieces: Pieces, name: str) -> None:
    with pytest.raises(NotFound):
        pieces.standing(actor=TEACHER, upload_id=name)
    with pytest.raises(NotFound):
        pieces.finish(actor=TEACHER, upload_id=name)


def test_who_may_not_file_may_do_nothing(pieces: Pieces) -> None:
    upload = begin(pieces)
    for use in (
        lambda: begin(pieces, actor=READER),
        lambda: pieces.standing(actor=READER, upload_id=upload.id),
        lambda: append(pieces, upload, 0, FILM, actor=READER),
        lambda: finish(pieces, upload, actor=READER),
        lambda: pieces.leave_out(actor=READER, upload_id=upload.id),
    ):
        with pytest.raises(NotAllowed):
            use()


def test_nobody_else_on_the_machine_can_read_what_waits(pieces: Pieces, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        upload = begin(pieces)
        append(pieces, upload, 0, FILM)
    finally:
        os.umask(before)
    found = waiting(tmp_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.values()} == {0o600}
    assert stat.S_IMODE(found[".part"].parent.stat().st_mode) == 0o700


def test_same_file_chosen_again_goes_on_and_another_one_does_not(pieces: Pieces) -> None:
    upload = begin(pieces, mark="Monday")
    append(pieces, upload, 0, FILM[:13])

    again = begin(pieces, mark="Monday")
    assert (again.id, again.arrived_bytes) == (upload.id, 13)
    others = [
        begin(pieces, mark="Tuesday"),
        begin(pieces, len(FILM) + 1, mark="Monday"),
        begin(pieces, name="b.txt", mark="Monday"),
        begin(pieces),
        begin(pieces),
    ]
    assert len({upload.id, *(other.id for other in others)}) == 6

    append(pieces, upload, 13, FILM[13:])
    finish(pieces, upload)
    assert begin(pieces, mark="Monday").arrived_bytes == 0


def test_what_one_person_leaves_unfinished_is_limited(pieces: Pieces) -> None:
    mine = [begin(pieces, 1) for _ in range(MOST_UNFINISHED)]
    with pytest.raises(Invalid, match="was not taken: 12 large files of yours"):
        begin(pieces, 1)
    assert begin(pieces, 1, actor=COLLEAGUE)
    assert begin(pieces, 1, actor=ELSEWHERE)
    pieces.leave_out(actor=TEACHER, upload_id=mine[0].id)
    append(pieces, mine[1], 0, b"x")
    finish(pieces, mine[1])
    assert [begin(pieces, 1), begin(pieces, 1)]
    with pytest.raises(Invalid):
        begin(pieces, 1)


def test_how_many_bytes_one_person_leaves_unfinished_is_limited(pieces: Pieces) -> None:
    for _ in range(4):
        begin(pieces, MAX)
    with pytest.raises(Invalid, match="4 large files of yours"):
        begin(pieces, 1)


def test_what_is_left_out_is_gone(pieces: Pieces, tmp_path: Path) -> None:
    upload = begin(pieces, mark="Monday")
    append(pieces, upload, 0, FILM[:13])
    pieces.leave_out(actor=TEACHER, upload_id=upload.id)
    assert waiting(tmp_path) == {}
    with pytest.raises(NotFound):
        append(pieces, upload, 13, FILM[13:])


def test_two_pieces_at_once_leave_one_in_place(pieces: Pieces, store: BlobStore) -> None:
    """Each sender slowly sends other bytes for the same place; one of them is told to go on from where that ends."""
    upload = begin(pieces, 8000 // 10)
    start, told = threading.Barrier(4), []

    def send(letter: bytes) -> None:
        start.wait(10)
        try:
            source = Slow([letter * 50] * 8)
            pieces.append(actor=TEACHER, upload_id=upload.id, offset=0, source=source)  # type: ignore[arg-type]
        except OutOfStep as error:
            told.append(error.arrived_bytes)

    threads = [threading.Thread(target=send, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [400, 400, 400]
    append(pieces, upload, 400, b"e" * 400)
    held = store.read_verified("alder", finish(pieces, upload).blob.sha256, max_bytes=MAX)
    assert len(set(held[:400])) == 1
    assert held[400:] == b"e" * 400


def test_finishing_at_once_gives_one_file(pieces: Pieces, store: BlobStore) -> None:
    upload = begin(pieces)
    append(pieces, upload, 0, FILM)
    found: list[StoredFile] = []
    threads = [threading.Thread(target=lambda: found.append(finish(pieces, upload))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(list(store.iter_blobs())) == 1


class Slow:
    """A body that arrives chunk by chunk, and may break off."""

    def __init__(self, chunks: list[bytes], *, error: Exception | None = None) -> None:
        self._chunks, self._error = list(chunks), error

    def read(self, _size: int) -> bytes:
        time.sleep(0.002)
        if not self._chunks and self._error:
            raise self._error
        return self._chunks.pop(0) if self._chunks else b""
