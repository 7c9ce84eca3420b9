"""What a reader that was taken over can do (S27): nothing outside its own folder. Layer after layer is tried."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from evidence_app.domain import extraction
from evidence_app.domain.extraction import ChildLimits, Layer, ReaderPool, Reading, ReadingState
from evidence_app.domain.extraction.limits import MIB

HOSTILE = Path(__file__).with_name("hostile_child.py")
LIMITS = ChildLimits(
    memory_bytes=400 * MIB, program_memory_bytes=500 * MIB, cpu_seconds=1, wall_seconds=2, written_bytes=4 * MIB
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(size=1, limits=LIMITS, script=HOSTILE) as pool:
        yield pool


def order(pool: ReaderPool, do: str, **details: Any) -> Reading:
    return pool.read(io.BytesIO(json.dumps({"do": do, **details}).encode()), file_name="orders.txt")


def outcome(pool: ReaderPool, do: str, **details: Any) -> dict[str, Any]:
    reading = order(pool, do, **details)
    assert reading.state is not ReadingState.FAILED, reading.warnings
    result: dict[str, Any] = json.loads(reading.title)
    return result


def fault(pool: ReaderPool, do: str, **details: Any) -> tuple[str, dict[str, Any]]:
    reading = order(pool, do, **details)
    assert reading.state is ReadingState.FAILED
    assert reading.media_type == "text/plain"
    return reading.warnings[0].code, dict(reading.warnings[0].params)


def hostile_script(folder: Path, without: list[str]) -> Path:
    """The hostile child as a script that leaves these layers of confinement off."""
    script = folder / "child.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(HOSTILE.parent)!r})\n"
        f"import hostile_child\nhostile_child.main({without!r})\n"
    )
    return script


def test_layers_are_reported(pool: ReaderPool) -> None:
    held = pool.layers()

    assert set(held) == set(Layer)
    for layer in (Layer.MEMORY, Layer.TIME, Layer.FILE_SIZE, Layer.OPEN_FILES, Layer.NO_NEW_PRIVILEGES):
        assert held[layer]


@pytest.mark.skipif(not Path("/proc/sys/kernel/seccomp").exists(), reason="an unusual kernel")
def test_all_layers_hold_on_a_current_linux(pool: ReaderPool) -> None:
    release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    if release < (6, 12):
        pytest.skip("older than the newest layer")

    assert [layer for layer, holds in pool.layers().items() if not holds] == []


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/environ", "/root/.bashrc"]
)
def test_files_of_the_machine_cannot_be_read(pool: ReaderPool, path: str) -> None:
    assert "refused" in outcome(pool, "open", path=path)


def test_files_of_the_application_cannot_be_read_or_written(pool: ReaderPool, tmp_path: Path) -> None:
    secret = tmp_path / "secret.key"
    secret.write_text("the key of the school")
    secret.chmod(0o644)

    assert "refused" in outcome(pool, "open", path=str(secret))
    assert "refused" in outcome(pool, "list", path=str(tmp_path))
    assert "refused" in outcome(pool, "write", path=str(secret))
    assert "refused" in outcome(pool, "write", path=str(tmp_path / "new"))
    assert "refused" in outcome(pool, "write", path="/dev/shm/new")
    assert "refused" in outcome(pool, "write", path=str(HOSTILE))
    assert secret.read_text() == "the key of the school"


@pytest.mark.parametrize("way", ["connect", "connect v6", "packet"])
def test_network_cannot_be_reached(pool: ReaderPool, way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert "refused" in outcome(pool, way, port=server.getsockname()[1])
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


def test_local_sockets_of_other_programs_cannot_be_reached(pool: ReaderPool, tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        assert "refused" in outcome(pool, "local socket", path=path)


@pytest.mark.parametrize("way", ["kill", "trace"])
def test_other_processes_cannot_be_touched(pool: ReaderPool, way: str) -> None:
    assert "refused" in outcome(pool, way, pid=os.getpid())


@pytest.mark.parametrize("way", ["namespace", "become root"])
def test_privileges_cannot_be_won(pool: ReaderPool, way: str) -> None:
    assert "refused" in outcome(pool, way)


def test_environment_holds_nothing_of_ours(pool: ReaderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_SECRET_KEY", "x")
    with ReaderPool(limits=LIMITS, script=HOSTILE) as fresh:
        names = outcome(fresh, "environment")["done"]

    assert not [name for name in names if name.startswith(("EVIDENCE", "AWS", "PG", "VIRTUAL", "PYTHON"))]


def test_child_is_not_the_super_user_and_writes_for_itself_alone(pool: ReaderPool) -> None:
    user, mask = outcome(pool, "identity")["done"]

    assert user != 0
    assert mask == 0o077


def test_programs_started_by_it_are_confined_too(pool: ReaderPool) -> None:
    assert outcome(pool, "program", command=["/bin/echo", "hello"])["done"] == "hello\n"
    reading = order(pool, "program", command=["/bin/cat", "/etc/passwd"])
    assert "root:" not in reading.title


def test_file_larger_than_allowed_cannot_be_written(pool: ReaderPool) -> None:
    assert outcome(pool, "file", megabytes=2)["done"] == "written"
    assert outcome(pool, "file", megabytes=64) == {"refused": "OSError"}


def test_open_files_are_limited(pool: ReaderPool) -> None:
    assert outcome(pool, "files") == {"refused": "OSError"}


def test_memory_is_limited(pool: ReaderPool) -> None:
    assert fault(pool, "memory", megabytes=1000) == ("child-memory", {"limit_mb": 400})


def test_fork_bomb_is_limited_and_ends(pool: ReaderPool) -> None:
    before = len(psutil.pids())

    reading = order(pool, "fork")

    assert reading.state is ReadingState.FAILED or json.loads(reading.title) == {"refused": "BlockingIOError"}
    replaced = pool.children_started
    order(pool, "exit")
    outcome(pool, "identity")
    assert pool.children_started > replaced
    wait_until(lambda: len(psutil.pids()) < before + 20)


def test_process_that_left_the_session_ends_with_the_child(pool: ReaderPool) -> None:
    if not pool.layers()[Layer.OWN_PROCESSES]:
        pytest.skip("no process namespace here")
    before = descendants_of_children()
    assert outcome(pool, "escape")["done"] == "left behind"
    assert len(descendants_of_children()) > len(before)

    fault(pool, "exit")

    wait_until(lambda: not [process for process in descendants_of_children() if process not in before])


@pytest.mark.parametrize("without", [[], ["namespaces"]])
def test_nothing_is_written_any_more_once_the_time_is_over(
    without: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = "mkdir $HOME/busy; (i=0; while :; do i=$((i+1)); mkdir $HOME/busy/$i; done) & sleep 60"
    with tempfile.TemporaryDirectory() as folders:
        Path(folders).chmod(0o711)  # the child is another user, and passes through
        monkeypatch.setattr(tempfile, "tempdir", folders)
        with ReaderPool(limits=LIMITS, script=hostile_script(tmp_path, without)) as pool:
            assert fault(pool, "program", command=["/bin/sh", "-c", busy])[0] == "child-time"

            assert [list(base.iterdir()) for base in Path(folders).iterdir()] == [[]]


@pytest.mark.parametrize("way", ["spin", "sleep"])
def test_time_is_limited(pool: ReaderPool, way: str) -> None:
    started = time.monotonic()

    code, params = fault(pool, way)

    assert code == "child-time"
    assert params["seconds"] in {1, 2}
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("do", "details", "code"),
    [
        ("signal", {"number": signal.SIGSEGV}, "child-crash"),
        ("signal", {"number": signal.SIGABRT}, "child-crash"),
        ("signal", {"number": signal.SIGKILL}, "child-memory"),
        ("exit", {}, "child-crash"),
        ("talk", {"megabytes": 11}, "child-reply-too-long"),
    ],
)
def test_fault_is_named_and_the_next_file_is_read(
    pool: ReaderPool, do: str, details: dict[str, Any], code: str
) -> None:
    assert fault(pool, do, **details)[0] == code
    assert "done" in outcome(pool, "identity")


def test_crash_names_the_signal(pool: ReaderPool) -> None:
    assert fault(pool, "signal", number=signal.SIGSEGV)[1] == {"reason": "SIGSEGV"}
    assert fault(pool, "exit")[1] == {"reason": "exit 3"}


@pytest.mark.parametrize(
    ("without", "orders"),
    [
        (["namespaces"], ["connect", "connect v6", "packet", "open", "write", "kill", "trace", "namespace"]),
        (["landlock"], ["connect", "connect v6", "packet", "namespace", "trace"]),
        (["landlock", "filter"], ["connect", "connect v6", "packet"]),
        (["filter", "namespaces"], ["connect", "open", "write", "kill", "trace"]),
    ],
)
def test_one_layer_holds_where_another_is_missing(without: list[str], orders: list[str], tmp_path: Path) -> None:
    script = hostile_script(tmp_path, without)
    target = tmp_path / "target"
    with socket.create_server(("127.0.0.1", 0)) as server, ReaderPool(limits=LIMITS, script=script) as pool:
        held = pool.layers()
        if not held[Layer.FILES] and "landlock" not in without:
            pytest.skip("no Landlock here")
        for do in orders:
            port = server.getsockname()[1]
            path = str(script if do == "open" else target)
            details: dict[str, Any] = {"path": path, "port": port, "pid": os.getpid()}
            assert "refused" in outcome(pool, do, **details), do
    assert not target.exists()


def test_answer_that_is_nonsense_is_dropped() -> None:
    with ReaderPool(limits=ChildLimits(written_bytes=MIB + 1), script=HOSTILE) as pool:
        reading = order(pool, "identity")

    assert reading.state is ReadingState.FAILED
    assert [warning.code for warning in reading.warnings] == ["child-talked-nonsense"]


def test_program_below_tmp_can_read_files_although_the_child_has_a_tmp_of_its_own() -> None:
    package = next(folder for folder in Path(extraction.__file__).parents if folder.name == "evidence_app")
    with tempfile.TemporaryDirectory(dir="/tmp") as checkout:
        rooms = Path(checkout, "deep", "evidence_app", "domain")
        shutil.copytree(package / "domain" / "extraction", rooms / "extraction")
        with ReaderPool(size=1, script=rooms / "extraction" / "child.py") as pool:
            readings = [pool.read(io.BytesIO(text), file_name="plan.txt") for text in (b"First words.", b"Then more.")]

    assert [reading.state for reading in readings] == [ReadingState.TEXT_FOUND] * 2
    assert [reading.text.strip() for reading in readings] == ["First words.", "Then more."]


def test_nothing_of_one_file_is_left_for_the_next(pool: ReaderPool) -> None:
    # Where the program itself lies below /tmp, its folder is mounted there again and is no leftover.
    program = set(Path(__file__).resolve().parts)
    first = [name for name in outcome(pool, "leave a file")["done"] if name not in program]
    second = [name for name in outcome(pool, "leave a file")["done"] if name not in program]

    assert len(first) == len(second) == 1
    assert first != second


def descendants_of_children() -> list[int]:
    return [process.pid for process in psutil.Process().children(recursive=True)]


def wait_until(condition: Any, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
