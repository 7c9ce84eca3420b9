"""What a framework is once it is loaded: a tree of nodes with words in several languages, and its rating scales."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from standards.grammar import CodeRule

LANGUAGES: tuple[str, ...] = ("en", "fr", "es", "it")
FALLBACK_LANGUAGE = "en"

CONFIDENCES: tuple[str, ...] = (
    "two_sources",  # seen in at least two independent sources
    "one_source",  # seen in one source
    "code_derived",  # named in a source; its code follows the code grammar and was not itself seen
    "title_not_found",  # known to exist; its published title was not found, so the label is a working title
    "published",  # on the publisher's public pages
    "school",  # added by a school from its own copy
)
COVERAGES: tuple[str, ...] = ("complete", "complete_by_one_source", "partial", "none")

Words = Mapping[str, str]
Phrases = Mapping[str, tuple[str, ...]]


def word_in(words: Words, language: str) -> str:
    """The word of that language, else the English one, else the first there is, else an empty text."""
    return words.get(language) or words.get(FALLBACK_LANGUAGE) or next(iter(words.values()), "")


def phrases_in(phrases: Phrases, language: str) -> tuple[str, ...]:
    """The phrases of that language, else the English ones, else none."""
    return phrases.get(language) or phrases.get(FALLBACK_LANGUAGE, ())


def split_key(node_key: str) -> tuple[str, str]:
    """The catalogue's key and the code of a node key: "ib-psp-2020/0301-02" -> ("ib-psp-2020", "0301-02")."""
    catalogue_key, _, code = node_key.partition("/")
    return catalogue_key, code


class CatalogueError(Exception):
    """A catalogue file that is not sound: its name, line (0 if none), code, what is wrong, and the remedy."""

    def __init__(self, file: str, line: int, code: str, what: str, remedy: str) -> None:
        self.file, self.line, self.code, self.what, self.remedy = file, line, code, what, remedy
        place = file + (f", line {line}" if line else "") + (f", code {code}" if code else "")
        super().__init__(f"{place}: {what} {remedy}")


class NodeNotFound(LookupError):
    """No node of that key or code is in the catalogue; the message offers the nearest codes."""

    def __init__(self, catalogue_key: str, wanted: str, near: list[str]) -> None:
        self.catalogue_key, self.wanted, self.near = catalogue_key, wanted, near
        hint = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(f"There is no node {wanted!r} in the framework {catalogue_key!r}.{hint}")


@dataclass(frozen=True, slots=True)
class Level:
    """One kind of node of a framework ("practice", "step"), outermost first in a catalogue."""

    name: str
    labels: Words

    def label(self, language: str = FALLBACK_LANGUAGE) -> str:
        """The level's name for people, in the singular."""
        return word_in(self.labels, language) or self.name


@dataclass(frozen=True, slots=True)
class RatingLevel:
    """One step of a scale: its value counts from 1, the weakest, upwards."""

    value: int
    key: str
    labels: Words
    descriptors: Words

    def label(self, language: str = FALLBACK_LANGUAGE) -> str:
        """The step's name for people."""
        return word_in(self.labels, language)

    def descriptor(self, language: str = FALLBACK_LANGUAGE) -> str:
        """What a school at this step looks like, in our own words."""
        return word_in(self.descriptors, language)


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale, weakest step first, and the levels of node it may be used for."""

    key: str
    labels: Words
    rates: tuple[str, ...]
    levels: tuple[RatingLevel, ...]

    def label(self, language: str = FALLBACK_LANGUAGE) -> str:
        """The scale's name for people."""
        return word_in(self.labels, language)

    def level(self, value: int) -> RatingLevel:
        """The step of that value; raises LookupError if the scale has none."""
        for step in self.levels:
            if step.value == value:
                return step
        raise LookupError(f"The scale {self.key!r} goes from 1 to {len(self.levels)}; {value} is not on it.")


@dataclass(frozen=True, slots=True)
class OwnText:
    """A school's own wording of a node; no programmes means it speaks for all of them."""

    language: str
    text: str
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One entry of a framework. `key` is what the rest of the product keeps: "<catalogue key>/<code>"."""

    key: str
    code: str
    level: str
    parent_key: str | None
    programmes: tuple[str, ...]
    labels: Words = field(hash=False)
    summaries: Words = field(default_factory=dict, hash=False)
    keywords: Phrases = field(default_factory=dict, hash=False)
    evidence_kinds: Phrases = field(default_factory=dict, hash=False)
    prompts: Phrases = field(default_factory=dict, hash=False)
    kind: str = ""
    """Finer than the level where the framework asks for it: "specification" among requirements; else the level."""
    short_name: str = ""
    """How the publisher's readers call it ("Culture 2"), never translated; the code where there is no such name."""
    confidence: str = "published"
    coverage: str = ""
    """How far the children of this node are known (see COVERAGES); empty where nothing is missing."""
    not_seen: tuple[str, ...] = ()
    """Codes of children that must exist and that no source showed: a school adds them from its own copy."""
    note: str = ""
    own_texts: tuple[OwnText, ...] = ()

    def label(self, language: str = FALLBACK_LANGUAGE) -> str:
        """The node's short name for people, fit for a chip; English where the language has none."""
        return word_in(self.labels, language)

    def summary(self, language: str = FALLBACK_LANGUAGE) -> str:
        """One sentence on what the node asks for, in our own words; empty if there is none."""
        return word_in(self.summaries, language)

    def keywords_in(self, language: str = FALLBACK_LANGUAGE) -> tuple[str, ...]:
        """Phrases that point to this node in a document of that language; English where the language has none."""
        return phrases_in(self.keywords, language)

    def evidence_in(self, language: str = FALLBACK_LANGUAGE) -> tuple[str, ...]:
        """Kinds of document that typically show this node; English where the language has none."""
        return phrases_in(self.evidence_kinds, language)

    def prompts_in(self, language: str = FALLBACK_LANGUAGE) -> tuple[str, ...]:
        """Questions that help a team to write about this node; English where the language has none."""
        return phrases_in(self.prompts, language)

    def own_text(self, language: str = FALLBACK_LANGUAGE, programme: str | None = None) -> str | None:
        """The school's own wording, nearest first: this language and programme, this language, any language."""
        fitting = [
            own for own in self.own_texts if not own.programmes or programme is None or programme in own.programmes
        ]
        fitting.sort(
            key=lambda own: (
                own.language != language,
                own.language != FALLBACK_LANGUAGE,
                bool(own.programmes) == (programme is None),
            )
        )
        return fitting[0].text if fitting else None

    def applies_to(self, programme: str | None) -> bool:
        """Whether the node concerns that programme; a node without programmes concerns the whole school."""
        return programme is None or not self.programmes or programme in self.programmes


@dataclass(frozen=True, eq=False)
class Catalogue:
    """One framework, immutable: its nodes in reading order (a parent stands before its children), levels and scales."""

    key: str
    names: Words
    short_name: str
    publisher: str
    edition: str
    source: str
    licence: str
    programmes: Mapping[str, Words]
    """Programme code -> its full names; empty for a framework that knows no programmes."""
    levels: tuple[Level, ...]
    answered_level: str | None
    """The level a self-study answers ("practice"), or None for a framework that is only tagged against."""
    scales: tuple[Scale, ...]
    grammar: tuple[CodeRule, ...]
    nodes: tuple[Node, ...]
    _by_key: dict[str, Node] = field(init=False, repr=False)
    _children: dict[str | None, tuple[Node, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        children: dict[str | None, list[Node]] = {}
        for node in self.nodes:
            children.setdefault(node.parent_key, []).append(node)
        object.__setattr__(self, "_by_key", {node.key: node for node in self.nodes})
        object.__setattr__(self, "_children", {parent: tuple(found) for parent, found in children.items()})

    def name(self, language: str = FALLBACK_LANGUAGE) -> str:
        """The framework's name for people."""
        return word_in(self.names, language)

    def programme_name(self, code: str, language: str = FALLBACK_LANGUAGE) -> str:
        """The full name of a programme; its code where the framework does not know it."""
        return word_in(self.programmes.get(code, {}), language) or code

    def node(self, key_or_code: str) -> Node:
        """The node of that key ("ib-psp-2020/0301-02") or code ("0301-02"); raises NodeNotFound."""
        found = self._by_key.get(key_or_code) or self._by_key.get(f"{self.key}/{key_or_code}")
        if found is None:
            near = difflib.get_close_matches(key_or_code.rpartition("/")[2], [node.code for node in self.nodes], n=3)
            raise NodeNotFound(self.key, key_or_code, near)
        return found

    def __contains__(self, key_or_code: object) -> bool:
        return key_or_code in self._by_key or f"{self.key}/{key_or_code}" in self._by_key

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def roots(self) -> tuple[Node, ...]:
        """The nodes without a parent, in order."""
        return self._children.get(None, ())

    def children(self, key_or_code: str) -> tuple[Node, ...]:
        """The nodes right below this one, in order; raises NodeNotFound."""
        return self._children.get(self.node(key_or_code).key, ())

    def descendants(self, key_or_code: str) -> tuple[Node, ...]:
        """Every node below this one, in reading order; raises NodeNotFound."""
        found: list[Node] = []
        for child in self.children(key_or_code):
            found += [child, *self.descendants(child.key)]
        return tuple(found)

    def ancestors(self, key_or_code: str) -> tuple[Node, ...]:
        """The nodes above this one, outermost first, without itself; raises NodeNotFound."""
        found: list[Node] = []
        parent_key = self.node(key_or_code).parent_key
        while parent_key is not None:
            found.insert(0, self._by_key[parent_key])
            parent_key = found[0].parent_key
        return tuple(found)

    def of_level(self, level: str, programme: str | None = None) -> tuple[Node, ...]:
        """The nodes of one level ("practice"), in order, of one programme if asked; empty if there is no such level."""
        return tuple(node for node in self.nodes if node.level == level and node.applies_to(programme))

    def practices(self, programme: str | None = None) -> tuple[Node, ...]:
        """The nodes a self-study answers, in order, of one programme if asked; empty if it answers none."""
        return self.of_level(self.answered_level, programme) if self.answered_level else ()

    def scales_for(self, level: str) -> tuple[Scale, ...]:
        """The scales a node of this level may be rated on, the default first; empty if the level is not rated."""
        return tuple(scale for scale in self.scales if level in scale.rates)

    def scale(self, key: str) -> Scale:
        """The scale of that key; raises LookupError."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        known = ", ".join(scale.key for scale in self.scales) or "none"
        raise LookupError(f"The framework {self.key!r} has no scale {key!r}; it has: {known}.")

    def rule_for(self, code: str) -> CodeRule | None:
        """The rule of the code grammar this code obeys, or None if it is ill-formed here."""
        return next((rule for rule in self.grammar if rule.matches(code)), None)
