"""Likely versions of one document: named alike and alike in their words; and making one item of two."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from evidence_app.domain import evidence, intake, suggesting, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.intake import EntryState
from evidence_app.errors import Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.intake.test_batch import cards, put
from tests.fixtures import World

PRACTICE, OTHER = "ib-psp-2020/0301-02", "ib-psp-2020/0401-02"
POLICY = "inclus:9 polici:8 student:6 support:5 school:3"
MENU = "menu:9 lunch:8 week:6 soup:5 school:3"


def file(
    world: World, name: str, words: str = "", folder: str = "", actor: Actor | None = None, **facts: object
) -> Item:
    """An item with a name, a folder and the words of its text."""
    item = world.file_item(actor, name=name, content=f"{name} {folder} {words}".encode(), **facts)
    with world.database.unit_of_work() as session:
        session.execute(update(Item).where(Item.id == item.id).values(folder=folder))
        found = suggesting.Suggested(item.id, [], words, None)
        suggesting.keep_suggestions(session, school_id=world.school.id, found=[found])
    return item


def likely(world: World, item: Item, actor: Actor | None = None) -> list[str]:
    with world.database.reading() as session:
        actor = actor or world.teacher
        mine = evidence.item(session, actor, item.id)
        return [other.id for other in intake.likely_versions(session, actor, [mine]).get(mine.id, [])]


def make(world: World, mine: Item, other: Item, actor: Actor | None = None, **how: Visibility) -> evidence.Version:
    with world.database.unit_of_work() as session:
        return intake.make_version(session, actor=actor or world.teacher, item_id=mine.id, of_id=other.id, **how)


def test_files_named_and_worded_alike_are_likely_versions(world: World) -> None:
    first = file(world, "Inclusion policy v3.docx", POLICY, "Policies")
    second = file(world, "Inclusion policy FINAL (2).pdf", POLICY, "Policies")
    elsewhere = file(world, "Copy of Inclusion policy.docx", POLICY, "Old")
    file(world, "Inclusion policy.xlsx", MENU, "Old")
    file(world, "Language policy.docx", POLICY, "Policies")
    assert set(likely(world, first)) == {second.id, elsewhere.id}


def test_without_words_the_folder_decides(world: World) -> None:
    wall = file(world, "Our wall (1).jpg", folder="PYP")
    same = file(world, "Our wall (2).jpg", folder="PYP")
    file(world, "Our wall (3).jpg", folder="MYP")
    assert likely(world, wall) == [same.id]


def test_names_that_say_nothing_make_nothing_likely(world: World) -> None:
    photo = file(world, "IMG_0001.jpg", folder="PYP")
    file(world, "IMG_0002.jpg", folder="PYP")
    assert likely(world, photo) == []


def test_what_others_filed_privately_is_never_told(world: World) -> None:
    mine = file(world, "Inclusion policy.docx", POLICY)
    secret = file(world, "Inclusion policy v2.docx", POLICY, actor=world.coordinator, visibility=Visibility.PRIVATE)
    assert likely(world, mine) == []
    assert likely(world, mine, world.coordinator) == [secret.id]
    with pytest.raises(NotFound):
        make(world, mine, secret)


def test_links_and_what_is_in_the_bin_are_left_aside(world: World) -> None:
    mine = file(world, "Inclusion policy.docx", POLICY)
    gone = file(world, "Inclusion policy v2.docx", POLICY)
    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[gone.id])
        blob = evidence.current_version(session, mine)
        evidence.add_link(session, actor=world.teacher, blob=blob, url="https://school.example/Inclusion policy")
    assert likely(world, mine) == []


def test_one_item_of_two_keeps_both_files_and_all_practices(world: World) -> None:
    older, newer = (
        file(world, "Policy of inclusion v1.docx", POLICY),
        file(world, "Policy of inclusion v2.docx", POLICY),
    )
    with world.database.unit_of_work() as session:
        for item, node, note in ((older, PRACTICE, "page 1"), (newer, PRACTICE, "page 2"), (newer, OTHER, "page 3")):
            tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=node, note=note)
    added = make(world, newer, older)
    assert (added.item_id, added.number, added.file_name) == (older.id, 2, "Policy of inclusion v2.docx")
    with world.database.reading() as session:
        versions = evidence.versions_of(session, world.teacher, older.id)
        assert [one.file_name for one in versions] == ["Policy of inclusion v2.docx", "Policy of inclusion v1.docx"]
        assert {tag.node_key: tag.note for tag in tagging.tags_of(session, world.teacher, older.id)} == {
            PRACTICE: "page 1",
            OTHER: "page 3",
        }
        assert evidence.item(session, world.teacher, newer.id, withdrawn=True).withdrawn_at is not None
    assert likely(world, older) == []


def test_what_is_private_is_not_opened_by_becoming_a_version(world: World) -> None:
    older = file(world, "Inclusion policy v1.docx", POLICY)
    newer = file(world, "Inclusion policy v2.docx", POLICY, visibility=Visibility.PRIVATE)
    with pytest.raises(Invalid, match="opened to more people"):
        make(world, newer, older)
    assert make(world, older, newer).item_id == newer.id


def test_who_merely_reads_a_private_one_makes_it_no_version_of_what_others_open(world: World) -> None:
    older = file(world, "Inclusion policy v1.docx", POLICY, actor=world.coordinator, visibility=Visibility.PRIVATE)
    newer = file(world, "Inclusion policy v2.docx", POLICY, visibility=Visibility.PRIVATE)
    names = {"person_ids": [world.coordinator.person_id], "group_ids": [], "custodian_ids": [world.teacher.person_id]}
    with world.database.unit_of_work() as session:
        evidence.name_access(session, actor=world.teacher, item_id=newer.id, **names)
    with pytest.raises(NotAllowed, match="custodian"):
        make(world, newer, older, world.coordinator)


def test_only_who_may_change_both_makes_one_of_them(world: World) -> None:
    older = file(world, "Inclusion policy v1.docx", POLICY, actor=world.coordinator)
    newer = file(world, "Inclusion policy v2.docx", POLICY)
    with pytest.raises(NotAllowed):
        make(world, newer, older)
    assert make(world, newer, older, world.coordinator).number == 2


def test_what_is_being_filed_gives_its_place_to_what_it_is_a_version_of(world: World) -> None:
    older = file(world, "Our plan v1.txt")
    mine = put(world, world.teacher, "Our plan v2.txt", b"A newer plan.")
    (card,) = cards(world, world.teacher)
    assert [other.id for other in card.likely] == [older.id]
    make(world, mine, older, saved_as=Visibility.STAFF)
    (card,) = cards(world, world.teacher)
    assert (card.item.id, card.entry_state, card.likely) == (older.id, EntryState.KNOWN, ())
