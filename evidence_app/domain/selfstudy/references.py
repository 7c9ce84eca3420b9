"""Which exhibits a text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REFERENCE = re.compile(r"\[\[\s*(?P<cited>[^\[\]\n]{1,60}?)\s*\]\]|!\[[^\]\n]*\]\((?P<shown>E-[^)\s]{1,60})\)")


@dataclass(frozen=True, slots=True)
class Reference:
    """An exhibit number in a text, and the line it stands on, counted from 1."""

    number: str
    line: int


def references_in(text: str) -> list[Reference]:
    """Every exhibit a Markdown text cites as [[E-0301-02-03]] or shows as an image, in order."""
    return [
        Reference(found["cited"] or found["shown"], number)
        for number, line in enumerate(text.splitlines(), start=1)
        for found in _REFERENCE.finditer(line)
    ]
