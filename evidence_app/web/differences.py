"""Two texts as one, for the eye: lines that stayed, and within a changed line the words that went and came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

WORDS = re.compile(r"\s+|[^\s]+")
LINES_COMPARED = 5_000
"""Lines of each text; what comes after them is not looked for elsewhere in the other."""
LONGEST_LINE = 2_000
"""Longer lines are compared as a whole: word by word it takes the square of their length."""
CONTEXT = 2
"""Lines that stayed and are shown before and after what changed."""
ALIKE = 0.45
"""From this likeness on, two lines are one line that was changed; below it, one went and another came."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a line: kept (" "), gone ("-") or new ("+")."""

    sign: str
    text: str


def differences(before: str, after: str) -> list[tuple[Stretch, ...]]:
    """The lines of both texts in order; a line that was only changed stands once, with its words marked.

    Beyond LINES_COMPARED of them the lines of one text are taken for those of the other in the same place.
    """
    old, new = before.splitlines(), after.splitlines()
    runs = SequenceMatcher(None, old[:LINES_COMPARED], new[:LINES_COMPARED]).get_opcodes()
    lines = [line for kind, *ends in runs for line in _run(kind, old, new, *ends)]
    return [*lines, *_run("replace", old, new, LINES_COMPARED, len(old), LINES_COMPARED, len(new))]


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines around something that changed, after `skipped` lines that stayed as they were."""

    skipped: int
    lines: tuple[tuple[Stretch, ...], ...]


def passages(before: str, after: str) -> list[Passage]:
    """Where two long texts differ, in order; empty where they do not in their first LINES_COMPARED lines.

    The rest is left aside, which `is_compared_whole` tells.
    """
    old, new = (_lines_of(text) for text in (before, after))
    found, shown = [], 0
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        lines = [line for kind, *ends in group for line in _run(kind, old, new, *ends)]
        found.append(Passage(group[0][3] - shown, tuple(lines)))
        shown = group[-1][4]
    return found


def is_compared_whole(*texts: str) -> bool:
    """Whether `passages` looks at all of these texts."""
    return all(len(text.splitlines()) <= LINES_COMPARED for text in texts)


def _lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()[:LINES_COMPARED] if line.strip()]


def _run(
    kind: str, old: list[str], new: list[str], old_from: int, old_to: int, new_from: int, new_to: int
) -> Iterator[tuple[Stretch, ...]]:
    """A run of lines that stayed, or that went and came; of these, blank ones are left aside."""
    if kind == "equal":
        yield from ((Stretch(" ", line),) for line in new[new_from:new_to])
        return
    gone, come = ([line for line in lines if line.strip()] for lines in (old[old_from:old_to], new[new_from:new_to]))
    for pair in zip_longest(gone, come):
        yield from _line(*pair)


def _line(old: str | None, fresh: str | None) -> list[tuple[Stretch, ...]]:
    if old is None or fresh is None:
        return [(Stretch("-", old),) if old is not None else (Stretch("+", fresh or ""),)]
    if max(len(old), len(fresh)) > LONGEST_LINE:
        return [(Stretch("-", old),), (Stretch("+", fresh),)]
    words = WORDS.findall(old), WORDS.findall(fresh)
    matched = SequenceMatcher(None, *words)
    if matched.ratio() < ALIKE:
        return [(Stretch("-", old),), (Stretch("+", fresh),)]
    line: list[Stretch] = []
    for kind, a_from, a_to, b_from, b_to in matched.get_opcodes():
        if kind == "equal":
            line.append(Stretch(" ", "".join(words[0][a_from:a_to])))
            continue
        line.append(Stretch("-", "".join(words[0][a_from:a_to])))
        line.append(Stretch("+", "".join(words[1][b_from:b_to])))
    return [tuple(stretch for stretch in line if stretch.text)]
