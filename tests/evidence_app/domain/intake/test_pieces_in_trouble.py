"""Uploads in pieces when something fails: a line, a process, the disk, the files themselves."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from evidence_app.domain.intake import Pieces
from evidence_app.errors import AppError, NoRoom, NotFound
from storage_adapters import BlobStore, StoreFull, open_store
from storage_adapters.local import LocalStore
from storage_adapters.memory import MemoryStore
from tests.evidence_app.domain.intake.test_pieces import (
    FILM,
    MAX,
    TEACHER,
    Slow,
    append,
    arrived,
    begin,
    finish,
    waiting,
)
from tests.evidence_app.domain.intake.test_pieces import pieces as pieces
from tests.evidence_app.domain.intake.test_pieces import store as store
from tests.storage_adapters.tracing import needs_strace, run_traced


def test_piece_that_breaks_off_is_sent_again_from_its_beginning(pieces: Pieces, store: BlobStore) -> None:
    upload = begin(pieces)
    append(pieces, upload, 0, FILM[:5])
    broken: IO[bytes] = Slow([b"xxxx"], error=ConnectionResetError("gone"))  # type: ignore[assignment]
    with pytest.raises(ConnectionResetError):
        pieces.append(actor=TEACHER, upload_id=upload.id, offset=5, source=broken)
    assert arrived(pieces, upload) == 5
    append(pieces, upload, 5, FILM[5:])
    assert store.read_verified("alder", finish(pieces, upload).blob.sha256, max_bytes=MAX) == FILM


KILLED = """
import os, signal, sys
from pathlib import Path
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.intake import Pieces
from storage_adapters import open_store

class Body:
    left = [b"second"]
    def read(self, size):
        if self.left:
            return self.left.pop()
        os.kill(os.getpid(), signal.SIGKILL)

actor = Actor(person_id="teacher", school_id="alder", role=Role.TEACHER)
pieces = Pieces(open_store(sys.argv[1]), Path(sys.argv[2]))
pieces.append(actor=actor, upload_id=sys.argv[3], offset=13, source=Body())
"""


def test_a_kill_in_the_middle_of_a_piece_loses_that_piece_alone(tmp_path: Path) -> None:
    url = f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0"
    pieces = Pieces(open_store(url), tmp_path)
    upload = begin(pieces)
    append(pieces, upload, 0, FILM[:13])
    killed = subprocess.run([sys.executable, "-c", KILLED, url, str(tmp_path), upload.id], timeout=60)
    assert killed.returncode == -9
    assert waiting(tmp_path)[".part"].stat().st_size == 19

    after = Pieces(open_store(url), tmp_path)
    assert arrived(after, upload) == 13
    append(after, upload, 13, FILM[13:])
    blob = finish(after, upload).blob
    assert open_store(url).read_verified("alder", blob.sha256, max_bytes=MAX) == FILM


TRACED = """
from pathlib import Path
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.intake import Pieces

actor = Actor(person_id="teacher", school_id="alder", role=Role.TEACHER)
pieces = Pieces(store, Path("/nowhere"))
upload = pieces.begin(actor=actor, name="film.txt", size_bytes=9, mark="", max_bytes=9)
pieces.append(actor=actor, upload_id=upload.id, offset=0, source=io.BytesIO(b"the piece"))
ack("arrived")
"""


@needs_strace
def test_a_piece_is_on_the_disk_before_it_is_told_and_told_before_it_is_acknowledged(tmp_path: Path) -> None:
    run = run_traced(tmp_path / "blobs", TRACED)
    assert run.said == ["arrived"], run.errors
    order = [
        next(n for n, call in enumerate(run.calls) if re.search(pattern, call))
        for pattern in (
            r"^write\(.*\.part>, \"the piece",
            r"^fsync\(.*\.part>",
            r"^write\(.*\.new>.*arrived_bytes\\\": 9",
            r"^write\(1<.*arrived",
        )
    ]
    assert order == sorted(order)
    told = run.calls[order[2] : order[3]]
    assert [call.partition("(")[0].removesuffix("at") for call in told] == ["write", "fsync", "rename"]


@pytest.mark.parametrize("loss", ["cut", "removed", "told in half"])
def test_upload_whose_bytes_are_lost_is_begun_anew(pieces: Pieces, tmp_path: Path, loss: str) -> None:
    upload = begin(pieces, mark="Monday")
    append(pieces, upload, 0, FILM[:13])
    if loss == "cut":
        os.truncate(waiting(tmp_path)[".part"], 12)
    elif loss == "removed":
        waiting(tmp_path)[".part"].unlink()
    else:
        os.truncate(waiting(tmp_path)[".json"], 12)
    with pytest.raises(NotFound, match="Nothing is left"):
        append(pieces, upload, 13, FILM[13:])
    again = begin(pieces, mark="Monday")
    assert again.id != upload.id
    assert again.arrived_bytes == 0


def test_the_store_takes_the_file_itself(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "blobs", reserve_bytes=0)
    pieces = Pieces(store, tmp_path)
    upload = begin(pieces)
    append(pieces, upload, 0, FILM)
    inode = waiting(tmp_path)[".part"].stat().st_ino
    blob = finish(pieces, upload).blob
    with store.local_path("alder", blob.sha256) as path:
        assert path.stat().st_ino == inode
        assert path.stat().st_nlink == 1


class FullStore(MemoryStore):
    """A store that has no room left from some moment on."""

    is_full = False

    def require_room(self, expected_bytes: int) -> None:
        if self.is_full:
            raise StoreFull("The disk is full.")


def test_no_room_is_told_at_the_beginning_and_in_the_middle(tmp_path: Path) -> None:
    store = FullStore()
    pieces = Pieces(store, tmp_path)
    upload = begin(pieces)
    append(pieces, upload, 0, FILM[:13])
    store.is_full = True
    with pytest.raises(StoreFull):
        begin(pieces)
    with pytest.raises(NoRoom, match="What has arrived of it is kept for a day"):
        append(pieces, upload, 13, FILM[13:])
    store.is_full = False
    append(pieces, upload, 13, FILM[13:])
    assert finish(pieces, upload)


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, NoRoom), (errno.EIO, OSError)])
def test_a_disk_that_is_full_is_told_apart_from_one_that_fails(
    pieces: Pieces, number: int, told: type[Exception]
) -> None:
    upload = begin(pieces)
    failing: IO[bytes] = Slow([b"xxxx"], error=OSError(number, os.strerror(number)))  # type: ignore[assignment]
    with pytest.raises(told) as error:
        pieces.append(actor=TEACHER, upload_id=upload.id, offset=0, source=failing)
    assert isinstance(error.value, AppError) == (told is NoRoom)
    assert arrived(pieces, upload) == 0
