"""Which kind of document something is (a language policy, a unit planner, a menu), told by name, title and folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.words import (
    BREAK,
    LANGUAGES,
    acronyms,
    fitting_languages,
    is_acronym,
    is_shouted,
    phrase_stems,
    stem,
    tokens,
)
from standards import CatalogueError

DEFAULT_FRAMEWORK: Final = "ib-psp-2020"
PRACTICE_WEIGHTS: Final = (1.0, 0.5, 0.4, 0.3)
"""What a kind gives to the first, second, third and fourth practice it speaks for."""

PLACES: Final = {"name": 1.0, "title": 1.0, "heading": 0.7, "folder": 0.6}
SLACK: Final = 2
"""How many other words may stand among those of a kind's name ("policy of our school on inclusion")."""

IN_ORDER_BONUS: Final = 0.5
ACRONYM_LENGTH: Final = 1.5
SECOND_PLACE_BONUS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its labels and names per language, and the codes of the practices it speaks for, in order."""

    key: str
    labels: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    practices: tuple[str, ...]

    def label(self, language: str = "en") -> str:
        """The kind's name for people; English where the language has none."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class KindMatch:
    """A kind found in a document: how strongly (longer names more), in which of PLACES, by which words."""

    kind: Kind
    strength: float
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: Kind
    stems: tuple[str, ...]
    words: str


class KindBook:
    """Kinds made ready to be found in names and titles."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = tuple(kinds)
        self.by_key = {kind.key: kind for kind in kinds}
        self._acronyms: dict[str, dict[str, list[Kind]]] = {language: {} for language in LANGUAGES}
        self._by_first: dict[str, dict[str, list[_Pattern]]] = {language: {} for language in LANGUAGES}
        for kind in kinds:
            for language, names in kind.names.items():
                for name in names:
                    self._add(kind, language, name)

    def _add(self, kind: Kind, language: str, name: str) -> None:
        if is_acronym(name):
            self._acronyms[language].setdefault(name, []).append(kind)
            return
        pattern = _Pattern(kind, phrase_stems(name, language), name)
        for first in set(pattern.stems):
            self._by_first[language].setdefault(first, []).append(pattern)

    def find(self, profile: DocumentProfile) -> list[KindMatch]:
        """The kinds a document may be of, the likeliest first; one entry a kind. The file decides ties by its order."""
        folder = profile.folder_names[-1] if profile.folder_names else ""
        texts = {"name": profile.name, "title": profile.title, "heading": profile.first_heading, "folder": folder}
        best: dict[str, KindMatch] = {}
        for place, text in texts.items():
            for match in self._in_place(text, place, fitting_languages(profile.language)):
                known = best.get(match.kind.key)
                strength = match.strength
                if known is not None:
                    strength = max(known.strength, strength) + SECOND_PLACE_BONUS
                    match = known if known.strength >= match.strength else match
                best[match.kind.key] = KindMatch(match.kind, strength, match.place, match.words)
        order = {kind.key: number for number, kind in enumerate(self.kinds)}
        return sorted(best.values(), key=lambda match: (-match.strength, order[match.kind.key]))

    def _in_place(self, text: str, place: str, languages: Sequence[str]) -> list[KindMatch]:
        """The best match of each kind in one text; acronyms of these languages only: they differ by language."""
        found: dict[str, KindMatch] = {}

        def keep(kind: Kind, length: float, words: str) -> None:
            strength = length * PLACES[place]
            if kind.key not in found or found[kind.key].strength < strength:
                found[kind.key] = KindMatch(kind, strength, place, words)

        words = tokens(text)
        for language in LANGUAGES:
            line = [stem(word, language) for word in words]
            for position, first in enumerate(line):
                for pattern in self._by_first[language].get(first, ()):
                    length = _length_at(line, position, pattern.stems)
                    if length:
                        keep(pattern.kind, length, pattern.words)
        if not is_shouted(text):
            for acronym in acronyms(text):
                for language in languages:
                    for kind in self._acronyms[language].get(acronym, ()):
                        keep(kind, ACRONYM_LENGTH, acronym)
        return list(found.values())


def _length_at(line: Sequence[str], position: int, wanted: tuple[str, ...]) -> float:
    """How long a name was found from here on: its number of words, and a bonus if in order; 0 if it was not."""
    if tuple(line[position : position + len(wanted)]) == wanted:
        return len(wanted) + IN_ORDER_BONUS
    near = line[position : position + len(wanted) + SLACK]
    if BREAK in near:
        near = near[: near.index(BREAK)]
    return float(len(wanted)) if len(wanted) > 1 and set(wanted) <= set(near) else 0.0


@lru_cache(maxsize=8)
def load_kinds(framework: str = DEFAULT_FRAMEWORK) -> KindBook:
    """The kinds that come with a framework, none if it has no list; raises CatalogueError if the list is not sound."""
    file = resources.files("standards") / "data" / f"{framework}.kinds.yaml"
    return read_kinds(file.read_text("utf-8"), file.name) if file.is_file() else KindBook(())


def read_kinds(text: str, file: str) -> KindBook:
    """The kinds of one YAML text; raises CatalogueError naming the kind that is not sound."""
    try:
        entries = yaml.safe_load(text)["kinds"].items()
    except (yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        raise CatalogueError(
            file, 0, "", f"This is no list of kinds: {error}.", "Write `kinds:` and the kinds."
        ) from error
    return KindBook([_read_kind(str(key), fields, file) for key, fields in entries])


def _read_kind(key: str, fields: Any, file: str) -> Kind:
    if not isinstance(fields, dict) or set(fields) != {"label", "names", "practices"}:
        raise CatalogueError(file, 0, key, "A kind has exactly label, names and practices.", "Write these three.")
    labels, names, practices = fields["label"], fields["names"], fields["practices"]
    for what, value in (("label", labels), ("names", names)):
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            raise CatalogueError(file, 0, key, f"Its {what} must be in {', '.join(LANGUAGES)}.", "Add or correct them.")
    for language, phrases in names.items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase for phrase in phrases):
            raise CatalogueError(file, 0, key, f"Its names in {language} must be phrases.", "Put odd ones in quotes.")
    if not isinstance(practices, list) or len(practices) > len(PRACTICE_WEIGHTS):
        remedy = f"List {len(PRACTICE_WEIGHTS)} codes at most, the strongest first; [] if it shows none."
        raise CatalogueError(file, 0, key, "Its practices are no list of codes, or too many.", remedy)
    return Kind(
        key,
        {language: str(label) for language, label in labels.items()},
        {language: tuple(phrases) for language, phrases in names.items()},
        tuple(str(code) for code in practices),
    )


def kind_of(profile: DocumentProfile, book: KindBook | None = None) -> str | None:
    """The key of the kind a document most likely is, by its name, title, first heading and folder; None if unclear."""
    found = (book or load_kinds()).find(profile)
    return found[0].kind.key if found else None
