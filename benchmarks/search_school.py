"""A school of very many documents, of which the search page is asked: rows alone, without their bytes."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

from sqlalchemy import insert

from benchmarks.search_corpus import database_at
from evidence_app.backends import Backends, build_backends
from evidence_app.database import new_id
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Item, ItemKind, ItemProgramme, Version, Visibility
from evidence_app.domain.extraction import ReadingState, VersionText
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL, catalogue_for, follow
from evidence_app.domain.schools import add_school
from evidence_app.domain.search import IndexDocument
from evidence_app.domain.tagging import Tag, TagState
from evidence_app.migrations import upgrade
from evidence_app.settings import load_settings
from tests.fixtures import member

KEY = "alder-bay"
FRAMEWORK = "ib-psp-2020"
AT_ONCE = 1_000
PRIVATE_OF_A_HUNDRED = 3


@contextmanager
def installation(engine: str) -> Iterator[Backends]:
    """An installation in a folder of its own; with PostgreSQL for everything where that is the engine."""
    with (
        tempfile.TemporaryDirectory() as home,
        database_at("") if engine == "postgresql" else nullcontext("") as url,
    ):
        settings = {"EVIDENCE_HOME": home, "EVIDENCE_SEARCH_URL": f"{engine}:"}
        if url:
            settings["EVIDENCE_DATABASE_URL"] = url
        backends = build_backends(load_settings(settings, create_home=True))
        upgrade(backends.database)
        yield backends
        backends.close()


def people(backends: Backends) -> tuple[Actor, Actor]:
    """A coordinator, who asks, and a teacher, whose documents they are."""
    with backends.database.unit_of_work() as session:
        school = add_school(session, key=KEY, name="Alder Bay", programmes=["PYP", "MYP", "DP", "CP"], language="en")
        for framework in EVERY_IB_SCHOOL:
            follow(session, school_id=school.id, framework_key=framework)
    coordinator = member(backends.database, school, Role.COORDINATOR, "coordinator@alder.example")
    return coordinator, member(backends.database, school, Role.TEACHER, "teacher@alder.example")


def fill(backends: Backends, owner: Actor, documents: Sequence[IndexDocument]) -> None:
    """The rows of all documents: the same that filing, reading and tagging leave, without their bytes."""
    dice = random.Random(5)
    nodes = _nodes(backends, owner)
    for start in range(0, len(documents), AT_ONCE):
        rows: dict[type[Any], list[dict[str, object]]] = {}
        for one in documents[start : start + AT_ONCE]:
            for table, row in _rows(one, owner, nodes, dice):
                rows.setdefault(table, []).append(row)
        with backends.database.unit_of_work() as session:
            for table, found in rows.items():
                session.execute(insert(table), found)


def _nodes(backends: Backends, owner: Actor) -> list[str]:
    with backends.database.reading() as session:
        return [node.key for node in catalogue_for(session, owner.school_id, FRAMEWORK).practices()]


def _rows(
    one: IndexDocument, owner: Actor, nodes: Sequence[str], dice: random.Random
) -> Iterator[tuple[type[Any], dict[str, object]]]:
    school: dict[str, object] = {"school_id": owner.school_id}
    item, version = new_id(), new_id()
    is_private = dice.randrange(100) < PRIVATE_OF_A_HUNDRED
    yield (
        Item,
        school
        | {
            "id": item,
            "kind": ItemKind.FILE,
            "title": one.title,
            "document_kind": one.document_kind,
            "school_year": one.school_year,
            "received_at": one.received_at,
            "shown_from": date(2024, 9, 1),
            "language": one.language,
            "visibility": Visibility.PRIVATE if is_private else Visibility(one.visibility),
            "owner_id": owner.person_id,
            "folder": f"{one.nodes[0][-7:]} {one.document_kind}",
            "current_version_id": version,
            "changed_at": one.received_at,
        },
    )
    yield (
        Version,
        school
        | {
            "id": version,
            "item_id": item,
            "number": 1,
            "sha256": f"{dice.getrandbits(256):064x}",
            "size_bytes": len(one.body),
            "media_type": "text/plain",
            "file_name": f"{one.title}.txt",
            "added_by": owner.person_id,
            "added_at": one.received_at,
        },
    )
    yield (
        VersionText,
        school
        | {
            "version_id": version,
            "state": ReadingState.TEXT_FOUND,
            "media_type": "text/plain",
            "language": one.language,
            "title": "",
            "pages": None,
            "headings": [],
            "page_starts": [],
            "warnings": [],
            "facts": {},
            "text": one.body,
            "read_at": one.received_at,
        },
    )
    for programme in one.programmes:
        yield ItemProgramme, school | {"item_id": item, "programme": programme}
    for node in dice.sample(nodes, 2):
        yield (
            Tag,
            school
            | {
                "id": new_id(),
                "item_id": item,
                "node_key": node,
                "strength": dice.randint(1, 3),
                "state": TagState.ACCEPTED,
                "tagged_by": owner.person_id,
                "tagged_at": one.received_at,
            },
        )
