"""What the names of folders and files say about a document: the practice, the school year, for whom it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import ItemFacts
from evidence_app.domain.frameworks import followed
from evidence_app.domain.schools import divisions_of, school_of
from evidence_app.domain.suggesting import named_nodes

YEARS: Final = re.compile(r"(?<!\d)(20\d\d)\s?[-–_/:\u2044\u2215\uff0f]\s?(?:20)?(\d\d)(?!\d)")
_CALLED: Final = (
    r"[sa]\.?\s?y\.?|a\.?\s?s\.?|(?:school|academic) year"
    r"|ann[ée]e scolaire|(?:curso|a[ñn]o) escolar|anno scolastico"
)
SHORT_YEARS: Final = re.compile(
    rf"(?<![^\W_])(?:{_CALLED})[\s_:-]?\s?(?:(20\d\d)|(\d\d)\s?[-–_/:\u2044\u2215\uff0f]\s?(\d\d)|(\d\d)(\d\d))(?!\d)",
    re.IGNORECASE,
)
"""A year that is called one: "SY 23-24", "AY2023", "A.S. 23/24", "SY2324". A year alone is the one it begins in."""
SHORTEST_NAME: Final = 3
"""Letters of the name of a subject or a year group that is looked for; "PE" is in too many words."""


@dataclass(frozen=True, slots=True)
class Named:
    """What names say. `node_keys` are practices and their requirements, those of the file's own name first."""

    node_keys: tuple[str, ...] = ()
    school_year: str = ""
    programmes: tuple[str, ...] = ()
    subject_id: str | None = None
    year_group_id: str | None = None

    def within(self, outer: Named) -> Named:
        """What these names and those around them say together; the inner ones count."""
        return Named(
            node_keys=self.node_keys or outer.node_keys,
            school_year=self.school_year or outer.school_year,
            programmes=self.programmes or outer.programmes,
            subject_id=self.subject_id or outer.subject_id,
            year_group_id=self.year_group_id or outer.year_group_id,
        )

    def on(self, facts: ItemFacts) -> ItemFacts:
        """The facts with what the names say where they say something."""
        return replace(
            facts,
            school_year=self.school_year or facts.school_year,
            programmes=self.programmes or facts.programmes,
            subject_id=self.subject_id or facts.subject_id,
            year_group_id=self.year_group_id or facts.year_group_id,
        )


class NameReader:
    """Reads names as one school writes them: its programmes, subjects and year groups."""

    def __init__(self, session: Session, actor: Actor) -> None:
        divisions = divisions_of(session, actor)
        offered = [p for p in school_of(session, actor).programmes if not actor.programmes or p in actor.programmes]
        self._follows = {catalogue.key for catalogue in followed(session, actor.school_id)}
        self._programmes = _finder({programme: programme for programme in offered}, re.NOFLAG)
        self._subjects = _finder({one.name: one.id for one in divisions.subjects}, re.IGNORECASE)
        self._year_groups = _finder({one.name: one.id for one in divisions.year_groups}, re.IGNORECASE)

    def name(self, name: str) -> Named:
        """What one name of a folder or a file says by itself."""
        return Named(
            node_keys=tuple(key for key in _nodes(name) if key.partition("/")[0] in self._follows),
            school_year=_school_year(name),
            programmes=self._programmes(name),
            subject_id=next(iter(self._subjects(name)), None),
            year_group_id=next(iter(self._year_groups(name)), None),
        )


def _nodes(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.key for node in named_nodes(name)))


def _school_year(name: str) -> str:
    for match in YEARS.finditer(name):
        if (int(match[1]) + 1) % 100 == int(match[2]):
            return f"{match[1]}-{match[2]}"
    for match in SHORT_YEARS.finditer(name):
        first = int(match[1] or f"20{match[2] or match[4]}")
        last = match[3] or match[5]
        if last is None or (first + 1) % 100 == int(last):
            return f"{first}-{(first + 1) % 100:02d}"
    return ""


def _finder(names: Mapping[str, str], flags: re.RegexFlag) -> Callable[[str], tuple[str, ...]]:
    """A function: a name of a file or folder -> the values of the names that stand in it as words, longest first."""
    wanted = sorted((name for name in names if len(name) >= SHORTEST_NAME or flags == re.NOFLAG), key=len, reverse=True)
    if not wanted:
        return lambda _name: ()
    pattern = re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, wanted))})(?![^\W_])", flags)
    values = {name.casefold(): value for name, value in names.items()}

    def find(name: str) -> tuple[str, ...]:
        # A dotted or dotless i of Turkish is matched by the pattern and folded to something else.
        found = (values.get(match[1].casefold()) for match in pattern.finditer(name))
        return tuple(dict.fromkeys(value for value in found if value is not None))

    return find
