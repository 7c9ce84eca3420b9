"""One server for all processes of a test run: the first starts it, the last kills it, even after crashes between."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_FOLDER_PREFIX = "evidence-servers-"


@dataclass(frozen=True, slots=True)
class ServerKind:
    """How one kind of server is started in a folder: `start` gives its facts, with the `pid` to kill among them."""

    name: str
    start: Callable[[Path], dict[str, Any]]
    stop_signal: int


@contextmanager
def shared_server(run_id: str, kind: ServerKind) -> Iterator[dict[str, Any]]:
    """Give the facts of the run's server of this kind, started if no process of the run has it yet."""
    # Short, because the path of a socket holds 107 bytes at most.
    folder = Path(tempfile.gettempdir()) / f"{_FOLDER_PREFIX}{run_id[:12]}" / kind.name
    with _locked():
        _stop_leftovers(kind)
        state = _read_state(folder)
        if not _is_running(state, folder):
            folder.parent.mkdir(mode=0o755, exist_ok=True)
            state = {"facts": kind.start(folder), "users": []}
        state["users"].append(os.getpid())
        _state_path(folder).write_text(json.dumps(state))
    try:
        yield state["facts"]
    finally:
        with _locked():
            state = _read_state(folder)
            state["users"].remove(os.getpid())
            _state_path(folder).write_text(json.dumps(state))
            _stop_if_unused(folder, kind)


@contextmanager
def _locked() -> Iterator[None]:
    """Keep all other test processes of this account from starting or stopping servers."""
    with (Path(tempfile.gettempdir()) / f"{_FOLDER_PREFIX}{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _state_path(folder: Path) -> Path:
    return folder.with_suffix(".json")


def _read_state(folder: Path) -> dict[str, Any]:
    path = _state_path(folder)
    state: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"facts": None, "users": []}
    return state


def _is_running(state: dict[str, Any], folder: Path) -> bool:
    """Tell whether the recorded process lives and is ours: a number may have been given to another one since."""
    facts = state["facts"]
    if facts is None:
        return False
    try:
        return any(str(folder) in part for part in psutil.Process(facts["pid"]).cmdline())
    except psutil.Error:
        return False


def _stop_if_unused(folder: Path, kind: ServerKind) -> None:
    state = _read_state(folder)
    if any(psutil.pid_exists(user) for user in state["users"]):
        return
    if _is_running(state, folder):
        server = psutil.Process(state["facts"]["pid"])
        server.send_signal(kind.stop_signal)
        psutil.wait_procs([server], timeout=5)
    shutil.rmtree(folder, ignore_errors=True)
    _state_path(folder).unlink(missing_ok=True)
    with suppress(OSError):
        folder.parent.rmdir()


def _stop_leftovers(kind: ServerKind) -> None:
    """End servers of earlier runs all of whose processes were killed before they could do it themselves."""
    for path in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*/{kind.name}.json"):
        _stop_if_unused(path.with_suffix(""), kind)
