"""A series: several files that are one item. Its parts are read, and what they say is the text of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from evidence_app.backends import Backends
from evidence_app.domain import evidence, extraction, intake
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, Item, ItemFacts, PartFile, Version, Visibility
from evidence_app.domain.guarding import Weight
from evidence_app.domain.intake import CardState
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.worker.handlers import Lane
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.fixtures import World

TEXTS = {
    "one.txt": "The first page of the workbook is about rivers.",
    "two.txt": "The second page of the workbook is about bridges.",
    "three.txt": "The third page of the workbook is about boats.",
}


def part(world: World, backends: Backends, name: str, caption: str = "", text: str = "") -> PartFile:
    """A text on its way into a series, its bytes in the store."""
    blob = backends.blobs.put(world.school.id, [(text or TEXTS[name]).encode()])
    return PartFile(
        sha256=blob.sha256, size_bytes=blob.size_bytes, media_type="text/plain", file_name=name, caption=caption
    )


def file_series(world: World, backends: Backends, parts: list[PartFile], actor: Actor | None = None) -> Item:
    blob = backends.blobs.put(world.school.id, [evidence.list_of(parts)])
    facts = ItemFacts(title="Workbook", visibility=Visibility.SHAREABLE)
    with backends.database.unit_of_work() as session:
        return evidence.add_series(session, actor=actor or world.teacher, blob=blob, parts=parts, facts=facts)


def arrange(world: World, backends: Backends, item: Item, parts: list[PartFile], on: Version | None = None) -> Version:
    blob = backends.blobs.put(world.school.id, [evidence.list_of(parts)])
    with backends.database.unit_of_work() as session:
        there = evidence.current_version(session, evidence.item(session, world.teacher, item.id))
        return evidence.arrange(
            session,
            actor=world.teacher,
            item_id=item.id,
            on_version_id=(on or there).id,
            blob=blob,
            parts=parts,
        )


def now_in(world: World, backends: Backends, item: Item) -> tuple[list[PartFile], str, Version]:
    """The parts, the text and the newest version of a series."""
    with backends.database.reading() as session:
        version = evidence.current_version(session, evidence.item(session, world.teacher, item.id))
        text = extraction.text_of(session, version)
        parts = [one.as_file() for one in evidence.parts_of(session, version)]
        return parts, text.text if text else "", version


def work_off(tools: Tools, lanes: Sequence[Lane] = (Lane.READING, Lane.OWN)) -> None:
    while work_once(tools, lanes):
        pass


def test_captions_and_texts_of_all_parts_are_the_text_of_the_series(
    world: World, backends: Backends, tools: Tools
) -> None:
    item = file_series(world, backends, [part(world, backends, name, f"About {name}") for name in TEXTS])
    work_off(tools, tuple(Lane))
    parts, text, version = now_in(world, backends, item)
    assert [one.caption for one in parts] == ["About one.txt", "About two.txt", "About three.txt"]
    assert [line for line in text.splitlines() if line] == [
        line for name, words in TEXTS.items() for line in (f"About {name}", words)
    ]
    with backends.database.reading() as session:
        kept = extraction.text_of(session, version)
        thumbnails = extraction.thumbnails_of(session, world.school.id, [version.id, parts[0].part_id])
        known = evidence.items_by_bytes(session, world.teacher, [parts[1].sha256])[parts[1].sha256]
        assert [one.number for one in evidence.versions_of(session, world.teacher, item.id)] == [1]
    assert kept is not None
    assert kept.pages == 3
    assert [text[start:].startswith(f"About {name}") for start, name in zip(kept.page_starts, TEXTS, strict=True)]
    assert thumbnails[version.id].sha256 == thumbnails[parts[0].part_id].sha256
    assert [one.id for one in known] == [item.id]


def test_a_new_order_is_a_new_version_and_the_old_one_comes_back(
    world: World, backends: Backends, tools: Tools
) -> None:
    item = file_series(world, backends, [part(world, backends, "one.txt"), part(world, backends, "two.txt")])
    work_off(tools)
    before, _, first = now_in(world, backends, item)
    arrange(world, backends, item, [before[1], before[0], part(world, backends, "three.txt", "Boats")])
    work_off(tools)
    parts, text, second = now_in(world, backends, item)
    assert [one.file_name for one in parts] == ["two.txt", "one.txt", "three.txt"]
    assert [one.part_id for one in parts[:2]] == [before[1].part_id, before[0].part_id]
    assert text.index("bridges") < text.index("rivers") < text.index("Boats") < text.index("boats")
    with pytest.raises(Conflict):
        arrange(world, backends, item, before, on=first)
    with pytest.raises(Invalid):
        arrange(world, backends, item, parts)
    with pytest.raises(Invalid):
        arrange(world, backends, item, before[:1])
    with backends.database.unit_of_work() as session:
        evidence.bring_back(session, actor=world.teacher, item_id=item.id, version_id=first.id)
    with pytest.raises(NotFound), backends.database.unit_of_work() as session:
        evidence.bring_back(session, actor=world.teacher, item_id=item.id, version_id=before[0].part_id)
    work_off(tools)
    parts, text, third = now_in(world, backends, item)
    assert [one.file_name for one in parts] == ["one.txt", "two.txt"]
    assert (second.number, third.number, "boats" in text) == (2, 3, False)


def test_a_part_of_another_item_is_not_taken_over(world: World, backends: Backends) -> None:
    mine = file_series(world, backends, [part(world, backends, "one.txt"), part(world, backends, "two.txt")])
    theirs = file_series(
        world, backends, [part(world, backends, "three.txt"), part(world, backends, "two.txt")], world.head
    )
    taken, _, _ = now_in(world, backends, theirs)
    own, _, _ = now_in(world, backends, mine)
    with pytest.raises(NotFound):
        arrange(world, backends, mine, [own[0], taken[0]])


def test_the_guard_sees_every_part_and_caption_and_asks_once(world: World, backends: Backends, tools: Tools) -> None:
    plan = "Individual Education Plan\nStudent name: Anna Rossi\nDate of birth: 3 May 2014\nDiagnosis: dyslexia"
    named = file_series(
        world, backends, [part(world, backends, "one.txt"), part(world, backends, "page.txt", text=plan)]
    )
    captioned = file_series(
        world,
        backends,
        [part(world, backends, "one.txt", "PDP of Luca Bianchi, DSA"), part(world, backends, "two.txt")],
    )
    work_off(tools)
    with backends.database.reading() as session:
        held = [evidence.item(session, world.teacher, one.id) for one in (named, captioned)]
        assert [Hold(one.held) is not Hold.NONE for one in held] == [True, True]
        (flag,) = evidence.flags_of(session, world.teacher, captioned.id)
    with backends.database.unit_of_work() as session:
        evidence.settle(
            session,
            actor=world.teacher,
            item_id=captioned.id,
            version_id=flag.version_id,
            answer=evidence.Settled.CONSENT,
            note="All families agreed",
        )
    parts, _, _ = now_in(world, backends, captioned)
    arrange(world, backends, captioned, parts[::-1])
    work_off(tools)
    with backends.database.reading() as session:
        assert not any(flag.is_open for flag in evidence.flags_of(session, world.teacher, captioned.id))
        assert evidence.item(session, world.teacher, captioned.id).held == Hold.NONE
    arrange(world, backends, captioned, [parts[1], part(world, backends, "page.txt", text=plan)])
    work_off(tools)
    with backends.database.reading() as session:
        assert any(flag.is_open for flag in evidence.flags_of(session, world.teacher, captioned.id))


def test_a_changed_caption_does_not_take_back_what_a_file_is_asked_about(
    world: World, backends: Backends, tools: Tools
) -> None:
    long = "The children of the class read about rivers, bridges and boats, and drew what they saw. " * 40
    agreed = "We agreed on this for the whole of the term. " * 14
    # A form says what it is at its beginning, which is somewhere in the middle of a series.
    plan = f"Individual Education Plan\n{agreed}\nStudent: Anna Rossi\n"
    parts = [part(world, backends, "one.txt", text=long), part(world, backends, "two.txt", text=plan)]
    item = file_series(world, backends, [*parts, part(world, backends, "three.txt", text=f"{long} Again.")])
    work_off(tools)
    own, _, _ = now_in(world, backends, item)
    arrange(world, backends, item, [replace(own[0], caption="Our walk"), *own[1:]])
    work_off(tools)
    with backends.database.reading() as session:
        newest = evidence.current_version(session, evidence.item(session, world.teacher, item.id))
        open_ones = [flag for flag in evidence.flags_of(session, world.teacher, item.id) if flag.is_open]
        assert (newest.id, Weight.PRIVATE) in [(flag.version_id, flag.weight) for flag in open_ones]
        assert evidence.item(session, world.teacher, item.id).held != Hold.NONE


def test_files_of_a_batch_become_one_item_in_their_place(world: World, backends: Backends, tools: Tools) -> None:
    ids = []
    for name, text in TEXTS.items():
        blob = backends.blobs.put(world.school.id, [text.encode()])
        stored = intake.StoredFile(name, blob, "text/plain")
        with backends.database.unit_of_work() as session:
            ids.append(intake.add_file_to_batch(session, actor=world.teacher, file=stored, filing_key=name).id)
    with backends.database.reading() as session:
        parts = evidence.files_of_items(session, world.teacher, ids)
    blob = backends.blobs.put(world.school.id, [evidence.list_of(parts)])
    with backends.database.unit_of_work() as session:
        joined = intake.join_batch(session, actor=world.teacher, item_ids=ids, blob=blob, title="Workbook")
    work_off(tools)
    with backends.database.reading() as session:
        (card,) = intake.cards_of(session, world.teacher)
        in_bin = {one.id for one in evidence.items_in_bin(session, world.teacher)}
    assert (card.item.id, card.item.title, card.state) == (joined.id, "Workbook", CardState.READY)
    assert in_bin == set(ids)
