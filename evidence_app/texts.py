"""Texts as they arrive from outside, made fit to keep: once, on the way in, by whoever takes them.

PostgreSQL refuses a NUL where SQLite keeps it, a direction mark lets a name pretend to be another one, and a control
character breaks the documents that are compiled later.
"""

from __future__ import annotations

import re
import unicodedata

_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """The text in composed form without control characters, lone surrogates and direction marks; line breaks stay."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def clean_line(text: str, longest: int | None = 300) -> str:
    """One line of clean text, its spaces folded, cut to `longest` characters; None leaves it whole."""
    return _SPACES.sub(" ", clean_text(text.replace("\n", " "))).strip()[:longest]
