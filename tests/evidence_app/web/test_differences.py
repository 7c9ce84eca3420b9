"""Two texts as one, line by line and within a line word by word."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.web.differences import LINES_COMPARED, differences

LINES = st.lists(st.sampled_from(["", "We plan together.", "We plan alone.", "A line", "Another one"])).map("\n".join)


def marked(before: str, after: str) -> list[str]:
    return [
        "".join(f"{s.sign}[{s.text}]" if s.sign != " " else s.text for s in line) for line in differences(before, after)
    ]


def test_a_changed_line_stands_once_with_its_words_marked() -> None:
    assert marked("Same\nWe plan together on Mondays.", "Same\nWe plan together on Fridays.") == [
        "Same",
        "We plan together on -[Mondays.]+[Fridays.]",
    ]


def test_a_line_that_has_nothing_of_the_old_one_stands_beside_it() -> None:
    assert marked("Apples", "Pears and plums") == ["-[Apples]", "+[Pears and plums]"]


def test_equal_texts_have_no_marks() -> None:
    assert marked("One\n\nTwo", "One\n\nTwo") == ["One", "", "Two"]


def test_texts_longer_than_what_is_compared_are_shown_to_their_end() -> None:
    long = "\n".join(f"{n}" for n in range(LINES_COMPARED + 2))
    assert marked(long, long + "\nnew")[-3:] == [f"{LINES_COMPARED}", f"{LINES_COMPARED + 1}", "+[new]"]


@pytest.mark.parametrize(("words", "lines", "values"), [(12, 1_500, 30), (990, 100, 2), (1, 60_000, 120)])
def test_texts_as_long_as_may_be_are_compared_in_a_moment(words: int, lines: int, values: int) -> None:
    throws = random.Random(1)
    known = [f"w{n}" for n in range(values)]
    before, after = ("\n".join(" ".join(throws.choices(known, k=words)) for _ in range(lines)) for _ in range(2))
    started = time.process_time()
    differences(before, after)
    assert time.process_time() - started < 2


@given(LINES, LINES)
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    lines = differences(before, after)
    for text, gone in ((before, "+"), (after, "-")):
        read = ["".join(s.text for s in line if s.sign != gone) for line in lines]
        assert [line for line in read if line] == [line for line in text.splitlines() if line]
