"""A drive that holds papers about single pupils: counted apart in its plan, private when they are in."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from evidence_app.domain import evidence, intake
from evidence_app.domain.evidence import Hold, Item, ItemAccess, Visibility
from evidence_app.domain.guarding import Looks
from evidence_app.worker.tools import Tools
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.worker.bringing.drive import Begin, now, start, work
from tests.fixtures import World

FILES = {
    "IEPs/scan001.txt": b"The team met and looked at the unit planner again, as every week of the term.",
    "To sort/notes.txt": b"Marco Rossi (3B) has a diagnosis of dyslexia, and the family has told us so in May.",
    "To sort/prizes.txt": b"Wei Zhang (7A) won the prize, and the jury liked that everything was measured twice.",
    "To sort/Mock exam Biology.txt": b"Name three things that a cell needs, and say what happens to it without them.",
    "0301-02/policy.txt": b"Inclusion policy. Students with dyslexia get what they need, and everybody belongs here.",
}


@pytest.mark.parametrize("asked", ["staff", "shareable"])
def test_by_name_or_by_text_they_are_held_back_whatever_was_asked(
    world: World, tools: Tools, begin: Begin, asked: str
) -> None:
    drive = begin(zip_bytes(FILES))
    work(tools)
    found, _ = now(world, drive)
    with world.database.reading() as session:
        plan = intake.plan_of(session, world.teacher, found)
    told = {looks: [one.path for one in plan.guarded_as(looks)] for looks in Looks}
    assert told == {Looks.PAPER: ["IEPs/scan001.txt"], Looks.EXAM: ["To sort/Mock exam Biology.txt"], Looks.NAMES: []}
    start(world, drive, visibility=asked)
    work(tools)
    with world.database.reading() as session:
        items = {f"{i.folder}/{i.versions[0].file_name}": (i.visibility, i.held) for i in session.scalars(select(Item))}
        held = intake.held_of(session, world.teacher, found)
        questions = evidence.count_questions(session, world.teacher)
    assert items == {
        "IEPs/scan001.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "To sort/notes.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "To sort/prizes.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "To sort/Mock exam Biology.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "0301-02/policy.txt": (asked, Hold.NONE),
    }
    assert sorted(signs.looks for signs in held.values()) == [Looks.EXAM, Looks.NAMES, Looks.PAPER, Looks.PAPER]
    assert questions == 4


def test_its_bringer_is_told_nothing_of_what_is_not_theirs_to_see_any_more(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin(zip_bytes({"IEPs/plan.pdf": b"%PDF-1.7 and nothing more", "notes.pdf": b"%PDF-1.7 and no more"}))
    work(tools)
    start(world, drive)
    work(tools)

    def told() -> tuple[int, int, int]:
        with world.database.reading() as session:
            texts = intake.texts_in(session, world.teacher, drive)
            unread = intake.unread_in(session, world.teacher, drive, most=9)
            return sum(count for _, count in texts), len(unread), len(intake.held_of(session, world.teacher, drive))

    assert told() == (2, 2, 1)
    with world.database.unit_of_work() as session:
        session.execute(delete(ItemAccess))
    assert told() == (1, 1, 0)
