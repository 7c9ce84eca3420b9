"""A request -> what every engine can do: which documents match, and which stems make one better than another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from evidence_app.domain.search import grammar
from evidence_app.domain.search.analysis import stems_in, words
from evidence_app.domain.search.entries import FACETS, attribute, school_year_text
from evidence_app.domain.search.protocol import SearchRequest


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class AnyStem:
    """Documents that hold one of `stems`."""

    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Documents in which `words` stand side by side; with `is_open`, the last is only how a word begins."""

    words: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class AnyAttribute:
    """Documents that have one of `attributes`."""

    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributePrefix:
    """Documents that have an attribute which begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Days:
    """Documents of the days `first` to `last`, both included, as date.toordinal()."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Without:
    """Documents that do not match `part`."""

    part: Match


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that match every one of `parts`, of which there are two or more."""

    parts: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that match one of `parts`, of which there are two or more."""

    parts: tuple[Match, ...]


Match = Everything | AnyStem | Sequence | AnyAttribute | AttributePrefix | Days | Without | AllOf | AnyOf

LAST_DAY = 3_652_059
"""The last day a date can hold, as an ordinal."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to answer one request."""

    match: Match
    scoring: tuple[tuple[str, ...], ...]
    """For each word asked for, its stems, that of the school's language first; empty: nothing to be relevant to.

    A word counts once for a document: by the stem that weighs most in it, and as rare as the commonest of its stems,
    for what is rare in one language alone tells nothing of the word.
    """


@dataclass(frozen=True, slots=True)
class Marks:
    """What of a text is to be marked as found."""

    words: tuple[frozenset[str], ...]
    """For each word asked for, the stems of which a text may hold any."""
    sequences: tuple[Sequence, ...]


def plan_of(request: SearchRequest, languages: tuple[str, ...]) -> Plan:
    """How to answer `request` with an index of `languages`; hidden ids are left to the engine, which knows its ids."""
    parts = [_match(request.query.root, languages)]
    for name, values in sorted(request.filters.items()):
        if name not in FACETS:
            raise ValueError(f"no such filter: {name!r}; there are {sorted(FACETS)}")
        if values:
            parts.append(AnyAttribute(tuple(attribute(name, value) for value in values)))
    scoring = {stems_in(word, languages) for leaf in _positive(request.query.root) for word in _whole_words(leaf)}
    return Plan(_all(parts), tuple(sorted(scoring)))


def marks_of(query: grammar.SearchQuery, languages: tuple[str, ...]) -> Marks:
    """What to mark in the texts of the hits of `query`."""
    matches = [_match(leaf, languages) for leaf in _positive(query.root)]
    words_asked = tuple(frozenset(match.stems) for match in matches if isinstance(match, AnyStem))
    return Marks(words_asked, tuple(match for match in matches if isinstance(match, Sequence)))


def _whole_words(leaf: grammar.Word | grammar.Phrase | grammar.Prefix) -> list[str]:
    found = words(leaf.text)
    return found[:-1] if isinstance(leaf, grammar.Prefix) else found


def _all(parts: list[Match]) -> Match:
    needed = [part for part in parts if part != Everything()]
    if not needed:
        return Everything()
    return needed[0] if len(needed) == 1 else AllOf(tuple(needed))


def _any(parts: list[Match]) -> Match:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _match(node: grammar.Node, languages: tuple[str, ...]) -> Match:
    match node:
        case grammar.Word(text):
            found = words(text)
            return AnyStem(stems_in(found[0], languages)) if len(found) == 1 else Sequence(tuple(found))
        case grammar.Phrase(text):
            return Sequence(tuple(words(text)))
        case grammar.Prefix(text):
            return Sequence(tuple(words(text)), is_open=True)
        case grammar.FieldIs(fields, values):
            return _any([_field(field, value) for field in fields for value in values])
        case grammar.Between(first, last):
            return Days(first.toordinal() if first else 1, last.toordinal() if last else LAST_DAY)
        case grammar.Not(part):
            return Without(_match(part, languages))
        case grammar.And(parts):
            return _all([_match(part, languages) for part in parts])
        case grammar.Or(parts):
            return _any([_match(part, languages) for part in parts])
    assert_never(node)


def _field(field: str, value: str) -> Match:
    if field == "school_year":
        value = school_year_text(value)
    if value.endswith("*"):
        return AttributePrefix(attribute(field, value.rstrip("*")))
    return AnyAttribute((attribute(field, value),))


def _positive(node: grammar.Node) -> Iterator[grammar.Word | grammar.Phrase | grammar.Prefix]:
    """All texts that are asked for, and not negated."""
    match node:
        case grammar.Word() | grammar.Phrase() | grammar.Prefix():
            yield node
        case grammar.And(parts) | grammar.Or(parts):
            for part in parts:
                yield from _positive(part)
        case _:
            return
