"""Where two long texts differ, with a little of what stayed around it."""

from __future__ import annotations

from evidence_app.web.differences import LINES_COMPARED, Stretch, is_compared_whole, passages

LINES = [f"Line {n} of the text." for n in range(100)]


def text(*changes: tuple[int, str]) -> str:
    return "\n".join({**dict(enumerate(LINES)), **dict(changes)}.values())


def test_equal_texts_differ_nowhere_whatever_their_blank_lines() -> None:
    assert passages(text(), text().replace("\n", "\n\n  ")) == []


def test_each_change_stands_between_two_lines_that_stayed() -> None:
    first, second = passages(text(), text((10, "Line 10 of our text."), (60, "")))
    assert (first.skipped, second.skipped) == (8, 45)
    assert [line[0].text for line in first.lines if len(line) == 1] == [LINES[8], LINES[9], LINES[11], LINES[12]]
    assert first.lines[2] == (
        Stretch(" ", "Line 10 of "),
        Stretch("-", "the"),
        Stretch("+", "our"),
        Stretch(" ", " text."),
    )
    assert (Stretch("-", LINES[60]),) in second.lines


def test_a_line_as_long_as_a_book_is_compared_as_a_whole() -> None:
    [passage] = passages("word " * 50_000, "word " * 50_000 + "end")
    assert [line[0].sign for line in passage.lines] == ["-", "+"]


def test_of_endless_texts_the_beginning_is_compared_and_that_is_said() -> None:
    endless = "\n".join(f"{n % 7}" for n in range(LINES_COMPARED * 3))
    [first, *_] = passages(endless, "new\n" + endless)
    assert (Stretch("+", "new"),) in first.lines
    assert passages(endless, endless + "\nnew") == []
    assert not is_compared_whole("short", endless)
    assert is_compared_whole("short", "short")
