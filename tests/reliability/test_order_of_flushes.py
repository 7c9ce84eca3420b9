"""R03: bytes, their name and their rows of every acknowledged upload were flushed before the answer left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.reliability.conftest import Rounds
from tests.reliability.installation import Installation, Serving, wait_until
from tests.reliability.uploading import Browser, make_document, sign_in
from tests.storage_adapters.tracing import needs_strace

CALLS = "fsync,fdatasync,?link,?linkat,sendto,?sendmsg"
ANSWER = re.compile(r"send(to|msg)\(.*HTTP/1\.1 200 OK")

pytestmark = [pytest.mark.soak, needs_strace]


@contextmanager
def traced_server(installation: Installation, trace: Path) -> Iterator[Serving]:
    """The server under strace, its calls written to `trace` in the order in which they ended."""
    command = ["strace", "-f", "-y", "-s", "40", "-o", str(trace), "-e", f"trace={CALLS}"]
    with (installation.home / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, *installation.command("serve", "--port", "0")],
            env=os.environ | installation.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    served = Serving(process, installation.home / "log")
    try:
        wait_until(served.is_listening, "the traced server listens")
        yield served
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_an_answer_leaves_after_all_it_promises_is_flushed(
    installation: Installation, rounds: Rounds, seeded: Random, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    with installation.opened() as backends, traced_server(installation, trace) as served:
        browser = sign_in(backends, served.port)
        seen = 0
        for _ in rounds(200):
            lines = upload_and_look(browser, seeded, trace, seen)
            seen = len(lines)
    assert seen > 0


def upload_and_look(browser: Browser, random: Random, trace: Path, seen: int) -> list[str]:
    """All lines of the trace so far; those of this upload stand in the right order."""
    document = make_document(random, largest_bytes=200_000)
    browser.upload(document)
    sha256 = document.sha256
    folder = f"{sha256[:2]}/{sha256[2:4]}"
    wait_until(lambda: answer_in(trace.read_text().splitlines()[seen:], sha256) > 0, "the answer is traced")
    lines = trace.read_text().splitlines()
    calls = lines[seen:]
    linked = link_in(calls, sha256)
    flushed = last(calls[:linked], r"fsync\(\d+<[^>]*/blobs/\.tmp/[^>]+>")
    answered = answer_in(calls, sha256)
    named = last(calls[:answered], rf"fsync\(\d+<[^>]*/{folder}>")
    # The worker beside writes rows of its own: the commit of the thread that named the bytes is looked for.
    thread = calls[linked].split()[0]
    committing = re.compile(rf"{thread} f(data)?sync\(\d+<[^>]*evidence\.db(-wal)?>")
    committed = [n for n, call in enumerate(calls) if committing.match(call)]
    assert flushed < linked < named < answered, calls
    assert any(named < n < answered for n in committed), calls
    return lines


def link_in(calls: list[str], sha256: str) -> int:
    """Where the bytes were given their name."""
    return next((n for n, call in enumerate(calls) if re.search(rf"link(at)?\(.*{sha256}", call)), -1)


def answer_in(calls: list[str], sha256: str) -> int:
    """Where the answer left that says so; -1 where it has not yet."""
    linked = link_in(calls, sha256)
    return next((n for n, call in enumerate(calls) if n > linked >= 0 and ANSWER.search(call)), -1)


def last(calls: list[str], pattern: str) -> int:
    return max(n for n, call in enumerate(calls) if re.search(pattern, call))
