"""An installation with a world, whose queue a test works through by hand."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import text

from evidence_app.backends import Backends
from evidence_app.database import Database
from evidence_app.domain.evidence import Item, add_file
from evidence_app.domain.extraction import sniff
from evidence_app.domain.jobs import JobKind
from evidence_app.worker import loop
from evidence_app.worker.handlers import Handler
from evidence_app.worker.tools import Tools
from tests.backends import backends_in
from tests.evidence_app.worker.diary import Diary
from tests.fixtures import World

FileText = Callable[[str], Item]


@pytest.fixture
def backends(world: World, database: Database, tmp_path: Path) -> Iterator[Backends]:
    """The world's database, a store in memory, an index on disk, one reader."""
    made = backends_in(tmp_path / "home", database, READERS="1")
    yield made
    made.close()


@pytest.fixture
def tools(backends: Backends) -> Iterator[Tools]:
    """What a worker works with."""
    with Tools(backends) as made:
        yield made


@pytest.fixture
def file_text(world: World, backends: Backends) -> FileText:
    """Files a text of the teacher's, whose name is its first word; unread."""

    def file(text: str) -> Item:
        name = f"{text.split()[0]}.txt"
        blob = backends.blobs.put(world.school.id, [text.encode()])
        with backends.database.unit_of_work() as session:
            return add_file(
                session,
                actor=world.teacher,
                blob=blob,
                file_name=name,
                media_type=sniff(io.BytesIO(text.encode()), name),
            )

    return file


@pytest.fixture
def diary(database: Database, monkeypatch: pytest.MonkeyPatch) -> Diary:
    """The only work there is, ten jobs at once."""
    with database.unit_of_work() as session:
        session.execute(text("create table kept (subject text)"))
    diary = Diary(database)
    monkeypatch.setattr(loop, "HANDLERS", MappingProxyType({JobKind.READ_VERSION: Handler(diary.work, 10)}))
    return diary
