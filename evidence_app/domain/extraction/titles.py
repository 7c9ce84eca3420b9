"""Which words of a document may stand as its title: it is what a suggestion leans on most."""

from __future__ import annotations

import re
from typing import Final

_PLACEHOLDERS: Final = frozenset(
    {
        "untitled", "document", "document1", "word document", "new document", "presentation",
        "powerpoint presentation", "slide 1", "title", "template", "blank", "sheet1", "tabelle1", "feuil1", "hoja1",
        "foglio1", "sin título", "sans titre", "senza titolo", "présentation powerpoint", "nuovo documento",
        "presentación de powerpoint", "presentazione standard di powerpoint", "presentazione di powerpoint",
        "documento", "titre", "título", "titolo", "index", "home", "page 1", "print", "scan", "scanned document",
        "image",
    }
)  # fmt: skip
_FILE_NAME = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|indd|odt|pages|qxd|rtf|txt|html?|tmp|jpe?g|png)$", re.IGNORECASE)
_PROGRAM_PREFIX = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ", re.IGNORECASE)
_ONE_TOKEN = re.compile(r"[^\s]*[_\-.\d][^\s]*")
_LETTER = re.compile(r"[^\W\d_]")
_MAX_HEADING_CHARS: Final = 160


def is_meaningful_title(title: str) -> bool:
    """Whether a title from metadata says what the document is: no placeholder, program's or file's name, or number."""
    title = title.strip()
    if len(_LETTER.findall(title)) < 4 or title.lower() in _PLACEHOLDERS:
        return False
    return not (_PROGRAM_PREFIX.match(title) or _FILE_NAME.search(title) or _ONE_TOKEN.fullmatch(title))


def looks_like_a_heading(line: str) -> bool:
    """Whether a line is short enough, has words, and does not end like a sentence."""
    line = line.strip()
    return (
        3 <= len(line) <= _MAX_HEADING_CHARS
        and len(_LETTER.findall(line)) >= 3
        and not line.endswith((",", ";"))
        and not (line.endswith(".") and len(line) > 60)
    )


def first_strong_line(text: str) -> str:
    """The first line of `text` that looks like a heading, or ""."""
    return next((line.strip() for line in text[:5_000].split("\n") if looks_like_a_heading(line)), "")
