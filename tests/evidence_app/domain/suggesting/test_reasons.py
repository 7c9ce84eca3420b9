"""Reasons are codes with words."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting.places import WEIGHTS
from evidence_app.domain.suggesting.reasons import SENTENCES, says


def test_every_place_has_its_sentences() -> None:
    for place in (*WEIGHTS, "text"):
        assert f"code_in_{place}" in SENTENCES
        assert f"phrase_in_{place}" in SENTENCES
    assert {f"evidence_in_{place}" for place in WEIGHTS} <= SENTENCES.keys()
    assert {f"kind_in_{place}" for place in WEIGHTS} <= SENTENCES.keys()


def test_a_reason_without_a_sentence_cannot_be_given() -> None:
    with pytest.raises(KeyError):
        says("because_i_say_so")


def test_a_reason_reads_as_a_sentence() -> None:
    assert str(says("phrase_in_title", words="service as action")) == "«service as action» in the title"
