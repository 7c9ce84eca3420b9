"""A large file costs little memory and no second copy on the disk, and nothing that has arrived of it is lost (R15)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence_app.domain import evidence
from tests.reliability.installation import Installation, teacher
from tests.reliability.uploading import sign_in
from tests.reliability.watching import Watch

pytestmark = pytest.mark.reliability

MIB = 1024 * 1024
PIECE = 8 * MIB
MOST_MEMORY_MIB = 64


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "home")
    made.create()
    return made


def pieces_of(seed: bytes, mib: int) -> Iterator[bytes]:
    """Pieces that differ from each other and are the same again for the same seed."""
    for n in range(mib // 8):
        yield hashlib.sha256(seed + n.to_bytes(4, "big")).digest() * (PIECE // 32)


@pytest.mark.parametrize(
    ("mib", "at_once", "most_disk"),
    [
        # At this size the piece that is on its way is an eighth of the file.
        pytest.param(64, 1, 1.25, id="64 MiB"),
        pytest.param(1024, 1, 1.1, id="1 GiB", marks=pytest.mark.soak),
        pytest.param(1024, 5, 1.1, id="5 x 1 GiB", marks=pytest.mark.soak),
    ],
)
def test_a_large_upload_takes_little_memory_and_its_own_size_on_disk(
    installation: Installation, tmp_path: Path, mib: int, at_once: int, most_disk: float
) -> None:
    serving = installation.serve()
    try:
        with installation.opened() as backends:
            browser = sign_in(backends, serving.port)

        def upload(_: int) -> tuple[str, str]:
            seed, arrived, meter = secrets.token_bytes(16), 0, hashlib.sha256()
            begun = browser.begin_in_pieces("film.bin", mib * MIB)
            for piece in pieces_of(seed, mib):
                meter.update(piece)
                arrived = browser.send_piece(begun, arrived, piece)
            return browser.finish_in_pieces(begun, key=begun), meter.hexdigest()

        with Watch(serving.process.pid, tmp_path) as watch, ThreadPoolExecutor(at_once) as pool:
            filed = dict(pool.map(upload, range(at_once)))
        with installation.opened() as backends, backends.database.reading() as session:
            for item in evidence.recent_items(session, teacher(backends), owner_id=teacher(backends).person_id):
                version = evidence.current_version(session, item)
                assert backends.blobs.verify(item.school_id, version.sha256).sha256 == filed.pop(item.id)
        assert filed == {}
    finally:
        serving.end()

    assert watch.disk_mib < most_disk * mib * at_once
    assert watch.memory_mib < MOST_MEMORY_MIB


def test_a_killed_server_goes_on_with_a_half_sent_file(installation: Installation) -> None:
    pieces = list(pieces_of(b"seed", 32))
    serving = installation.serve()
    with installation.opened() as backends:
        browser = sign_in(backends, serving.port)
    begun = browser.begin_in_pieces("film.bin", 32 * MIB, mark="Monday")
    assert browser.send_piece(begun, 0, pieces[0]) == PIECE
    assert browser.send_piece(begun, PIECE, pieces[1]) == 2 * PIECE
    serving.kill()

    serving = installation.serve()
    try:
        browser.port = serving.port
        assert browser.begin_in_pieces("film.bin", 32 * MIB, mark="Monday") == begun
        arrived = browser.send_piece(begun, 0, pieces[0])
        assert arrived == 2 * PIECE
        for piece in pieces[2:]:
            arrived = browser.send_piece(begun, arrived, piece)
        item_id = browser.finish_in_pieces(begun, key=begun)
        with installation.opened() as backends, backends.database.reading() as session:
            version = evidence.current_version(session, evidence.item(session, teacher(backends), item_id))
        assert version.sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()
    finally:
        serving.end()
