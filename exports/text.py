"""Text made safe at the edge, once, and taken apart where codes stand in it."""

from __future__ import annotations

import re
from typing import NamedTuple

# What XML 1.0 cannot hold: control characters, lone surrogates, U+FFFE and U+FFFF.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
SPACES = re.compile(r"[ \t\n]+")
EXHIBIT_NUMBER = re.compile(r"E-[A-Z0-9]+(?:-\d{2,4})+")
PIECES = re.compile(
    r"(?P<code>\bE-[A-Z0-9]+(?:-\d{2,4})+\b|\b0[1-9]\d\d-\d\d(?:-\d{4})?\b)"
    r"|(?P<url>\bhttps?://[^\s<>\"\u00ab\u00bb]+)"
)
AFTER_URL = ".,;:!?)]}'\u2019\u201d*_"


class Piece(NamedTuple):
    """A stretch of text: `kind` is `text`, `code` (a practice code or exhibit number) or `url`."""

    kind: str
    text: str


def clean_text(text: str) -> str:
    """The same text with line ends as line feeds and without the characters no document can hold."""
    return ILLEGAL.sub("", LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Clean text with every run of white space turned into one space, for fields that are a single line.

    Non-breaking spaces are somebody's intention and stay.
    """
    return SPACES.sub(" ", clean_text(text)).strip(" ")


def pieces(text: str) -> list[Piece]:
    """The text in order, with practice codes, exhibit numbers and bare web addresses as pieces of their own."""
    out: list[Piece] = []
    at = 0
    for match in PIECES.finditer(text):
        kind = "code" if match["code"] else "url"
        found = match[0]
        if kind == "url":
            found = found.rstrip(AFTER_URL)
        if match.start() > at:
            out.append(Piece("text", text[at : match.start()]))
        out.append(Piece(kind, found))
        at = match.start() + len(found)
    if at < len(text):
        out.append(Piece("text", text[at:]))
    return out


def number_order(number: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts exhibit numbers and codes as people count: practices, then milestones, then the plan."""
    parts = number.removeprefix("E-").split("-")
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
