"""Tidy file names for exhibits: legal on every system, telling, and never the original name."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from exports.model import Exhibit
from exports.text import one_line

LONGEST = 100
FOLDER = "exhibits"
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def tidy_file_name(number: str, title: str, version: str, original_name: str) -> str:
    """`E-0301-02-03 Inclusion policy v3.pdf`: legal on Windows, at most 100 characters and 200 bytes.

    Only the extension of the original name is kept. The number comes first, so a name can never be one Windows
    reserves.
    """
    match = EXTENSION.search(original_name.strip())
    return _join(number, title, version, match[0].lower() if match else "")


def bundle_name(number: str, file_name: str) -> str:
    """The name a file gets in the bundle: the tidy name of the report, made safe again, beginning with its number."""
    match = EXTENSION.search(file_name.strip())
    extension = match[0] if match else ""
    stem = file_name.strip().removesuffix(extension).removeprefix(number)
    return _join(number, stem, "", extension)


def bundle_path(number: str, file_name: str) -> str:
    """The percent-encoded path of an exhibit relative to the documents of the bundle."""
    return quote(f"{FOLDER}/{bundle_name(number, file_name)}")


def part_words(exhibit: Exhibit, place: int) -> str:
    """What one file of an exhibit that is several is called, by its place from 1: "2. The wall in May"."""
    caption = exhibit.parts[place - 1].caption
    return f"{place}. {one_line(caption) or one_line(exhibit.title)}"


def _join(number: str, title: str, version: str, extension: str) -> str:
    words = unicodedata.normalize("NFC", f"{title} {version}")
    words = INVISIBLE.sub("", FORBIDDEN.sub(" ", one_line(words)))
    stem = f"{FORBIDDEN.sub('-', number)} {' '.join(words.split())}".strip()
    while len(stem) + len(extension) > LONGEST or len((stem + extension).encode()) > 2 * LONGEST:
        stem = stem[:-1]
    return stem.rstrip(". ") + extension
