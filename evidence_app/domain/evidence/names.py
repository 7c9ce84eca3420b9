"""Names of files as they arrive from outside, made fit to keep and to show."""

from __future__ import annotations

import re

from evidence_app.texts import clean_line

LONGEST_NAME_BYTES = 240


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
