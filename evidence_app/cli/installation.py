"""`evidence init`, `serve`, `worker` and `verify`: the installation as a whole."""

from __future__ import annotations

import logging
import os
import signal

import click

from evidence_app.backends import build_backends
from evidence_app.cli.output import address_of, as_json, opened, tell
from evidence_app.cli.serving import serve_with_worker
from evidence_app.domain import accounts
from evidence_app.migrations import upgrade
from evidence_app.settings import load_settings
from evidence_app.worker import Worker
from storage_adapters import StoreError

log = logging.getLogger(__name__)


@click.command("init")
@as_json
def init(as_json: bool) -> None:
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
    answer = {"home": str(settings.home)}
    sentence = f"The installation in {settings.home} is ready."
    if token:
        answer["setup"] = f"{address_of(settings)}/setup/{token}"
        sentence += f"\nFirst administrator: start 'evidence serve' and open {answer['setup']}"
    tell(answer, sentence, json_wanted=as_json)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the pages, with the worker beside them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with opened() as backends:
        try:
            backends.blobs.probe()
        except StoreError as error:
            # Reading goes on where it can, and so does everything that needs no file.
            log.error("no file can be filed now: %s", error)
        serve_with_worker(backends, host, port)


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
