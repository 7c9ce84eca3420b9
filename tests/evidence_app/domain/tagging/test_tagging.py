from __future__ import annotations

import threading

import pytest

from evidence_app.domain import audit, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility, withdraw
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.tagging import Tag, TagState
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.fixtures import World

NODE = "ib-psp-2020/0301-02"
TWIN = "ib-psp-2020/0202-02"


def attach(world: World, item_id: str, actor: Actor | None = None, node: str = NODE, **values: object) -> Tag:
    with world.database.unit_of_work() as session:
        return tagging.attach(session, actor=actor or world.teacher, item_id=item_id, node_key=node, **values)  # type: ignore[arg-type]


def review(world: World, *tags: Tag, state: TagState = TagState.ACCEPTED, **values: object) -> list[Tag]:
    with world.database.unit_of_work() as session:
        return tagging.review(session, actor=world.coordinator, tag_ids=[t.id for t in tags], state=state, **values)  # type: ignore[arg-type]


def queue(world: World, actor: Actor | None = None, node: str = "", folder: str | None = None) -> list[str]:
    with world.database.reading() as session:
        found = tagging.review_queue(session, actor or world.coordinator, node_key=node, folder=folder)
        assert len(found) == tagging.count_waiting(session, actor or world.coordinator, node_key=node, folder=folder)
        return [one.item.title for one in found]


def test_a_tag_is_proposed_and_a_bare_code_will_do(world: World) -> None:
    tag = attach(world, world.file_item().id, node="0301-02", note="  it says\n so ")
    assert (tag.node_key, tag.state, tag.note, tag.strength) == (NODE, TagState.PROPOSED, "it says so", 0)


@pytest.mark.parametrize("node", ["0999-99", "ib-psp-2020/0301-99", "nothing", ""])
def test_an_unknown_node_is_refused(world: World, node: str) -> None:
    item = world.file_item()
    with pytest.raises(Invalid) as error:
        attach(world, item.id, node=node)
    assert error.value.field == "node_key"


def test_tagging_again_changes_the_note_and_is_one_tag(world: World) -> None:
    item = world.file_item()
    first = attach(world, item.id, note="one")
    assert attach(world, item.id, note="two").id == first.id
    assert attach(world, item.id).note == "two"


def test_nobodys_words_on_a_tag_are_replaced_by_a_colleague(world: World) -> None:
    item = world.file_item()
    attach(world, item.id, note="Grade 4 plans it so")
    with pytest.raises(Conflict, match="Grade 4 plans it so"):
        attach(world, item.id, world.learning_support, note="Something else")
    assert attach(world, item.id, world.learning_support).note == "Grade 4 plans it so"
    assert attach(world, item.id, world.coordinator, note="Grades 4 and 5").note == "Grades 4 and 5"


def test_new_words_on_an_accepted_tag_are_reviewed_again(world: World) -> None:
    item = world.file_item()
    tag = attach(world, item.id, note="Grade 4 plans it so")
    review(world, tag, strength=2)
    for note in ("", "Grade 4 plans it so"):
        assert attach(world, item.id, note=note).state == TagState.ACCEPTED
    assert attach(world, item.id, world.coordinator, note="Grade 4 plans it").state == TagState.ACCEPTED
    changed = attach(world, item.id, note="The whole school plans it so")
    assert (changed.state, changed.decided_by, changed.decided_at) == (TagState.PROPOSED, None, None)
    assert queue(world) == [item.title]


def test_words_of_a_colleague_on_an_accepted_tag_without_any_are_reviewed_too(world: World) -> None:
    item = world.file_item()
    review(world, attach(world, item.id))
    assert attach(world, item.id, world.learning_support, note="It shows it so").state == TagState.PROPOSED


def test_the_same_tag_given_by_several_at_once_is_one_tag(world: World) -> None:
    item, start, ids = world.file_item(), threading.Barrier(4), []

    def tag() -> None:
        start.wait(10)
        ids.append(attach(world, item.id).id)

    threads = [threading.Thread(target=tag) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_two_bulk_reviews_of_the_same_tags_do_not_wait_for_each_other(world: World) -> None:
    tags = [attach(world, world.file_item(name=f"{n}.txt").id) for n in range(6)]
    start, done = threading.Barrier(2), []

    def decide(order: list[Tag]) -> None:
        start.wait(10)
        done.append(len(review(world, *order)))

    threads = [threading.Thread(target=decide, args=(order,)) for order in (tags, tags[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [6, 6]


def test_only_a_reviewer_sets_a_strength(world: World) -> None:
    item = world.file_item()
    assert attach(world, item.id, strength=3).strength == 0
    assert attach(world, item.id, world.coordinator, strength=3).strength == 3
    with pytest.raises(Invalid, match=r"0 .*3"):
        attach(world, item.id, world.coordinator, strength=4)


def test_accepting_takes_a_tag_out_of_the_queue_and_can_be_undone(world: World) -> None:
    tag = attach(world, world.file_item().id)
    assert queue(world) == ["plan"]
    (accepted,) = review(world, tag, strength=2)
    assert (accepted.state, accepted.strength, accepted.decided_by) == (
        TagState.ACCEPTED,
        2,
        world.coordinator.person_id,
    )
    assert queue(world) == []
    (back,) = review(world, tag, state=TagState.PROPOSED)
    assert (back.decided_by, back.decided_at) == (None, None)
    assert queue(world) == ["plan"]


def test_returning_needs_a_reason_and_reaches_the_sender(world: World) -> None:
    tag = attach(world, world.file_item().id)
    with pytest.raises(Invalid, match="what is missing"):
        review(world, tag, state=TagState.RETURNED, reply="  ")
    review(world, tag, state=TagState.RETURNED, reply="Whose plan is it?")
    with world.database.reading() as session:
        assert [t.tag.reply for t in tagging.returned_to(session, world.teacher)] == ["Whose plan is it?"]
        assert tagging.returned_to(session, world.head) == []
    assert attach(world, tag.item_id, note="Grade 4's").state == TagState.PROPOSED


def test_a_bulk_review_is_all_or_nothing(world: World) -> None:
    tag = attach(world, world.file_item().id)
    private = world.file_item(visibility=Visibility.PRIVATE, name="private.txt")
    hidden = attach(world, private.id)
    with pytest.raises(NotFound):
        review(world, tag, hidden)
    assert queue(world) == ["plan"]


def test_a_teacher_takes_back_a_proposal_but_not_what_was_accepted(world: World) -> None:
    item = world.file_item()
    tag, theirs = attach(world, item.id), attach(world, item.id, world.coordinator, TWIN)
    for one in (theirs,):
        with world.database.unit_of_work() as session, pytest.raises(NotAllowed):
            tagging.detach(session, actor=world.teacher, tag_id=one.id)
    with world.database.unit_of_work() as session:
        tagging.detach(session, actor=world.teacher, tag_id=tag.id)
    again = attach(world, item.id)
    review(world, again)
    with world.database.unit_of_work() as session, pytest.raises(NotAllowed):
        tagging.detach(session, actor=world.teacher, tag_id=again.id)
    with world.database.unit_of_work() as session:
        tagging.detach(session, actor=world.coordinator, tag_id=again.id)
    with world.database.reading() as session:
        assert [t.node_key for t in tagging.tags_of(session, world.teacher, item.id)] == [TWIN]


def test_retagging_moves_what_was_said(world: World) -> None:
    item = world.file_item()
    tag = attach(world, item.id, note="because")
    with world.database.unit_of_work() as session:
        moved = tagging.retag(session, actor=world.coordinator, tag_id=tag.id, node_key=TWIN)
        assert (moved.node_key, moved.note) == (TWIN, "because")
    attach(world, item.id)
    with world.database.unit_of_work() as session, pytest.raises(Conflict, match="already"):
        tagging.retag(session, actor=world.coordinator, tag_id=tag.id, node_key=NODE)


def test_tags_of_what_one_may_not_see_do_not_show(world: World) -> None:
    private = world.file_item(visibility=Visibility.PRIVATE, name="private.txt")
    binned = world.file_item(name="binned.txt")
    tag = attach(world, private.id)
    attach(world, binned.id)
    with world.database.unit_of_work() as session:
        withdraw(session, actor=world.teacher, item_ids=[binned.id])
    assert queue(world) == []
    with world.database.reading() as session:
        assert tagging.count_waiting(session, world.coordinator) == 0
        assert tagging.count_waiting(session, world.teacher) == 1
        assert tagging.tags_of(session, world.head, private.id) == []
        assert tagging.tags_of_items(session, world.head, [private.id, binned.id]) == {}
        assert tagging.evidence_for(session, world.head, [NODE]) == []
        assert [t.tag.id for t in tagging.evidence_for(session, world.teacher, [NODE])] == [tag.id]
        assert tagging.evidence_for(session, world.stranger, [NODE]) == []


def test_the_queue_shows_what_waited_longest_and_can_be_narrowed(world: World) -> None:
    for name, node in (("b", NODE), ("a", TWIN), ("c", NODE)):
        attach(world, world.file_item(name=f"{name}.txt").id, node=node)
    assert queue(world) == ["b", "a", "c"]
    assert queue(world, node=NODE) == ["b", "c"]
    assert queue(world, folder="") == ["b", "a", "c"]
    assert queue(world, folder="Drive") == []
    with world.database.reading() as session:
        assert tagging.queue_groups(session, world.coordinator) == ({NODE: 2, TWIN: 1}, {"": 3})
        assert [tagging.count_waiting(session, world.coordinator, most=most) for most in (2, 3, 4)] == [2, 3, 3]
    with pytest.raises(NotAllowed):
        queue(world, world.teacher)


def test_evidence_for_a_node_comes_accepted_and_strongest_first(world: World) -> None:
    tags = [attach(world, world.file_item(name=f"{n}.txt").id) for n in range(4)]
    review(world, tags[1], strength=1)
    review(world, tags[2], strength=3)
    with world.database.reading() as session:
        found = [t.item.title for t in tagging.evidence_for(session, world.reader, [NODE, TWIN])]
    assert found == ["2", "1", "3", "0"]


def test_a_reader_does_not_tag_and_a_stranger_finds_no_item(world: World) -> None:
    item = world.file_item()
    with pytest.raises(NotAllowed):
        attach(world, item.id, world.reader)
    with pytest.raises(NotFound):
        attach(world, item.id, world.stranger)


def test_many_are_proposed_together_and_what_was_said_before_stays(world: World) -> None:
    tagged, fresh = world.file_item(name="a.txt"), world.file_item(name="b.txt")
    returned = attach(world, tagged.id, note="see page 3")
    review(world, returned, state=TagState.RETURNED, reply="Which page?")
    with world.database.unit_of_work() as session:
        pairs = {(tagged.id, NODE), (tagged.id, TWIN), (fresh.id, "0301-02")}
        made = tagging.propose_all(session, actor=world.teacher, pairs=pairs)
    assert {(tag.item_id, tag.node_key) for tag in made} == {(tagged.id, TWIN), (fresh.id, NODE)}
    with world.database.reading() as session:
        kept = tagging.tags_of_items(session, world.teacher, [tagged.id, fresh.id])
        assert audit.first_broken_entry(session, world.school.id) is None
        assert unfinished_subjects(session, world.school.id, JobKind.INDEX_ITEM) == {tagged.id, fresh.id}
    assert {(tag.node_key, tag.state, tag.note) for tag in kept[tagged.id]} == {
        (NODE, TagState.RETURNED, "see page 3"),
        (TWIN, TagState.PROPOSED, ""),
    }


def test_of_many_all_are_proposed_or_none(world: World) -> None:
    mine = world.file_item(name="a.txt")
    secret = world.file_item(world.coordinator, name="b.txt", visibility=Visibility.PRIVATE)
    for pairs, error in (
        ({(mine.id, NODE), (secret.id, NODE)}, NotFound),
        ({(mine.id, NODE), (mine.id, "0999-99")}, Invalid),
    ):
        with pytest.raises(error), world.database.unit_of_work() as session:
            tagging.propose_all(session, actor=world.teacher, pairs=pairs)
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        tagging.propose_all(session, actor=world.reader, pairs={(mine.id, NODE)})
    with world.database.reading() as session:
        assert tagging.tags_of_items(session, world.coordinator, [mine.id, secret.id]) == {}


def test_the_log_is_told_by_items_the_reader_may_see_and_by_no_other(world: World) -> None:
    shown, hidden = world.file_item(), world.file_item(visibility=Visibility.PRIVATE)
    for item in (shown, hidden):
        attach(world, item.id)
    with world.database.unit_of_work() as session:
        withdraw(session, actor=world.teacher, item_ids=[shown.id])
    with world.database.reading() as session:
        entries = audit.recent_entries(session, world.administrator)
        told = tagging.items_told_of(session, world.administrator, entries)
        kinds = {entry.subject_kind for entry in entries if entry.sequence in told}
        assert {item.id for item in told.values()} == {shown.id}
        assert kinds == {"item", "tag"}
        assert hidden.id in {item.id for item in tagging.items_told_of(session, world.teacher, entries).values()}
        assert tagging.items_told_of(session, world.stranger, entries) == {}
