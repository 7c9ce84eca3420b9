from __future__ import annotations

import re

import pytest

import standards
from evidence_app.demo.bank import LANGUAGES, codes, frames, sentences
from evidence_app.demo.drive import FORMATS, STANDARDS
from evidence_app.demo.places import SHORT

SLOTS = {
    "grade", "subject", "unit", "idea", "programme", "year", "nextyear", "span", "session", "person", "person2",
    "day", "month", "campus", "n", "m", "p",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_practice_has_sentences_in_every_language(language: str) -> None:
    practices = [node.code for node in standards.load("ib-psp-2020").of_level("practice")]
    assert list(sentences(language)) == sorted(practices)
    for about in sentences(language).values():
        assert len(about.rules) >= 2
        assert len(about.done) >= 2
        assert len(about.points) >= 3
        assert len(about.titles) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_name_only_slots_that_are_filled(language: str) -> None:
    frame = frames(language)
    words = [text for about in sentences(language).values() for text in (*about.rules, *about.done, *about.points)]
    words += [title for about in sentences(language).values() for title in about.titles.values()]
    words += [*frame.closings, *frame.talk, *frame.steps, *(o for lines in frame.openings.values() for o in lines)]
    assert {slot for text in words for slot in re.findall(r"\{(\w+)\}", text)} <= SLOTS
    assert not [text for text in words if text.count("{") != text.count("}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_in_two_practices(language: str) -> None:
    said = [text for about in sentences(language).values() for text in (*about.rules, *about.done)]
    assert len(said) == len(set(said))


def test_no_sentence_is_one_of_the_catalogue() -> None:
    catalogue = standards.load("ib-psp-2020")
    for language in LANGUAGES:
        said = {text for about in sentences(language).values() for text in (*about.rules, *about.done)}
        assert not said & {node.summary(language) for node in catalogue.of_level("practice")}


def test_shares_are_of_the_whole() -> None:
    assert sum(FORMATS.values()) == pytest.approx(100)
    assert sum(STANDARDS.values()) == 100
    assert set(SHORT) == set(codes())
