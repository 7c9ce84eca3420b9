"""A reading travels as JSON, and what is not a reading is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PARAMS = st.dictionaries(WORDS, st.one_of(WORDS, st.integers(), st.booleans(), st.lists(WORDS, max_size=3)), max_size=3)
READINGS = st.builds(
    Reading,
    media_type=WORDS,
    state=st.sampled_from(ReadingState),
    text=WORDS,
    language=WORDS,
    pages=st.none() | st.integers(0, 5000),
    title=WORDS,
    headings=st.lists(WORDS, max_size=3).map(tuple),
    page_starts=st.lists(st.integers(0, 9), max_size=3).map(tuple),
    warnings=st.lists(st.builds(ReadingWarning, WORDS, PARAMS), max_size=2).map(tuple),
    facts=PARAMS,
)


@given(READINGS)
def test_reading_comes_back_equal_from_json(reading: Reading) -> None:
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": 7},
        {"state": "splendid"},
        {"text": "\ud800"},
        {"pages": "many"},
        {"headings": [1]},
        {"page_starts": ["a"]},
        {"warnings": [{"code": 1, "params": {}}]},
        {"warnings": [{"code": "x", "params": {"a": {"deep": 1}}}]},
        {"facts": []},
        {"facts": {"a": [1]}},
    ],
)
def test_answer_that_is_no_reading_is_refused(change: dict[str, object]) -> None:
    good = json.loads(Reading("text/plain", ReadingState.NO_TEXT).to_json())

    with pytest.raises(ValueError):
        Reading.from_json(json.dumps(good | change))


@pytest.mark.parametrize("raw", ["", "[]", "null", "{}", "{", "[" * 5000])
def test_answer_that_is_no_object_is_refused(raw: str) -> None:
    with pytest.raises(ValueError):
        Reading.from_json(raw)


def test_reading_knows_whether_it_can_be_searched() -> None:
    assert Reading("text/plain", ReadingState.TEXT_FOUND, text="a").has_text
    assert not Reading("text/plain", ReadingState.NO_TEXT, text=" \n").has_text


def test_warning_is_added_at_the_end() -> None:
    reading = Reading("text/plain", ReadingState.NO_TEXT).with_warning("empty").with_warning("text-cut", a=1)

    assert reading.warnings == (ReadingWarning("empty"), ReadingWarning("text-cut", {"a": 1}))
