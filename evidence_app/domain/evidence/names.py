"""Names and texts as they arrive from outside, made fit to keep: once, at the door."""

from __future__ import annotations

import re
import unicodedata

_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")
LONGEST_NAME_BYTES = 240


def clean_text(text: str) -> str:
    """The text in composed form without control characters, lone surrogates and direction marks; line breaks stay."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def clean_line(text: str, longest: int = 300) -> str:
    """One line of clean text, its spaces folded, cut to `longest` characters."""
    return _SPACES.sub(" ", clean_text(text.replace("\n", " "))).strip()[:longest]


def clean_file_name(name: str) -> str:
    """A file's own name, without folders, at most 240 bytes long with its ending; "unnamed" when nothing is left."""
    name = clean_line(re.split(r"[/\\]", name)[-1], 100_000).strip(". ") or "unnamed"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + ending


def title_from(file_name: str) -> str:
    """A readable first title: the name without its ending, with underscores as spaces."""
    stem, dot, ending = file_name.rpartition(".")
    bare = stem if dot and len(ending) <= 5 else file_name
    return clean_line(bare.replace("_", " ")) or file_name
