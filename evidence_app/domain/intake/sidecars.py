"""What the export of a drive writes beside documents: told from documents, and read for what it says of them."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final

from evidence_app.domain.evidence import SCHOOL_YEAR, ItemFacts, clean_file_name, school_year_of, title_from
from evidence_app.domain.intake.sources import Found
from evidence_app.i18n import msg

MOST_BYTES: Final = 64 * 1024
ENDING: Final = "supplemental-metadata"
SHORTEST_CUT_NAME: Final = 40
"""Exports cut the names of what they write beside a file to 46 characters and ".json", some a few sooner."""
OF_FOLDERS: Final = frozenset({"metadata", "metadaten", "métadonnées", "metadatos", "metadati"})
MARKS: Final = frozenset(
    {"photoTakenTime", "creationTime", "createdTime", "description", "geoData", "url", "albumData"}
)
"""What such a file says beside a title."""
DATES: Final = ("photoTakenTime", "creationTime", "createdTime")
_NUMBERED: Final = re.compile(r"^(.*?)(\(\d+\))$")


@dataclass(frozen=True, slots=True)
class Notes:
    """What an export says of a document. Empty strings and None mean: nothing."""

    title: str = ""
    description: str = ""
    day: date | None = None

    def under(self, facts: ItemFacts) -> ItemFacts:
        """The facts, with what is said here where they say nothing. A photograph may be older than any school year."""
        day = None if facts.shown_from or facts.shown_to else self.day
        year = school_year_of(self.day) if self.day else ""
        return replace(
            facts,
            title=facts.title or (title_from(clean_file_name(self.title)) if self.title else ""),
            description=facts.description or self.description,
            school_year=facts.school_year or (year if SCHOOL_YEAR.fullmatch(year) else ""),
            shown_from=facts.shown_from or day,
            shown_to=facts.shown_to or day,
        )


NO_NOTES: Final = Notes()


def gathered(*parts: Iterable[Found]) -> tuple[Found, ...]:
    """The files of all parts of one source in the order of their paths, each with the notes an export wrote about it.

    These notes are refused themselves, wherever among the parts they lie. Notes about a file that is in none of them
    are kept as they are, and say so.
    """
    files = sorted((one for part in parts for one in part), key=lambda one: one.path)
    in_folder: dict[str, _Names] = {}
    for number, one in enumerate(files):
        if one.refused is None or one.size_bytes:
            in_folder.setdefault(one.folder, _Names()).add(one.name.lower(), number)
    found = list(files)
    for number, one in enumerate(files):
        if one.refused is not None or not one.name.lower().endswith(".json"):
            continue
        about = in_folder[one.folder].subject(one.name.lower().removesuffix(".json"))
        if about is not None and about != number:
            words = msg("What the export of a drive wrote about the file beside it, not a document.")
            found[number] = replace(one, refused=words)
            found[about] = replace(found[about], notes=one)
        elif about is None:
            found[number] = _alone(one)
    return tuple(found)


def is_about(notes: str, path: str) -> bool:
    """Whether what lies at the first path is by its name what an export wrote about the file at the other."""
    folder, _slash, name = path.rpartition("/")
    names = _Names()
    names.add(name.lower(), 0)
    in_folder, _slash, called = notes.rpartition("/")
    return in_folder == folder and names.subject(called.lower().removesuffix(".json")) is not None


def notes_in(found: Found | None) -> Notes:
    """What an export says in such a file; nothing where it cannot be read."""
    said = _read(found) if found is not None else {}
    title, description = said.get("title"), said.get("description")
    return Notes(
        title=title if isinstance(title, str) else "",
        description=description if isinstance(description, str) else "",
        day=next(filter(None, (_day(said.get(name)) for name in DATES)), None),
    )


class _Names:
    """The names of the files of one folder, in small letters, each with the number of the first that has it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stems: dict[str, int] = {}

    def add(self, name: str, number: int) -> None:
        self._numbers.setdefault(name, number)
        self._stems.setdefault(name.rpartition(".")[0], number)

    def subject(self, stem: str) -> int | None:
        """The number of the file that notes are about by their own name, without ".json"; None for none that is there.

        "wall.jpg", "wall.jpg.suppl", "wall.jpg.supplemental-metadata(1)" (of "wall(1).jpg"), "wall-info" (of
        "wall.docx").
        """
        bare, counted = match.groups() if (match := _NUMBERED.match(stem)) else (stem, "")
        head, dot, tail = bare.rpartition(".")
        is_cut = len(stem) >= SHORTEST_CUT_NAME
        for name in (stem, bare, *([head] if dot and (tail or is_cut) and ENDING.startswith(tail) else [])):
            first, point, ending = name.rpartition(".")
            numbered = f"{first}{counted}{point}{ending}" if counted and name is not stem else name
            if numbered in self._numbers:
                return self._numbers[numbered]
        if is_cut and (number := self._only_one_beginning(bare, other_than=f"{stem}.json")) is not None:
            return number
        return self._stems.get(stem.removesuffix("-info")) if stem.endswith("-info") else None

    def _only_one_beginning(self, start: str, other_than: str) -> int | None:
        """The number of the one file whose name begins so, but for one; None for none, or several."""
        first = bisect_left(self._sorted, start)
        few = [name for name in self._sorted[first : first + 3] if name.startswith(start) and name != other_than]
        return self._numbers[few[0]] if len(few) == 1 else None

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._numbers)


def _alone(one: Found) -> Found:
    """A file that may be what an export wrote of a folder, or of a file that is not there; else it is a document."""
    stem = one.name.lower().removesuffix(".json")
    of_folder = stem in OF_FOLDERS
    if not of_folder and "." not in stem:
        return one
    said = _read(one)
    if "title" not in said or not MARKS & said.keys():
        return one
    if of_folder:
        return replace(one, refused=msg("What the export of a drive wrote about this folder, not a document."))
    title = said["title"] if isinstance(said["title"], str) else one.name
    words = msg(
        "It is what the export of a drive wrote about “%(title)s”, which is not among these files. It is filed as it "
        "is; look for the document itself, in another part of the export.",
        title=clean_file_name(title),
    )
    return replace(one, notice=words)


def _read(one: Found) -> dict[str, Any]:
    if one.size_bytes > MOST_BYTES:
        return {}
    try:
        with one.opened() as stream:
            said = json.loads(stream.read(MOST_BYTES))
    except one.troubles:
        return {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _day(said: object) -> date | None:
    """The day of a moment as exports write it: seconds since 1970, in an object or bare, or a day in figures."""
    value = said.get("timestamp") if isinstance(said, dict) else said
    try:
        if isinstance(value, str) and not value.lstrip("-").isdecimal():
            return date.fromisoformat(value[:10])
        seconds = int(value) if isinstance(value, str | int) else 0
        return datetime.fromtimestamp(seconds, UTC).date() if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
