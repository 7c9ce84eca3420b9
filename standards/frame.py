"""Everything of a catalogue file that is not a node: whose framework it is, its levels, scales and code grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from standards.grammar import CodeRule
from standards.model import FALLBACK_LANGUAGE, LANGUAGES, Catalogue, Level, Node, RatingLevel, Scale, Words
from standards.yaml_text import Value

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REQUIRED = ("key", "names", "publisher", "edition", "source", "licence", "levels", "grammar")
KNOWN = (*REQUIRED, "short_name", "programmes", "answered_level", "scales")


@dataclass(frozen=True, slots=True)
class Frame:
    """A catalogue without its nodes."""

    key: str
    names: Words
    short_name: str
    publisher: str
    edition: str
    source: str
    licence: str
    programmes: Mapping[str, Words]
    levels: tuple[Level, ...]
    answered_level: str | None
    scales: tuple[Scale, ...]
    grammar: tuple[CodeRule, ...]

    def catalogue(self, nodes: Iterable[Node]) -> Catalogue:
        """The catalogue with these nodes."""
        return Catalogue(
            key=self.key,
            names=self.names,
            short_name=self.short_name,
            publisher=self.publisher,
            edition=self.edition,
            source=self.source,
            licence=self.licence,
            programmes=self.programmes,
            levels=self.levels,
            answered_level=self.answered_level,
            scales=self.scales,
            grammar=self.grammar,
            nodes=tuple(nodes),
        )


def read_frame(value: Value) -> Frame:
    """The frame of a catalogue file; raises CatalogueError."""
    fields = value.fields("The framework", KNOWN, REQUIRED)
    key = fields["key"].text("The framework's key")
    if not KEY.fullmatch(key):
        raise fields["key"].place.error(
            f"The key {key!r} is ill-formed.", "Use small letters, digits and single hyphens."
        )
    names = read_words(fields["names"], "The framework's name")
    programmes = {}
    if "programmes" in fields:
        programmes = {
            code: read_words(names, "A programme's name")
            for code, names in fields["programmes"].entries("Programmes").items()
        }
    levels = read_levels(fields["levels"])
    level_names = [level.name for level in levels]
    answered = (
        fields["answered_level"].chosen("The answered level", level_names) if "answered_level" in fields else None
    )
    return Frame(
        key=key,
        names=names,
        short_name=fields["short_name"].text("The short name") if "short_name" in fields else names[FALLBACK_LANGUAGE],
        publisher=fields["publisher"].text("The publisher"),
        edition=fields["edition"].text("The edition"),
        source=fields["source"].text("The source"),
        licence=fields["licence"].text("The licence"),
        programmes=programmes,
        levels=levels,
        answered_level=answered,
        scales=read_scales(fields["scales"], level_names) if "scales" in fields else (),
        grammar=tuple(read_rule(rule, level_names, programmes) for rule in fields["grammar"].items("The grammar")),
    )


def read_words(value: Value, name: str) -> Words:
    """A text per language, English among them; raises CatalogueError."""
    return {language: word.text(name) for language, word in value.fields(name, LANGUAGES, (FALLBACK_LANGUAGE,)).items()}


def read_levels(value: Value) -> tuple[Level, ...]:
    """The levels, outermost first, without repetition; raises CatalogueError."""
    found: list[Level] = []
    for entry in value.items("The levels"):
        fields = entry.fields("A level", ("name", "labels"), ("name", "labels"))
        name = fields["name"].text("A level's name")
        if name in [level.name for level in found]:
            raise entry.place.error(f"The level {name!r} stands twice.", "Leave one of the two out.")
        found.append(Level(name, read_words(fields["labels"], "A level's label")))
    if not found:
        raise value.place.error("The framework has no levels.", "Name at least one level.")
    return tuple(found)


def read_scales(value: Value, level_names: list[str]) -> tuple[Scale, ...]:
    """The rating scales, the default first; raises CatalogueError."""
    found: list[Scale] = []
    for entry in value.items("The scales"):
        wanted = ("key", "labels", "rates", "levels")
        fields = entry.fields("A scale", wanted, wanted)
        key = fields["key"].text("A scale's key")
        if key in [scale.key for scale in found]:
            raise entry.place.error(f"The scale {key!r} stands twice.", "Give one of the two another key.")
        rates = tuple(rated.chosen("The rated level", level_names) for rated in fields["rates"].items("Rated levels"))
        steps = tuple(
            read_rating_level(step, number)
            for number, step in enumerate(fields["levels"].items("Rating levels"), start=1)
        )
        if len(steps) < 2:
            raise entry.place.error(
                f"The scale {key!r} has fewer than two levels.", "Name at least two, the weakest first."
            )
        found.append(Scale(key, read_words(fields["labels"], "A scale's label"), rates, steps))
    return tuple(found)


def read_rating_level(value: Value, number: int) -> RatingLevel:
    """One step of a scale; its value is its place in the list; raises CatalogueError."""
    fields = value.fields("A rating level", ("key", "labels", "descriptors"), ("key", "labels"))
    descriptors = read_words(fields["descriptors"], "A descriptor") if "descriptors" in fields else {}
    labels = read_words(fields["labels"], "A rating level's label")
    return RatingLevel(number, fields["key"].text("A rating level's key"), labels, descriptors)


def read_rule(value: Value, level_names: list[str], programmes: Mapping[str, Words]) -> CodeRule:
    """One rule of the code grammar; raises CatalogueError."""
    known = ("level", "kind", "pattern", "parent", "example", "programmes")
    fields = value.fields("A grammar rule", known, ("level", "pattern", "example"))
    written = fields["pattern"].text("A pattern")
    try:
        pattern = re.compile(written)
    except re.error as error:
        raise fields["pattern"].place.error(f"The pattern {written!r} is broken: {error}.", "Correct it.") from error
    by_group = {}
    if "programmes" in fields:
        for text, programme in fields["programmes"].entries("A rule's programmes").items():
            by_group[text] = programme.chosen("The programme", programmes)
        if "programme" not in pattern.groupindex:
            remedy = "Put (?P<programme>...) around the part of the pattern that tells the programme."
            raise fields["programmes"].place.error("The pattern has no group called programme.", remedy)
    rule = CodeRule(
        level=fields["level"].chosen("The level", level_names),
        pattern=pattern,
        kind=fields["kind"].text("A kind") if "kind" in fields else "",
        parent=fields["parent"].text("A parent") if "parent" in fields else "",
        example=fields["example"].text("An example"),
        programmes=by_group,
    )
    if not rule.matches(rule.example):
        place = fields["example"].place
        raise place.error(
            f"The example {rule.example!r} does not fit its pattern.", "Correct the pattern or the example."
        )
    try:
        rule.parent_of(rule.example)
    except (re.error, IndexError) as error:
        remedy = "Name only groups that the pattern has, as \\g<name>."
        raise fields["parent"].place.error(
            f"The parent {rule.parent!r} cannot be worked out: {error}.", remedy
        ) from error
    return rule
