"""Where in a text the words stand that speak for a suggestion: the passage and its page, found anew each time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evidence_app.domain.suggesting.reasons import Because
from evidence_app.domain.suggesting.words import SAME_LENGTH, fold

IN_TEXT: Final = frozenset({"phrase_in_text", "code_in_text", "phrase_in_heading", "evidence_in_heading"})
"""Reasons whose words stand in the text itself."""

AROUND: Final = 60
LOOKED_THROUGH: Final = 400_000
_GAP: Final = r"\W+(?:\w{1,3}\W+){0,2}"


@dataclass(frozen=True, slots=True)
class SaidAt:
    """A passage with the words that speak for a suggestion. `page` is 0 where the file has no pages."""

    before: str
    words: str
    after: str
    page: int


def where_said(because: Sequence[Because], text: str, page_starts: Sequence[int]) -> SaidAt | None:
    """The first place in the text at which one of these reasons can be read; None where it names no words of it."""
    lowered = text[:LOOKED_THROUGH].lower()
    if len(lowered) != len(text[:LOOKED_THROUGH]):
        return None
    small = lowered.translate(SAME_LENGTH)
    for reason in because:
        if reason.code in IN_TEXT and (found := _pattern(dict(reason.params)["words"]).search(small)):
            start, end = found.span()
            return SaidAt(
                before=_line(text[max(0, start - AROUND) : start]),
                words=_line(text[start:end]),
                after=_line(text[end : end + AROUND]),
                page=bisect_right(page_starts, start) if page_starts else 0,
            )
    return None


def _pattern(words: str) -> re.Pattern[str]:
    """The words in any of their forms, small ones between them."""
    tokens = re.findall(r"[^\W_]+", fold(words))
    stems = (re.escape(token[: max(4, len(token) - 3)]) + (r"\w*" if len(token) > 3 else "") for token in tokens)
    return re.compile(r"\b" + _GAP.join(stems) + r"\b")


def _line(part: str) -> str:
    return re.sub(r"\s+", " ", part)
