"""Who else is writing: names and moments, never the words."""

from __future__ import annotations

import pytest

from evidence_app.domain import selfstudy
from evidence_app.errors import NotFound
from tests.evidence_app.domain.studies import Study


def test_colleagues_with_unsaved_words_are_named_but_not_oneself(study: Study) -> None:
    response_id = study.response().id
    for actor in (study.world.head, study.world.coordinator):
        with study.acting() as session:
            selfstudy.keep_draft(session, actor=actor, response_id=response_id, base_revision=0, narrative="Secret")
    with study.reading() as session:
        (other,) = selfstudy.others_writing(session, study.world.coordinator, response_id)
        both = selfstudy.others_writing(session, study.world.reader, response_id)
    assert (other.person_id, other.name) == (study.world.head.person_id, "Head")
    assert [writing.name for writing in both] == ["Coordinator", "Head"]


def test_nobody_learns_who_writes_in_another_school(study: Study) -> None:
    response_id = study.response().id
    with study.reading() as session, pytest.raises(NotFound):
        selfstudy.others_writing(session, study.world.stranger, response_id)
