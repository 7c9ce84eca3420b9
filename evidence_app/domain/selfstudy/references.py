"""Which exhibits a text speaks of, and how two texts differ."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_REFERENCE = re.compile(r"\[\[\s*(?P<cited>[^\[\]\n]{1,60}?)\s*\]\]|!\[[^\]\n]*\]\((?P<shown>E-[^)\s]{1,60})\)")


@dataclass(frozen=True, slots=True)
class Reference:
    """An exhibit number in a text, and the line it stands on, counted from 1."""

    number: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a comparison: kept (" "), taken away ("-") or added ("+")."""

    sign: str
    text: str


def references_in(text: str) -> list[Reference]:
    """Every exhibit a Markdown text cites as [[E-0301-02-03]] or shows as an image, in order."""
    return [
        Reference(found["cited"] or found["shown"], number)
        for number, line in enumerate(text.splitlines(), start=1)
        for found in _REFERENCE.finditer(line)
    ]


def changes_between(before: str, after: str) -> list[Change]:
    """The lines of both texts, each marked as kept, taken away or added."""
    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [Change(line[0], line[2:]) for line in compared if line[0] in " -+"]
