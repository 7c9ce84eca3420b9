"""An index is built anew as the school is at one moment, whatever is filed while it is built; on both databases."""

from __future__ import annotations

import pytest

from evidence_app.backends import Backends
from evidence_app.domain.search import IndexDocument, rows
from evidence_app.worker.indexing import make_index_anew
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
