"""Trouble around one running installation: a locked database, double submits, a lost index, a dead worker, SIGTERM."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import psutil
import pytest
from sqlalchemy import func, select, update

from evidence_app.backends import Backends
from evidence_app.database import now, sqlite_module
from evidence_app.domain.accounts.models import SignInSession
from evidence_app.domain.evidence import Version
from tests.reliability.installation import (
    PATIENCE_SECONDS,
    SCHOOL,
    TEACHER,
    Installation,
    Serving,
    findings,
    ids_found,
    school_id,
    teacher,
    wait_until,
)
from tests.reliability.uploading import Acknowledged, Browser, Document, make_document, multipart, sign_in

pytestmark = pytest.mark.reliability

LIBRARY = f"/{SCHOOL}/evidence/"
ENDS_WITHIN_SECONDS = 60.0


@dataclass
class Running:
    """An installation that serves, this process beside it, and the teacher's browser."""

    installation: Installation
    serving: Serving
    backends: Backends
    browser: Browser

    def document(self) -> Document:
        """A small text nobody has sent yet."""
        while True:
            document = make_document(Random(time.time_ns()), largest_bytes=2000)
            if document.name.endswith(".txt"):
                return document

    def is_found(self, one: Acknowledged) -> bool:
        """Whether a search finds it by its word."""
        return ids_found(self.backends, teacher(self.backends), one.word) == [one.item_id]

    def count(self, document: Document) -> int:
        """How often it is filed."""
        with self.backends.database.reading() as session:
            filed = select(func.count()).select_from(Version).where(Version.file_name == document.name)
            return session.scalar(filed) or 0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One installation for all tests of this file; each leaves it serving."""
    installation = Installation(tmp_path_factory.mktemp("running") / "home")
    installation.create()
    serving = installation.serve()
    with installation.opened() as backends:
        made = Running(installation, serving, backends, sign_in(backends, serving.port))
        try:
            yield made
        finally:
            made.serving.end()


@contextmanager
def write_lock(installation: Installation) -> Iterator[None]:
    """Another program holds the database's one write lock."""
    driver = sqlite_module()
    with closing(driver.connect(installation.home / "evidence.db", isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def timed(ask: Callable[[], tuple[int, bytes, dict[str, str]]]) -> tuple[int, dict[str, str], float]:
    """Status, headers and seconds of an answer."""
    start = time.monotonic()
    status, _, headers = ask()
    return status, headers, time.monotonic() - start


def test_a_database_that_is_locked_for_a_moment_makes_nobody_fail(running: Running) -> None:
    """R11: writers wait their turn."""
    documents = [running.document() for _ in range(6)]
    with ThreadPoolExecutor(len(documents)) as pool:
        with write_lock(running.installation):
            uploads = [pool.submit(running.browser.upload, document) for document in documents]
            time.sleep(3)
            assert not any(upload.done() for upload in uploads)
        acknowledged = [upload.result() for upload in uploads]
    assert len({one.item_id for one in acknowledged}) == len(documents)


def test_a_database_that_stays_locked_says_so_and_readers_do_not_notice(running: Running) -> None:
    """R11: no endless wait, no half upload, and the worker outlives it, too."""
    document = running.document()
    body, content_type = multipart(document)
    headers = {"Content-Type": content_type, "HX-Request": "true", "X-CSRFToken": running.browser.form_token}
    headers["Idempotency-Key"] = document.key
    with running.backends.database.unit_of_work() as session:
        session.execute(update(SignInSession).values(seen_at=now() - timedelta(minutes=5)))
    with write_lock(running.installation), ThreadPoolExecutor(1) as pool:
        writing = pool.submit(timed, lambda: running.browser.ask("POST", LIBRARY + "new/files", body, headers))
        for _ in range(3):
            status, _, seconds = timed(lambda: running.browser.ask("GET", LIBRARY))
            assert status == 200
            assert seconds < 7
        status, answered, seconds = writing.result()
    assert status == 503
    assert int(answered["Retry-After"]) > 0
    assert seconds < 40
    assert running.count(document) == 0
    acknowledged = running.browser.upload(document)
    wait_until(lambda: running.is_found(acknowledged), "the worker goes on")


def test_twenty_posts_with_one_key_are_one_item(running: Running) -> None:
    """R13: a double click, a second try of the browser, a proxy that repeats."""
    document = running.document()
    with ThreadPoolExecutor(20) as pool:
        acknowledged = set(pool.map(running.browser.upload, [document] * 20))
    assert len(acknowledged) == 1
    assert running.count(document) == 1


def cut_off(index: Path) -> None:
    """Put halves in the files' places; what somebody has mapped into memory stays as it is."""
    for path in [path for path in index.rglob("*") if path.is_file()]:
        half = path.with_name("half")
        half.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        half.replace(path)


def test_a_damaged_index_is_said_and_mended_while_the_pages_go_on(running: Running) -> None:
    """R19: files cut in half while the server is running."""
    acknowledged = running.browser.upload(running.document())
    wait_until(lambda: running.is_found(acknowledged), "the document is found")
    [index] = (running.installation.settings.home / "index").rglob(school_id(running.backends))
    cut_off(index)

    status, page, _ = running.browser.ask("GET", f"{LIBRARY}?q={acknowledged.word}")
    assert status == 200
    assert acknowledged.word.encode() in page
    wait_until(lambda: running.is_found(acknowledged), "the index is made anew unasked")
    wait_until(lambda: findings(running.backends) == [], "index and rows agree")


def test_a_worker_that_died_is_replaced(running: Running) -> None:
    [worker] = [p for p in psutil.Process(running.serving.process.pid).children() if "worker" in p.cmdline()]
    worker.kill()
    acknowledged = running.browser.upload(running.document())
    wait_until(lambda: running.is_found(acknowledged), "another worker reads and indexes it")


def test_an_import_beside_the_running_server_is_read_and_indexed_by_its_worker(
    running: Running, tmp_path: Path
) -> None:
    document = running.document()
    (tmp_path / document.name).write_bytes(document.content)
    done = running.installation.run("import", str(tmp_path / document.name), "--as", TEACHER, "--json")
    assert done.returncode == 0, done.stderr
    [entry] = json.loads(done.stdout)["items"]
    status, page, _ = running.browser.ask("GET", f"{LIBRARY}?q={document.word}")
    assert status == 200
    assert entry["item"].encode() in page


def test_a_second_server_on_the_port_says_so_and_leaves_the_first_alone(running: Running) -> None:
    """R33."""
    second = running.installation.run("serve", "--port", str(running.serving.port))
    assert second.returncode == 2
    assert f"Port {running.serving.port} of 127.0.0.1 is in use" in second.stderr
    assert "Traceback" not in second.stderr
    assert running.browser.ask("GET", LIBRARY)[0] == 200


def test_an_upload_under_way_is_finished_when_the_server_is_told_to_stop(running: Running) -> None:
    """R33: nobody new is let in, the running upload is acknowledged and kept, and the server ends in time."""
    document = running.document()
    body, content_type = multipart(document)
    head = (
        f"POST {LIBRARY}new/files HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Cookie: {running.browser.cookies}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\nHX-Request: true\r\n"
        f"Idempotency-Key: {document.key}\r\nX-CSRFToken: {running.browser.form_token}\r\n\r\n"
    )
    address = ("127.0.0.1", running.serving.port)
    idle = socket.create_connection(address)
    with idle, socket.create_connection(address, timeout=PATIENCE_SECONDS) as upload:
        upload.sendall(head.encode() + body[:100])
        # An answer on another connection shows that the server has taken in what was sent before.
        assert running.browser.ask("GET", LIBRARY)[0] == 200
        ending = threading.Thread(target=running.serving.stop)
        start = time.monotonic()
        ending.start()
        wait_until(lambda: is_refused(address), "nobody new is let in")
        upload.sendall(body[100:])
        answer = b"".join(iter(lambda: upload.recv(65536), b""))
        ending.join(PATIENCE_SECONDS)
    assert time.monotonic() - start < ENDS_WITHIN_SECONDS
    assert running.serving.process.returncode == 0
    assert answer.startswith(b"HTTP/1.1 200")
    assert running.count(document) == 1

    running.serving = running.installation.serve()
    running.browser.port = running.serving.port
    assert running.browser.upload(document).item_id.encode() in answer
    assert running.count(document) == 1


def is_refused(address: tuple[str, int]) -> bool:
    """Whether nobody listens there any more."""
    try:
        socket.create_connection(address, timeout=PATIENCE_SECONDS).close()
    except (ConnectionRefusedError, ConnectionResetError):
        # Reset is who came while the server was closing its door.
        return True
    return False
