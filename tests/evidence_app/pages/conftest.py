"""The application over a world of its own, browsers of its people, and the worker's work done on demand.

def test_a_page(client_for, world, filed, work):
    item = filed("plan.txt", b"A plan", actor=world.teacher)
    work()
    page = client_for(world.coordinator).get("/alder-bay/evidence/")
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from evidence_app.app import create_app
from evidence_app.backends import Backends
from evidence_app.database import Database
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, add_file
from evidence_app.domain.extraction import sniff
from evidence_app.settings import load_settings
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from storage_adapters import open_store
from tests.evidence_app.domain.planning.plans import plan as plan
from tests.evidence_app.domain.studies import study as study
from tests.fixtures import World

COOKIE = "evidence"
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


class Browser(FlaskClient):
    """A browser of one person. What it posts carries the form token, as every form of ours does."""

    form_token = ""

    def post(self, *args: Any, **rest: Any) -> TestResponse:
        """The answer to a form; `headers` are added to the token's."""
        headers = {"X-CSRFToken": self._token(), **(rest.pop("headers", None) or {})}
        return super().post(*args, headers=headers, **rest)

    def _token(self) -> str:
        if not self.form_token:
            found = TOKEN.search(self.get("/me" if self.get_cookie(COOKIE) else "/sign-in").data)
            self.form_token = found[1].decode() if found else ""
        return self.form_token


class FileItem(Protocol):
    """Files an item, its bytes in the store."""

    def __call__(
        self,
        name: str = ...,
        content: bytes = ...,
        *,
        actor: Actor | None = ...,
        visibility: Visibility = ...,
        title: str = ...,
        programmes: tuple[str, ...] = ...,
    ) -> Item: ...


@pytest.fixture
def backends(world: World, database: Database, tmp_path: Path) -> Iterator[Backends]:
    """The backends of an installation that holds the world: its database, a store in memory, an index on disk."""
    settings = load_settings(
        {
            "EVIDENCE_HOME": str(tmp_path / "home"),
            "EVIDENCE_DATABASE_URL": database.url,
            "EVIDENCE_STORAGE_URL": f"memory:{tmp_path.name}",
            "EVIDENCE_SEARCH_URL": "whoosh:",
        },
        create_home=True,
    )
    made = Backends(settings=settings, database=database, blobs=open_store(settings.storage_url))
    yield made
    made.close()


class RememberedTemplates(BytecodeCache):
    """What Jinja made of the templates, for all applications of this process: it takes longer than most tests."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = RememberedTemplates()


@pytest.fixture
def app(backends: Backends) -> Flask:
    """The application."""
    app = create_app(backends)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.test_client_class = Browser
    return app


@pytest.fixture
def client_for(app: Flask, database: Database) -> Callable[[Actor | None], Browser]:
    """Opens a browser in which this person is signed in; nobody is, for None."""

    def open_browser(actor: Actor | None) -> Browser:
        client = app.test_client()
        assert isinstance(client, Browser)
        if actor is not None:
            with database.unit_of_work() as session:
                token = accounts.open_session(session, person_id=actor.person_id, browser="test")
            client.set_cookie(COOKIE, token)
        return client

    return open_browser


@pytest.fixture
def filed(world: World, backends: Backends) -> FileItem:
    """Files items whose bytes are in the store, unread until `work()`; the teacher's unless named."""

    def file_item(
        name: str = "plan.txt",
        content: bytes = b"A plan for Grade 4.",
        *,
        actor: Actor | None = None,
        visibility: Visibility = Visibility.STAFF,
        title: str = "",
        programmes: tuple[str, ...] = (),
    ) -> Item:
        who = actor or world.teacher
        blob = backends.blobs.put(who.school_id, io.BytesIO(content))
        with backends.database.unit_of_work() as session:
            return add_file(
                session,
                actor=who,
                blob=blob,
                file_name=name,
                media_type=sniff(io.BytesIO(content), name),
                facts=ItemFacts(title=title, visibility=visibility, programmes=programmes),
            )

    return file_item


@pytest.fixture
def work(backends: Backends) -> Callable[[], None]:
    """Does all work that waits, as the worker would: reading, indexing, suggesting."""

    def work_now() -> None:
        with Tools(backends) as tools:
            while work_once(tools):
                pass

    return work_now
