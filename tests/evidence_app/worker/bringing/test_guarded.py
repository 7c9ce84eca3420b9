"""A drive that holds papers about single pupils: counted apart in its plan, private when they are in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from evidence_app.domain import evidence, intake
from evidence_app.domain.evidence import Hold, Item, Visibility
from evidence_app.worker.tools import Tools
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.worker.bringing.drive import Begin, now, start, work
from tests.fixtures import World

FILES = {
    "IEPs/scan001.txt": b"The team met and looked at the unit planner again, as every week of the term.",
    "To sort/notes.txt": b"Marco Rossi (3B) has a diagnosis of dyslexia, and the family has told us so in May.",
    "To sort/prizes.txt": b"Wei Zhang (7A) won the prize, and the jury liked that everything was measured twice.",
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
        plan = intake.plan_of(session, found)
    assert ([one.path for one in plan.private], plan.asked) == (["IEPs/scan001.txt"], ())
    start(world, drive, visibility=asked)
    work(tools)
    with world.database.reading() as session:
        items = {f"{i.folder}/{i.versions[0].file_name}": (i.visibility, i.held) for i in session.scalars(select(Item))}
        held = intake.held_of(session, found)
        questions = evidence.count_questions(session, world.teacher)
    assert items == {
        "IEPs/scan001.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "To sort/notes.txt": (Visibility.PRIVATE, Hold.PRIVATE),
        "To sort/prizes.txt": (Visibility.STAFF, Hold.RELEASE),
        "0301-02/policy.txt": (asked, Hold.NONE),
    }
    assert sorted(held.values()) == [Hold.PRIVATE, Hold.PRIVATE, Hold.RELEASE]
    assert questions == 3
