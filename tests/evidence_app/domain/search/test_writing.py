"""How every engine is written and rebuilt, and who may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator

import pytest

from evidence_app.domain.search import IndexDocument, IndexLocked, IndexUnusable, SearchIndex, Stamp
from tests.evidence_app.domain.search.conftest import OpenIndex
from tests.evidence_app.domain.search.corpus import document, found


def test_no_index_is_never_an_empty_answer(opened: OpenIndex) -> None:
    index = opened()
    for ask in (index.open, index.count, index.ids, lambda: found(index, "x"), lambda: index.add([document(1)])):
        with pytest.raises(IndexUnusable, match="has to be rebuilt"):
            ask()


def test_an_index_is_made_once(index: SearchIndex, opened: OpenIndex) -> None:
    index.open()
    assert index.count() == 0
    assert found(index, "anything") == []
    with pytest.raises(ValueError, match="already"):
        opened().create()


def test_documents_are_added_replaced_and_removed(index: SearchIndex, opened: OpenIndex) -> None:
    index.add([document(1, title="Old title"), document(2, body="stays")])
    index.add([document(1, title="New heading"), document(3)])
    assert index.ids() == {"item0001", "item0002", "item0003"}
    assert found(index, "old") == []
    assert found(index, "new") == ["item0001"]
    index.remove(["item0001", "never was"])
    assert index.count() == 2
    assert found(index, "new") == []
    index.add([document(1, title="Back again")])
    again = opened()
    assert again.ids() == {"item0001", "item0002", "item0003"}
    assert found(again, "back") == ["item0001"]


def test_another_process_sees_what_was_committed(index: SearchIndex, opened: OpenIndex) -> None:
    reader = opened()
    assert reader.count() == 0
    for number in range(4):
        index.add([document(number)])
        assert reader.count() == number + 1
    index.remove(["item0000"])
    assert "item0000" not in reader.ids()


def test_schools_are_closed_to_each_other(index: SearchIndex, opened: OpenIndex) -> None:
    other = opened("school2")
    with pytest.raises(IndexUnusable):
        other.open()
    other.create()
    other.add([document(1, title="Canary")])
    index.add([document(1, title="Ours"), document(2)])
    assert found(index, "canary") == []
    assert found(other, "") == ["item0001"]
    other.remove(["item0002", "item0001"])
    assert index.count() == 2


def test_only_one_writes_at_a_time(index: SearchIndex, opened: OpenIndex) -> None:
    other = opened()
    with index.writing():
        index.add([document(1)])
        writes: tuple[Callable[[], None], ...] = (
            lambda: other.add([document(2)]),
            lambda: other.remove(["item0001"]),
            other.optimize,
        )
        for write in writes:
            with pytest.raises(IndexLocked, match="Nothing was changed"):
                write()
        assert other.count() == 1
        refusals: list[str] = []
        thread = threading.Thread(target=lambda: refusals.append(_refusal(index)))
        thread.start()
        thread.join()
        assert refusals == ["index_locked"]
        index.add([document(3)])
    other.add([document(2)])
    assert index.count() == 3


def _refusal(index: SearchIndex) -> str:
    try:
        index.add([document(9)])
    except IndexLocked as locked:
        return locked.code
    return ""


def test_a_rebuilt_index_takes_the_old_ones_place_at_the_end(index: SearchIndex, opened: OpenIndex) -> None:
    reader = opened()
    index.add([document(1, title="Old"), document(2)])
    with index.rebuilding() as fresh:
        fresh.add([document(3, title="New")])
        fresh.add([document(4), document(5)])
        fresh.remove(["item0005"])
        assert reader.ids() == {"item0001", "item0002"}
    assert reader.ids() == index.ids() == {"item0003", "item0004"}
    assert found(reader, "old") == []


def test_a_rebuild_that_fails_leaves_the_old_one_and_can_be_gone_on_with(index: SearchIndex, opened: OpenIndex) -> None:
    index.add([document(1)])
    with pytest.raises(TypeError, match="a fault"):
        _half_build(index, [2])
    assert opened().ids() == {"item0001"}
    later = opened()
    with later.rebuilding(resume=True) as fresh:
        assert fresh.ids() == {"item0002"}
        fresh.add([document(3)])
    assert index.ids() == {"item0002", "item0003"}
    with later.rebuilding(resume=True) as fresh:
        assert fresh.ids() == frozenset()


def test_what_is_half_built_is_counted_and_never_older_than_the_index(index: SearchIndex, opened: OpenIndex) -> None:
    index.add([document(number) for number in range(5)])
    assert index.count_in_building() is None
    with pytest.raises(TypeError, match="a fault"):
        _half_build(index, range(3))
    later = opened()
    assert later.count_in_building() == 3
    later.add([document(0, title="Changed")])
    later.remove(["item0001"])
    with pytest.raises(TypeError, match="a fault"):
        _half_build(later, [3], resume=True, held={"item0002"})
    assert index.count_in_building() is None
    with index.rebuilding(resume=True) as fresh:
        assert fresh.ids() == frozenset()
    assert index.count_in_building() is None


def test_a_fault_of_the_caller_is_not_taken_for_damage(index: SearchIndex) -> None:
    with pytest.raises(TypeError, match="a fault"):
        index.add(_failing())
    assert index.count() == 0


def _failing() -> Iterator[IndexDocument]:
    yield document(1)
    raise TypeError("a fault")


def _half_build(
    index: SearchIndex, numbers: Iterable[int], *, resume: bool = False, held: Collection[str] = frozenset()
) -> None:
    with index.rebuilding(resume=resume) as fresh:
        assert fresh.ids() == held
        fresh.add([document(number) for number in numbers])
        raise TypeError("a fault")


def test_an_index_of_another_make_is_not_used_but_rebuilt(index: SearchIndex, opened: OpenIndex) -> None:
    index.add([document(1)])
    other = opened(languages=("fr", "en"))
    assert other.stamp == Stamp(index.stamp.engine, index.stamp.schema, ("fr", "en"), "school1")
    with pytest.raises(IndexUnusable, match="it was made as"):
        other.count()
    with other.rebuilding() as fresh:
        with pytest.raises(IndexUnusable):
            other.count()
        fresh.add([document(2)])
    assert other.ids() == {"item0002"}
    with pytest.raises(IndexUnusable):
        index.count()


def test_optimizing_changes_no_answer(index: SearchIndex) -> None:
    for number in range(12):
        index.add([document(number, title="Minutes")])
    index.remove([f"item{number:04}" for number in range(6)])
    before = found(index, "minutes")
    index.optimize()
    assert found(index, "minutes") == before
    assert index.size_bytes() > 0
