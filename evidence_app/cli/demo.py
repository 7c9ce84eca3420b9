"""`evidence demo`: a living school to look at, in a home of its own."""

from __future__ import annotations

import importlib.util
import logging
import os
from datetime import date
from typing import Any

import click

from evidence_app.backends import build_backends
from evidence_app.cli.output import as_json, tell
from evidence_app.cli.serving import serve_with_worker
from evidence_app.errors import Unavailable
from evidence_app.i18n import msg
from evidence_app.migrations import upgrade
from evidence_app.settings import load_settings
from evidence_app.worker import run_until_done

USUAL_DOCUMENTS = 160
HOST = "127.0.0.1"


@click.command("demo")
@click.option("--documents", default=USUAL_DOCUMENTS, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--no-serve", is_flag=True, help="Build the school and end.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@as_json
def demo(documents: int, no_serve: bool, port: int, as_json: bool) -> None:
    """Build a living demo school in EVIDENCE_HOME, unless one is there, and serve it."""
    if importlib.util.find_spec("reportlab") is None:
        raise Unavailable(msg("The demo makes PDF files with the package reportlab. Install evidence-app[demo]."))
    # The makers of documents are an extra: without it every other command still works.
    from evidence_app.demo.school import build_demo, demo_in

    settings = load_settings(os.environ, create_home=True)
    backends = build_backends(settings)
    try:
        upgrade(backends.database)
        backends.blobs.probe()
        made = demo_in(settings.home)
        if made is None:
            made = build_demo(
                backends,
                documents=documents,
                today=date.today(),  # noqa: DTZ011 - the day of whoever looks at it
                work_until=lambda is_done, kinds: run_until_done(backends, is_done, kinds=kinds),
                tell=lambda line: click.echo(line, err=True),
            )
            backends.database.note_sizes()
        elif not as_json:
            click.echo(f"A demo of {made.documents} documents is in {settings.home} already; it was kept.", err=True)
        answer = made.as_json(settings.base_url or f"http://{HOST}:{port}", settings.home)
        tell(answer, _sentences(answer), json_wanted=as_json)
        if not no_serve:
            logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
            serve_with_worker(backends, HOST, port)
    finally:
        backends.close()


def _sentences(answer: dict[str, Any]) -> str:
    """Where to go and how to sign in, one line a role."""
    share = answer["share"]
    password = next(iter(answer["people"].values()))["password"]
    lines = [f"Alder Bay International School, {answer['items']} items of {answer['documents']} documents.", ""]
    lines += [f"  Open        {answer['address']}", f"  Password    {password}   (the same for everybody)", ""]
    lines += [f"  {role:18}{person['email']}" for role, person in answer["people"].items()]
    lines += ["", f"  A visitor's link   {share['url']}"]
    lines += [f"  {one['name']:18} {one['passcode']}" for one in share["passcodes"]]
    return "\n".join(lines)


COMMANDS = (demo,)
