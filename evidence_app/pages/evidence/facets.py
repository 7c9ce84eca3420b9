"""The facets of the library in words: what is counted under its code in the index, as people call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from evidence_app.domain import extraction
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.extraction import ReadingState
from evidence_app.domain.tagging import STRENGTHS, TagState
from evidence_app.i18n import LANGUAGES
from evidence_app.pages.evidence.asking import Question
from evidence_app.web.documents import document_kind_words
from evidence_app.web.nodes import nodes
from evidence_app.web.templating import say

MOST_CHOICES = 12
"""Choices of a filter that are seen at once; the others stand behind "more"."""

OPEN_FACETS = ("programme", "strength", "tag_state")
PRACTICE_LEVELS = ("category", "standard", "practice")
MILESTONE_LEVELS = ("milestone", "step")


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: `choices` are (value, words, count, checked), as the part `facet` takes them; `more` are rarer."""

    title: str
    name: str
    choices: list[tuple[str, str, int, bool]]
    more: list[tuple[str, str, int, bool]]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands below one category or milestone: `choices` as in a facet, with their depth, that itself first."""

    title: str
    count: int
    choices: list[tuple[str, str, int, bool, int]]
    is_open: bool


Words = Mapping[str, Callable[[str], str]]
"""Name of a filter -> what says a value of it in words."""


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter that is on: its words, and the address without it."""

    words: str
    url: str


def facets_of(question: Question, counts: Mapping[str, Mapping[str, int]], words: Words) -> list[Facet]:
    """The facets with their counts, the most first; those with nothing to choose are left out."""
    facets = []
    for key, (title, name, belongs) in _shown().items():
        chosen = question.filters.get(name, ())
        found = dict(counts.get(name, {})) | {value: counts.get(name, {}).get(value, 0) for value in chosen}
        values = [value for value in found if belongs(value)]
        ordered = sorted(values, key=lambda value: (value not in chosen, *_rank(name, value, found)))
        choices = [(value, words[name](value), found[value], value in chosen) for value in ordered]
        if choices:
            facets.append(Facet(title, name, choices[:MOST_CHOICES], choices[MOST_CHOICES:], key in OPEN_FACETS))
    return facets


def practice_tree(question: Question, counts: Mapping[str, Mapping[str, int]]) -> list[Branch]:
    """Categories, their standards and practices in the order of the framework, as far as anything is found in them."""
    return _tree(question, counts, PRACTICE_LEVELS)


def milestone_tree(question: Question, counts: Mapping[str, Mapping[str, int]]) -> list[Branch]:
    """Milestones and their steps in the order of the framework, as far as anything is found in them."""
    return _tree(question, counts, MILESTONE_LEVELS)


def _tree(question: Question, counts: Mapping[str, Mapping[str, int]], levels: tuple[str, ...]) -> list[Branch]:
    chosen = question.filters.get("node", ())
    found = dict(counts.get("node", {})) | {key: counts.get("node", {}).get(key, 0) for key in chosen}
    book = nodes()
    shown = sorted((key for key in found if book.level(key) in levels), key=book.place)
    branches: dict[str, list[tuple[str, str, int, bool, int]]] = {}
    for line in map(book.line, shown):
        below = branches.setdefault(line[0], [])
        label = book[line[-1]].label
        words = label if len(line) > 1 else gettext("All of %(name)s", name=label)
        below.append((line[-1], words, found[line[-1]], line[-1] in chosen, len(line) - 1))
    return [
        Branch(book[top].label, found.get(top, 0), choices, any(checked for _v, _w, _n, checked, _d in choices))
        for top, choices in branches.items()
    ]


def active_filters(question: Question, words: Words) -> list[ActiveFilter]:
    """The filters that are on, each with the way to take it off."""
    return [
        ActiveFilter(words[name](value), question.without(name, value).url)
        for name, values in question.filters.items()
        for value in values
    ]


def _shown() -> dict[str, tuple[str, str, Callable[[str], bool]]]:
    """Facet -> its title, the field it filters, and which of the field's values it shows, in order."""
    levels = nodes()
    return {
        "programme": (gettext("Programme"), "programme", _any),
        "strength": (gettext("Strength"), "strength", _any),
        "tag_state": (gettext("State"), "tag_state", _any),
        "other": (gettext("Learner profile and skills"), "node", lambda v: levels.level(v) in ("attribute", "skill")),
        "document_kind": (gettext("Kind of document"), "document_kind", _any),
        "kind": (gettext("Filed as"), "kind", _any),
        "school_year": (gettext("School year"), "school_year", _any),
        "year_group": (gettext("Grade"), "year_group", _any),
        "subject": (gettext("Subject"), "subject", _any),
        "campus": (gettext("Campus"), "campus", _any),
        "owner": (gettext("Filed by"), "owner", _any),
        "visibility": (gettext("Who can see it"), "visibility", _any),
        "language": (gettext("Language"), "language", _any),
        "text_state": (gettext("Text"), "text_state", _any),
    }


def owners_in(question: Question, counts: Mapping[str, Mapping[str, int]]) -> set[str]:
    """The ids of the people who stand in a facet, or in a filter that is on."""
    return {*counts.get("owner", {}), *question.filters.get("owner", ())}


def words_of_facets(names: Mapping[str, str]) -> Words:
    """What says the values of each facet in words; `names` are those of the people, by id."""
    strengths = {str(number): words for number, words in enumerate(STRENGTHS)}
    kinds = {"file": gettext("File"), "link": gettext("Link"), "note": gettext("Note")}
    known: dict[str, Callable[[str], str]] = {
        "node": lambda v: nodes()[v].label,
        "strength": lambda v: str(say(strengths[v])) if v in strengths else v,
        "tag_state": lambda v: str(say(TagState(v).label)) if v in set(TagState) else v,
        "document_kind": document_kind_words,
        "kind": lambda v: str(kinds.get(v, v)),
        "owner": lambda v: names.get(v, gettext("Somebody")),
        "visibility": lambda v: str(say(Visibility(v).label)) if v in set(Visibility) else v,
        "language": lambda v: LANGUAGES.get(v, v),
        "text_state": _text_state,
    }
    return {name: known.get(name, str) for name in {name for _title, name, _belongs in _shown().values()}}


def _text_state(value: str) -> str:
    if value in set(ReadingState):
        return str(say(extraction.state_words(ReadingState(value))))
    return str(gettext("Reading the text"))


def _rank(name: str, value: str, found: Mapping[str, int]) -> tuple[int, str]:
    """What comes first: the greatest of strengths, the latest of years, else the most often found."""
    if name == "strength" and value.isdigit():
        return -int(value), ""
    if name == "school_year" and value[:4].isdigit():
        return -int(value[:4]), ""
    return -found[value], value


def _any(_value: str) -> bool:
    return True
