"""Reasons are codes with words."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import DocumentProfile, model_for, suggest
from evidence_app.domain.suggesting.places import WEIGHTS, read_places
from evidence_app.domain.suggesting.quoting import Quotes
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


@pytest.mark.parametrize(
    ("name", "text", "language", "said", "never"),
    [
        ("Informations aux parents.pdf", "", "fr", "Informations aux parents", "information for parents"),
        ("Documents of inclusion.pdf", "", None, "inclusion", "inclusione"),
        ("Admission criteria.pdf", "", "en", "Admission criteria", "admissions criteria"),
        ("Admissions criteria.pdf", "", "en", "admissions criteria", "admission criteria"),
        ("School counselor hours.txt", "", "en", "School counselor", "school counsellor"),
    ],
)
def test_a_reason_quotes_the_words_as_they_stand_in_the_document(
    name: str, text: str, language: str | None, said: str, never: str
) -> None:
    profile = DocumentProfile(file_name=name, text=text, language=language)
    told = " ".join(str(one) for found in suggest(profile, model_for("ib-psp-2020")) for one in found.because)
    assert f"«{said}»" in told
    assert f"«{never}»" not in told


def test_words_that_are_far_apart_or_in_two_sentences_are_not_quoted_as_one() -> None:
    places = read_places(DocumentProfile(text="Admission. Criteria follow. The criteria for an admission are known."))
    reason = says("phrase_in_text", words="admissions criteria")
    assert Quotes(places).of(reason) == says("phrase_in_text", words="criteria for an admission")
    assert Quotes(places).of(says("phrase_in_text", words="unit plan")) == says("phrase_in_text", words="unit plan")
    assert Quotes(places).of(says("like_tagged", title="x", item="y")) == says("like_tagged", title="x", item="y")
