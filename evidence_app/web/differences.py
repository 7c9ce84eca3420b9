"""Two texts as one, for the eye: lines that stayed, and within a changed line the words that went and came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from evidence_app.domain.selfstudy import Change, changes_between

WORDS = re.compile(r"\s+|[^\s]+")
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


def _by_run(changes: list[Change]) -> list[Change]:
    """The changes without lines that are blank on both sides of a run, so that a paragraph's run is not torn."""
    return [change for change in changes if change.text.strip() or change.sign == " "]


def _line(old: str | None, fresh: str | None) -> list[tuple[Stretch, ...]]:
    if old is None or fresh is None:
        return [(Stretch("-", old),) if old is not None else (Stretch("+", fresh or ""),)]
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
