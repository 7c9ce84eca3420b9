"""The words the guard knows, from the files in `lists/`: one a language, and one of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from evidence_app.domain.guarding.signs import SignKind

LANGUAGES: Final = ("en", "fr", "es", "it")
STEM_KEY: Final = 4
"""Letters of a term's first word by which it is looked up."""
_SAME_LENGTH = {
    code: base[0]
    for code in range(0xC0, 0x250)
    if (base := unicodedata.normalize("NFD", chr(code)))[0].isascii() and base[0].isalpha()
} | {ord("’"): "'", ord("‘"): "'", ord("–"): "-", ord("—"): "-", ord("\xa0"): " "}
_BEGINS, _ENDS = "(?<![a-z0-9])", "(?![a-z0-9])"
_WORD = re.compile(r"[a-z0-9]+")
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[A-Za-z]{0,6}(?![A-Za-z0-9])")


def folded(text: str) -> str:
    """The text in small letters without accents, letter by letter, so that every place in it stays the same."""
    return (text if text.isascii() else text.translate(_SAME_LENGTH)).lower()


class Topic:
    """What a term speaks of. `CORE` is support that only an individual is given."""

    PLAN, REPORT, HEALTH, CORE, SUPPORT, EXAM = "plan", "report", "health", "core", "support", "exam"


KIND_OF: Final[Mapping[str, SignKind]] = {
    Topic.PLAN: SignKind.PLAN,
    Topic.REPORT: SignKind.PLAN,
    Topic.HEALTH: SignKind.HEALTH,
    Topic.CORE: SignKind.SUPPORT,
    Topic.SUPPORT: SignKind.SUPPORT,
    Topic.EXAM: SignKind.EXAM,
}
INDIVIDUAL: Final = frozenset({Topic.PLAN, Topic.REPORT, Topic.HEALTH, Topic.CORE})


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to look for. `only_in` names the language whose texts it counts in, "" for all."""

    topic: str
    pattern: re.Pattern[str]
    first: str
    is_stem: bool
    only_in: str = ""

    def begins_with(self, word: str) -> bool:
        """Whether a word of a text can be the first word of the term."""
        return word.startswith(self.first) if self.is_stem else word == self.first


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that stands in a text, from `start` to before `end`."""

    topic: str
    start: int
    end: int
    only_in: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of all languages, ready to look for."""

    terms: Mapping[str, tuple[Term, ...]]
    short: Mapping[str, tuple[tuple[str, str], ...]]
    exam_text: re.Pattern[str]
    about_exams: re.Pattern[str]
    pupil: frozenset[str]
    pupils: frozenset[str]
    lists: re.Pattern[str]
    marks: re.Pattern[str]
    nameless: re.Pattern[str]
    past: re.Pattern[str]
    labels: re.Pattern[str]
    birth: re.Pattern[str]
    general: re.Pattern[str]
    staff: re.Pattern[str]
    predicate: re.Pattern[str]
    given: frozenset[str]
    family: frozenset[str]
    ordinary: frozenset[str]
    not_initials: frozenset[str]

    def hits(self, text: str, small: str) -> list[Hit]:
        """Every term in a text, in order; `small` is the text folded."""
        wanted: dict[Term, None] = {}
        for word in set(_WORD.findall(small)):
            for term in self.terms.get(word[:STEM_KEY], ()):
                if term.begins_with(word):
                    wanted[term] = None
        found = [
            Hit(term.topic, match.start(), match.end(), term.only_in)
            for term in wanted
            for match in term.pattern.finditer(small)
            if not match.start() or not small[match.start() - 1].isalnum()
        ]
        for match in _CAPITALS.finditer(text):
            found += [Hit(topic, *match.span(), only) for topic, only in self.short.get(match[0], ())]
        return sorted(found, key=lambda hit: (hit.start, -hit.end))


@cache
def vocabulary() -> Vocabulary:
    """The words of all languages, read once a process."""
    data = {language: _data(language) for language in LANGUAGES}
    names = _data("names")
    terms: dict[str, list[Term]] = {}
    short: dict[str, list[tuple[str, str]]] = {}
    topics = (Topic.PLAN, Topic.REPORT, Topic.HEALTH, Topic.CORE, Topic.SUPPORT, Topic.EXAM)
    for language, words in data.items():
        only_here = set(words["only_here"])
        for topic in topics:
            for phrase in words.get(topic, ()):
                term = _term(topic, str(phrase))
                terms.setdefault(term.first[:STEM_KEY], []).append(term)
            for abbreviation in words.get(f"{topic}_short", ()):
                only_in = language if abbreviation in only_here else ""
                short.setdefault(abbreviation, []).append((topic, only_in))

    def every(name: str) -> list[str]:
        return list(dict.fromkeys(folded(str(word)) for words in data.values() for word in words[name]))

    return Vocabulary(
        terms={key: tuple(dict.fromkeys(found)) for key, found in terms.items()},
        short={key: tuple(dict.fromkeys(found)) for key, found in short.items()},
        exam_text=_any_of(every("exam_text")),
        about_exams=_any_of(every("about_exams")),
        pupil=frozenset(every("pupil")),
        pupils=frozenset(every("pupils")),
        lists=_any_of(every("list")),
        marks=_any_of(every("marks")),
        past=_any_of(every("past")),
        nameless=_any_of(every("nameless")),
        labels=_any_of([*every("name_label"), *every("pupils")]),
        birth=_any_of(every("birth")),
        general=_any_of(every("general")),
        staff=_any_of(every("staff")),
        predicate=_any_of(every("predicate")),
        given=frozenset(names["given"].split()),
        family=frozenset(names["family"].split()),
        ordinary=frozenset(names["ordinary"].split()),
        not_initials=frozenset(names["not_initials"].split()),
    )


def _term(topic: str, phrase: str) -> Term:
    phrase = folded(phrase)
    first = _WORD.findall(phrase)[0]
    # Without a look behind its first letter, a search of many texts for one word is much faster.
    pattern = re.compile(_any_of([phrase]).pattern.removeprefix(_BEGINS))
    return Term(topic, pattern, first, is_stem=f"{first}*" in phrase.split())


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of these phrases as whole words, the longest first; a star stands for any ending."""
    ordered = sorted(phrases, key=len, reverse=True)
    parts = [re.escape(p).replace(r"\*", r"[a-z]*").replace(r"\ ", r"\s+") for p in ordered]
    return re.compile(rf"{_BEGINS}(?:{'|'.join(parts)}){_ENDS}")


def _data(name: str) -> dict[str, Any]:
    text = (resources.files(__package__) / "lists" / f"{name}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
