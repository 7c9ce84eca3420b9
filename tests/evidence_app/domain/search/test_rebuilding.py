"""An index is built anew as the school is at one moment, whatever is filed while it is built; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from evidence_app.backends import Backends
from evidence_app.database import now
from evidence_app.domain.evidence import Item
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.search import (
    IndexDocument,
    IndexLocked,
    documents_for,
    open_index,
    rebuilt_percent,
    rows,
)
from evidence_app.worker import indexing
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.indexing import compare_index, make_index_anew
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.evidence_app.worker.conftest import FileText, backends, file_text, tools

__all__ = ["backends", "file_text", "tools"]


def test_a_rebuild_ends_although_more_is_filed_all_the_time(
    backends: Backends, tools: Tools, file_text: FileText, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = [file_text("plan0 first")]
    school_id, documents_for = filed[0].school_id, rows.documents_for

    def beside_another_one(session: object, *asked: object) -> list[IndexDocument]:
        assert len(filed) < 5, "the rebuild runs after what is filed meanwhile"
        filed.append(file_text(f"plan{len(filed)} more"))
        return documents_for(session, *asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(rows, "ITEMS_AT_ONCE", 1)
        patch.setattr(rows, "documents_for", beside_another_one)
        make_index_anew(tools, school_id)
    assert len(filed) == 2
    assert backends.index(school_id).ids() == {filed[0].id}
    while work_once(tools):
        pass
    assert backends.index(school_id).ids() == {item.id for item in filed}


def test_a_rebuild_that_was_killed_goes_on_where_it_was(
    backends: Backends, tools: Tools, file_text: FileText, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = [file_text(f"plan{number} word") for number in range(4)]
    school_id, documents_for = filed[0].school_id, rows.documents_for
    monkeypatch.setattr(rows, "ITEMS_AT_ONCE", 1)
    put_in: list[str] = []

    def until_killed(session: object, school_id: str, ids: list[str]) -> list[IndexDocument]:
        put_in.extend(ids)
        if len(put_in) == 3:
            raise KeyboardInterrupt
        return documents_for(session, school_id, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "documents_for", until_killed)
    with pytest.raises(KeyboardInterrupt):
        make_index_anew(tools, school_id)
    with backends.database.reading() as session:
        assert rebuilt_percent(session, backends.index(school_id), school_id) == 50
    with backends.database.unit_of_work() as session:
        session.get_one(Item, (school_id, filed[0].id)).withdrawn_at = now()
    make_index_anew(tools, school_id, resume=True)
    assert put_in[3:] == [filed[2].id, filed[3].id]
    assert backends.index(school_id).ids() == {item.id for item in filed[1:]}


def test_rows_are_read_for_the_index_while_nobody_else_writes_it(
    backends: Backends, tools: Tools, file_text: FileText, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a worker that read them before a change would write over what another one read after it."""
    filed = file_text("plan word")
    make_index_anew(tools, filed.school_id)
    another = open_index("auto", backends.settings.home, filed.school_id, backends.database.engine)
    read: list[str] = []

    def beside_another(session: Session, school_id: str, ids: list[str]) -> list[IndexDocument]:
        with pytest.raises(IndexLocked):
            another.remove(ids)
        read.extend(ids)
        return documents_for(session, school_id, ids)

    monkeypatch.setattr(indexing, "documents_for", beside_another)
    while work_once(tools):
        pass
    assert filed.id in read
    assert another.ids() == {filed.id}


def test_what_differs_between_index_and_rows_is_indexed_again(
    backends: Backends, tools: Tools, file_text: FileText
) -> None:
    filed = [file_text(f"plan{number} word") for number in range(3)]
    school_id = filed[0].school_id
    make_index_anew(tools, school_id)
    while work_once(tools):
        pass
    assert compare_index(tools, school_id) == 0
    index = backends.index(school_id)
    index.remove([filed[0].id])
    index.add([IndexDocument(item_id="long gone", title="Gone", received_at=now())])
    Housekeeping(tools).do_what_is_due()
    with backends.database.reading() as session:
        assert unfinished_subjects(session, school_id, JobKind.INDEX_ITEM) == {filed[0].id, "long gone"}
    while work_once(tools):
        pass
    assert index.ids() == {item.id for item in filed}
    assert compare_index(tools, school_id) == 0
