"""Several files of a batch made one item: what was said of them before is said of it."""

from __future__ import annotations

import hashlib

from evidence_app.domain import evidence, intake, tagging
from evidence_app.domain.evidence import Hold, Item, Visibility
from evidence_app.domain.guarding import look_at_text
from evidence_app.domain.intake import EntryState
from evidence_app.domain.tagging import TagState
from storage_adapters import Blob
from tests.fixtures import World

PRACTICE, OTHER, THIRD = (f"ib-psp-2020/{code}" for code in ("0301-01", "0301-02", "0402-01"))


def join(world: World, items: list[Item], *states: EntryState) -> Item:
    """What these items became, which came into the teacher's batch in these states."""
    teacher, ids = world.teacher, [one.id for one in items]
    with world.database.unit_of_work() as session:
        for item_id, state in zip(ids, states or [EntryState.FILED] * len(ids), strict=True):
            intake.enter(session, teacher, evidence.item(session, teacher, item_id), is_new=True, state=state)
    with world.database.unit_of_work() as session:
        listed = evidence.list_of(evidence.files_of_items(session, teacher, ids))
        blob = Blob(hashlib.sha256(listed).hexdigest(), len(listed))
        return intake.join_batch(session, actor=teacher, item_ids=ids, blob=blob, title="Wall")


def test_a_series_is_its_makers_alone_until_it_is_saved_and_waits_as_what_it_was_made_of(world: World) -> None:
    levels = (Visibility.SHAREABLE, Visibility.STAFF, Visibility.SHAREABLE)
    items = [world.file_item(name=f"wall {n}.txt", visibility=level) for n, level in enumerate(levels)]
    joined = join(world, items, EntryState.FILED, EntryState.MAILED, EntryState.KEPT_BOTH)
    assert joined.visibility == Visibility.PRIVATE
    with world.database.reading() as session:
        [card] = intake.cards_of(session, world.teacher)
    assert (card.item.id, card.entry_state) == (joined.id, EntryState.MAILED)


def test_a_series_is_asked_at_once_what_its_files_were_asked(world: World) -> None:
    items = [world.file_item(name=f"wall {n}.txt") for n in range(2)]
    seen = look_at_text("Marco Rossi (3B) has a diagnosis of dyslexia, and the family has told us so in May.", "en")
    with world.database.unit_of_work() as session:
        found = evidence.item(session, world.teacher, items[0].id)
        evidence.flag_by_text(session, found, evidence.current_version(session, found), seen)
    joined = join(world, items)
    assert (joined.held, joined.visibility) == (Hold.PRIVATE, Visibility.PRIVATE)


def test_a_series_has_the_practices_of_all_that_was_joined_and_they_keep_their_own(world: World) -> None:
    teacher, reviewer = world.teacher, world.coordinator
    items = [world.file_item(name=f"wall {n}.txt") for n in range(3)]
    ids = [one.id for one in items]
    with world.database.unit_of_work() as session:
        accepted = tagging.attach(session, actor=teacher, item_id=ids[0], node_key=PRACTICE, note="They planned it.")
        waiting = tagging.attach(session, actor=reviewer, item_id=ids[1], node_key=PRACTICE, note="So they did.")
        tagging.attach(session, actor=reviewer, item_id=ids[1], node_key=OTHER, note="One", strength=1)
        tagging.attach(session, actor=teacher, item_id=ids[2], node_key=OTHER, note="Two")
        returned = tagging.attach(session, actor=teacher, item_id=ids[2], node_key=THIRD)
        session.flush()
        tagging.review(session, actor=reviewer, tag_ids=[accepted.id], state=TagState.ACCEPTED, strength=3)
        tagging.review(session, actor=reviewer, tag_ids=[returned.id], state=TagState.RETURNED, reply="Which page?")
    joined = join(world, items).id
    with world.database.reading() as session:
        tags = tagging.tags_of(session, teacher, joined)
    assert [(tag.node_key, tag.state, tag.strength, tag.note, tag.tagged_by, tag.reply) for tag in tags] == [
        (PRACTICE, "accepted", 3, "They planned it.", teacher.person_id, ""),
        (OTHER, "proposed", 1, "One; Two", reviewer.person_id, ""),
        (THIRD, "returned", 0, "", teacher.person_id, "Which page?"),
    ]
    assert (tags[0].decided_by, tags[1].decided_by) == (reviewer.person_id, None)

    with world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=teacher, item_ids=[joined])
        for item_id in ids:
            evidence.restore(session, actor=teacher, item_id=item_id)
    with world.database.reading() as session:
        own = tagging.tags_of_items(session, teacher, ids)
        assert tagging.tags_of(session, teacher, joined) == []
    assert {id: [tag.node_key for tag in tags] for id, tags in own.items()} == {
        ids[0]: [PRACTICE],
        ids[1]: [PRACTICE, OTHER],
        ids[2]: [OTHER, THIRD],
    }
    assert waiting.id in {tag.id for tag in own[ids[1]]}
