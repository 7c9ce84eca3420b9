"""One limited child process, seen from outside: start it, ask it, find out how it ended."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from evidence_app.domain.extraction import landlock, wire
from evidence_app.domain.extraction.confinement import UNPRIVILEGED_ID
from evidence_app.domain.extraction.limits import ChildLimits

CHILD_SCRIPT: Final = Path(__file__).with_name("child.py")
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.01
_MAX_HELLO_BYTES: Final = 4096
_STDERR_TAIL_BYTES: Final = 8192
_OUT_OF_MEMORY: Final = (
    b"MemoryError",
    b"memory allocation",
    b"bad_alloc",
    b"out of memory",
    b"OutOfMemory",
    b"failed to map segment",
)


class ChildFault(Exception):
    """The child did not answer; `code` and `params` name why, as a warning of the reading."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class ChildProcess:
    """A warm child. One request at a time; after a ChildFault it is not usable any more.

    Raises ChildFault if it cannot be started.
    """

    def __init__(self, script: Path, limits: ChildLimits, base_folder: Path) -> None:
        self._limits = limits
        self._files = itertools.count()
        self._served = 0
        self._failed = False
        self._folder = _private_folder(base_folder)
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by stop()
        self._connection, theirs = socket.socketpair()
        options = {"socket": theirs.fileno(), "limits": limits.to_dict(), "own_folder": str(self._folder)}
        try:
            self._process = subprocess.Popen(  # noqa: S603 -- our own script, by this interpreter
                [sys.executable, "-I", str(script), json.dumps(options)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                cwd=self._folder,
                env=_environment(self._folder),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        finally:
            theirs.close()
        try:
            hello, _ = self._receive(_MAX_HELLO_BYTES, _START_SECONDS)
        except ChildFault:
            self.stop()
            raise
        self.layers = frozenset(hello["layers"])

    @property
    def is_usable(self) -> bool:
        """Whether it may be asked again."""
        return not self._failed and self._served < self._limits.files_per_child and self._process.poll() is None

    def ask(self, request: dict[str, Any], file: int, max_bytes: int) -> tuple[dict[str, Any], list[bytes]]:
        """The reply to a request about an open file. Raises ChildFault."""
        folder = _private_folder(self._folder, str(next(self._files)))
        self._served += 1
        try:
            try:
                wire.send_request(self._connection, {**request, "folder": folder.name}, file)
            except OSError as error:
                raise self._fault() from error
            header, blobs = self._receive(max_bytes, self._limits.wall_seconds)
        finally:
            if self._failed:
                self.stop()  # first, so that nothing writes there any more
            _remove(folder)
        if header.get("fault") == "memory":
            self._failed = True  # it caught the error, but what a library has left behind is unknown
            raise self._memory_fault()
        return header, blobs

    def stop(self) -> None:
        """End the process with everything it has started, and remove its folder. Safe to repeat."""
        self._failed = True
        self._connection.close()
        self._end()
        self._stderr.close()
        _remove(self._folder)

    def _receive(self, max_bytes: int, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        deadline = monotonic() + seconds
        self._connection.settimeout(seconds)
        try:
            reply = wire.receive_reply(self._connection, max_bytes)
        except TimeoutError as error:
            self._failed = True
            raise ChildFault("child-time", seconds=round(seconds)) from error
        except wire.ReplyTooLong as error:
            self._failed = True
            raise ChildFault("child-reply-too-long", limit_mb=max_bytes >> 20) from error
        except (OSError, wire.Broken) as error:
            raise self._fault() from error
        if monotonic() > deadline:  # it answered in drops, each in time
            self._failed = True
            raise ChildFault("child-time", seconds=round(seconds))
        return reply

    def _fault(self) -> ChildFault:
        """Why the connection broke, from how the process ended and what it said last."""
        self._failed = True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        code = self._process.poll()
        ended_by = None if code is None else -code if code < 0 else code - 128 if code > 128 else None
        if ended_by in {signal.SIGXCPU, signal.SIGALRM}:
            return ChildFault("child-time", seconds=self._limits.cpu_seconds)
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - _STDERR_TAIL_BYTES))
        last_words = self._stderr.read(_STDERR_TAIL_BYTES)
        if ended_by == signal.SIGKILL or any(mark in last_words for mark in _OUT_OF_MEMORY):
            return self._memory_fault()
        with contextlib.suppress(ValueError):
            return ChildFault("child-crash", reason=signal.Signals(ended_by or 0).name)
        return ChildFault("child-crash", reason=f"exit {code}")

    def _memory_fault(self) -> ChildFault:
        return ChildFault("child-memory", limit_mb=self._limits.memory_bytes >> 20)

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_STOP_SECONDS)


def _private_folder(base: Path, name: str | None = None) -> Path:
    """A new folder that only the child may open."""
    if name is None:
        folder = Path(tempfile.mkdtemp(prefix="", dir=base))
    else:
        folder = base / name
        folder.mkdir(mode=0o700)
    if os.getuid() == 0 and landlock.version():
        os.chown(folder, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    return folder


def _remove(folder: Path) -> None:
    """Remove the folder; again, where a process that was killed still ended its last call there."""
    deadline = monotonic() + _STOP_SECONDS
    shutil.rmtree(folder, ignore_errors=True)
    while folder.exists() and monotonic() < deadline:
        sleep(_POLL_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours: no addresses, no keys. One thread, because each takes of the address space that is limited."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        "HOME": str(folder),
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
