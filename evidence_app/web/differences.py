"""Two texts as one, for the eye: lines that stayed, and within a changed line the words that went and came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from evidence_app.domain.selfstudy import Change, changes_between

WORDS = re.compile(r"\s+|[^\s]+")
LINES_COMPARED = 5_000
"""Lines of each text; of longer ones the rest is left aside, and said so."""
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
    """The lines of both texts in order; a line that was only changed stands once, with its words marked."""
    lines: list[tuple[Stretch, ...]] = []
    gone: list[str] = []
    new: list[str] = []

    def settle() -> None:
        for old, fresh in zip_longest(gone, new):
            lines.extend(_line(old, fresh))
        gone.clear()
        new.clear()

    for change in _by_run(changes_between(before, after)):
        if change.sign == " ":
            settle()
            lines.append((Stretch(" ", change.text),))
        else:
            (gone if change.sign == "-" else new).append(change.text)
    settle()
    return lines


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines around something that changed, after `skipped` lines that stayed as they were."""

    skipped: int
    lines: tuple[tuple[Stretch, ...], ...]


def passages(before: str, after: str) -> list[Passage]:
    """Where two long texts differ, in order; empty where they do not in their first LINES_COMPARED lines."""
    old, new = (_lines_of(text) for text in (before, after))
    found, shown = [], 0
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        lines: list[tuple[Stretch, ...]] = []
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                lines += [(Stretch(" ", line),) for line in new[new_from:new_to]]
            else:
                for pair in zip_longest(old[old_from:old_to], new[new_from:new_to]):
                    lines += _line(*pair)
        found.append(Passage(group[0][3] - shown, tuple(lines)))
        shown = group[-1][4]
    return found


def is_compared_whole(*texts: str) -> bool:
    """Whether `passages` looks at all of these texts."""
    return all(len(text.splitlines()) <= LINES_COMPARED for text in texts)


def _lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()[:LINES_COMPARED] if line.strip()]


def _by_run(changes: list[Change]) -> list[Change]:
    """The changes without lines that are blank on both sides of a run, so that a paragraph's run is not torn."""
    return [change for change in changes if change.text.strip() or change.sign == " "]


def _line(old: str | None, fresh: str | None) -> list[tuple[Stretch, ...]]:
    if old is None or fresh is None:
        return [(Stretch("-", old),) if old is not None else (Stretch("+", fresh or ""),)]
    if max(len(old), len(fresh)) > LONGEST_LINE:
        return [(Stretch("-", old),), (Stretch("+", fresh),)]
    words = WORDS.findall(old), WORDS.findall(fresh)
    matched = SequenceMatcher(None, *words, autojunk=False)
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
