"""A framework made ready: phrases weighed, words looked up."""

from __future__ import annotations

import pytest

import standards
from evidence_app.domain.suggesting import model_for
from evidence_app.domain.suggesting.model import LanguageBook
from evidence_app.domain.suggesting.words import LANGUAGES, is_acronym, phrase_stems, tokens

PSP = standards.load("ib-psp-2020")


@pytest.fixture(scope="module")
def english() -> LanguageBook:
    return model_for("ib-psp-2020").books["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_practice_has_phrases_in_every_language(language: str) -> None:
    for node in PSP.practices():
        phrases = node.keywords.get(language, ())
        assert len(phrases) >= 20, f"{node.code} in {language}"
        assert all(is_acronym(words) or phrase_stems(words, language) for words in phrases), (
            f"{node.code} in {language}"
        )


def test_no_language_and_no_practice_is_left_behind_the_others() -> None:
    for node in PSP.practices():
        counts = [len(node.keywords[language]) for language in LANGUAGES]
        assert min(counts) >= max(counts) / 2, f"{node.code}: {dict(zip(LANGUAGES, counts, strict=True))}"
    sums = [sum(len(node.keywords[language]) for node in PSP.practices()) for language in LANGUAGES]
    assert min(sums) >= 0.9 * max(sums)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_speaks_for_many_practices(language: str) -> None:
    users: dict[tuple[str, ...], set[str]] = {}
    for node in PSP.practices():
        for words in node.keywords[language]:
            users.setdefault(phrase_stems(words, language), set()).add(node.code)
    assert {words: codes for words, codes in users.items() if len(codes) > 3} == {}


def weights(book: LanguageBook, text: str) -> dict[str, float]:
    found = book.count_phrases(book.known_stems(tokens(text)))
    return {phrase.words: max(phrase.weights.values()) for phrase, _ in found}


def test_longer_phrases_weigh_more(english: LanguageBook) -> None:
    found = weights(english, "The academic integrity policy speaks of academic integrity.")
    assert found["academic integrity policy"] > found["academic integrity"]


def test_a_phrase_is_counted_however_many_begin_alike(english: LanguageBook) -> None:
    found = weights(english, "A unit plan, a unit planner, an interdisciplinary unit.")
    assert {"unit plan", "unit planner", "interdisciplinary unit", "interdisciplinary"} <= found.keys()


def test_a_word_many_practices_use_weighs_less_than_a_rare_one(english: LanguageBook) -> None:
    found = weights(english, "plagiarism and feedback")
    assert found["plagiarism"] > found["feedback"]


def test_a_phrase_of_two_practices_is_shared_between_them(english: LanguageBook) -> None:
    (phrase, count), *_ = english.count_phrases(english.known_stems(tokens("collaborative planning")))
    assert count == 1
    assert all(weight <= 1.5 / len(phrase.weights) for weight in phrase.weights.values())


def test_words_of_nobody_are_not_known(english: LanguageBook) -> None:
    assert english.known_stems(["zebra", "inclusions", ".", "inclxx"]) == ["", "inclus", ".", ""]


def test_what_is_remembered_of_words_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    book = LanguageBook("en", PSP.practices())
    monkeypatch.setattr("evidence_app.domain.suggesting.model.REMEMBERED_WORDS", 3)
    for number in range(10):
        assert book.known_stems([f"inc{number}", "policy"]) == ["", "polici"]
    assert len(book._remembered) <= 5


def test_a_framework_without_answered_nodes_suggests_its_leaves() -> None:
    model = model_for("ib-learner-profile")
    assert model.nodes
    assert set(model.nodes) == {node.key for node in standards.load("ib-learner-profile") if node.key in model.nodes}


def test_a_name_is_compared_with_the_kinds_of_evidence_of_each_node(english: LanguageBook) -> None:
    line = english.known_stems(
        tokens("Timetable of our programme coordinator. Coordinator's job description, with time")
    )
    found = {evidence.words: share for evidence, share in english.like_evidence(line)}
    assert found["coordinator's job description with time allocation"] > 0.65
    assert all(share <= 1 for share in found.values())


def test_words_of_two_sentences_are_no_kind_of_evidence(english: LanguageBook) -> None:
    line = english.known_stems(tokens("The exhibition. The programme"))
    assert english.like_evidence(line) == []
