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
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from evidence_app.app import create_app
from evidence_app.backends import Backends
from evidence_app.database import Database
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, add_file
from evidence_app.domain.extraction import sniff
from evidence_app.web.spool import prepare_spool
from evidence_app.worker.handlers import Lane
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.backends import backends_in
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


def as_sent(*files: tuple[str, bytes], named: str = "files", **fields: str) -> dict[str, Any]:
    """What to post for a form with files as browsers send it (Werkzeug's client sends no line for an empty file)."""
    body, content_type = encode_multipart_formdata([*fields.items(), *((named, file) for file in files)])
    return {"data": body, "content_type": content_type}


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
    made = backends_in(tmp_path / "home", database, SEARCH_URL="whoosh:")
    yield made
    made.close()


@dataclass(frozen=True)
class Kept:
    """An application that serves one test after another: putting one together takes longer than most tests."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]

    def over(self, backends: Backends) -> Flask:
        """The application over these backends, without anything that it has learned from others."""
        self.app.config.clear()
        self.app.config.update(self.config, SECRET_KEY=backends.settings.secret_key)
        self.app.extensions.clear()
        self.app.extensions.update(self.extensions, backends=backends)
        prepare_spool(self.app, backends.settings.home)
        return self.app


@pytest.fixture(scope="session")
def kept_apps() -> list[Kept]:
    """The application of this process, once a test has asked for it."""
    return []


@pytest.fixture
def app(backends: Backends, kept_apps: list[Kept]) -> Flask:
    """The application."""
    if not kept_apps:
        made = create_app(backends)
        made.test_client_class = Browser
        kept_apps.append(Kept(made, dict(made.config), dict(made.extensions)))
    return kept_apps[0].over(backends)


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
    """Does the work that waits, as the worker would: reading, indexing, suggesting."""
    return lambda: _work(backends, [lane for lane in Lane if lane is not Lane.DRAWING])


@pytest.fixture
def work_and_draw(backends: Backends) -> Callable[[], None]:
    """Does all work that waits, and draws pages; most tests look at no picture, and each takes a process."""
    return lambda: _work(backends, list(Lane))


def _work(backends: Backends, lanes: list[Lane]) -> None:
    with Tools(backends) as tools:
        while work_once(tools, lanes):
            pass


def undo_of(page: str) -> dict[str, str]:
    """What the newest undo button of a page sends, without the form token."""
    form = re.findall(r"<form[^>]*>(?:<input[^>]*>)+<button", page.partition('id="toasts"')[2])[-1]
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in fields if name != "csrf_token"}
