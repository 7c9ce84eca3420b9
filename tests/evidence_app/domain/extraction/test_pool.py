"""The pool of limited children: what it gives back, how it keeps and replaces children, how it cleans up."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_app.domain.extraction import ChildLimits, ReaderPool, Reading, ReadingState, confinement
from evidence_app.domain.extraction.child_process import ChildFault, ChildProcess
from evidence_app.domain.extraction.limits import MIB
from tests.evidence_app.domain.extraction.making import ENGLISH, pdf_file


class Drops(io.RawIOBase):
    """A stream that cannot be wound back, as one from a remote store."""

    def __init__(self, content: bytes) -> None:
        self._rest = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece, self._rest = self._rest[: min(7, len(buffer))], self._rest[min(7, len(buffer)) :]
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(size=1) as pool:
        yield pool


def test_text_of_a_file_comes_back_with_its_language_and_title(pool: ReaderPool, tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_text(f"Inclusion policy\n\n{ENGLISH}\n")

    reading = pool.read(path, file_name="policy.txt")

    assert reading.state is ReadingState.TEXT_FOUND
    assert reading.title == "Inclusion policy"
    assert reading.language == "en"
    assert ENGLISH in reading.text
    assert pool.read(str(path), file_name="policy.txt") == reading


def test_stream_is_read_like_a_file_from_its_start(pool: ReaderPool) -> None:
    stream = io.BytesIO(b"Minutes of the meeting\n")
    stream.seek(9)

    assert pool.read(stream, file_name="minutes.txt").text == "Minutes of the meeting"
    assert pool.read(io.BufferedReader(Drops(b"Drop by drop")), file_name="x.txt").text == "Drop by drop"


def test_given_media_type_overrides_the_bytes(pool: ReaderPool) -> None:
    reading = pool.read(io.BytesIO(b"# Title\n\n**words**"), file_name="x", media_type="text/markdown")

    assert reading.text == "Title\nwords"


def test_file_that_is_not_there_is_an_error(pool: ReaderPool, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pool.read(tmp_path / "missing.pdf", file_name="missing.pdf")
    assert pool.read(io.BytesIO(b"still works"), file_name="x.txt").text == "still works"


def test_child_stays_warm_and_is_replaced_after_its_number_of_files() -> None:
    with ReaderPool(size=1, limits=ChildLimits(files_per_child=3)) as pool:
        for _ in range(7):
            assert pool.read(io.BytesIO(b"Words"), file_name="x.txt").text == "Words"

        assert pool.children_started == 3


def test_threads_share_the_children() -> None:
    with ReaderPool(size=2) as pool:
        readings: list[Reading] = []

        def read() -> None:
            for number in range(10):
                readings.append(pool.read(io.BytesIO(b"Words %d" % number), file_name="x.txt"))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(reading.text for reading in readings) == sorted(f"Words {n}" for n in range(10) for _ in range(4))
        assert pool.children_started <= 2


def test_folders_and_processes_are_gone_after_closing() -> None:
    parent = Path(tempfile.gettempdir())
    of_this_process = f"evidence-read-{os.getpid()}-*"
    before = set(parent.glob(of_this_process))
    with ReaderPool() as pool:
        pool.read(io.BytesIO(pdf_file([[("Words", 12)]])), file_name="x.pdf")
        ours = set(parent.glob(of_this_process)) - before
        assert len(ours) == 1

    assert not [folder for folder in ours if folder.exists()]


def test_folder_left_by_a_killed_pool_is_removed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(ended, 0)
    left_over = tmp_path / f"evidence-read-{ended}-abc"
    left_over.mkdir()
    (left_over / "page.png").write_text("x")
    fresh = tmp_path / f"evidence-read-{ended}-def"
    fresh.mkdir()
    kept = tmp_path / f"evidence-read-{os.getpid()}-abc"
    kept.mkdir()
    unrelated = tmp_path / "evidence-read-notes"
    unrelated.mkdir()
    for folder in (left_over, kept, unrelated):
        os.utime(folder, (0, 0))

    with ReaderPool():
        assert not left_over.exists()
        assert fresh.exists()
        assert kept.exists()
        assert unrelated.exists()


def test_child_that_cannot_start_is_a_failed_reading(tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text("raise SystemExit(7)")
    with ReaderPool(script=script) as pool:
        reading = pool.read(io.BytesIO(b"x"), file_name="x.txt")
        preview = pool.preview(io.BytesIO(b"x"), file_name="x.txt")
        with pytest.raises(ChildFault):
            pool.layers()

    assert reading.state is ReadingState.FAILED
    assert [(warning.code, dict(warning.params)) for warning in reading.warnings] == [
        ("child-crash", {"reason": "exit 7"})
    ]
    assert preview.failed_because == reading.warnings[0]


def test_child_killed_between_two_files_is_replaced() -> None:
    with ReaderPool() as pool:
        pool.read(io.BytesIO(b"one"), file_name="x.txt")
        with pool._child() as child:
            child._process.kill()
            child._process.wait()

        assert pool.read(io.BytesIO(b"two"), file_name="x.txt").text == "two"
        assert pool.children_started == 2


def test_stopped_child_may_be_stopped_again(tmp_path: Path) -> None:
    child = ChildProcess(Path(confinement.__file__).with_name("child.py"), ChildLimits(), tmp_path)
    assert child.is_usable
    for _ in range(2):
        child.stop()

    assert list(tmp_path.iterdir()) == []


def test_limits_travel_as_plain_values() -> None:
    limits = ChildLimits(memory_bytes=512 * MIB)

    assert ChildLimits(**limits.to_dict()) == limits
