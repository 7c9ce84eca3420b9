"""`evidence init`, `serve`, `worker` and `verify`: the installation as a whole."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from types import FrameType

import click

from evidence_app.app import create_app
from evidence_app.backends import Backends, build_backends
from evidence_app.cli.output import opened
from evidence_app.domain import accounts
from evidence_app.migrations import upgrade
from evidence_app.settings import load_settings
from evidence_app.web.server import serve_app
from evidence_app.worker import Worker


@click.command("init")
def init() -> None:
    """Create an installation, or upgrade it to this program; safe to repeat."""
    settings = load_settings(os.environ, create_home=True)
    backends = build_backends(settings)
    try:
        for sentence in backends.database.check_settings():
            click.echo(f"evidence: {sentence}", err=True)
        upgrade(backends.database)
        backends.blobs.probe()
        backends.blobs.sweep_temporary(older_than_seconds=24 * 3600)
        with backends.database.unit_of_work() as session:
            token = accounts.set_up_installation(session)
    finally:
        backends.close()
    click.echo(f"The installation in {settings.home} is ready.")
    if token:
        click.echo(f"First administrator: start 'evidence serve' and open {settings.base_url}/setup/{token}")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the pages, with the worker beside them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with opened() as backends:
        serve_with_worker(backends, host, port)


def serve_with_worker(backends: Backends, host: str, port: int) -> None:
    """Serve until told to stop. The worker is a process of its own, so that reading files never slows a page."""
    child = start_worker()
    app = create_app(backends)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        serve_app(app, host=host, port=port, threads=backends.settings.threads)
    finally:
        child.terminate()
        try:
            child.wait(timeout=25)
        except subprocess.TimeoutExpired:
            child.kill()


def start_worker() -> subprocess.Popen[bytes]:
    """The worker process of this installation; it ends when this process does."""
    return subprocess.Popen([sys.executable, "-m", "evidence_app.cli", "worker", "--with-parent", str(os.getpid())])  # noqa: S603 - our own program


@click.command("worker")
@click.option("--with-parent", type=int, default=0, hidden=True)
def worker(with_parent: int) -> None:
    """Work through the queue: read, index, suggest, compile."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with opened() as backends:
        one = Worker(backends, is_wanted=(lambda: os.getppid() == with_parent) if with_parent else (lambda: True))
        signal.signal(signal.SIGTERM, lambda _signal, _frame: one.stop())
        signal.signal(signal.SIGINT, lambda _signal, _frame: one.stop())
        one.run()


COMMANDS = (init, serve, worker)
