"""Two texts as one, line by line and within a line word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidence_app.web.differences import differences

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


@given(LINES, LINES)
def test_both_texts_can_be_read_from_it(before: str, after: str) -> None:
    lines = differences(before, after)
    for text, gone in ((before, "+"), (after, "-")):
        read = ["".join(s.text for s in line if s.sign != gone) for line in lines]
        assert [line for line in read if line] == [line for line in text.splitlines() if line]
