"""Runs a store in a child process under strace: to see its system calls, to make them fail, to kill it at one."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# Everything put() and delete() change a disk with, under its name on any architecture.
CHANGING_CALLS = "?mkdir,?mkdirat,flock,write,fsync,?link,?linkat,?unlink,?unlinkat,?rename,?renameat,?utimensat"

_PRELUDE = """
import io, os, sys
from storage_adapters import *
store = open_store(sys.argv[1])
def ack(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a child did: `said` are its acknowledgements, `calls` the traced calls in order, `code` its exit code."""

    code: int
    said: list[str]
    calls: list[str]
    errors: str


def run_traced(root: Path, script: str, *, inject: str = "", calls: str = CHANGING_CALLS) -> Run:
    """Run `script` against the store in `root`; it says `ack(...)` once something is acknowledged.

    `inject` is strace's own, such as "fsync:error=EIO:when=2".
    """
    trace = root.with_name(f"{root.name}.trace")
    command = ["strace", "-f", "-y", "-s", "200", "-o", str(trace), "-e", f"trace={calls}"]
    if inject:
        command += ["-e", f"inject={inject}"]
    child = subprocess.run(
        [*command, sys.executable, "-c", _PRELUDE + script, f"{root.as_uri()}?reserve_mib=0"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    # Each line starts with a process id.
    calls_seen = [line.split(maxsplit=1)[1] for line in trace.read_text().splitlines()]
    return Run(child.returncode, child.stdout.splitlines(), calls_seen, child.stderr)


@cache
def why_no_strace() -> str:
    """Say why traced tests cannot run here, or nothing if they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else ""


needs_strace = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "strace works")
