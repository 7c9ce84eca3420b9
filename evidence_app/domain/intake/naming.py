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

YEARS: Final = re.compile(r"(?<!\d)(20\d\d)\s?[-–_/]\s?(?:20)?(\d\d)(?!\d)")
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
    """Reads paths as one school writes them: its programmes, subjects and year groups. The innermost name counts."""

    def __init__(self, session: Session, actor: Actor) -> None:
        divisions = divisions_of(session, actor)
        offered = [p for p in school_of(session, actor).programmes if not actor.programmes or p in actor.programmes]
        self._follows = {catalogue.key for catalogue in followed(session, actor.school_id)}
        self._programmes = _finder({programme: programme for programme in offered}, re.NOFLAG)
        self._subjects = _finder({one.name: one.id for one in divisions.subjects}, re.IGNORECASE)
        self._year_groups = _finder({one.name: one.id for one in divisions.year_groups}, re.IGNORECASE)

    def follows(self, node_key: str) -> bool:
        """Whether the school works with the framework of this node."""
        return node_key.partition("/")[0] in self._follows

    def read(self, path: str) -> Named:
        """What the file's name and its folders say."""
        inwards = path.split("/")
        outwards = inwards[::-1]
        named = _nodes(inwards[-1]) or nodes_of_folder("/".join(inwards[:-1]))
        return Named(
            node_keys=tuple(filter(self.follows, named)),
            school_year=next(filter(None, map(_school_year, outwards)), ""),
            programmes=next(filter(None, map(self._programmes, outwards)), ()),
            subject_id=next(iter(next(filter(None, map(self._subjects, outwards)), ())), None),
            year_group_id=next(iter(next(filter(None, map(self._year_groups, outwards)), ())), None),
        )


def nodes_of_folder(folder: str) -> tuple[str, ...]:
    """The keys of the practices and requirements that the innermost of these folders names which names any."""
    return next(filter(None, map(_nodes, reversed(folder.split("/")))), ())


def _nodes(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.key for node in named_nodes(name)))


def _school_year(name: str) -> str:
    for match in YEARS.finditer(name):
        if (int(match[1]) + 1) % 100 == int(match[2]):
            return f"{match[1]}-{match[2]}"
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
