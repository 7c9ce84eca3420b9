"""Bringing documents in asks about pupils' data too, whatever visibility was chosen for all of them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from evidence_app.domain import intake
from evidence_app.domain.evidence import Hold, Item, ItemFacts, Visibility, flags_of, items_by_id
from evidence_app.domain.intake import Shown
from storage_adapters import open_store
from tests.fixtures import World

FILES = {
    "Support/IEPs/scan001.txt": b"read later",
    "Support/IEPs/IEP template.txt": b"a blank form",
    "Essays/Marco Rossi 3B essay.txt": b"an essay",
    "0301-02/policy.txt": b"How we include everybody.",
}


def bring(world: World, folder: Path, visibility: Visibility) -> dict[str, Item]:
    """Path -> item, of all that came in."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    store = open_store("memory:")
    brought = intake.import_path(
        world.database, store, actor=world.coordinator, path=folder, visibility=visibility, max_bytes=1000
    )
    paths = {entry.item_id: entry.path for entry in brought.added}
    with world.database.reading() as session:
        return {paths[id]: found for id, found in items_by_id(session, world.coordinator, list(paths)).items()}


@pytest.mark.parametrize("asked", [Visibility.STAFF, Visibility.SHAREABLE, Visibility.PUBLIC])
def test_an_import_opens_nothing_further_than_its_names_allow(world: World, tmp_path: Path, asked: Visibility) -> None:
    items = bring(world, tmp_path, asked)
    assert {path: (item.visibility, item.held) for path, item in items.items()} == {
        "Support/IEPs/scan001.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "Support/IEPs/IEP template.txt": (asked, Hold.NONE),
        "Essays/Marco Rossi 3B essay.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "0301-02/policy.txt": (asked, Hold.NONE),
    }


def test_the_plan_of_an_import_counts_them_apart() -> None:
    guarded = intake.guarded_of(FILES)
    assert {one.path: one.signs.weight.value for one in guarded} == {
        "Support/IEPs/scan001.txt": "private",
        "Essays/Marco Rossi 3B essay.txt": "question",
    }


def test_a_second_place_may_say_what_the_first_did_not(world: World, tmp_path: Path) -> None:
    (tmp_path / "To sort").mkdir()
    (tmp_path / "To sort" / "scan.txt").write_bytes(b"the same bytes")
    (tmp_path / "support" / "IEPs").mkdir(parents=True)
    (tmp_path / "support" / "IEPs" / "Rossi.txt").write_bytes(b"the same bytes")
    brought = intake.import_path(
        world.database, open_store("memory:"), actor=world.teacher, path=tmp_path, max_bytes=1000
    )
    [added], [known] = brought.added, brought.duplicates
    assert added.item_id == known.duplicate_of
    with world.database.reading() as session:
        assert items_by_id(session, world.teacher, [added.item_id])[added.item_id].held == Hold.PRIVATE


def test_saving_a_batch_opens_no_item_that_is_held_and_remembers_what_was_asked(world: World) -> None:
    store = open_store("memory:")
    ids = []
    for name in ("IEP Marco Rossi.txt", "Marco Rossi 3B essay.txt", "plain.txt"):
        file = intake.store_file(
            store,
            actor=world.coordinator,
            stream=io.BytesIO(name.encode()),
            name=name,
            max_bytes=1000,
            size_bytes=len(name),
        )
        with world.database.unit_of_work() as session:
            ids.append(intake.add_file_to_batch(session, actor=world.coordinator, file=file, filing_key=name).id)
    with world.database.unit_of_work() as session:
        facts = ItemFacts(visibility=Visibility.SHAREABLE)
        intake.save_batch(session, actor=world.coordinator, shown=[Shown(id) for id in ids], facts=facts)
    with world.database.reading() as session:
        found = items_by_id(session, world.coordinator, ids)
        assert [found[id].visibility for id in ids] == [Visibility.PRIVATE, Visibility.PRIVATE, Visibility.SHAREABLE]
        assert [flag.asked for id in ids[:2] for flag in flags_of(session, world.coordinator, id)] == ["shareable"] * 2


def test_the_next_filing_is_not_private_because_the_last_one_had_to_be(world: World) -> None:
    world.file_item(name="plain.txt", visibility=Visibility.SHAREABLE)
    world.file_item(name="IEP Marco Rossi.txt")
    with world.database.reading() as session:
        assert intake.next_facts(session, world.teacher).visibility == Visibility.SHAREABLE
