"""What people type into the search box -> a tree. Nothing typed is an exception; what could not be used is said.

assessment "student voice" polic* -draft (DP OR MYP)      all of these; OR joins its two neighbours
programme:DP node:0301-02 kind:policy year:2024-25        only items that have this; DP,MYP means either
language:fr visibility:staff by:me has:text is:untagged
before:2024-01-01 after:2023-09                           by the day shown, or received where that is unknown
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evidence_app.i18n import Message

MAX_QUERY_CHARS = 2_000
MAX_TERMS = 64
MAX_DEPTH = 8
MIN_PREFIX_CHARS = 2

FIELDS = {
    "programme": ("programme",),
    "node": ("node_code", "node"),
    "kind": ("kind", "document_kind", "kind_name"),
    "year": ("school_year", "school_year_begins"),
    "language": ("language",),
    "visibility": ("visibility",),
    "subject": ("subject", "subject_name"),
    "group": ("year_group", "year_group_name"),
    "campus": ("campus", "campus_name"),
    "state": ("tag_state",),
    "strength": ("strength",),
    "by": ("owner",),
    "has": ("has",),
    "is": (),
    "before": (),
    "after": (),
}
"""Field names people may type -> fields of an entry in which their values are looked for."""
FLAGS = frozenset({"text", "ocr", "purpose", "tags", "citations", "question", "closed", "infected"})
"""What an item may be said to have, for `has:`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms; one that analysis parts, like self-study, is looked for as a phrase."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side, as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so."""

    text: str


@dataclass(frozen=True, slots=True)
class FieldIs:
    """Items of which one of `fields` has one of `values`; a value that ends in * stands for all that begin so."""

    fields: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Items of the days `first` to `last`, both included; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that does not match `part`."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """What matches all of `parts`; with none, everything."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What matches any of `parts`."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Prefix | FieldIs | Between | Not | And | Or


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a query that was not used as typed. `is_fatal`: the search was not run at all."""

    message: Message
    is_fatal: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query as it was understood."""

    text: str
    root: Node
    problems: tuple[Problem, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether it is too large to be run; an engine answers it with nothing."""
        return any(problem.is_fatal for problem in self.problems)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return self.root == And(())


IS_VALUES: dict[str, Node] = {
    "tagged": FieldIs(("has",), ("tags",)),
    "untagged": Not(FieldIs(("has",), ("tags",))),
    **{state: FieldIs(("tag_state",), (state,)) for state in ("proposed", "accepted", "returned")},
    "flagged": FieldIs(("has",), ("question",)),
    "closed": FieldIs(("has",), ("closed",)),
    "infected": FieldIs(("has",), ("infected",)),
    "cited": FieldIs(("has",), ("citations",)),
    **{kind: FieldIs(("kind",), (kind,)) for kind in ("file", "link", "note")},
    **{seen: FieldIs(("visibility",), (seen,)) for seen in ("private", "staff", "shareable", "public")},
}
"""What follows `is:` -> the same, said with another field."""
