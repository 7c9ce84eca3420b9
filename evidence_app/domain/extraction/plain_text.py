"""Text as the product keeps it: normalised, without control characters, collected up to a limit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES, MAX_TITLE_CHARS

# Ligatures, Arabic and full-width presentation forms are how letters look, not what they are, so a search for the word
# must find them. Full NFKC would also turn "x²" into "x2" and "½" into "1⁄2", which changes what a teacher wrote.
_PRESENTATION_FORMS = re.compile(r"[\ufb00-\ufdff\ufe70-\ufefc\uff01-\uffef]+")
# Everything below space but tab and newline; DEL and C1; soft hyphens and zero-width spaces, which split words for a
# search; marks that reorder what is shown; the byte order mark; the object and interlinear marks; noncharacters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_MANY_BREAKS = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def clean(text: str) -> str:
    """`text` normalised: NFC, letters for presentation forms, newlines only, one space at most, no control marks.

    A lone surrogate becomes U+FFFD, so that the result can always be stored and sent.
    """
    text = _SURROGATES.sub("\ufffd", text)
    text = _LINE_BREAKS.sub("\n", text)
    text = _UNWANTED.sub("", text)
    text = _PRESENTATION_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _SPACES.sub(" ", text)
    return unicodedata.normalize("NFC", _MANY_BREAKS.sub("\n\n", text))


def one_line(text: str, max_chars: int = MAX_TITLE_CHARS) -> str:
    """`text` cleaned, on one line, cut at a word to at most `max_chars`."""
    line = " ".join(clean(text[: max_chars * 20]).split())
    if len(line) <= max_chars:
        return line
    cut = line[: max_chars - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[max_chars // 2 :] else cut) + "…"


class TextFull(Exception):
    """The text of this file has reached its limit; what was collected is kept."""


class TextCollector:
    """Collects cleaned pieces of text up to `max_bytes` of UTF-8; raises TextFull when no more fits."""

    def __init__(self, max_bytes: int = MAX_TEXT_BYTES) -> None:
        self._pieces: list[str] = []
        self._chars = 0
        self._bytes_left = max_bytes
        self.is_full = False

    @property
    def position(self) -> int:
        """Offset in characters of what comes next."""
        return self._chars

    def add(self, text: str, end: str = "\n") -> None:
        """Append one piece of text and `end`; a piece without content is skipped."""
        # Cleaning first what certainly cannot fit would cost time for nothing: one character is at least one byte.
        piece = clean(text[: self._bytes_left + 1]).strip("\n")
        if not piece.strip():
            return
        encoded = (piece + end).encode("utf-8")
        if len(encoded) > self._bytes_left:
            self._keep(encoded[: self._bytes_left].decode("utf-8", "ignore"))
            self.is_full = True
            raise TextFull
        self._keep(piece + end)

    def add_all(self, pieces: Iterable[str], separator: str = "\t") -> None:
        """Append `pieces` as one line, such as the cells of a table row."""
        self.add(separator.join(" ".join(piece.split()) for piece in pieces).rstrip(separator))

    def break_here(self) -> None:
        """Leave one empty line before what comes next."""
        if self._pieces and not self._pieces[-1].endswith("\n\n") and self._bytes_left > 0:
            self._keep("\n")

    def text(self) -> str:
        """Everything collected."""
        return "".join(self._pieces).rstrip()

    def _keep(self, piece: str) -> None:
        self._pieces.append(piece)
        self._chars += len(piece)
        self._bytes_left -= len(piece.encode("utf-8"))
