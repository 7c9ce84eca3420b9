"""Texts that people typed: cleaned, and refused in words where they are too long, never cut off without a word."""

from __future__ import annotations

from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line, clean_text

LONGEST_IB_CODE = 20
LONGEST_BUDGET = 60
LONGEST_GROUP_NAME = 120
LONGEST_NAME = 200
LONGEST_LINE = 300
LONGEST_TEXT = 20_000


def typed_line(text: str, field: str, longest: int = LONGEST_LINE) -> str:
    """One line of clean text; Invalid when it has more than `longest` characters."""
    return _within(clean_line(text, longest=None), field, longest)


def typed_text(text: str, field: str, longest: int = LONGEST_TEXT) -> str:
    """The clean text with its line breaks; Invalid when it has more than `longest` characters."""
    return _within(clean_text(text).strip(), field, longest)


def _within(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(
            msg(
                "This text has %(count)s characters; %(most)s is the most. Nothing was saved: please shorten it.",
                count=len(text),
                most=longest,
            ),
            field=field,
        )
    return text
