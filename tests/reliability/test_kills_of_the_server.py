"""R01: the server is killed at any moment of many uploads. What was acknowledged is there, equal, found, and once."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain.evidence import Item, Version
from tests.reliability.conftest import Rounds
from tests.reliability.installation import (
    SCHOOL,
    Installation,
    Serving,
    findings,
    ids_found,
    teacher,
    wait_until,
)
from tests.reliability.uploading import Acknowledged, Browser, Document, Witness, make_document, sign_in


@pytest.mark.reliability
def test_nothing_acknowledged_is_lost_by_five_kills(
    installation: Installation, rounds: Rounds, seeded: Random, tmp_path: Path
) -> None:
    trouble = Trouble(installation, tmp_path, seeded, uploaders=3, uploads=6, largest_bytes=400_000)
    trouble.run(rounds(5), latest_kill_seconds=1.0)


@pytest.mark.soak
def test_nothing_acknowledged_is_lost_by_fifty_kills(
    installation: Installation, rounds: Rounds, seeded: Random, tmp_path: Path
) -> None:
    trouble = Trouble(installation, tmp_path, seeded, uploaders=8, uploads=64, largest_bytes=50_000_000)
    trouble.run(rounds(50), latest_kill_seconds=2.0)


@pytest.mark.soak
def test_nothing_acknowledged_is_lost_by_being_told_to_stop(
    installation: Installation, rounds: Rounds, seeded: Random, tmp_path: Path
) -> None:
    """R33: with twenty uploads under way the server ends in time, and ends well."""

    def stop(serving: Serving) -> None:
        start = time.monotonic()
        assert serving.stop() == 0
        assert time.monotonic() - start < 30

    trouble = Trouble(installation, tmp_path, seeded, uploaders=20, uploads=60, largest_bytes=5_000_000, end=stop)
    trouble.run(rounds(50), latest_kill_seconds=2.0)


class Trouble:
    """Rounds of uploads in which the server is ended, and what is looked at after each."""

    def __init__(
        self,
        installation: Installation,
        folder: Path,
        random: Random,
        *,
        uploaders: int,
        uploads: int,
        largest_bytes: int,
        end: Callable[[Serving], None] = Serving.kill,
    ) -> None:
        self.end = end
        self.installation = installation
        self.random = random
        self.uploaders, self.uploads, self.largest_bytes = uploaders, uploads, largest_bytes
        self.witness = Witness(folder / "witness")
        self.sent: list[Document] = []

    def run(self, rounds: Iterator[int], *, latest_kill_seconds: float) -> None:
        with self.installation.opened() as backends:
            serving = self.installation.serve()
            try:
                browser = sign_in(backends, serving.port)
                for _ in rounds:
                    unacknowledged = self.upload_until_killed(browser, serving, latest_kill_seconds)
                    self.age_leftovers()
                    serving = self.installation.serve()
                    browser.port = serving.port
                    for document in unacknowledged:
                        self.witness.keep(browser.upload(document))
                    self.look(backends, browser, self.witness.kept()[-self.uploads :])
                    wait_until(lambda: not self.leftovers(), "what killed uploads left behind is gone")
                self.look(backends, browser, self.witness.kept())
            finally:
                serving.end()
                self.witness.close()
        verified = self.installation.run("verify", "--json")
        assert verified.returncode == 0, verified.stdout

    def upload_until_killed(self, browser: Browser, serving: Serving, latest_seconds: float) -> list[Document]:
        """Upload from several threads, end the server in between; the uploads that were not acknowledged."""
        waiting = [make_document(self.random, largest_bytes=self.largest_bytes) for _ in range(self.uploads)]
        self.sent += waiting
        begun: list[Document] = []
        acknowledged: set[str] = set()

        def upload() -> None:
            while waiting:
                document = waiting.pop()
                begun.append(document)
                try:
                    done = browser.upload(document)
                except (OSError, http.client.HTTPException):
                    return
                self.witness.keep(done)
                acknowledged.add(document.key)

        threads = [threading.Thread(target=upload) for _ in range(self.uploaders)]
        for thread in threads:
            thread.start()
        time.sleep(self.random.uniform(0, latest_seconds))
        self.end(serving)
        for thread in threads:
            thread.join()
        return [document for document in [*begun, *waiting] if document.key not in acknowledged]

    def look(self, backends: Backends, browser: Browser, acknowledged: list[Acknowledged]) -> None:
        """What was acknowledged is there, equal and found by its word; all is filed once, and the whole is sound."""
        actor = teacher(backends)
        with backends.database.reading() as session:
            newest = {item.id: item.current_version_id for item in session.scalars(select(Item))}
            filed = Counter(session.scalars(select(Version.file_name)))
        assert filed == Counter(document.name for document in self.sent)
        for one in acknowledged:
            path = f"/{SCHOOL}/evidence/{one.item_id}/versions/{newest[one.item_id]}/file"
            status, content, _ = browser.ask("GET", path)
            assert status == 200
            assert Document(one.word, content, "", "").sha256 == one.sha256
        for one in acknowledged:
            wait_until(
                lambda one=one: ids_found(backends, actor, one.word) == [one.item_id],  # type: ignore[misc]
                f"{one} is found",
            )
        assert findings(backends) == []

    def leftovers(self) -> list[Path]:
        """Files of uploads that were not finished."""
        return list((self.installation.home / "blobs").glob(".tmp/*"))

    def age_leftovers(self) -> None:
        """Have them look an hour old: younger ones are left alone."""
        for left in self.leftovers():
            os.utime(left, (time.time() - 3600,) * 2)
