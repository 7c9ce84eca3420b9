"""Items that the guard asks about, and what people do with them."""

from __future__ import annotations

from dataclasses import replace

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Settled, StoredBlob, Visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from storage_adapters import Blob
from tests.fixtures import World

PLAN = "IEP Marco Rossi.pdf"
ESSAY = "Marco Rossi 3B essay.docx"
ABOUT_ONE = "Marco Rossi (3B) has a diagnosis of dyslexia."
NAMES_ONE = "Wei Zhang (7A) won the prize."
HARMLESS = "The team met on Tuesday and looked at the unit planner again."
OPEN = (Visibility.STAFF, Visibility.SHAREABLE, Visibility.PUBLIC)
SECOND = Blob("c" * 64, 12)


def support_group(world: World, *people: Actor) -> str:
    """The id of the learning support team, named as such, with these people or the learning support coordinator."""
    with world.database.unit_of_work() as session:
        ids = [person.person_id for person in people or (world.learning_support,)]
        group = accounts.add_group(session, actor=world.administrator, name="Learning support", person_ids=ids)
        session.flush()
        accounts.name_learning_support(session, actor=world.administrator, group_id=group.id, is_it=True)
        return group.id


def read(world: World, item: Item, text: str, version_id: str = "") -> None:
    """Keep what a reader read, as the worker does."""
    with world.database.unit_of_work() as session:
        reading = Reading("text/plain", ReadingState.TEXT_FOUND, text=text, language="en")
        keep_readings(session, school_id=item.school_id, readings={version_id or item.current_version_id: reading})


def now_of(world: World, item: Item) -> Item:
    """The item as the rows say now, whoever may see it."""
    with world.database.reading() as session:
        found = session.get_one(Item, (item.school_id, item.id))
        session.expunge_all()
        return found


def sees(world: World, actor: Actor, item: Item) -> bool:
    with world.database.reading() as session:
        fresh = accounts.actor_in(session, actor.person_id, actor.school_id)
        return item.id in {found.id for found in session.scalars(evidence.visible_items(fresh))}


def settle(world: World, actor: Actor, item: Item, answer: Settled = Settled.HARMLESS, **more: str) -> None:
    with world.database.unit_of_work() as session:
        note = more.pop("note", "looked at it")
        evidence.settle(session, actor=actor, item_id=item.id, answer=answer, note=note, **more)


def show(world: World, actor: Actor, item: Item, visibility: Visibility) -> None:
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=actor, item_ids=[item.id], visibility=visibility)


def edit(world: World, actor: Actor, item: Item, visibility: Visibility) -> None:
    with world.database.unit_of_work() as session:
        facts = evidence.facts_of(evidence.item(session, actor, item.id))
        evidence.update_facts(session, actor=actor, item_id=item.id, facts=replace(facts, visibility=visibility))


def put(world: World, item: Item, name: str = "v2.txt", blob: StoredBlob = SECOND) -> str:
    """The id of a newer version."""
    with world.database.unit_of_work() as session:
        return evidence.replace(
            session, actor=world.teacher, item_id=item.id, blob=blob, file_name=name, media_type="text/plain"
        ).id


def flags(world: World, item: Item) -> list[evidence.Flag]:
    with world.database.reading() as session:
        return evidence.flags_of(session, world.teacher, item.id)


def fresh(world: World, actor: Actor) -> Actor:
    """The actor with the groups they are in by now."""
    with world.database.reading() as session:
        return accounts.actor_in(session, actor.person_id, actor.school_id)
