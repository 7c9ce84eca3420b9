"""A real installation in a folder of its own, whose `evidence serve` is started, killed and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from evidence_app.backends import Backends, build_backends
from evidence_app.domain import search, upkeep
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import actor_by_email
from evidence_app.domain.schools import add_school, school_by_key
from evidence_app.migrations import upgrade
from evidence_app.settings import Settings, load_settings
from tests.fixtures import member

ROOT = Path(__file__).parents[2]
SCHOOL, TEACHER = "alder-bay", "teacher@alder.example"
PATIENCE_SECONDS = 120.0
"""How long anything may take on a machine that is busy with other things."""


def wait_until(is_so: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS) -> float:
    """Seconds until it was so; fails after `seconds`, saying `what` did not happen."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < seconds, f"within {seconds:.0f} s it did not happen: {what}"
        time.sleep(0.05)
    return time.monotonic() - start


@dataclass
class Installation:
    """A school with a teacher, in an installation on SQLite, local disk and an embedded index."""

    home: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the program is told, beside the test's own environment."""
        return {
            "EVIDENCE_HOME": str(self.home),
            "EVIDENCE_STORAGE_URL": f"{(self.home / 'blobs').as_uri()}?reserve_mib=0",
            "EVIDENCE_READERS": "1",
            **self.extra,
        }

    @property
    def settings(self) -> Settings:
        """The same, as settings."""
        return load_settings(self.environment)

    def create(self) -> None:
        """Make the installation, its school and its teacher."""
        load_settings(self.environment, create_home=True)
        with self.opened() as backends:
            upgrade(backends.database)
            with backends.database.unit_of_work() as session:
                school = add_school(session, key=SCHOOL, name="Alder Bay", programmes=["MYP"], language="en")
            member(backends.database, school, Role.TEACHER, TEACHER)

    @contextmanager
    def opened(self) -> Iterator[Backends]:
        """The installation opened by this process, as another one beside the server."""
        backends = build_backends(self.settings)
        try:
            yield backends
        finally:
            backends.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `evidence` says to these arguments."""
        return subprocess.run(
            self.command(*arguments), env=os.environ | self.environment, capture_output=True, text=True
        )

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`evidence` with these arguments, going on in a process group of its own."""
        with (self.home / "log").open("ab") as log:
            return subprocess.Popen(
                self.command(*arguments),
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """The words of a command line."""
        return [sys.executable, "-m", "evidence_app.cli", *arguments]

    def serve(self) -> Serving:
        """The server, with its worker beside it, answering at a free port."""
        (self.home / "log").unlink(missing_ok=True)
        process = self.begin("serve", "--port", "0")
        served = Serving(process, self.home / "log")
        wait_until(served.is_listening, "the server listens")
        return served


@dataclass
class Serving:
    """A running `evidence serve`."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int = 0

    def is_listening(self) -> bool:
        """Whether it said its address; fails if it ended instead."""
        said = self.log.read_text()
        assert self.process.poll() is None, f"the server ended:\n{said}"
        found = re.search(r"serving on http://127\.0\.0\.1:(\d+)", said)
        self.port = int(found[1]) if found else 0
        return found is not None

    def kill(self) -> None:
        """Kill it and its worker without warning, as a power cut or an out-of-memory killer would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        """Leave nothing running, however the test went."""
        if self.process.poll() is None:
            self.kill()


def teacher(backends: Backends) -> Actor:
    """The teacher, as the one who acts."""
    with backends.database.reading() as session:
        return actor_by_email(session, TEACHER)


def ids_found(backends: Backends, actor: Actor, words: str) -> list[str]:
    """The ids of the items a search finds; nothing while the index is being rebuilt."""
    with backends.database.reading() as session:
        page = search.find(session, backends.index(actor.school_id), actor, words)
    return [] if page.is_rebuilding else [hit.item.id for hit in page.hits]


def school_id(backends: Backends) -> str:
    """The id of the school."""
    with backends.database.reading() as session:
        return school_by_key(session, SCHOOL).id


def findings(backends: Backends) -> list[upkeep.Finding]:
    """What `verify` finds wrong."""
    return upkeep.verify(backends.database, backends.blobs, backends.index).findings
