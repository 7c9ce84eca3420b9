"""A batch: what is filed is safe at once, and stays with the person until its practices are saved."""

from __future__ import annotations

import io

import pytest

from evidence_app.domain import evidence, intake, suggesting, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts, Visibility
from evidence_app.domain.intake import CardState, EntryState, Saved, Shown
from evidence_app.domain.jobs import Job
from evidence_app.errors import Conflict, Invalid, NotFound
from storage_adapters import open_store
from tests.fixtures import World

PRACTICE = "ib-psp-2020/0301-02"
OTHER = "ib-psp-2020/0401-02"


def put(world: World, actor: Actor, name: str, content: bytes = b"A plan.", key: str = "") -> Item:
    """What `actor` has just dropped into their batch."""
    store = open_store("memory:")
    file = intake.store_file(
        store, actor=actor, stream=io.BytesIO(content), name=name, max_bytes=1000, size_bytes=len(content)
    )
    with world.database.unit_of_work() as session:
        return intake.add_file_to_batch(session, actor=actor, file=file, filing_key=key)


def cards(world: World, actor: Actor) -> list[intake.Card]:
    with world.database.reading() as session:
        return intake.cards_of(session, actor)


def save(world: World, actor: Actor, *shown: Shown, facts: ItemFacts | None = None) -> Saved:
    with world.database.unit_of_work() as session:
        return intake.save_batch(session, actor=actor, shown=shown, facts=facts or ItemFacts())


def be_read(world: World) -> None:
    """As if the worker had nothing left to do."""
    with world.database.unit_of_work() as session:
        session.query(Job).delete()


def test_what_is_filed_is_in_the_batch_of_its_person_alone(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")

    assert [card.item.id for card in cards(world, world.teacher)] == [mine.id]
    assert cards(world, world.coordinator) == []


def test_a_repeated_key_files_once_and_fills_the_batch_once(world: World) -> None:
    first, again = (put(world, world.teacher, "plan.txt", key="k1") for _ in range(2))
    assert first.id == again.id

    save(world, world.teacher, Shown(first.id))
    put(world, world.teacher, "plan.txt", key="k1")

    assert cards(world, world.teacher) == []


def test_a_card_is_reading_until_its_work_is_done(world: World) -> None:
    put(world, world.teacher, "plan.txt")
    assert cards(world, world.teacher)[0].state == CardState.READING

    be_read(world)

    assert cards(world, world.teacher)[0].state == CardState.READY


def test_saving_tags_with_how_it_shows_it_and_empties_the_batch(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    facts = ItemFacts(programmes=("PYP",), school_year="2025-26", visibility=Visibility.SHAREABLE)

    assert save(world, world.teacher, Shown(mine.id, (PRACTICE, OTHER), "Week 3."), facts=facts).count == 1

    assert cards(world, world.teacher) == []
    with world.database.reading() as session:
        tags = tagging.tags_of(session, world.teacher, mine.id)
        kept = evidence.item(session, world.teacher, mine.id)
    assert {(tag.node_key, tag.note) for tag in tags} == {(PRACTICE, "Week 3."), (OTHER, "Week 3.")}
    assert (kept.programmes, kept.school_year, kept.visibility) == (("PYP",), "2025-26", Visibility.SHAREABLE)


def test_one_bad_practice_saves_nothing(world: World) -> None:
    first, second = put(world, world.teacher, "a.txt", b"a"), put(world, world.teacher, "b.txt", b"b")

    with pytest.raises(Invalid):
        save(world, world.teacher, Shown(first.id, (PRACTICE,)), Shown(second.id, ("ib-psp-2020/9999",)))

    assert len(cards(world, world.teacher)) == 2
    with world.database.reading() as session:
        assert tagging.tags_of(session, world.teacher, first.id) == []


def test_a_declined_suggestion_does_not_come_back_and_an_unticked_one_does(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    suggestions = [suggesting.Suggestion(key, 0.5, (), True) for key in (PRACTICE, OTHER)]
    with world.database.unit_of_work() as session:
        found = suggesting.Suggested(mine.id, suggestions, digest="", document_kind=None)
        suggesting.keep_suggestions(session, school_id=world.school.id, found=[found])

    save(world, world.teacher, Shown(mine.id, declined=(PRACTICE,)))

    with world.database.reading() as session:
        left = suggesting.suggestions_for(session, world.teacher, [mine.id])[mine.id]
    assert [s.node_key for s in left] == [OTHER]


def test_saving_twice_changes_nothing_more(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    save(world, world.teacher, Shown(mine.id, (PRACTICE,), "Week 3."), facts=ItemFacts(programmes=("PYP",)))

    save(world, world.teacher, Shown(mine.id, (PRACTICE,), "Week 3."), facts=ItemFacts(programmes=("DP",)))

    with world.database.reading() as session:
        assert len(tagging.tags_of(session, world.teacher, mine.id)) == 1
        assert evidence.item(session, world.teacher, mine.id).programmes == ("PYP",)


def test_what_is_saved_in_two_tabs_keeps_the_words_of_both_and_is_told(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    assert save(world, world.teacher, Shown(mine.id, (PRACTICE,), "Week 3.")).said_anew == ()

    assert save(world, world.teacher, Shown(mine.id, (PRACTICE, OTHER), "Week 4.")).said_anew == ("plan",)
    assert save(world, world.teacher, Shown(mine.id, (PRACTICE,), "Week 4.", title="Plan")).said_anew == ("plan",)
    with pytest.raises(Conflict, match="Both lines together are too long"):
        save(world, world.teacher, Shown(mine.id, (PRACTICE,), "Long. " * 83))

    with world.database.reading() as session:
        tags = {tag.node_key: tag.note for tag in tagging.tags_of(session, world.teacher, mine.id)}
        assert evidence.item(session, world.teacher, mine.id).title == "plan"
    assert tags == {PRACTICE: "Week 3.; Week 4.", OTHER: "Week 4."}


def test_what_somebody_else_files_is_not_taken_from_their_batch(world: World) -> None:
    theirs = put(world, world.coordinator, "plan.txt")

    with pytest.raises(NotFound):
        save(world, world.teacher, Shown(theirs.id, (PRACTICE,)), facts=ItemFacts(programmes=("DP",)))

    kept = cards(world, world.coordinator)[0].item
    assert (kept.id, kept.programmes) == (theirs.id, ())
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        intake.leave_out(session, actor=world.teacher, item_id=theirs.id)


def test_the_next_filing_begins_with_the_facts_of_the_last(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")
    save(world, world.teacher, Shown(mine.id), facts=ItemFacts(programmes=("MYP",), visibility=Visibility.SHAREABLE))

    following = put(world, world.teacher, "plan 2.txt", b"Another plan.")

    assert following.programmes == ("MYP",)
    with world.database.reading() as session:
        assert intake.next_facts(session, world.teacher).visibility == Visibility.SHAREABLE

    notice = put(world, world.coordinator, "notice.txt")
    save(world, world.coordinator, Shown(notice.id), facts=ItemFacts(visibility=Visibility.PUBLIC))
    with world.database.reading() as session:
        assert intake.next_facts(session, world.coordinator).visibility == Visibility.SHAREABLE


def test_equal_bytes_are_noticed_and_the_known_item_can_be_used_instead(world: World) -> None:
    theirs = put(world, world.coordinator, "Inclusion policy.pdf")
    save(world, world.coordinator, Shown(theirs.id), facts=ItemFacts(programmes=("DP",)))
    mine = put(world, world.teacher, "policy FINAL (2).pdf")
    card = cards(world, world.teacher)[0]
    assert (card.state, [other.id for other in card.known]) == (CardState.KNOWN, [theirs.id])

    with world.database.unit_of_work() as session:
        intake.use_known(session, actor=world.teacher, item_id=mine.id, known_id=theirs.id)
    be_read(world)
    card = cards(world, world.teacher)[0]
    assert (card.item.id, card.entry_state, card.state) == (theirs.id, EntryState.KNOWN, CardState.READY)
    save(world, world.teacher, Shown(theirs.id, (PRACTICE,), "Ours too."), facts=ItemFacts(programmes=("PYP",)))

    with world.database.reading() as session:
        kept = evidence.item(session, world.teacher, theirs.id)
        assert kept.programmes == ("DP",)
        assert [tag.node_key for tag in tagging.tags_of(session, world.teacher, theirs.id)] == [PRACTICE]
        with pytest.raises(NotFound):
            evidence.item(session, world.teacher, mine.id)


def test_keeping_both_asks_no_more(world: World) -> None:
    put(world, world.coordinator, "Inclusion policy.pdf")
    mine = put(world, world.teacher, "policy.pdf")

    with world.database.unit_of_work() as session:
        intake.keep_both(session, actor=world.teacher, item_id=mine.id)

    assert cards(world, world.teacher)[0].known == ()


def test_what_others_filed_privately_is_not_told_by_its_bytes(world: World) -> None:
    hidden = put(world, world.coordinator, "letter.pdf")
    with world.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=world.coordinator, item_ids=[hidden.id], visibility=Visibility.PRIVATE)

    mine = put(world, world.teacher, "copy.pdf")

    assert cards(world, world.teacher)[0].state == CardState.READING
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        intake.use_known(session, actor=world.teacher, item_id=mine.id, known_id=hidden.id)


def test_leaving_out_puts_ones_own_filing_into_the_bin(world: World) -> None:
    mine = put(world, world.teacher, "plan.txt")

    with world.database.unit_of_work() as session:
        intake.leave_out(session, actor=world.teacher, item_id=mine.id)

    assert cards(world, world.teacher) == []
    with world.database.reading() as session:
        assert [i.id for i in evidence.items_in_bin(session, world.teacher)] == [mine.id]


def test_an_empty_or_too_large_file_is_refused_by_name(world: World) -> None:
    store = open_store("memory:refused")
    for content in (b"", b"x" * 11):
        with pytest.raises(Invalid, match=r"plan\.txt"):
            intake.store_file(
                store,
                actor=world.teacher,
                stream=io.BytesIO(content),
                name="plan.txt",
                max_bytes=10,
                size_bytes=len(content),
            )
    assert list(store.iter_blobs(world.teacher.school_id)) == []
