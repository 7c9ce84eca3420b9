"""The two processes of a running installation: this one serves pages, its child works through the queue."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from evidence_app.app import create_app
from evidence_app.backends import Backends
from evidence_app.web.server import Server

log = logging.getLogger(__name__)

WORKER_ENDS_WITHIN_SECONDS = 25


def serve_with_worker(backends: Backends, host: str, port: int) -> None:
    """Serve until told to stop. The worker is a process of its own, so that reading files never slows a page.

    Raises Unavailable where one cannot listen there.
    """
    stopping = threading.Event()
    keep_temporary_files_below(backends.settings.home)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    server = Server(create_app(backends), host=host, port=port, threads=backends.settings.threads)
    keep_what_is_loaded()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker = threading.Thread(target=_keep_worker, args=(stopping,))
    worker.start()
    try:
        server.run(stopping)
    finally:
        stopping.set()
        worker.join()


def keep_what_is_loaded() -> None:
    """Have no collection of garbage walk again what was loaded so far: it stays as long as the process does.

    Walking it takes a tenth of a second, which some page has to wait for every few dozen requests.
    """
    gc.collect()
    gc.freeze()


def keep_temporary_files_below(home: Path) -> None:
    """Spool uploads on the installation's own disk: the system's may be memory, or too small for a film."""
    folder = home / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


def _keep_worker(stopping: threading.Event) -> None:
    """Keep a worker running, started again whenever it ends, until `stopping`.

    Then it may finish what it has in hand, for as long as that is bearable. It never outlives this process.
    """
    child = _start()
    while not stopping.wait(1):
        if child.poll() is not None:
            log.error("the worker ended with %s; another one is started", child.returncode)
            child = _start()
    child.terminate()
    try:
        child.wait(WORKER_ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "evidence_app.cli", "worker", "--with-parent", str(os.getpid())])  # noqa: S603 - our own program
